using FloorGateway.Mqtt.Codec;

namespace FloorGateway.Mqtt.Packets;

/// <summary>A received application message; its own copy of the bytes.</summary>
public sealed class MqttMessage
{
    private readonly byte[] _properties;
    private MqttPublishProperties? _read;

    internal MqttMessage(string topic, byte[] payload, byte flags, byte[] properties, int[] subscriptionIdentifiers)
    {
        Topic = topic;
        Payload = payload;
        Qos = (MqttQos)(flags >> 1 & 3);
        Retain = (flags & PublishPacket.RetainFlag) != 0;
        Duplicate = (flags & PublishPacket.DuplicateFlag) != 0;
        SubscriptionIdentifiers = subscriptionIdentifiers;
        _properties = properties;
    }

    /// <summary>Topic name.</summary>
    public string Topic { get; }

    /// <summary>Application message.</summary>
    public ReadOnlyMemory<byte> Payload { get; }

    /// <summary>QoS it was delivered with.</summary>
    public MqttQos Qos { get; }

    /// <summary>True: it was retained when the subscription was made (or retain as published was asked for).</summary>
    public bool Retain { get; }

    /// <summary>True: the sender has sent it before.</summary>
    public bool Duplicate { get; }

    /// <summary>Identifiers of the subscriptions it matches; empty on 3.1.1.</summary>
    public IReadOnlyList<int> SubscriptionIdentifiers { get; }

    /// <summary>Properties; decoded when first asked for.</summary>
    public MqttPublishProperties Properties => _read ??= MqttPublishProperties.Read(new MqttProperties(_properties));

    internal static MqttMessage From(scoped in PublishPacket packet, string topic)
    {
        List<int>? identifiers = null;
        foreach (var property in packet.Properties)
        {
            if (property.Id == MqttPropertyId.SubscriptionIdentifier)
                (identifiers ??= []).Add((int)MqttProperties.ToNumber(property.Id, property.Value));
        }

        return new MqttMessage(
            topic, packet.Payload.ToArray(), packet.Flags, packet.Properties.Encoded.ToArray(), identifiers?.ToArray() ?? []);
    }
}
