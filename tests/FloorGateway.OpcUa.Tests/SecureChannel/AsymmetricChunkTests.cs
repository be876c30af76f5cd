using System.Buffers;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using FloorGateway.OpcUa.SecureChannel;
using FloorGateway.OpcUa.Security;

namespace FloorGateway.OpcUa.Tests.SecureChannel;

public sealed class AsymmetricChunkTests : IDisposable
{
    private readonly TestIdentity identity = new();

    public static TheoryData<string> Policies => [.. SecurityPolicy.All.Where(p => !p.IsNone).Select(p => p.Name)];

    public void Dispose() => identity.Dispose();

    [Fact]
    public void An_unprotected_open_has_the_bytes_of_the_standard()
    {
        byte[] expected =
        [
            0x4F, 0x50, 0x4E, 0x46, // OPN F
            0x52, 0x00, 0x00, 0x00, // size 82
            0x0D, 0x0C, 0x0B, 0x0A, // channel
            0x2F, 0x00, 0x00, 0x00, // policy URI, 47 bytes
            .. "http://opcfoundation.org/UA/SecurityPolicy#None"u8,
            0xFF, 0xFF, 0xFF, 0xFF, // no sender certificate
            0xFF, 0xFF, 0xFF, 0xFF, // no receiver thumbprint
            0x14, 0x13, 0x12, 0x11, // sequence number
            0x24, 0x23, 0x22, 0x21, // request id
            0xAA, 0xBB, 0xCC,
        ];
        var output = new ArrayBufferWriter<byte>();
        AsymmetricChunk.Write(output, SecurityPolicy.None, 0x0A0B0C0D, null, null, null, 0x11121314, 0x21222324, [0xAA, 0xBB, 0xCC]);
        Assert.Equal(Convert.ToHexString(expected), Convert.ToHexString(output.WrittenSpan));
    }

    [Theory]
    [MemberData(nameof(Policies))]
    public void Opens_what_was_written_for_bodies_around_every_block(string name)
    {
        var policy = SecurityPolicy.FindByName(name)!;
        for (var length = 0; length < 300; length += 11)
        {
            var body = RandomNumberGenerator.GetBytes(length);
            var chunk = Write(policy, body);
            Assert.True(TryOpen(policy, chunk, out var opened));
            Assert.Equal(body, chunk.AsSpan(opened.BodyOffset, opened.BodyLength).ToArray());
            Assert.Equal((3u, 4u), (opened.SequenceNumber, opened.RequestId));
        }
    }

    [Theory]
    [MemberData(nameof(Policies))]
    public void Refuses_a_chunk_tampered_with(string name)
    {
        var policy = SecurityPolicy.FindByName(name)!;
        var chunk = Write(policy, new byte[132]);
        // Every byte of the clear header is under the signature; of the cipher text a sample will do, as each costs RSA.
        for (var at = 0; at < chunk.Length; at += at < 130 ? 9 : 61)
        {
            var tampered = chunk.ToArray();
            tampered[at] ^= 0x10;
            Assert.False(TryOpen(policy, tampered, out _), $"byte {at}");
        }
    }

    [Fact]
    public void Every_prefix_of_a_header_is_refused_without_an_exception()
    {
        var chunk = Write(SecurityPolicy.Basic256Sha256, new byte[10]);
        var header = AsymmetricChunk.TryReadHeader(chunk)!;
        for (var length = 12; length < header.Length; length++)
            Assert.Null(AsymmetricChunk.TryReadHeader(chunk.AsSpan(0, length)));
    }

    private byte[] Write(SecurityPolicy policy, byte[] body)
    {
        var output = new ArrayBufferWriter<byte>();
        using var receiver = identity.Server.Certificate.GetRSAPublicKey();
        AsymmetricChunk.Write(output, policy, 9, identity.Client, identity.Server.Der, receiver, 3, 4, body);
        return output.WrittenSpan.ToArray();
    }

    private bool TryOpen(SecurityPolicy policy, byte[] chunk, out OpenedChunk opened)
    {
        opened = default;
        using var sender = identity.Client.Certificate.GetRSAPublicKey();
        return AsymmetricChunk.TryReadHeader(chunk) is { } header
            && AsymmetricChunk.TryOpen(chunk, header, policy, identity.Server.PrivateKey, sender, out opened);
    }
}
