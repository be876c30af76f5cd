using System.Security.Cryptography;
using FloorGateway.OpcUa.Security;

namespace FloorGateway.OpcUa.SecureChannel;

/// <summary>
/// The keys of one direction of one security token, and what is done with them. Nothing is allocated per chunk. Not
/// thread-safe: it belongs to the loop that sends, or to the one that receives.
/// </summary>
/// <remarks>
/// 2026-11-22: Aes.EncryptCbc makes a cipher context per call (64 bytes and a key schedule each time). A transform that is kept
/// open costs neither, but it chains: its vector is the last block of the chunk before, where the protocol starts each chunk
/// from the derived vector (Part 6, 6.7.2.5). CBC only XORs the vector with the first block, so XORing that block with
/// "derived vector ^ last cipher block" gives exactly the protocol's bytes.
/// </remarks>
public sealed class SymmetricCrypto : IDisposable
{
    private const int Block = 16;

    private readonly IncrementalHash? hmac;
    private readonly ICryptoTransform? transform;
    private readonly Aes? aes;
    private readonly byte[] vector = new byte[Block];
    private readonly byte[] correction = new byte[Block];

    private SymmetricCrypto()
    {
    }

    private SymmetricCrypto(SecurityPolicy policy, bool encrypts, bool forSending, ReadOnlySpan<byte> secret, ReadOnlySpan<byte> seed)
    {
        Span<byte> keys = stackalloc byte[policy.SignatureKeyLength + policy.EncryptionKeyLength + policy.BlockLength];
        KeyDerivation.PHash(policy.Hash, secret, seed, keys);
        hmac = IncrementalHash.CreateHMAC(policy.Hash, keys[..policy.SignatureKeyLength]);
        SignatureLength = policy.SignatureLength;
        if (encrypts)
        {
            aes = Aes.Create();
            aes.Mode = CipherMode.CBC;
            aes.Padding = PaddingMode.None;
            aes.SetKey(keys.Slice(policy.SignatureKeyLength, policy.EncryptionKeyLength));
            keys[^Block..].CopyTo(vector);
            aes.IV = vector;
            transform = forSending ? aes.CreateEncryptor() : aes.CreateDecryptor();
            BlockLength = policy.BlockLength;
        }

        CryptographicOperations.ZeroMemory(keys);
    }

    /// <summary>No signature, no encryption.</summary>
    public static SymmetricCrypto None { get; } = new();

    /// <summary>Bytes of the signature at the end of a chunk; 0 without security.</summary>
    public int SignatureLength { get; }

    /// <summary>The cipher's block in bytes; 0 when chunks are not encrypted.</summary>
    public int BlockLength { get; }

    public bool Encrypts => BlockLength != 0;

    /// <summary>
    /// Derives the keys of one direction (Part 6, 6.7.5). The sender's keys come from secret = the receiver's nonce and
    /// seed = the sender's nonce.
    /// </summary>
    public static SymmetricCrypto Derive(SecurityPolicy policy, bool encrypts, bool forSending, ReadOnlySpan<byte> receiverNonce, ReadOnlySpan<byte> senderNonce) =>
        policy.IsNone ? None : new SymmetricCrypto(policy, encrypts, forSending, receiverNonce, senderNonce);

    /// <summary>Writes the signature of <paramref name="data"/> into <paramref name="signature"/>.</summary>
    public void Sign(ReadOnlySpan<byte> data, Span<byte> signature)
    {
        hmac!.AppendData(data);
        hmac.GetHashAndReset(signature);
    }

    /// <summary>Compares the signature in fixed time.</summary>
    public bool Verify(ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature)
    {
        Span<byte> expected = stackalloc byte[HMACSHA256.HashSizeInBytes];
        Sign(data, expected);
        return CryptographicOperations.FixedTimeEquals(expected[..SignatureLength], signature);
    }

    /// <summary>Encrypts whole blocks in place.</summary>
    public void Encrypt(byte[] buffer, int offset, int count)
    {
        Xor(buffer.AsSpan(offset, Block), correction);
        transform!.TransformBlock(buffer, offset, count, buffer, offset);
        SetCorrection(buffer.AsSpan(offset + count - Block, Block));
    }

    /// <summary>Decrypts whole blocks in place.</summary>
    public void Decrypt(byte[] buffer, int offset, int count)
    {
        Span<byte> lastCipherBlock = stackalloc byte[Block];
        buffer.AsSpan(offset + count - Block, Block).CopyTo(lastCipherBlock);
        transform!.TransformBlock(buffer, offset, count, buffer, offset);
        Xor(buffer.AsSpan(offset, Block), correction);
        SetCorrection(lastCipherBlock);
    }

    public void Dispose()
    {
        transform?.Dispose();
        aes?.Dispose();
        hmac?.Dispose();
        CryptographicOperations.ZeroMemory(vector);
    }

    private void SetCorrection(ReadOnlySpan<byte> lastCipherBlock)
    {
        lastCipherBlock.CopyTo(correction);
        Xor(correction, vector);
    }

    private static void Xor(Span<byte> target, ReadOnlySpan<byte> other)
    {
        for (var i = 0; i < Block; i++)
            target[i] ^= other[i];
    }
}
