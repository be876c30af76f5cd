using System.Buffers;
using System.Buffers.Binary;
using FloorGateway.OpcUa.SecureChannel;
using FloorGateway.OpcUa.Security;
using FloorGateway.OpcUa.Transport;
using FloorGateway.OpcUa.Types;
using Fuzz.Making;

namespace Fuzz.Targets;

/// <summary>
/// Opening of MSG chunks in one security mode. A first byte of 0: the rest comes over the wire as it is, from somebody without the keys.
/// Otherwise the rest is what somebody with the keys signed and encrypted, so that what lies behind the signature is reached as well.
/// </summary>
internal sealed class ChunkTarget : IFuzzTarget
{
    private readonly SymmetricCrypto sending;
    private readonly SymmetricCrypto receiving;
    private readonly HashSet<string> honest = [];
    private readonly MessageSecurityMode mode;

    public ChunkTarget(MessageSecurityMode mode)
    {
        this.mode = mode;
        var policy = mode == MessageSecurityMode.None ? SecurityPolicy.None : SecurityPolicy.Basic256Sha256;
        byte[] ours = [.. Enumerable.Range(0, 32).Select(i => (byte)i)];
        byte[] theirs = [.. Enumerable.Range(100, 32).Select(i => (byte)i)];
        sending = SymmetricCrypto.Derive(policy, mode == MessageSecurityMode.SignAndEncrypt, forSending: true, theirs, ours);
        receiving = SymmetricCrypto.Derive(policy, mode == MessageSecurityMode.SignAndEncrypt, forSending: false, theirs, ours);
        Name = mode switch
        {
            MessageSecurityMode.Sign => "chunk-sign",
            MessageSecurityMode.SignAndEncrypt => "chunk-encrypt",
            _ => "chunk-none",
        };
        Seeds = [.. new[] { 0, 1, 7, 8, 23, 100, 1000 }.SelectMany(MakeSeeds)];
    }

    public string Name { get; }

    public int Weight => 8;

    public IReadOnlyList<byte[]> Seeds { get; }

    public byte[] Make(FuzzRandom random) => MakeSeeds(random.Below(1 << random.Below(12))).ElementAt(random.Below(2));

    public long MaxAllocation(int length) => 20_000 + (10L * length);

    public Verdict Run(byte[] input)
    {
        if (input.Length == 0)
            return default;
        return input[0] == 0 ? RunStranger(input) : RunKeyHolder(input.AsSpan(1));
    }

    private Verdict RunStranger(byte[] input)
    {
        byte[] chunk = [0xEE, .. input.AsSpan(1), 0xEE];
        if (chunk.Length - 2 < ChunkReader.HeaderLength)
            return default;
        var accepted = ChunkReader.TryOpen(new ArraySegment<byte>(chunk, 1, chunk.Length - 2), receiving, out var opened);
        Check(accepted, opened, chunk.Length - 2);
        DefectException.ThrowIf(chunk[0] != 0xEE || chunk[^1] != 0xEE, "Bytes beside the chunk were changed");
        DefectException.ThrowIf(accepted && mode != MessageSecurityMode.None && !honest.Contains(Convert.ToHexString(input)), "A chunk was accepted that nobody with the keys had made");
        return new Verdict(accepted, HashCode.Combine(1, accepted ? opened.BodyLength & 15 : chunk.Length & 15));
    }

    private Verdict RunKeyHolder(ReadOnlySpan<byte> inner)
    {
        // The header is the sender's too; then what is to be sealed, to the full block.
        var block = sending.Encrypts ? sending.BlockLength : 1;
        var length = Math.Max(inner.Length - ChunkReader.HeaderLength, 0) / block * block;
        if (inner.Length < ChunkReader.HeaderLength || (sending.Encrypts && length == 0))
            return default;
        var chunk = new byte[ChunkReader.HeaderLength + length + sending.SignatureLength];
        inner[..(ChunkReader.HeaderLength + length)].CopyTo(chunk);
        if (sending.SignatureLength != 0)
            sending.Sign(chunk.AsSpan(0, chunk.Length - sending.SignatureLength), chunk.AsSpan(chunk.Length - sending.SignatureLength));
        var plain = chunk.AsSpan(ChunkReader.HeaderLength, length).ToArray();
        if (sending.Encrypts)
            sending.Encrypt(chunk, ChunkReader.HeaderLength, chunk.Length - ChunkReader.HeaderLength);
        var accepted = ChunkReader.TryOpen(chunk, receiving, out var opened);
        Check(accepted, opened, chunk.Length);
        var expected = BodyLength(plain);
        DefectException.ThrowIf(accepted != expected >= 0 || (accepted && opened.BodyLength != expected), $"A sealed chunk with a body of {expected} bytes was {(accepted ? $"opened with {opened.BodyLength}" : "refused")}");
        return new Verdict(accepted, HashCode.Combine(2, accepted ? expected & 15 : plain.Length & 31));
    }

    /// <summary>What the standard says: sequence header, body, and when encrypted padding whose every byte is its count; -1 for anything else.</summary>
    private int BodyLength(byte[] plain)
    {
        var body = plain.Length - ChunkReader.SequenceHeaderLength;
        if (!sending.Encrypts || body < 1)
            return sending.Encrypts ? -1 : Math.Max(body, -1);
        var padding = plain[^1];
        return body - padding - 1 >= 0 && plain[^(padding + 1)..].All(b => b == padding) ? body - padding - 1 : -1;
    }

    private static void Check(bool accepted, OpenedChunk opened, int length) =>
        DefectException.ThrowIf(accepted && (opened.BodyLength < 0 || opened.BodyOffset < 0 || opened.BodyOffset + opened.BodyLength > length), "The body lies outside of its chunk");

    private IEnumerable<byte[]> MakeSeeds(int bodyLength)
    {
        var body = new byte[bodyLength];
        new FuzzRandom((ulong)bodyLength).Fill(body);
        var output = new ArrayBufferWriter<byte>();
        var sequence = default(SequenceNumbers);
        ChunkWriter.WriteMessage(output, MessageType.Message, 5, 7, sending, ref sequence, 3, body, 65536);
        byte[] stranger = [0, .. output.WrittenSpan];
        if (honest.Count < 10_000)
            honest.Add(Convert.ToHexString(stranger));
        yield return stranger;
        var padding = sending.Encrypts ? (16 - ((8 + bodyLength + 1) % 16)) % 16 : -1;
        var header = new byte[ChunkReader.HeaderLength + ChunkReader.SequenceHeaderLength];
        new ChunkHeader(MessageType.Message, ChunkType.Final, (uint)(header.Length + bodyLength)).Write(header);
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(8), 5);
        yield return [1, .. header, .. body, .. Enumerable.Repeat((byte)padding, padding + 1)];
    }
}
