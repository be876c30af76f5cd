using System.Buffers.Binary;
using FloorGateway.Mqtt.Codec;

namespace FloorGateway.Mqtt.Packets;

/// <summary>Writes PUBLISH packets in place: sized first, then written without allocating. The hot path of client and broker.</summary>
public static class PublishWriter
{
    /// <summary>Bytes of the whole packet; <paramref name="remaining"/> is what <see cref="Write"/> wants.</summary>
    /// <param name="topicLength">UTF-8 bytes of the topic name.</param>
    /// <param name="qos">QoS: a packet identifier stands from QoS 1 up.</param>
    /// <param name="version">Protocol: MQTT 5 has a property length.</param>
    /// <param name="propertiesLength">Bytes of all properties, without their length; ignored on 3.1.1.</param>
    /// <param name="payloadLength">Bytes of the payload.</param>
    /// <param name="remaining">Remaining length of the packet; above <see cref="MqttVarInt.MaxValue"/> it can't be sent.</param>
    public static long Measure(
        int topicLength, MqttQos qos, MqttProtocolVersion version, int propertiesLength, int payloadLength, out long remaining)
    {
        remaining = 2L + topicLength + (qos == MqttQos.AtMostOnce ? 0 : 2) + payloadLength;
        if (version == MqttProtocolVersion.V5)
            remaining += MqttVarInt.Size(propertiesLength) + propertiesLength;
        return 1 + MqttVarInt.Size((int)Math.Min(remaining, MqttVarInt.MaxValue)) + remaining;
    }

    /// <summary>Writes one packet and returns its size.</summary>
    /// <param name="destination">At least the measured size.</param>
    /// <param name="remaining">From <see cref="Measure"/> with the same lengths.</param>
    /// <param name="flags">DUP, QoS and RETAIN: lower half of the fixed header.</param>
    /// <param name="topic">Topic name; empty when an alias among the properties stands for it.</param>
    /// <param name="packetId">Left out for QoS 0.</param>
    /// <param name="version">Protocol of the connection.</param>
    /// <param name="properties">Encoded properties that travel with the message.</param>
    /// <param name="hopProperties">Encoded properties of this hop only: topic alias, subscription identifiers, what is left of the expiry.</param>
    /// <param name="payload">Application message.</param>
    public static int Write(
        Span<byte> destination, int remaining, byte flags, ReadOnlySpan<byte> topic, ushort packetId, MqttProtocolVersion version,
        ReadOnlySpan<byte> properties, ReadOnlySpan<byte> hopProperties, ReadOnlySpan<byte> payload)
    {
        destination[0] = (byte)((byte)MqttPacketType.Publish << 4 | flags);
        var at = 1 + MqttVarInt.Write(destination[1..], remaining);
        BinaryPrimitives.WriteUInt16BigEndian(destination[at..], (ushort)topic.Length);
        at += 2;
        topic.CopyTo(destination[at..]);
        at += topic.Length;
        if ((flags & 0x06) != 0)
        {
            BinaryPrimitives.WriteUInt16BigEndian(destination[at..], packetId);
            at += 2;
        }

        if (version == MqttProtocolVersion.V5)
        {
            at += MqttVarInt.Write(destination[at..], properties.Length + hopProperties.Length);
            hopProperties.CopyTo(destination[at..]);
            at += hopProperties.Length;
            properties.CopyTo(destination[at..]);
            at += properties.Length;
        }

        payload.CopyTo(destination[at..]);
        return at + payload.Length;
    }
}
