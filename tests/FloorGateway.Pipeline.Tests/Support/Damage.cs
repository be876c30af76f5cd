using System.Globalization;

namespace FloorGateway.Pipeline.Tests.Support;

/// <summary>What may happen to the bytes of a file.</summary>
internal static class Damage
{
    /// <summary>Bits of each byte that are flipped one by one, besides the whole byte; 8 makes the long form of the tests, with a gateway's start at every byte.</summary>
    public static int Bits { get; } = int.Parse(Environment.GetEnvironmentVariable("FLOORGATEWAY_DAMAGE_BITS") ?? "1", CultureInfo.InvariantCulture);

    public static bool IsLong => Bits >= 8;

    /// <summary>A copy of the bytes with one flipped in one bit or whole, for each of them.</summary>
    public static IEnumerable<(int At, bool Whole, byte[] Bytes)> Flips(byte[] bytes)
    {
        for (var at = 0; at < bytes.Length; at++)
        {
            for (var bit = 0; bit <= Bits; bit++)
            {
                var flipped = (byte[])bytes.Clone();
                flipped[at] ^= bit == Bits ? (byte)0xFF : (byte)(1 << ((at + bit) % 8));
                yield return (at, bit == Bits, flipped);
            }
        }
    }

    /// <summary>Every shorter form, the empty one too.</summary>
    public static IEnumerable<byte[]> Cuts(byte[] bytes)
    {
        for (var length = bytes.Length - 1; length >= 0; length--)
            yield return bytes[..length];
    }
}
