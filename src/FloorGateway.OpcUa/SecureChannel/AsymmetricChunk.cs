using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;
using FloorGateway.OpcUa.Security;
using FloorGateway.OpcUa.Transport;

namespace FloorGateway.OpcUa.SecureChannel;

/// <summary>The clear part of an OPN chunk: asymmetric security header (Part 6, 6.7.2.3).</summary>
public sealed record AsymmetricHeader(string PolicyUri, byte[] SenderCertificate, byte[] ReceiverThumbprint, int Length);

/// <summary>Writes and opens OPN chunks. Secured ones are always signed and encrypted, whatever the mode of the channel.</summary>
public static class AsymmetricChunk
{
    /// <summary>Longest policy URI in bytes (6.7.2.3).</summary>
    public const int MaxPolicyUriLength = 255;

    /// <summary>Longest sender certificate in bytes: a leaf and a few issuers.</summary>
    public const int MaxCertificateLength = 16 * 1024;

    /// <summary>Reads the header of an OPN chunk; null when it is malformed.</summary>
    public static AsymmetricHeader? TryReadHeader(ReadOnlySpan<byte> chunk)
    {
        var rest = chunk[ChunkHeader.SecureLength..];
        if (!TransportText.TryRead(ref rest, MaxPolicyUriLength, out var uri)
            || !TransportText.TryReadBytes(ref rest, MaxCertificateLength, out var certificate, out _)
            || !TransportText.TryReadBytes(ref rest, SHA1.HashSizeInBytes, out var thumbprint, out _))
            return null;
        return new AsymmetricHeader(uri ?? "", certificate.ToArray(), thumbprint.ToArray(), chunk.Length - rest.Length);
    }

    /// <summary>
    /// Writes one OPN chunk. With policy None the own certificate and the receiver's (leaf, in DER) and its key are null.
    /// </summary>
    public static void Write(
        IBufferWriter<byte> output,
        SecurityPolicy policy,
        uint channelId,
        ApplicationCertificate? own,
        byte[]? receiverCertificate,
        RSA? receiverKey,
        uint sequenceNumber,
        uint requestId,
        ReadOnlySpan<byte> body)
    {
        var uri = System.Text.Encoding.UTF8.GetBytes(policy.Uri);
        var senderDer = policy.IsNone ? null : own!.Der;
        var thumbprint = policy.IsNone ? null : CertificateText.Thumbprint(receiverCertificate);
        var headerLength = ChunkHeader.SecureLength + 12 + uri.Length + (senderDer?.Length ?? 0) + (thumbprint?.Length ?? 0);
        var plainLength = ChunkReader.SequenceHeaderLength + body.Length;
        var padding = 0;
        var extra = false;
        var signatureLength = 0;
        var cipherLength = plainLength;
        if (!policy.IsNone)
        {
            signatureLength = AsymmetricCipher.BlockLength(own!.PrivateKey);
            // Keys over 2048 bits have blocks of more than 256 bytes, so the count of padding bytes takes a second byte (6.7.2.5).
            extra = receiverKey!.KeySize > 2048;
            var block = AsymmetricCipher.PlainBlockLength(policy, receiverKey);
            var unpadded = plainLength + 1 + (extra ? 1 : 0) + signatureLength;
            padding = (block - (unpadded % block)) % block;
            plainLength = unpadded + padding;
            cipherLength = AsymmetricCipher.EncryptedLength(policy, receiverKey, plainLength);
        }

        var size = headerLength + cipherLength;
        var plain = new byte[headerLength + plainLength];
        new ChunkHeader(MessageType.OpenSecureChannel, ChunkType.Final, (uint)size).Write(plain);
        BinaryPrimitives.WriteUInt32LittleEndian(plain.AsSpan(8), channelId);
        var at = ChunkHeader.SecureLength;
        at += WriteBytes(plain.AsSpan(at), uri);
        at += WriteBytes(plain.AsSpan(at), senderDer);
        at += WriteBytes(plain.AsSpan(at), thumbprint);
        BinaryPrimitives.WriteUInt32LittleEndian(plain.AsSpan(at), sequenceNumber);
        BinaryPrimitives.WriteUInt32LittleEndian(plain.AsSpan(at + 4), requestId);
        body.CopyTo(plain.AsSpan(at + ChunkReader.SequenceHeaderLength));
        if (policy.IsNone)
        {
            output.Write(plain);
            return;
        }

        at += ChunkReader.SequenceHeaderLength + body.Length;
        plain.AsSpan(at, padding + 1).Fill((byte)padding);
        at += padding + 1;
        if (extra)
            plain[at++] = (byte)(padding >> 8);
        AsymmetricCipher.Sign(policy, own!.PrivateKey, plain.AsSpan(0, at), plain.AsSpan(at));

        var span = output.GetSpan(size);
        plain.AsSpan(0, headerLength).CopyTo(span);
        AsymmetricCipher.Encrypt(policy, receiverKey!, plain.AsSpan(headerLength), span[headerLength..]);
        output.Advance(size);
    }

    /// <summary>
    /// Opens an OPN chunk in place: decrypts with the own key, verifies with the sender's. False for anything else; which step
    /// failed is not told, as it must not be told to the peer either.
    /// </summary>
    public static bool TryOpen(ArraySegment<byte> chunk, AsymmetricHeader header, SecurityPolicy policy, RSA? ownKey, RSA? senderKey, out OpenedChunk opened)
    {
        opened = default;
        Span<byte> bytes = chunk;
        var plainLength = bytes.Length - header.Length;
        var bodyEnd = bytes.Length;
        if (!policy.IsNone)
        {
            var plain = new byte[plainLength];
            if (!AsymmetricCipher.TryDecrypt(policy, ownKey!, bytes[header.Length..], plain, out plainLength))
                return false;
            plain.AsSpan(0, plainLength).CopyTo(bytes[header.Length..]);
            var end = header.Length + plainLength;
            var signed = end - AsymmetricCipher.BlockLength(senderKey!);
            if (signed < header.Length + ChunkReader.SequenceHeaderLength
                || !AsymmetricCipher.Verify(policy, senderKey!, bytes[..signed], bytes[signed..end]))
                return false;

            var extra = AsymmetricCipher.BlockLength(ownKey!) > 256;
            var counters = extra ? 2 : 1;
            bodyEnd = signed - counters;
            var padding = extra ? bytes[signed - 2] | (bytes[signed - 1] << 8) : bytes[signed - 1];
            bodyEnd -= padding;
            if (bodyEnd < header.Length + ChunkReader.SequenceHeaderLength
                || bytes.Slice(bodyEnd, padding + 1).ContainsAnyExcept((byte)padding))
                return false;
        }

        if (bodyEnd < header.Length + ChunkReader.SequenceHeaderLength)
            return false;
        var bodyOffset = header.Length + ChunkReader.SequenceHeaderLength;
        opened = new OpenedChunk(
            BinaryPrimitives.ReadUInt32LittleEndian(bytes[header.Length..]),
            BinaryPrimitives.ReadUInt32LittleEndian(bytes[(header.Length + 4)..]),
            bodyOffset,
            bodyEnd - bodyOffset);
        return true;
    }

    private static int WriteBytes(Span<byte> destination, byte[]? bytes)
    {
        BinaryPrimitives.WriteInt32LittleEndian(destination, bytes?.Length ?? -1);
        bytes?.CopyTo(destination[4..]);
        return 4 + (bytes?.Length ?? 0);
    }
}
