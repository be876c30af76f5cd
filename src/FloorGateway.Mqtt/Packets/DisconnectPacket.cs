using System.Buffers;
using FloorGateway.Mqtt.Codec;

namespace FloorGateway.Mqtt.Packets;

/// <summary>DISCONNECT (MQTT 5 §3.14). On 3.1.1 only a client sends it, without any field.</summary>
public sealed record DisconnectPacket
{
    /// <summary>Why the connection ends.</summary>
    public MqttReasonCode Reason { get; init; }

    /// <summary>Seconds; overrides the value of CONNECT. Only a client may send it.</summary>
    public uint? SessionExpiryInterval { get; init; }

    /// <summary>Text for people and logs.</summary>
    public string? ReasonString { get; init; }

    /// <summary>Another server to use.</summary>
    public string? ServerReference { get; init; }

    /// <summary>Reads a body; null with a fault when it is refused.</summary>
    public static DisconnectPacket? TryRead(
        ReadOnlySpan<byte> body, MqttProtocolVersion version, MqttLimits limits, out MqttFault fault)
    {
        var reader = new MqttReader(body, limits);
        byte code = 0;
        MqttProperties properties = default;
        if (version == MqttProtocolVersion.V5)
        {
            // §3.14.2.1: code and property length may be left out.
            if (reader.More)
                code = reader.Byte();
            if (reader.More)
                properties = reader.Properties(MqttPacketType.Disconnect);
            if (!MqttReasonCodes.IsAllowed(MqttPacketType.Disconnect, code))
                reader.Fail(MqttFault.Malformed("The reason code may not stand in DISCONNECT."));
        }

        reader.End();
        fault = reader.Fault;
        if (fault.IsFault)
            return null;
        return new DisconnectPacket
        {
            Reason = (MqttReasonCode)code,
            SessionExpiryInterval = properties.Number(MqttPropertyId.SessionExpiryInterval),
            ReasonString = properties.Text(MqttPropertyId.ReasonString),
            ServerReference = properties.Text(MqttPropertyId.ServerReference),
        };
    }

    /// <summary>Writes the packet.</summary>
    public void Write(IBufferWriter<byte> output, MqttProtocolVersion version)
    {
        using var body = new MqttBodyWriter();
        using var block = new MqttBodyWriter();
        block.Property(MqttPropertyId.SessionExpiryInterval, SessionExpiryInterval);
        block.Property(MqttPropertyId.ReasonString, ReasonString);
        block.Property(MqttPropertyId.ServerReference, ServerReference);
        var full = !block.Written.IsEmpty;
        if (version == MqttProtocolVersion.V5 && (full || Reason != MqttReasonCode.Success))
        {
            body.Byte((byte)Reason);
            if (full)
                body.Properties(block.Written);
        }

        body.Finish((byte)MqttPacketType.Disconnect << 4, output);
    }
}
