using FloorGateway.Mqtt.Codec;

namespace FloorGateway.Mqtt.Packets;

/// <summary>PUBLISH (MQTT 5 §3.3), read in place: its spans point into the received bytes and must not outlive them.</summary>
public readonly ref struct PublishPacket
{
    /// <summary>Bit of the fixed header that marks a re-delivery.</summary>
    public const byte DuplicateFlag = 0x08;

    /// <summary>Bit of the fixed header that marks a retained message.</summary>
    public const byte RetainFlag = 0x01;

    private PublishPacket(byte flags, ReadOnlySpan<byte> topic, ushort packetId, MqttProperties properties, ReadOnlySpan<byte> payload)
    {
        Flags = flags;
        Topic = topic;
        PacketId = packetId;
        Properties = properties;
        Payload = payload;
    }

    /// <summary>Lower half of the fixed header.</summary>
    public byte Flags { get; }

    /// <summary>QoS 0, 1 or 2.</summary>
    public MqttQos Qos => (MqttQos)(Flags >> 1 & 3);

    /// <summary>RETAIN flag.</summary>
    public bool Retain => (Flags & RetainFlag) != 0;

    /// <summary>DUP flag.</summary>
    public bool Duplicate => (Flags & DuplicateFlag) != 0;

    /// <summary>Topic name; empty when a topic alias stands for it.</summary>
    public ReadOnlySpan<byte> Topic { get; }

    /// <summary>Packet identifier; 0 for QoS 0.</summary>
    public ushort PacketId { get; }

    /// <summary>Properties; an empty block on 3.1.1.</summary>
    public MqttProperties Properties { get; }

    /// <summary>Application message.</summary>
    public ReadOnlySpan<byte> Payload { get; }

    /// <summary>Reads a body; false with a fault when it is refused.</summary>
    /// <param name="flags">Lower half of the fixed header.</param>
    /// <param name="body">Body of the packet, in one piece.</param>
    /// <param name="version">Protocol of the connection.</param>
    /// <param name="limits">Topic length, levels and the like.</param>
    /// <param name="packet">The packet.</param>
    /// <param name="fault">Why it was refused.</param>
    public static bool TryRead(
        byte flags, ReadOnlySpan<byte> body, MqttProtocolVersion version, MqttLimits limits, out PublishPacket packet,
        out MqttFault fault)
    {
        var reader = new MqttReader(body, limits);
        var qos = flags >> 1 & 3;
        if (qos == 3)
            reader.Fail(MqttFault.Malformed("The QoS is 3.")); // [MQTT-3.3.1-4]
        if (qos == 0 && (flags & DuplicateFlag) != 0)
            reader.Fail(MqttFault.Malformed("DUP is set on QoS 0.")); // [MQTT-3.3.1-2]
        var topic = reader.Utf8();
        var id = qos > 0 ? reader.PacketId() : (ushort)0;
        var properties = version == MqttProtocolVersion.V5 ? reader.Properties(MqttPacketType.Publish) : default;
        if (!reader.Fault.IsFault)
            CheckTopic(ref reader, topic, properties);
        var payload = reader.TakeRest();
        fault = reader.Fault;
        packet = new PublishPacket(flags, topic, id, properties, payload);
        return !fault.IsFault;
    }

    private static void CheckTopic(ref MqttReader reader, ReadOnlySpan<byte> topic, MqttProperties properties)
    {
        if (topic.IsEmpty)
        {
            if (!properties.TryFind(MqttPropertyId.TopicAlias, out _))
                reader.Fail(MqttFault.Protocol("The topic name is empty and there is no topic alias.")); // §3.3.2.1
        }
        else if (!MqttTopic.IsValidName(topic, reader.Limits))
        {
            reader.Fail(new MqttFault(
                MqttReasonCode.TopicNameInvalid, "The topic name holds a wildcard, is too long or has too many levels."));
        }

        if (properties.Encoded.IsEmpty)
            return;
        if (properties.TryFind(MqttPropertyId.ResponseTopic, out var response) && !MqttTopic.IsValidName(response, reader.Limits))
            reader.Fail(MqttFault.Protocol("The response topic is not a topic name.")); // [MQTT-3.3.2-14]
    }
}
