using System.Buffers;
using FloorGateway.Mqtt.Codec;
using FloorGateway.Mqtt.Packets;

namespace FloorGateway.Mqtt.Tests.Codec;

public sealed class FrameTests
{
    // A stream of several packets, so that each split falls somewhere interesting: in a header, in a length, in a body, between packets.
    private static byte[] Stream()
    {
        var output = new ArrayBufferWriter<byte>();
        new ConnectPacket { ClientId = "edge", UserName = "u", Password = [1, 2], Will = new MqttWill { Topic = "w" } }.Write(output);
        var payload = new byte[300];
        Random.Shared.NextBytes(payload);
        var size = (int)PublishWriter.Measure(3, MqttQos.AtLeastOnce, MqttProtocolVersion.V5, 0, payload.Length, out var remaining);
        PublishWriter.Write(output.GetSpan(size), (int)remaining, 2, "a/b"u8, 7, MqttProtocolVersion.V5, default, default, payload);
        output.Advance(size);
        output.Write(PingPackets.Request);
        new SubscribePacket { PacketId = 9, Subscriptions = [new MqttSubscription("a/#")] }.Write(output, MqttProtocolVersion.V5);
        new DisconnectPacket { Reason = MqttReasonCode.DisconnectWithWill }.Write(output, MqttProtocolVersion.V5);
        return output.WrittenSpan.ToArray();
    }

    [Fact]
    public void Every_split_gives_the_same_packets()
    {
        var bytes = Stream();
        var expected = Read([bytes]);
        Assert.Equal(5, expected.Count);
        for (var split = 0; split <= bytes.Length; split++)
            Assert.Equal(expected, Read([bytes[..split], bytes[split..]]));
    }

    [Fact]
    public void One_byte_at_a_time_gives_the_same_packets()
    {
        var bytes = Stream();
        Assert.Equal(Read([bytes]), Read([.. bytes.Select(b => new[] { b })]));
    }

    [Fact]
    public void Segments_of_every_size_give_the_same_packets()
    {
        var bytes = Stream();
        var expected = Read([bytes]);
        for (var size = 1; size < 16; size++)
        {
            var buffer = Segmented([.. bytes.Chunk(size)]);
            Assert.Equal(expected, ReadAll(ref buffer));
        }
    }

    [Fact]
    public void A_hostile_length_is_refused_before_its_bytes_arrive()
    {
        var buffer = new ReadOnlySequence<byte>([0x30, 0xFF, 0xFF, 0xFF, 0x7F]);
        Assert.Equal(MqttFrameStatus.Faulty, MqttFrame.TryRead(ref buffer, 1 << 20, out _, out var fault));
        Assert.Equal(MqttReasonCode.PacketTooLarge, fault.Code);
    }

    [Theory]
    [InlineData("00 00", "packet type 0")]
    [InlineData("0F 00", "packet type 0 with flags")]
    [InlineData("11 00", "CONNECT with flags")]
    [InlineData("61 02 00 01", "PUBREL with flags 1 instead of 2")]
    [InlineData("80 00", "SUBSCRIBE without its flag")]
    [InlineData("83 00", "SUBSCRIBE with flags 3")]
    [InlineData("A0 00", "UNSUBSCRIBE without its flag")]
    [InlineData("C1 00", "PINGREQ with flags")]
    [InlineData("F1 00", "AUTH with flags")]
    [InlineData("30 80 00", "length zero in two bytes")]
    [InlineData("30 FF 00", "length 127 in two bytes")]
    [InlineData("30 FF FF 80 00", "four-byte length that fits in three")]
    [InlineData("30 FF FF FF FF", "fifth length byte")]
    [InlineData("30 80 80 80 80", "fifth length byte")]
    public void Bad_headers_are_malformed(string bytes, string why)
    {
        var buffer = new ReadOnlySequence<byte>(Golden.Bytes(bytes));
        Assert.True(MqttFrame.TryRead(ref buffer, int.MaxValue, out _, out var fault) == MqttFrameStatus.Faulty, why);
        Assert.Equal(MqttReasonCode.MalformedPacket, fault.Code);
    }

    [Theory]
    [InlineData(0, "00")]
    [InlineData(127, "7F")]
    [InlineData(128, "80 01")]
    [InlineData(16383, "FF 7F")]
    [InlineData(16384, "80 80 01")]
    [InlineData(2097151, "FF FF 7F")]
    [InlineData(2097152, "80 80 80 01")]
    [InlineData(268435455, "FF FF FF 7F")]
    public void Variable_byte_integers_of_the_standards_table(int value, string bytes)
    {
        var golden = Golden.Bytes(bytes);
        var written = new byte[4];
        Assert.Equal(golden, written[..MqttVarInt.Write(written, value)]);
        Assert.Equal(golden.Length, MqttVarInt.Size(value));
        Assert.Equal(MqttFrameStatus.Complete, MqttVarInt.TryRead(golden, out var read, out var size));
        Assert.Equal((value, golden.Length), (read, size));
        for (var cut = 0; cut < golden.Length; cut++)
            Assert.Equal(MqttFrameStatus.Incomplete, MqttVarInt.TryRead(golden.AsSpan(0, cut), out _, out _));
    }

    private static List<string> Read(byte[][] parts)
    {
        // As a connection does: keep what is left, add the next part behind it.
        var packets = new List<string>();
        byte[] rest = [];
        foreach (var part in parts)
        {
            var buffer = new ReadOnlySequence<byte>([.. rest, .. part]);
            packets.AddRange(ReadAll(ref buffer));
            rest = buffer.ToArray();
        }

        Assert.Empty(rest);
        return packets;
    }

    private static List<string> ReadAll(ref ReadOnlySequence<byte> buffer)
    {
        var packets = new List<string>();
        MqttFrameStatus status;
        while ((status = MqttFrame.TryRead(ref buffer, 1 << 20, out var frame, out var fault)) == MqttFrameStatus.Complete)
            packets.Add($"{frame.Type} {frame.Flags} {Convert.ToHexString(frame.Body.ToArray())}");
        Assert.Equal(MqttFrameStatus.Incomplete, status);
        return packets;
    }

    internal static ReadOnlySequence<byte> Segmented(byte[][] parts)
    {
        var first = new Segment(parts[0], null);
        var last = first;
        foreach (var part in parts.Skip(1))
            last = new Segment(part, last);
        return new ReadOnlySequence<byte>(first, 0, last, last.Memory.Length);
    }

    private sealed class Segment : ReadOnlySequenceSegment<byte>
    {
        public Segment(byte[] bytes, Segment? before)
        {
            Memory = bytes;
            if (before is null)
                return;
            RunningIndex = before.RunningIndex + before.Memory.Length;
            before.Next = this;
        }
    }
}
