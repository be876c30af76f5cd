using FloorGateway.Mqtt.Codec;

namespace FloorGateway.Mqtt.Packets;

/// <summary>When a new subscription gets the retained messages (MQTT 5 §3.8.3.1).</summary>
public enum MqttRetainHandling : byte
{
    SendAtSubscribe = 0,
    SendIfNew = 1,
    DoNotSend = 2,
}

/// <summary>One topic filter with its subscription options (MQTT 5 §3.8.3.1). 3.1.1 carries the QoS only.</summary>
/// <param name="Filter">Topic filter; "$share/name/filter" for a shared one.</param>
/// <param name="Qos">Highest QoS to deliver with.</param>
public sealed record MqttSubscription(string Filter, MqttQos Qos = MqttQos.AtLeastOnce)
{
    /// <summary>True: messages of this client itself are not delivered to it.</summary>
    public bool NoLocal { get; init; }

    /// <summary>True: forwarded messages keep the RETAIN flag they were published with.</summary>
    public bool RetainAsPublished { get; init; }

    /// <summary>When retained messages are sent.</summary>
    public MqttRetainHandling RetainHandling { get; init; }

    internal byte ToOptions(MqttProtocolVersion version) => version == MqttProtocolVersion.V5
        ? (byte)((byte)Qos | (NoLocal ? 4 : 0) | (RetainAsPublished ? 8 : 0) | (byte)RetainHandling << 4)
        : (byte)Qos;

    internal static MqttSubscription FromOptions(string filter, byte options) => new(filter, (MqttQos)(options & 3))
    {
        NoLocal = (options & 4) != 0,
        RetainAsPublished = (options & 8) != 0,
        RetainHandling = (MqttRetainHandling)(options >> 4 & 3),
    };
}
