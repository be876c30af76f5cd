using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;
using FloorGateway.OpcUa.SecureChannel;
using FloorGateway.OpcUa.Security;
using FloorGateway.OpcUa.Transport;
using FloorGateway.TestKit;

namespace FloorGateway.OpcUa.Tests.SecureChannel;

public class SymmetricChunkTests
{
    private const uint ChannelId = 0x0A0B0C0D;
    private const uint TokenId = 0x01020304;
    private static readonly byte[] SenderNonce = [.. Enumerable.Range(0, 32).Select(i => (byte)i)];
    private static readonly byte[] ReceiverNonce = [.. Enumerable.Range(100, 32).Select(i => (byte)i)];

    public static TheoryData<string, bool> Kinds => new()
    {
        { "None", false },
        { "Basic256Sha256", false },
        { "Basic256Sha256", true },
        { "Aes128_Sha256_RsaOaep", true },
        { "Aes256_Sha256_RsaPss", true },
    };

    [Fact]
    public void An_unprotected_message_has_the_bytes_of_the_standard()
    {
        var sequence = SequenceNumbers.After(0x11121313);
        byte[] expected =
        [
            0x4D, 0x53, 0x47, 0x46, // MSG F
            0x1B, 0x00, 0x00, 0x00, // size 27
            0x0D, 0x0C, 0x0B, 0x0A, // channel
            0x04, 0x03, 0x02, 0x01, // token
            0x14, 0x13, 0x12, 0x11, // sequence number
            0x24, 0x23, 0x22, 0x21, // request id
            0xAA, 0xBB, 0xCC,
        ];
        var output = new ArrayBufferWriter<byte>();
        ChunkWriter.WriteMessage(output, MessageType.Message, ChannelId, TokenId, SymmetricCrypto.None, ref sequence, 0x21222324, [0xAA, 0xBB, 0xCC], 8192);
        Assert.Equal(expected, output.WrittenSpan.ToArray());
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Opens_what_was_written_for_every_length_of_body(string policy, bool encrypts)
    {
        using var sending = Derive(policy, encrypts, true);
        using var receiving = Derive(policy, encrypts, false);
        var sequence = default(SequenceNumbers);
        for (var length = 0; length < 200; length++)
        {
            var body = RandomNumberGenerator.GetBytes(length);
            var chunk = Assert.Single(Write(body, sending, ref sequence, 8192));
            Assert.True(ChunkReader.TryOpen(chunk, receiving, out var opened));
            Assert.Equal(body, chunk.AsSpan(opened.BodyOffset, opened.BodyLength).ToArray());
            Assert.Equal((uint)length + 1, opened.SequenceNumber);
            Assert.Equal(77u, opened.RequestId);
        }
    }

    [Fact]
    public void The_kept_cipher_gives_the_bytes_of_the_plain_definition()
    {
        // Part 6, 6.7.2.5 and 6.7.5, written down straight: keys, HMAC over the clear chunk, CBC from the derived vector each time.
        var keys = new byte[80];
        KeyDerivation.PSha256(ReceiverNonce, SenderNonce, keys);
        using var aes = Aes.Create();
        aes.Key = keys[32..64];
        using var sending = Derive("Basic256Sha256", true, true);
        var sequence = default(SequenceNumbers);
        for (var i = 1u; i < 20; i++)
        {
            var body = RandomNumberGenerator.GetBytes((int)i * 5);
            var chunk = Assert.Single(Write(body, sending, ref sequence, 8192));

            var padding = (16 - ((8 + body.Length + 1 + 32) % 16)) % 16;
            var clear = new byte[16 + 8 + body.Length + 1 + padding + 32];
            chunk.AsSpan(0, 16).CopyTo(clear);
            BinaryPrimitives.WriteUInt32LittleEndian(clear.AsSpan(16), i);
            BinaryPrimitives.WriteUInt32LittleEndian(clear.AsSpan(20), 77);
            body.CopyTo(clear.AsSpan(24));
            clear.AsSpan(24 + body.Length, 1 + padding).Fill((byte)padding);
            HMACSHA256.HashData(keys.AsSpan(0, 32), clear.AsSpan(0, clear.Length - 32), clear.AsSpan(clear.Length - 32));
            byte[] expected = [.. clear[..16], .. aes.EncryptCbc(clear.AsSpan(16), keys.AsSpan(64), PaddingMode.None)];
            Assert.Equal(Convert.ToHexString(expected), Convert.ToHexString(chunk));
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Refuses_a_chunk_tampered_with_at_any_byte(bool encrypts)
    {
        using var sending = Derive("Basic256Sha256", encrypts, true);
        using var receiving = Derive("Basic256Sha256", encrypts, false);
        var sequence = default(SequenceNumbers);
        var chunk = Assert.Single(Write(new byte[100], sending, ref sequence, 8192));
        for (var at = 0; at < chunk.Length; at++)
        {
            foreach (var mask in (byte[])[0x01, 0x80, 0xFF])
            {
                var tampered = chunk.ToArray();
                tampered[at] ^= mask;
                Assert.False(ChunkReader.TryOpen(tampered, receiving, out _), $"byte {at}");
            }
        }

        Assert.True(ChunkReader.TryOpen(chunk, receiving, out _));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Refuses_a_chunk_cut_or_lengthened(bool encrypts)
    {
        using var sending = Derive("Basic256Sha256", encrypts, true);
        using var receiving = Derive("Basic256Sha256", encrypts, false);
        var sequence = default(SequenceNumbers);
        var chunk = Assert.Single(Write(new byte[60], sending, ref sequence, 8192));
        for (var length = ChunkReader.HeaderLength; length < chunk.Length; length++)
            Assert.False(ChunkReader.TryOpen(chunk[..length], receiving, out _));
        byte[] longer = [.. chunk, .. new byte[16]];
        Assert.False(ChunkReader.TryOpen(longer, receiving, out _));
    }

    [Fact]
    public void Refuses_chunks_of_other_keys()
    {
        using var sending = Derive("Basic256Sha256", true, true);
        using var other = SymmetricCrypto.Derive(SecurityPolicy.Basic256Sha256, true, false, SenderNonce, ReceiverNonce);
        var sequence = default(SequenceNumbers);
        Assert.False(ChunkReader.TryOpen(Assert.Single(Write(new byte[60], sending, ref sequence, 8192)), other, out _));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Fills_chunks_up_to_the_limit_and_never_beyond(string policy, bool encrypts)
    {
        using var sending = Derive(policy, encrypts, true);
        var perChunk = ChunkWriter.MaxBodyLength(sending, 8192);
        var sequence = default(SequenceNumbers);
        Assert.Single(Write(new byte[perChunk], sending, ref sequence, 8192));
        var two = Write(new byte[perChunk + 1], sending, ref sequence, 8192);
        Assert.Equal(2, two.Count);
        Assert.InRange(two[0].Length, 8192 - 15, 8192);
        Assert.Equal((byte)'C', two[0][3]);
        Assert.Equal((byte)'F', two[1][3]);
    }

    [Fact]
    public void Neither_sending_nor_receiving_allocates()
    {
        using var sending = Derive("Basic256Sha256", true, true);
        using var receiving = Derive("Basic256Sha256", true, false);
        var sequence = default(SequenceNumbers);
        var body = new byte[500];
        var output = new ArrayBufferWriter<byte>(4096);
        var array = new byte[4096];
        Assert.Equal(0, Allocations.LeastOf(() =>
        {
            for (var i = 0; i < 100; i++)
                RoundTrip();
        }));

        void RoundTrip()
        {
            output.ResetWrittenCount();
            ChunkWriter.WriteMessage(output, MessageType.Message, ChannelId, TokenId, sending, ref sequence, 77, body, 8192);
            output.WrittenSpan.CopyTo(array);
            if (!ChunkReader.TryOpen(new ArraySegment<byte>(array, 0, output.WrittenCount), receiving, out _))
                throw new InvalidOperationException();
        }
    }

    private static SymmetricCrypto Derive(string policy, bool encrypts, bool forSending) =>
        SymmetricCrypto.Derive(SecurityPolicy.FindByName(policy)!, encrypts, forSending, ReceiverNonce, SenderNonce);

    private static List<byte[]> Write(byte[] body, SymmetricCrypto crypto, ref SequenceNumbers sequence, uint chunkSize)
    {
        var output = new ArrayBufferWriter<byte>();
        ChunkWriter.WriteMessage(output, MessageType.Message, ChannelId, TokenId, crypto, ref sequence, 77, body, chunkSize);
        var buffer = new ReadOnlySequence<byte>(output.WrittenMemory);
        List<byte[]> chunks = [];
        while (FrameReader.TryRead(ref buffer, chunkSize, out _, out var frame) == FrameStatus.Complete)
            chunks.Add(frame.ToArray());
        Assert.Equal(0, buffer.Length);
        return chunks;
    }
}
