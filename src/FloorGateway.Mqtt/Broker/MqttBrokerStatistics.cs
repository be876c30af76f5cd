namespace FloorGateway.Mqtt.Broker;

/// <summary>Counters of a broker since its start, and gauges of now.</summary>
public sealed record MqttBrokerStatistics
{
    /// <summary>Connections now, after CONNECT.</summary>
    public int Connections { get; init; }

    /// <summary>Sessions now, connected or not.</summary>
    public int Sessions { get; init; }

    /// <summary>Topic filters subscribed now.</summary>
    public int Subscriptions { get; init; }

    /// <summary>Retained messages now.</summary>
    public int RetainedMessages { get; init; }

    /// <summary>Messages in memory now: waiting, unacknowledged or retained.</summary>
    public long LiveMessages { get; init; }

    /// <summary>Connections accepted since the start.</summary>
    public long ConnectionsAccepted { get; init; }

    /// <summary>Connections refused in CONNACK.</summary>
    public long ConnectionsRefused { get; init; }

    /// <summary>PUBLISH packets received, and messages published from inside the process.</summary>
    public long MessagesReceived { get; init; }

    /// <summary>Deliveries queued to sessions.</summary>
    public long MessagesQueued { get; init; }

    /// <summary>PUBLISH packets sent, resends included.</summary>
    public long MessagesSent { get; init; }

    /// <summary>Deliveries dropped because a queue was full, or because QoS 0 had no connection.</summary>
    public long MessagesDropped { get; init; }

    /// <summary>Deliveries dropped because their message expired.</summary>
    public long MessagesExpired { get; init; }

    /// <summary>Messages refused by the authorizer or for their topic.</summary>
    public long MessagesRefused { get; init; }

    /// <summary>Clients sent away because they did not keep up.</summary>
    public long SlowConsumersDisconnected { get; init; }

    /// <summary>Wills published.</summary>
    public long WillsPublished { get; init; }
}
