using System.Security.Cryptography;

namespace FloorGateway.OpcUa.Security;

/// <summary>P_SHA256 of RFC 5246, section 5, which derives the symmetric keys (Part 6, 6.7.5).</summary>
public static class KeyDerivation
{
    /// <summary>Fills <paramref name="destination"/> with P_SHA256(<paramref name="secret"/>, <paramref name="seed"/>).</summary>
    public static void PSha256(ReadOnlySpan<byte> secret, ReadOnlySpan<byte> seed, Span<byte> destination)
    {
        Span<byte> chained = stackalloc byte[HMACSHA256.HashSizeInBytes + seed.Length];
        Span<byte> block = stackalloc byte[HMACSHA256.HashSizeInBytes];
        seed.CopyTo(chained[HMACSHA256.HashSizeInBytes..]);
        HMACSHA256.HashData(secret, seed, chained);
        while (!destination.IsEmpty)
        {
            HMACSHA256.HashData(secret, chained, block);
            var part = Math.Min(block.Length, destination.Length);
            block[..part].CopyTo(destination);
            destination = destination[part..];
            HMACSHA256.HashData(secret, chained[..HMACSHA256.HashSizeInBytes], block);
            block.CopyTo(chained);
        }

        CryptographicOperations.ZeroMemory(block);
        CryptographicOperations.ZeroMemory(chained);
    }
}
