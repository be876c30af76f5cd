using System.Buffers;
using FloorGateway.OpcUa.Transport;

namespace FloorGateway.OpcUa.Tests.Transport;

public class FrameReaderTests
{
    private static readonly byte[] ThreeChunks = [.. Chunk("MSGC", 24), .. Chunk("ERRF", 16), .. Chunk("MSGF", 31)];

    [Fact]
    public void Cuts_the_same_chunks_wherever_the_bytes_are_split()
    {
        var whole = ReadAll(new ReadOnlySequence<byte>(ThreeChunks));
        Assert.Equal(3, whole.Count);
        for (var at = 1; at < ThreeChunks.Length; at++)
            Assert.Equal(whole, ReadAll(Segments(ThreeChunks[..at], ThreeChunks[at..])));
        Assert.Equal(whole, ReadAll(Segments([.. ThreeChunks.Select(b => new[] { b })])));
    }

    [Fact]
    public void Waits_for_the_rest_at_every_length()
    {
        var chunk = Chunk("MSGF", 40);
        for (var length = 0; length < chunk.Length; length++)
        {
            var buffer = new ReadOnlySequence<byte>(chunk, 0, length);
            Assert.Equal(FrameStatus.Incomplete, FrameReader.TryRead(ref buffer, 8192, out _, out _));
            Assert.Equal(length, buffer.Length);
        }
    }

    [Theory]
    [InlineData("GET ")]
    [InlineData("MSGX")]
    [InlineData("HELC")]
    [InlineData("OPNA")]
    [InlineData("CLOC")]
    [InlineData("\u0016\u0003\u0001\u0002")]
    public void Refuses_other_protocols_after_four_bytes(string letters)
    {
        var buffer = new ReadOnlySequence<byte>(System.Text.Encoding.ASCII.GetBytes(letters));
        Assert.Equal(FrameStatus.Invalid, FrameReader.TryRead(ref buffer, 8192, out _, out _));
    }

    [Fact]
    public void Refuses_a_size_beyond_the_limit_before_the_rest_has_come()
    {
        var buffer = new ReadOnlySequence<byte>(Chunk("MSGF", 8193), 0, 8);
        Assert.Equal(FrameStatus.TooLarge, FrameReader.TryRead(ref buffer, 8192, out var header, out _));
        Assert.Equal(8193u, header.Size);
    }

    [Theory]
    [InlineData("ERRF", 7)]
    [InlineData("MSGF", 11)]
    [InlineData("MSGF", 0)]
    public void Refuses_a_size_that_can_not_hold_its_own_header(string letters, uint size)
    {
        var bytes = Chunk(letters, 64);
        System.Buffers.Binary.BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(4), size);
        var buffer = new ReadOnlySequence<byte>(bytes);
        Assert.Equal(FrameStatus.Invalid, FrameReader.TryRead(ref buffer, 8192, out _, out _));
    }

    private static List<string> ReadAll(ReadOnlySequence<byte> buffer)
    {
        List<string> read = [];
        while (FrameReader.TryRead(ref buffer, 8192, out var header, out var frame) == FrameStatus.Complete)
            read.Add($"{header} {Convert.ToHexString(frame.ToArray())}");
        Assert.Equal(0, buffer.Length);
        return read;
    }

    private static byte[] Chunk(string letters, int size)
    {
        var bytes = new byte[size];
        for (var i = 0; i < size; i++)
            bytes[i] = (byte)i;
        System.Text.Encoding.ASCII.GetBytes(letters, bytes);
        System.Buffers.Binary.BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(4), size);
        return bytes;
    }

    private static ReadOnlySequence<byte> Segments(params byte[][] parts)
    {
        var first = new Segment(parts[0], null);
        var last = first;
        foreach (var part in parts.Skip(1))
            last = new Segment(part, last);
        return new ReadOnlySequence<byte>(first, 0, last, last.Memory.Length);
    }

    private sealed class Segment : ReadOnlySequenceSegment<byte>
    {
        public Segment(byte[] bytes, Segment? previous)
        {
            Memory = bytes;
            if (previous is null)
                return;
            RunningIndex = previous.RunningIndex + previous.Memory.Length;
            previous.Next = this;
        }
    }
}
