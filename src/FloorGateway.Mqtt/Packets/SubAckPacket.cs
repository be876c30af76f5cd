using System.Buffers;
using FloorGateway.Mqtt.Codec;

namespace FloorGateway.Mqtt.Packets;

/// <summary>SUBACK and UNSUBACK (MQTT 5 §3.9, §3.11): one reason code a topic filter, in the request's order.</summary>
public sealed record SubAckPacket
{
    /// <summary>Identifier of the request.</summary>
    public ushort PacketId { get; init; }

    /// <summary>One code a filter; empty for UNSUBACK on 3.1.1, which has none.</summary>
    public required IReadOnlyList<MqttReasonCode> Reasons { get; init; }

    /// <summary>Text for people and logs.</summary>
    public string? ReasonString { get; init; }

    /// <summary>Reads a body; null with a fault when it is refused.</summary>
    /// <param name="type">SubAck or UnsubAck.</param>
    /// <param name="body">Body of the packet, in one piece.</param>
    /// <param name="version">Protocol of the connection.</param>
    /// <param name="limits">Number of filters and the like.</param>
    /// <param name="fault">Why it was refused.</param>
    public static SubAckPacket? TryRead(
        MqttPacketType type, ReadOnlySpan<byte> body, MqttProtocolVersion version, MqttLimits limits, out MqttFault fault)
    {
        var v5 = version == MqttProtocolVersion.V5;
        var reader = new MqttReader(body, limits);
        var id = reader.PacketId();
        var text = v5 ? reader.Properties(type).Text(MqttPropertyId.ReasonString) : null;
        var codes = reader.TakeRest();
        if (codes.Length > limits.MaximumFilters)
            reader.Fail(new MqttFault(MqttReasonCode.QuotaExceeded, "There are more reason codes than filters allowed."));
        var bare = type == MqttPacketType.UnsubAck && !v5;
        if (!reader.Fault.IsFault && bare != codes.IsEmpty)
            reader.Fail(MqttFault.Malformed("The number of reason codes is not that of the request."));
        foreach (var code in codes)
        {
            var known = v5 ? MqttReasonCodes.IsAllowed(type, code) : code is 0 or 1 or 2 or 0x80; // 3.1.1 §3.9.3
            if (!known)
                reader.Fail(MqttFault.Malformed("The reason code may not stand in this acknowledgement."));
        }

        fault = reader.Fault;
        if (fault.IsFault)
            return null;
        var reasons = new MqttReasonCode[codes.Length];
        for (var i = 0; i < reasons.Length; i++)
            reasons[i] = (MqttReasonCode)codes[i];
        return new SubAckPacket { PacketId = id, Reasons = reasons, ReasonString = text };
    }

    /// <summary>Writes the packet as <paramref name="type"/>: SubAck or UnsubAck. On 3.1.1 every failure is 0x80.</summary>
    public void Write(IBufferWriter<byte> output, MqttPacketType type, MqttProtocolVersion version)
    {
        using var body = new MqttBodyWriter();
        body.UInt16(PacketId);
        var v5 = version == MqttProtocolVersion.V5;
        if (v5)
        {
            using var block = new MqttBodyWriter();
            block.Property(MqttPropertyId.ReasonString, ReasonString);
            body.Properties(block.Written);
        }

        if (v5 || type == MqttPacketType.SubAck)
        {
            foreach (var reason in Reasons)
                body.Byte(!v5 && reason.IsFailure() ? (byte)0x80 : (byte)reason);
        }

        body.Finish((byte)((byte)type << 4), output);
    }
}
