namespace FloorGateway.Mqtt.Codec;

/// <summary>
/// Why bytes or a packet were refused: the reason code for DISCONNECT or CONNACK, and a sentence for the log. The default value
/// means "no fault".
/// </summary>
/// <param name="Code">Reason code to close the connection with.</param>
/// <param name="Detail">A constant sentence; never holds bytes of the peer.</param>
public readonly record struct MqttFault(MqttReasonCode Code, string? Detail)
{
    /// <summary>True unless this is the default value.</summary>
    public bool IsFault => Detail is not null;

    internal static MqttFault Malformed(string detail) => new(MqttReasonCode.MalformedPacket, detail);

    internal static MqttFault Protocol(string detail) => new(MqttReasonCode.ProtocolError, detail);
}
