using System.Buffers;
using System.Text;
using FloorGateway.Mqtt.Codec;
using FloorGateway.Mqtt.Packets;
using static FloorGateway.Mqtt.Codec.MqttProtocolVersion;

namespace FloorGateway.Mqtt.Tests.Codec;

public sealed class HostileInputTests
{
    private const MqttReasonCode Malformed = MqttReasonCode.MalformedPacket;
    private const MqttReasonCode Protocol = MqttReasonCode.ProtocolError;

    [Theory]
    [InlineData("30", "00 01 61 02 99 00", Malformed, "unknown property")]
    [InlineData("30", "00 01 61 02 02 00", Malformed, "properties end inside one")]
    [InlineData("30", "00 01 61 02 01 02", Protocol, "payload format 2")]
    [InlineData("30", "00 01 61 04 01 00 01 00", Protocol, "payload format twice")]
    [InlineData("30", "00 01 61 03 23 00 00", MqttReasonCode.TopicAliasInvalid, "topic alias 0")]
    [InlineData("30", "00 01 61 02 0B 00", Protocol, "subscription identifier 0")]
    [InlineData("30", "00 01 61 03 21 00 01", Malformed, "receive maximum in PUBLISH")]
    [InlineData("30", "00 01 61 80 00", Malformed, "property length not in its shortest form")]
    [InlineData("30", "00 01 61 05 01", Malformed, "property length past the end")]
    [InlineData("30", "00 00 00", Protocol, "no topic and no alias")]
    [InlineData("30", "00 03 61 2F 23 00", MqttReasonCode.TopicNameInvalid, "wildcard in a topic name")]
    [InlineData("30", "00 03 61 2F 2B 00", MqttReasonCode.TopicNameInvalid, "wildcard in a topic name")]
    [InlineData("30", "00 02 C0 80 00", Malformed, "overlong UTF-8")]
    [InlineData("30", "00 03 ED A0 80 00", Malformed, "surrogate in UTF-8")]
    [InlineData("30", "00 01 00 00", Malformed, "U+0000")]
    [InlineData("30", "00 09 61", Malformed, "topic past the end")]
    [InlineData("36", "00 01 61 00 01 00", Malformed, "QoS 3")]
    [InlineData("38", "00 01 61 00", Malformed, "DUP on QoS 0")]
    [InlineData("32", "00 01 61 00 00 00", Malformed, "packet id 0")]
    [InlineData("30", "00 01 61 05 08 00 02 61 23", Protocol, "wildcard in a response topic")]
    public void Publish_5_is_refused(string header, string body, MqttReasonCode code, string why)
    {
        var flags = (byte)(Golden.Bytes(header)[0] & 15);
        Assert.False(PublishPacket.TryRead(flags, Golden.Bytes(body), V5, MqttLimits.Default, out _, out var fault), why);
        Assert.Equal(code, fault.Code);
    }

    [Theory]
    [InlineData("00 04 4D 51 54 54 06 02 00 00 00 00 01 61", MqttReasonCode.UnsupportedProtocolVersion, "version 6")]
    [InlineData("00 06 4D 51 49 73 64 70 03 02 00 00 00 01 61", MqttReasonCode.UnsupportedProtocolVersion, "MQTT 3.1")]
    [InlineData("00 04 4D 51 54 54 05 03 00 00 00 00 01 61", Malformed, "reserved connect flag")]
    [InlineData("00 04 4D 51 54 54 05 1C 00 00 00 00 01 61", Malformed, "will QoS 3")]
    [InlineData("00 04 4D 51 54 54 05 0A 00 00 00 00 01 61", Malformed, "will QoS without a will")]
    [InlineData("00 04 4D 51 54 54 05 22 00 00 00 00 01 61", Malformed, "will retain without a will")]
    [InlineData("00 04 4D 51 54 54 04 42 00 00 00 01 61 00 01 62", Malformed, "3.1.1 password without user name")]
    [InlineData("00 04 4D 51 54 54 05 02 00 00 03 21 00 00 00 01 61", Protocol, "receive maximum 0")]
    [InlineData("00 04 4D 51 54 54 05 02 00 00 05 27 00 00 00 00 00 01 61", Protocol, "maximum packet size 0")]
    [InlineData("00 04 4D 51 54 54 05 02 00 00 06 21 00 01 21 00 01 00 01 61", Protocol, "receive maximum twice")]
    [InlineData("00 04 4D 51 54 54 05 02 00 00 04 16 00 01 00 00 01 61", Protocol, "authentication data without a method")]
    [InlineData("00 04 4D 51 54 54 05 02 00 00 00 00 01 61 00", Malformed, "bytes after the last field")]
    [InlineData("00 04 4D 51 54 54 05 82 00 00 00 00 01 61", Malformed, "user name missing")]
    [InlineData("00 04 4D 51 54 54 05 02 00 00 05 18 00 00 00 01 00 01 61", Malformed, "will delay outside of the will")]
    public void Connect_is_refused(string body, MqttReasonCode code, string why)
    {
        Assert.True(ConnectPacket.TryRead(Golden.Bytes(body), MqttLimits.Default, out _, out var fault) is null, why);
        Assert.Equal(code, fault.Code);
    }

    [Theory]
    [InlineData(V5, "00 01 00", Protocol, "no filter")]
    [InlineData(V5, "00 01 00 00 01 61 03", Protocol, "QoS 3")]
    [InlineData(V5, "00 01 00 00 01 61 30", Protocol, "retain handling 3")]
    [InlineData(V5, "00 01 00 00 01 61 40", Malformed, "reserved option")]
    [InlineData(V311, "00 01 00 01 61 04", Malformed, "3.1.1 with options of 5")]
    [InlineData(V5, "00 01 00 00 0A 24 73 68 61 72 65 2F 67 2F 61 05", Protocol, "no local on a shared subscription")]
    [InlineData(V5, "00 01 00 00 01 61", Malformed, "options missing")]
    [InlineData(V5, "00 01 04 0B 01 0B 02 00 01 61 00", Protocol, "two subscription identifiers")]
    [InlineData(V5, "00 00 00 00 01 61 00", Malformed, "packet id 0")]
    public void Subscribe_is_refused(MqttProtocolVersion version, string body, MqttReasonCode code, string why)
    {
        Assert.True(SubscribePacket.TryRead(Golden.Bytes(body), version, MqttLimits.Default, out var fault) is null, why);
        Assert.Equal(code, fault.Code);
    }

    [Theory]
    [InlineData(MqttPacketType.PubAck, V311, "00 01 00", "3.1.1 with a reason code")]
    [InlineData(MqttPacketType.PubAck, V5, "00 01 92", "code of another packet")]
    [InlineData(MqttPacketType.PubRel, V5, "00 01 10", "code of another packet")]
    [InlineData(MqttPacketType.PubComp, V5, "00 01 80", "code of another packet")]
    [InlineData(MqttPacketType.PubRec, V5, "00", "cut off")]
    [InlineData(MqttPacketType.PubAck, V5, "00 01 00 00 00", "bytes after the last field")]
    [InlineData(MqttPacketType.PubAck, V5, "00 01 00 03 21 00 01", "property of another packet")]
    public void Acknowledgements_are_refused(MqttPacketType type, MqttProtocolVersion version, string body, string why)
    {
        Assert.False(AckPacket.TryRead(type, Golden.Bytes(body), version, MqttLimits.Default, out _, out var fault), why);
        Assert.Equal(Malformed, fault.Code);
    }

    [Theory]
    [InlineData(V5, "02 00 00", "reserved flags")]
    [InlineData(V5, "00 01 00", "unknown reason")]
    [InlineData(V311, "00 06", "unknown return code")]
    [InlineData(V311, "00", "cut off")]
    public void Connack_is_refused(MqttProtocolVersion version, string body, string why)
    {
        Assert.True(ConnAckPacket.TryRead(Golden.Bytes(body), version, MqttLimits.Default, out var fault) is null, why);
        Assert.Equal(Malformed, fault.Code);
    }

    [Fact]
    public void More_user_properties_than_allowed_are_refused()
    {
        var block = new MqttBodyWriter();
        block.UserProperties([.. Enumerable.Repeat(new MqttUserProperty("n", "v"), 65)]);
        var body = new MqttBodyWriter();
        body.Utf8("t");
        body.Properties(block.Written);
        Assert.False(PublishPacket.TryRead(0, body.Written, V5, MqttLimits.Default, out _, out var fault));
        Assert.Equal(MqttReasonCode.QuotaExceeded, fault.Code);
    }

    [Fact]
    public void More_filters_than_allowed_are_refused()
    {
        var output = new ArrayBufferWriter<byte>();
        new SubscribePacket { PacketId = 1, Subscriptions = [.. Enumerable.Range(0, 9).Select(i => new MqttSubscription($"{i}"))] }.Write(output, V311);
        Assert.Null(SubscribePacket.TryRead(output.WrittenSpan[2..], V311, new MqttLimits { MaximumFilters = 8 }, out var fault));
        Assert.Equal(MqttReasonCode.QuotaExceeded, fault.Code);
    }

    [Fact]
    public void Every_property_has_one_row_and_stands_only_where_the_table_lets_it()
    {
        Assert.Equal(Enum.GetValues<MqttPropertyId>().Order(), MqttPropertyTable.All.Select(r => r.Id).Order());
        Assert.Equal(27, MqttPropertyTable.All.Count);
    }

    /// <summary>Cuts and flips of good packets, and noise: refused or read, but never an exception and never a read past the end.</summary>
    [Fact]
    public void Damaged_packets_never_throw()
    {
        var random = new Random(20261122);
        var seeds = Seeds();
        for (var round = 0; round < 20_000; round++)
        {
            var bytes = (byte[])seeds[round % seeds.Count].Clone();
            for (var flips = random.Next(4); flips > 0; flips--)
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            if (random.Next(2) == 0)
                bytes = bytes[..random.Next(bytes.Length + 1)];
            ReadEverything(bytes);
        }
    }

    private static List<byte[]> Seeds()
    {
        var seeds = new List<byte[]>();
        void Add(Action<IBufferWriter<byte>> write)
        {
            var output = new ArrayBufferWriter<byte>();
            write(output);
            seeds.Add(output.WrittenSpan.ToArray());
        }

        var properties = new MqttPublishProperties { ContentType = "c", ResponseTopic = "r", CorrelationData = [1], MessageExpiryInterval = 5, UserProperties = [new("a", "b")] };
        Add(o => new ConnectPacket { ClientId = "c", UserName = "u", Password = [1], ReceiveMaximum = 5, Will = new MqttWill { Topic = "w", Payload = [1], Properties = properties } }.Write(o));
        Add(o => new ConnectPacket { Version = V311, ClientId = "c" }.Write(o));
        Add(o => new ConnAckPacket { ReceiveMaximum = 1, ReasonString = "r", AssignedClientIdentifier = "a" }.Write(o, V5));
        Add(o => new SubscribePacket { PacketId = 1, Subscriptions = [new("a/#"), new("b")], SubscriptionIdentifier = 5 }.Write(o, V5));
        Add(o => new SubAckPacket { PacketId = 1, Reasons = [0, 0] }.Write(o, MqttPacketType.SubAck, V5));
        Add(o => new UnsubscribePacket { PacketId = 1, Filters = ["a", "b"] }.Write(o, V5));
        Add(o => new AckPacket(1, MqttReasonCode.NotAuthorized, "no").Write(o, MqttPacketType.PubAck, V5));
        Add(o => new DisconnectPacket { Reason = MqttReasonCode.ServerBusy, ReasonString = "x" }.Write(o, V5));
        Add(o => new AuthPacket { Reason = MqttReasonCode.ContinueAuthentication, AuthenticationMethod = "m" }.Write(o));
        Add(o =>
        {
            var encoded = properties.Encode();
            var size = (int)PublishWriter.Measure(3, MqttQos.AtLeastOnce, V5, encoded.Length, 3, out var remaining);
            PublishWriter.Write(o.GetSpan(size), (int)remaining, 2, "a/b"u8, 1, V5, encoded, default, "xyz"u8);
            o.Advance(size);
        });
        return seeds;
    }

    private static void ReadEverything(byte[] bytes)
    {
        var limits = MqttLimits.Default;
        var buffer = new ReadOnlySequence<byte>(bytes);
        while (MqttFrame.TryRead(ref buffer, 4096, out var frame, out _) == MqttFrameStatus.Complete)
        {
            var body = frame.Body.ToArray();
            foreach (var version in new[] { V5, V311 })
            {
                switch (frame.Type)
                {
                    case MqttPacketType.Connect:
                        ConnectPacket.TryRead(body, limits, out _, out _);
                        break;
                    case MqttPacketType.ConnAck:
                        ConnAckPacket.TryRead(body, version, limits, out _);
                        break;
                    case MqttPacketType.Publish:
                        if (PublishPacket.TryRead(frame.Flags, body, version, limits, out var publish, out _))
                            MqttPublishProperties.Read(publish.Properties);
                        break;
                    case MqttPacketType.Subscribe:
                        SubscribePacket.TryRead(body, version, limits, out _);
                        break;
                    case MqttPacketType.Unsubscribe:
                        UnsubscribePacket.TryRead(body, version, limits, out _);
                        break;
                    case MqttPacketType.SubAck or MqttPacketType.UnsubAck:
                        SubAckPacket.TryRead(frame.Type, body, version, limits, out _);
                        break;
                    case MqttPacketType.Disconnect:
                        DisconnectPacket.TryRead(body, version, limits, out _);
                        break;
                    case MqttPacketType.Auth:
                        AuthPacket.TryRead(body, version, limits, out _);
                        break;
                    default:
                        AckPacket.TryRead(frame.Type, body, version, limits, out _, out _);
                        break;
                }
            }
        }
    }
}
