using System.Buffers;
using System.Buffers.Binary;
using FloorGateway.Mqtt.Codec;

namespace FloorGateway.Mqtt.Packets;

/// <summary>PUBACK, PUBREC, PUBREL and PUBCOMP (MQTT 5 §3.4 to §3.7): one shape.</summary>
/// <param name="PacketId">Identifier of the PUBLISH.</param>
/// <param name="Reason">Reason code; always Success on 3.1.1.</param>
/// <param name="ReasonString">Text of the peer; null when it sent none.</param>
public readonly record struct AckPacket(ushort PacketId, MqttReasonCode Reason, string? ReasonString = null)
{
    /// <summary>Largest size <see cref="Write(Span{byte}, MqttPacketType, ushort, MqttReasonCode, MqttProtocolVersion)"/> needs.</summary>
    public const int MaximumWrittenSize = 5;

    /// <summary>Reads a body; false with a fault when it is refused.</summary>
    public static bool TryRead(
        MqttPacketType type, ReadOnlySpan<byte> body, MqttProtocolVersion version, MqttLimits limits, out AckPacket packet,
        out MqttFault fault)
    {
        var reader = new MqttReader(body, limits);
        var id = reader.PacketId();
        byte code = 0;
        string? text = null;
        if (version == MqttProtocolVersion.V5)
        {
            // §3.4.2.1: the code may be left out when it is Success and there are no properties, the length when it is zero.
            if (reader.More)
                code = reader.Byte();
            if (reader.More)
                text = reader.Properties(type).Text(MqttPropertyId.ReasonString);
            if (!MqttReasonCodes.IsAllowed(type, code))
                reader.Fail(MqttFault.Malformed("The reason code may not stand in this acknowledgement."));
        }

        reader.End();
        fault = reader.Fault;
        packet = new AckPacket(id, (MqttReasonCode)code, text);
        return !fault.IsFault;
    }

    /// <summary>Writes an acknowledgement without properties into <paramref name="destination"/> and returns its size: 4 or 5 bytes.</summary>
    public static int Write(
        Span<byte> destination, MqttPacketType type, ushort packetId, MqttReasonCode reason, MqttProtocolVersion version)
    {
        destination[0] = (byte)((byte)type << 4 | (type == MqttPacketType.PubRel ? 2 : 0));
        destination[1] = 2;
        BinaryPrimitives.WriteUInt16BigEndian(destination[2..], packetId);
        if (reason == MqttReasonCode.Success || version != MqttProtocolVersion.V5)
            return 4;
        destination[1] = 3;
        destination[4] = (byte)reason;
        return 5;
    }

    /// <summary>Writes the packet, with its reason string on MQTT 5.</summary>
    public void Write(IBufferWriter<byte> output, MqttPacketType type, MqttProtocolVersion version)
    {
        if (ReasonString is null || version != MqttProtocolVersion.V5)
        {
            output.Advance(Write(output.GetSpan(MaximumWrittenSize), type, PacketId, Reason, version));
            return;
        }

        using var body = new MqttBodyWriter();
        body.UInt16(PacketId);
        body.Byte((byte)Reason);
        using var block = new MqttBodyWriter();
        block.Property(MqttPropertyId.ReasonString, ReasonString);
        body.Properties(block.Written);
        body.Finish((byte)((byte)type << 4 | (type == MqttPacketType.PubRel ? 2 : 0)), output);
    }
}
