using System.Security.Cryptography;

namespace FloorGateway.OpcUa.Security;

/// <summary>P_SHA256 of RFC 5246, section 5, and P_SHA1, which derive the symmetric keys (Part 6, 6.7.5).</summary>
public static class KeyDerivation
{
    /// <summary>Fills <paramref name="destination"/> with P_SHA256(<paramref name="secret"/>, <paramref name="seed"/>).</summary>
    public static void PSha256(ReadOnlySpan<byte> secret, ReadOnlySpan<byte> seed, Span<byte> destination) =>
        PHash(HashAlgorithmName.SHA256, secret, seed, destination);

    /// <summary>As <see cref="PSha256"/> with the hash of a policy: SHA-256, or SHA-1 for the deprecated ones.</summary>
    public static void PHash(HashAlgorithmName hash, ReadOnlySpan<byte> secret, ReadOnlySpan<byte> seed, Span<byte> destination)
    {
        var size = hash == HashAlgorithmName.SHA1 ? HMACSHA1.HashSizeInBytes : HMACSHA256.HashSizeInBytes;
        Span<byte> chained = stackalloc byte[size + seed.Length];
        Span<byte> block = stackalloc byte[size];
        seed.CopyTo(chained[size..]);
        Hmac(hash, secret, seed, chained);
        while (!destination.IsEmpty)
        {
            Hmac(hash, secret, chained, block);
            var part = Math.Min(block.Length, destination.Length);
            block[..part].CopyTo(destination);
            destination = destination[part..];
            Hmac(hash, secret, chained[..size], block);
            block.CopyTo(chained);
        }

        CryptographicOperations.ZeroMemory(block);
        CryptographicOperations.ZeroMemory(chained);
    }

    private static void Hmac(HashAlgorithmName hash, ReadOnlySpan<byte> key, ReadOnlySpan<byte> source, Span<byte> destination)
    {
        if (hash == HashAlgorithmName.SHA1)
            HMACSHA1.HashData(key, source, destination);
        else
            HMACSHA256.HashData(key, source, destination);
    }
}
