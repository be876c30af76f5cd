using System.Buffers;
using System.Text;
using FloorGateway.Mqtt.Codec;
using FloorGateway.Mqtt.Packets;
using FloorGateway.Mqtt.Tests.Codec;
using static FloorGateway.Mqtt.Codec.MqttProtocolVersion;

namespace FloorGateway.Mqtt.Tests.Packets;

/// <summary>Each packet as annotated bytes, read and written.</summary>
public sealed class GoldenPacketTests
{
    private const string ConnectV5 = """
        10 52                          | CONNECT, 82 bytes
        00 04 4D 51 54 54 05           | "MQTT", version 5
        EE                             | user name, password, will retain, will QoS 1, will, clean start
        01 2C                          | keep-alive 300 s
        19                             | 25 bytes of properties
        11 00 01 51 80                 | session expiry 86400 s
        21 01 02                       | receive maximum 258
        27 00 10 00 03                 | maximum packet size 1048579
        22 00 0A                       | topic alias maximum 10
        19 01                          | response information wanted
        26 00 01 61 00 01 62           | user property a=b
        00 04 65 64 67 65              | client id "edge"
        0C                             | 12 bytes of will properties
        18 00 00 00 3C                 | will delay 60 s
        01 01                          | payload is UTF-8
        02 00 00 0E 10                 | message expiry 3600 s
        00 05 61 2F 6C 77 74           | will topic "a/lwt"
        00 04 64 65 61 64              | will payload "dead"
        00 04 75 73 65 72              | user name "user"
        00 06 70 61 73 73 77 64        | password "passwd"
        """;

    private static readonly ConnectPacket ConnectV5Packet = new()
    {
        CleanStart = true,
        KeepAlive = 300,
        ClientId = "edge",
        UserName = "user",
        Password = "passwd"u8.ToArray(),
        SessionExpiryInterval = 86400,
        ReceiveMaximum = 258,
        MaximumPacketSize = 1048579,
        TopicAliasMaximum = 10,
        RequestResponseInformation = true,
        UserProperties = [new MqttUserProperty("a", "b")],
        Will = new MqttWill
        {
            Topic = "a/lwt",
            Payload = "dead"u8.ToArray(),
            Qos = MqttQos.AtLeastOnce,
            Retain = true,
            DelayInterval = 60,
            Properties = new MqttPublishProperties { MessageExpiryInterval = 3600, PayloadIsUtf8 = true },
        },
    };

    private const string ConnectV311 = """
        10 10                          | CONNECT, 16 bytes
        00 04 4D 51 54 54 04           | "MQTT", level 4
        00                             | nothing: a kept session
        00 3C                          | keep-alive 60 s
        00 04 65 64 67 65              | client id "edge"
        """;

    [Fact]
    public void Connect_5()
    {
        var read = ConnectPacket.TryRead(Body(ConnectV5), MqttLimits.Default, out var version, out var fault)!;
        Assert.Equal((V5, default), (version, fault));
        Same(ConnectV5Packet with { UserProperties = [], Password = null, Will = null }, read with { UserProperties = [], Password = null, Will = null });
        Assert.Equal(ConnectV5Packet.UserProperties, read.UserProperties);
        Assert.Equal(ConnectV5Packet.Password, read.Password);
        Assert.Equal(ConnectV5Packet.Will!.Payload, read.Will!.Payload);
        Assert.Equal(
            (ConnectV5Packet.Will.Topic, ConnectV5Packet.Will.Qos, true, 60u, (uint?)3600u, true),
            (read.Will.Topic, read.Will.Qos, read.Will.Retain, read.Will.DelayInterval, read.Will.Properties.MessageExpiryInterval, read.Will.Properties.PayloadIsUtf8));
        Assert.Equal(Golden.Bytes(ConnectV5), Written(o => read.Write(o)));
    }

    [Fact]
    public void Connect_311()
    {
        var read = ConnectPacket.TryRead(Body(ConnectV311), MqttLimits.Default, out var version, out _)!;
        Assert.Equal((V311, "edge", false, (ushort)60), (version, read.ClientId, read.CleanStart, read.KeepAlive));
        Assert.Equal(Golden.Bytes(ConnectV311), Written(o => read.Write(o)));
    }

    [Fact]
    public void Connack_5()
    {
        const string golden = """
            20 1E                          | CONNACK, 30 bytes
            01 00                          | session present, Success
            1B                             | 27 bytes of properties
            21 00 14                       | receive maximum 20
            24 01                          | maximum QoS 1
            25 00                          | no retained messages
            27 00 01 02 03                 | maximum packet size 66051
            12 00 02 69 64                 | assigned client id "id"
            22 00 05                       | topic alias maximum 5
            1F 00 01 21                    | reason string "!"
            13 00 0A                       | server keep-alive 10 s
            """;
        var read = ConnAckPacket.TryRead(Body(golden), V5, MqttLimits.Default, out var fault)!;
        Assert.False(fault.IsFault, fault.Detail);
        Same(
            new ConnAckPacket
            {
                SessionPresent = true,
                ReceiveMaximum = 20,
                MaximumQos = MqttQos.AtLeastOnce,
                RetainAvailable = false,
                MaximumPacketSize = 66051,
                AssignedClientIdentifier = "id",
                TopicAliasMaximum = 5,
                ReasonString = "!",
                ServerKeepAlive = 10,
                UserProperties = read.UserProperties,
            },
            read);
        Assert.Equal(Golden.Bytes(golden), Written(o => read.Write(o, V5)));
    }

    [Fact]
    public void Connack_311_refusal_is_mapped_both_ways()
    {
        var bytes = Golden.Bytes("20 02 00 05 | not authorised");
        var read = ConnAckPacket.TryRead(bytes.AsSpan(2), V311, MqttLimits.Default, out _)!;
        Assert.Equal(MqttReasonCode.NotAuthorized, read.Reason);
        Assert.Equal(bytes, Written(o => read.Write(o, V311)));
    }

    [Fact]
    public void Publish_5()
    {
        const string golden = """
            3D 2A                          | PUBLISH, DUP, QoS 2, RETAIN, 42 bytes
            00 03 61 2F 62                 | topic "a/b"
            12 34                          | packet id 0x1234
            1D                             | 29 bytes of properties
            23 01 02                       | topic alias 258
            02 01 02 03 04                 | message expiry 16909060 s
            03 00 01 6A                    | content type "j"
            08 00 01 72                    | response topic "r"
            09 00 02 FF 00                 | correlation data FF 00
            26 00 01 6B 00 02 76 77        | user property k=vw
            31 32 33 34 35                 | payload "12345"
            """;
        var bytes = Golden.Bytes(golden);
        Assert.True(PublishPacket.TryRead((byte)(bytes[0] & 15), bytes.AsSpan(2), V5, MqttLimits.Default, out var packet, out var fault), fault.Detail);
        Assert.True(packet.Duplicate && packet.Retain);
        Assert.Equal((MqttQos.ExactlyOnce, (ushort)0x1234, "a/b", "12345"), (packet.Qos, packet.PacketId, Encoding.UTF8.GetString(packet.Topic), Encoding.UTF8.GetString(packet.Payload)));
        Assert.Equal(258u, packet.Properties.Number(MqttPropertyId.TopicAlias));
        var properties = MqttPublishProperties.Read(packet.Properties);
        Assert.Equal((16909060u, "j", "r"), (properties.MessageExpiryInterval, properties.ContentType, properties.ResponseTopic));
        Assert.Equal([0xFF, 0x00], properties.CorrelationData);
        Assert.Equal([new MqttUserProperty("k", "vw")], properties.UserProperties);

        var own = properties.Encode();
        ReadOnlySpan<byte> hop = [0x23, 1, 2];
        var size = PublishWriter.Measure(3, MqttQos.ExactlyOnce, V5, own.Length + hop.Length, 5, out var remaining);
        var written = new byte[size];
        Assert.Equal(size, PublishWriter.Write(written, (int)remaining, packet.Flags, packet.Topic, packet.PacketId, V5, own, hop, packet.Payload));
        Assert.Equal(bytes, written);
    }

    [Fact]
    public void Publish_311_qos_0()
    {
        var bytes = Golden.Bytes("""
            30 06                          | PUBLISH, QoS 0, 6 bytes
            00 03 61 2F 62                 | topic "a/b"
            21                             | payload "!"
            """);
        Assert.True(PublishPacket.TryRead(0, bytes.AsSpan(2), V311, MqttLimits.Default, out var packet, out _));
        Assert.Equal((MqttQos.AtMostOnce, (ushort)0, "!"), (packet.Qos, packet.PacketId, Encoding.UTF8.GetString(packet.Payload)));
        var written = new byte[PublishWriter.Measure(3, 0, V311, 0, 1, out var remaining)];
        PublishWriter.Write(written, (int)remaining, 0, packet.Topic, 0, V311, default, default, packet.Payload);
        Assert.Equal(bytes, written);
    }

    [Theory]
    [InlineData(MqttPacketType.PubAck, V311, "40 02 12 34", MqttReasonCode.Success, null)]
    [InlineData(MqttPacketType.PubRec, V311, "50 02 12 34", MqttReasonCode.Success, null)]
    [InlineData(MqttPacketType.PubRel, V311, "62 02 12 34", MqttReasonCode.Success, null)]
    [InlineData(MqttPacketType.PubComp, V311, "70 02 12 34", MqttReasonCode.Success, null)]
    [InlineData(MqttPacketType.PubAck, V5, "40 02 12 34 | Success left out", MqttReasonCode.Success, null)]
    [InlineData(MqttPacketType.PubAck, V5, "40 03 12 34 10 | no matching subscribers", MqttReasonCode.NoMatchingSubscribers, null)]
    [InlineData(MqttPacketType.PubRec, V5, "50 03 12 34 97 | quota exceeded", MqttReasonCode.QuotaExceeded, null)]
    [InlineData(MqttPacketType.PubRel, V5, "62 03 12 34 92 | id not found", MqttReasonCode.PacketIdentifierNotFound, null)]
    [InlineData(MqttPacketType.PubComp, V5, "70 03 12 34 92 | id not found", MqttReasonCode.PacketIdentifierNotFound, null)]
    [InlineData(MqttPacketType.PubAck, V5, "40 08 12 34 87 04 1F 00 01 6E | not authorised, 4 bytes of properties, reason \"n\"", MqttReasonCode.NotAuthorized, "n")]
    public void Acknowledgements(MqttPacketType type, MqttProtocolVersion version, string golden, MqttReasonCode reason, string? text)
    {
        var bytes = Golden.Bytes(golden);
        Assert.True(AckPacket.TryRead(type, bytes.AsSpan(2), version, MqttLimits.Default, out var packet, out var fault), fault.Detail);
        Assert.Equal(new AckPacket(0x1234, reason, text), packet);
        Assert.Equal(bytes, Written(o => packet.Write(o, type, version)));
    }

    [Fact]
    public void Subscribe_5()
    {
        const string golden = """
            82 10                          | SUBSCRIBE, 16 bytes
            00 0A                          | packet id 10
            03                             | 3 bytes of properties
            0B C8 01                       | subscription identifier 200
            00 03 61 2F 23                 | "a/#"
            2E                             | QoS 2, no local, retain as published, never send retained
            00 01 2B                       | "+"
            00                             | QoS 0
            """;
        var bytes = Golden.Bytes(golden);
        var read = SubscribePacket.TryRead(bytes.AsSpan(2), V5, MqttLimits.Default, out var fault)!;
        Assert.False(fault.IsFault, fault.Detail);
        Assert.Equal(((ushort)10, (int?)200), (read.PacketId, read.SubscriptionIdentifier));
        Assert.Equal(
            [
                new MqttSubscription("a/#", MqttQos.ExactlyOnce) { NoLocal = true, RetainAsPublished = true, RetainHandling = MqttRetainHandling.DoNotSend },
                new MqttSubscription("+", MqttQos.AtMostOnce),
            ],
            read.Subscriptions);
        Assert.Equal(bytes, Written(o => read.Write(o, V5)));
    }

    [Fact]
    public void Subscribe_311()
    {
        var bytes = Golden.Bytes("82 08 00 0A 00 03 61 2F 23 01 | id 10, \"a/#\", QoS 1");
        var read = SubscribePacket.TryRead(bytes.AsSpan(2), V311, MqttLimits.Default, out _)!;
        Assert.Equal([new MqttSubscription("a/#")], read.Subscriptions);
        Assert.Equal(bytes, Written(o => read.Write(o, V311)));
    }

    [Theory]
    [InlineData(MqttPacketType.SubAck, V311, "90 05 00 0A 00 02 80 | id 10: QoS 0, QoS 2, refused")]
    [InlineData(MqttPacketType.SubAck, V5, "90 06 00 0A 00 01 8F 97 | id 10, no properties: QoS 1, bad filter, quota")]
    [InlineData(MqttPacketType.UnsubAck, V5, "B0 05 00 0A 00 00 11 | id 10, no properties: done, had none")]
    [InlineData(MqttPacketType.UnsubAck, V311, "B0 02 00 0A | id 10")]
    public void Subscription_acknowledgements(MqttPacketType type, MqttProtocolVersion version, string golden)
    {
        var bytes = Golden.Bytes(golden);
        var read = SubAckPacket.TryRead(type, bytes.AsSpan(2), version, MqttLimits.Default, out var fault)!;
        Assert.False(fault.IsFault, fault.Detail);
        Assert.Equal(10, read.PacketId);
        Assert.Equal(bytes, Written(o => read.Write(o, type, version)));
    }

    [Theory]
    [InlineData(V5, "A2 0B 00 0A 00 00 03 61 2F 23 00 01 2B | id 10, no properties, \"a/#\", \"+\"")]
    [InlineData(V311, "A2 0A 00 0A 00 03 61 2F 23 00 01 2B | id 10, \"a/#\", \"+\"")]
    public void Unsubscribe(MqttProtocolVersion version, string golden)
    {
        var bytes = Golden.Bytes(golden);
        var read = UnsubscribePacket.TryRead(bytes.AsSpan(2), version, MqttLimits.Default, out _)!;
        Assert.Equal(((ushort)10, "a/#,+"), (read.PacketId, string.Join(',', read.Filters)));
        Assert.Equal(bytes, Written(o => read.Write(o, version)));
    }

    [Theory]
    [InlineData(V311, "E0 00", MqttReasonCode.Success, null, null)]
    [InlineData(V5, "E0 00 | normal", MqttReasonCode.Success, null, null)]
    [InlineData(V5, "E0 01 8E | taken over", MqttReasonCode.SessionTakenOver, null, null)]
    [InlineData(V5, "E0 0B 04 09 11 00 00 00 07 1F 00 01 78 | with will, expiry 7 s, reason \"x\"", MqttReasonCode.DisconnectWithWill, 7u, "x")]
    public void Disconnect(MqttProtocolVersion version, string golden, MqttReasonCode reason, uint? expiry, string? text)
    {
        var bytes = Golden.Bytes(golden);
        var read = DisconnectPacket.TryRead(bytes.AsSpan(2), version, MqttLimits.Default, out var fault)!;
        Assert.False(fault.IsFault, fault.Detail);
        Assert.Equal((reason, expiry, text), (read.Reason, read.SessionExpiryInterval, read.ReasonString));
        Assert.Equal(bytes, Written(o => read.Write(o, version)));
    }

    [Fact]
    public void Auth()
    {
        var bytes = Golden.Bytes("F0 0B 18 09 15 00 01 4B 16 00 02 01 02 | continue, method \"K\", data 01 02");
        var read = AuthPacket.TryRead(bytes.AsSpan(2), V5, MqttLimits.Default, out var fault)!;
        Assert.False(fault.IsFault, fault.Detail);
        Assert.Equal((MqttReasonCode.ContinueAuthentication, "K"), (read.Reason, read.AuthenticationMethod));
        Assert.Equal(bytes, Written(o => read.Write(o)));
    }

    private static byte[] Body(string golden)
    {
        var bytes = Golden.Bytes(golden);
        Assert.Equal(bytes.Length - 2, bytes[1]);
        return bytes[2..];
    }

    private static byte[] Written(Action<IBufferWriter<byte>> write)
    {
        var output = new ArrayBufferWriter<byte>();
        write(output);
        return output.WrittenSpan.ToArray();
    }

    private static void Same<T>(T expected, T actual) => Assert.Equal(expected, actual);
}
