namespace FloorGateway.Mqtt.Session;

/// <summary>What a packet identifier in flight waits for.</summary>
public enum DeliveryState : byte
{
    /// <summary>The identifier is free.</summary>
    Free,

    /// <summary>QoS 1: PUBLISH was sent.</summary>
    AwaitPubAck,

    /// <summary>QoS 2: PUBLISH was sent.</summary>
    AwaitPubRec,

    /// <summary>QoS 2: the receiver has the message; PUBREL was sent.</summary>
    AwaitPubComp,

    /// <summary>SUBSCRIBE was sent.</summary>
    AwaitSubAck,

    /// <summary>UNSUBSCRIBE was sent.</summary>
    AwaitUnsubAck,
}

/// <summary>What an acknowledgement asks its receiver to do.</summary>
public enum AckStep : byte
{
    /// <summary>The exchange is over; the identifier is free again.</summary>
    Completed,

    /// <summary>Send PUBREL.</summary>
    Release,

    /// <summary>PUBREC for an identifier that is not in use: send PUBREL with PacketIdentifierNotFound (MQTT 5 §4.3.3).</summary>
    ReleaseUnknown,

    /// <summary>Nothing: a late acknowledgement of an identifier that is not in use.</summary>
    Ignore,

    /// <summary>The acknowledgement does not fit the exchange: protocol error.</summary>
    Violation,
}
