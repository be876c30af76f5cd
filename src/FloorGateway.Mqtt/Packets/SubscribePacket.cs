using System.Buffers;
using FloorGateway.Mqtt.Codec;

namespace FloorGateway.Mqtt.Packets;

/// <summary>SUBSCRIBE (MQTT 5 §3.8). Whether each filter is a valid one is answered in SUBACK, filter by filter.</summary>
public sealed record SubscribePacket
{
    /// <summary>Packet identifier, not zero.</summary>
    public ushort PacketId { get; init; }

    /// <summary>At least one filter.</summary>
    public required IReadOnlyList<MqttSubscription> Subscriptions { get; init; }

    /// <summary>Identifier that comes back with every message of these subscriptions, 1 to 268435455; null: none.</summary>
    public int? SubscriptionIdentifier { get; init; }

    /// <summary>User properties.</summary>
    public IReadOnlyList<MqttUserProperty> UserProperties { get; init; } = [];

    /// <summary>Reads a body; null with a fault when it is refused.</summary>
    public static SubscribePacket? TryRead(
        ReadOnlySpan<byte> body, MqttProtocolVersion version, MqttLimits limits, out MqttFault fault)
    {
        var v5 = version == MqttProtocolVersion.V5;
        var reader = new MqttReader(body, limits);
        var id = reader.PacketId();
        var properties = v5 ? reader.Properties(MqttPacketType.Subscribe) : default;
        if (!reader.Fault.IsFault && !reader.More)
            reader.Fail(MqttFault.Protocol("SUBSCRIBE has no topic filter.")); // [MQTT-3.8.3-2]
        var subscriptions = new List<MqttSubscription>();
        while (reader.More)
        {
            var filter = reader.Utf8();
            var options = reader.Byte();
            CheckOptions(ref reader, filter, options, v5);
            if (subscriptions.Count == limits.MaximumFilters)
                reader.Fail(new MqttFault(MqttReasonCode.QuotaExceeded, "SUBSCRIBE has more topic filters than allowed."));
            if (!reader.Fault.IsFault)
                subscriptions.Add(MqttSubscription.FromOptions(MqttUtf8.GetString(filter), options));
        }

        fault = reader.Fault;
        if (fault.IsFault)
            return null;
        return new SubscribePacket
        {
            PacketId = id,
            Subscriptions = subscriptions,
            SubscriptionIdentifier = (int?)properties.Number(MqttPropertyId.SubscriptionIdentifier),
            UserProperties = properties.UserProperties(),
        };
    }

    private static void CheckOptions(ref MqttReader reader, ReadOnlySpan<byte> filter, byte options, bool v5)
    {
        if ((options & (v5 ? 0xC0 : 0xFC)) != 0)
            reader.Fail(MqttFault.Malformed("Reserved subscription options are set.")); // [MQTT-3.8.3-5]
        if ((options & 3) == 3)
            reader.Fail(MqttFault.Protocol("The maximum QoS of a subscription is 3."));
        if ((options >> 4 & 3) == 3)
            reader.Fail(MqttFault.Protocol("The retain handling of a subscription is 3."));
        if ((options & 4) != 0 && filter.StartsWith("$share/"u8))
            reader.Fail(MqttFault.Protocol("No Local is set on a shared subscription.")); // [MQTT-3.8.3-4]
    }

    /// <summary>Writes the packet.</summary>
    public void Write(IBufferWriter<byte> output, MqttProtocolVersion version)
    {
        using var body = new MqttBodyWriter();
        body.UInt16(PacketId);
        if (version == MqttProtocolVersion.V5)
        {
            using var block = new MqttBodyWriter();
            block.Property(MqttPropertyId.SubscriptionIdentifier, (uint?)SubscriptionIdentifier);
            block.UserProperties(UserProperties);
            body.Properties(block.Written);
        }

        foreach (var subscription in Subscriptions)
        {
            body.Utf8(subscription.Filter);
            body.Byte(subscription.ToOptions(version));
        }

        body.Finish((byte)MqttPacketType.Subscribe << 4 | 2, output);
    }
}
