using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;
using FloorGateway.OpcUa.SecureChannel;
using FloorGateway.OpcUa.Security;
using FloorGateway.OpcUa.Transport;
using FloorGateway.OpcUa.Types;
using Fuzz.Making;

namespace Fuzz.Targets;

/// <summary>
/// Opening of OPN chunks with RSA. A first byte of 0: the rest is the chunk as it came. Otherwise the rest is what a peer with a certificate of its own
/// has in the chunk behind the header: padding and its counters included, signed and encrypted as they should be.
/// </summary>
internal sealed class OpenTarget : IFuzzTarget
{
    private static readonly SecurityPolicy[] Policies = [SecurityPolicy.Basic256Sha256, SecurityPolicy.Aes128Sha256RsaOaep, SecurityPolicy.Aes256Sha256RsaPss];
    private readonly ApplicationCertificate client = ApplicationCertificate.CreateSelfSigned(new ApplicationCertificateOptions { ApplicationName = "client", ApplicationUri = "urn:example.com:client" });
    private readonly ApplicationCertificate server = ApplicationCertificate.CreateSelfSigned(new ApplicationCertificateOptions { ApplicationName = "server", ApplicationUri = "urn:example.com:server" });
    private readonly RSA clientKey;
    private readonly RSA serverKey;

    public OpenTarget()
    {
        clientKey = CertificateText.PublicKey(client.Certificate)!;
        serverKey = CertificateText.PublicKey(server.Certificate)!;
        var random = new FuzzRandom(1);
        Seeds = [.. Enumerable.Range(0, 6).SelectMany(i => new[] { MakeChunk(random, i), MakePlain(random) })];
    }

    public string Name => "open";

    public int Weight => 1;

    public IReadOnlyList<byte[]> Seeds { get; }

    public byte[] Make(FuzzRandom random) => random.OneIn(4) ? MakeChunk(random, random.Below(3)) : MakePlain(random);

    public long MaxAllocation(int length) => 300_000 + (20L * length);

    public Verdict Run(byte[] input)
    {
        if (input.Length == 0)
            return default;
        return input[0] == 0 ? RunStranger(input[1..]) : RunPeer(Policies[input[0] % 3], input.AsSpan(1));
    }

    private Verdict RunStranger(byte[] chunk)
    {
        if (chunk.Length < ChunkHeader.SecureLength)
            return default;
        var header = AsymmetricChunk.TryReadHeader(chunk);
        if (header is null)
            return new Verdict(false, 1);
        var policy = SecurityPolicy.FindByUri(header.PolicyUri);
        if (policy is null)
            return new Verdict(false, 2);
        var accepted = AsymmetricChunk.TryOpen(chunk, header, policy, server.PrivateKey, clientKey, out var opened);
        Check(accepted, opened, chunk.Length);
        return new Verdict(accepted, 3 + (int)policy.SecurityLevel);
    }

    private Verdict RunPeer(SecurityPolicy policy, ReadOnlySpan<byte> inner)
    {
        var uri = System.Text.Encoding.UTF8.GetBytes(policy.Uri);
        byte[] header = [.. new byte[ChunkHeader.SecureLength], .. Sized(uri), .. Sized(client.Der), .. Sized(CertificateText.Thumbprint(server.Der))];
        var plain = inner[..Math.Min(inner.Length, 1500)].ToArray();
        var signature = new byte[AsymmetricCipher.BlockLength(client.PrivateKey)];
        AsymmetricCipher.Sign(policy, client.PrivateKey, (byte[])[.. header, .. plain], signature);
        byte[] sealedPart = [.. plain, .. signature];
        var cipher = new byte[AsymmetricCipher.EncryptedLength(policy, serverKey, sealedPart.Length)];
        AsymmetricCipher.Encrypt(policy, serverKey, sealedPart, cipher);
        byte[] chunk = [.. header, .. cipher];
        var read = AsymmetricChunk.TryReadHeader(chunk);
        DefectException.ThrowIf(read is null || read.Length != header.Length || read.PolicyUri != policy.Uri, "The header is not read as it was written");
        var accepted = AsymmetricChunk.TryOpen(chunk, read!, policy, server.PrivateKey, clientKey, out var opened);
        Check(accepted, opened, chunk.Length);
        var expected = BodyLength(plain);
        DefectException.ThrowIf(accepted != expected >= 0 || (accepted && opened.BodyLength != expected), $"A sealed chunk with a body of {expected} bytes was {(accepted ? $"opened with {opened.BodyLength}" : "refused")}");
        return new Verdict(accepted, HashCode.Combine(policy.SecurityLevel, accepted, plain.Length & 31));
    }

    /// <summary>As OPC 10000-6, 6.7.2.5 has it for keys of 2048 bits: sequence header, body, padding, its count; -1 for anything else.</summary>
    private static int BodyLength(byte[] plain)
    {
        var body = plain.Length - ChunkReader.SequenceHeaderLength - 1;
        return body >= 0 && body - plain[^1] >= 0 && plain[^(plain[^1] + 1)..].All(b => b == plain[^1]) ? body - plain[^1] : -1;
    }

    private static void Check(bool accepted, OpenedChunk opened, int length) =>
        DefectException.ThrowIf(accepted && (opened.BodyLength < 0 || opened.BodyOffset < 0 || opened.BodyOffset + opened.BodyLength > length), "The body lies outside of its chunk");

    private byte[] MakeChunk(FuzzRandom random, int policy)
    {
        var output = new ArrayBufferWriter<byte>();
        AsymmetricChunk.Write(output, Policies[policy % 3], 0, client, server.Der, serverKey, 1, 1, Wire.Message(StructureMaker.Make(random, typeof(OpenSecureChannelRequest))));
        return [0, .. output.WrittenSpan];
    }

    private static byte[] MakePlain(FuzzRandom random)
    {
        var body = Wire.Message(StructureMaker.Make(random, typeof(OpenSecureChannelRequest)));
        var padding = random.Below(256);
        return [(byte)(1 + random.Below(3)), .. new byte[ChunkReader.SequenceHeaderLength], .. body.AsSpan(0, Math.Min(body.Length, 600)), .. Enumerable.Repeat((byte)padding, padding + 1)];
    }

    private static byte[] Sized(byte[] bytes)
    {
        var sized = new byte[4 + bytes.Length];
        BinaryPrimitives.WriteInt32LittleEndian(sized, bytes.Length);
        bytes.CopyTo(sized, 4);
        return sized;
    }
}
