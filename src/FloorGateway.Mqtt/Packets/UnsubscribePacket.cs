using System.Buffers;
using FloorGateway.Mqtt.Codec;

namespace FloorGateway.Mqtt.Packets;

/// <summary>UNSUBSCRIBE (MQTT 5 §3.10).</summary>
public sealed record UnsubscribePacket
{
    /// <summary>Packet identifier, not zero.</summary>
    public ushort PacketId { get; init; }

    /// <summary>At least one topic filter.</summary>
    public required IReadOnlyList<string> Filters { get; init; }

    /// <summary>Reads a body; null with a fault when it is refused.</summary>
    public static UnsubscribePacket? TryRead(
        ReadOnlySpan<byte> body, MqttProtocolVersion version, MqttLimits limits, out MqttFault fault)
    {
        var reader = new MqttReader(body, limits);
        var id = reader.PacketId();
        if (version == MqttProtocolVersion.V5)
            reader.Properties(MqttPacketType.Unsubscribe);
        if (!reader.Fault.IsFault && !reader.More)
            reader.Fail(MqttFault.Protocol("UNSUBSCRIBE has no topic filter.")); // [MQTT-3.10.3-2]
        var filters = new List<string>();
        while (reader.More)
        {
            var filter = reader.Utf8();
            if (filters.Count == limits.MaximumFilters)
                reader.Fail(new MqttFault(MqttReasonCode.QuotaExceeded, "UNSUBSCRIBE has more topic filters than allowed."));
            if (!reader.Fault.IsFault)
                filters.Add(MqttUtf8.GetString(filter));
        }

        fault = reader.Fault;
        return fault.IsFault ? null : new UnsubscribePacket { PacketId = id, Filters = filters };
    }

    /// <summary>Writes the packet.</summary>
    public void Write(IBufferWriter<byte> output, MqttProtocolVersion version)
    {
        using var body = new MqttBodyWriter();
        body.UInt16(PacketId);
        if (version == MqttProtocolVersion.V5)
            body.VarInt(0);
        foreach (var filter in Filters)
            body.Utf8(filter);
        body.Finish((byte)MqttPacketType.Unsubscribe << 4 | 2, output);
    }
}
