using System.Security.Cryptography;

namespace FloorGateway.OpcUa.Security;

/// <summary>
/// RSA as the policies use it: signatures, and encryption of more than one block. Serves OpenSecureChannel, the signatures of
/// CreateSession and ActivateSession, and encrypted user tokens.
/// </summary>
public static class AsymmetricCipher
{
    /// <summary>
    /// Most bytes that are decrypted at once: 16 blocks of a 2048-bit key, where OpenSecureChannel and user tokens take two to four. Each
    /// block costs an operation with the private key, and strangers must not be able to order them by the hundred.
    /// </summary>
    public const int MaxCipherLength = 4096;

    /// <summary>Bytes of a signature made with <paramref name="key"/>, and of one encrypted block.</summary>
    public static int BlockLength(RSA key) => (key.KeySize + 7) / 8;

    /// <summary>Most plain bytes that one encrypted block holds.</summary>
    public static int PlainBlockLength(SecurityPolicy policy, RSA key) => BlockLength(key) - policy.EncryptionOverhead;

    /// <summary>Length of <paramref name="plainLength"/> bytes once encrypted.</summary>
    public static int EncryptedLength(SecurityPolicy policy, RSA key, int plainLength)
    {
        var block = PlainBlockLength(policy, key);
        return (plainLength + block - 1) / block * BlockLength(key);
    }

    /// <summary>Encrypts block after block with the receiver's public key and returns the bytes written.</summary>
    public static int Encrypt(SecurityPolicy policy, RSA receiver, ReadOnlySpan<byte> plain, Span<byte> destination)
    {
        var block = PlainBlockLength(policy, receiver);
        var written = 0;
        while (!plain.IsEmpty)
        {
            var part = plain[..Math.Min(block, plain.Length)];
            written += receiver.Encrypt(part, destination[written..], policy.EncryptionPadding!);
            plain = plain[part.Length..];
        }

        return written;
    }

    /// <summary>Decrypts block after block with the own private key. False for anything that was not encrypted for it, or is longer than <see cref="MaxCipherLength"/>.</summary>
    public static bool TryDecrypt(SecurityPolicy policy, RSA own, ReadOnlySpan<byte> cipher, Span<byte> destination, out int written)
    {
        written = 0;
        var block = BlockLength(own);
        if (cipher.IsEmpty || cipher.Length > MaxCipherLength || cipher.Length % block != 0)
            return false;
        try
        {
            for (; !cipher.IsEmpty; cipher = cipher[block..])
                written += own.Decrypt(cipher[..block], destination[written..], policy.EncryptionPadding!);
            return true;
        }
        catch (CryptographicException)
        {
            return false;
        }
    }

    /// <summary>Signs with the own private key into <paramref name="destination"/>, which holds <see cref="BlockLength"/> bytes.</summary>
    public static int Sign(SecurityPolicy policy, RSA own, ReadOnlySpan<byte> data, Span<byte> destination) =>
        own.SignData(data, destination, policy.Hash, policy.SignaturePadding!);

    /// <summary>Checks a signature against the sender's public key.</summary>
    public static bool Verify(SecurityPolicy policy, RSA sender, ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature)
    {
        try
        {
            return signature.Length == BlockLength(sender) && sender.VerifyData(data, signature, policy.Hash, policy.SignaturePadding!);
        }
        catch (CryptographicException)
        {
            // A key that the peer chose need not be a sensible one.
            return false;
        }
    }
}
