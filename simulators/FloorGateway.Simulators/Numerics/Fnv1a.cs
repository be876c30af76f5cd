namespace FloorGateway.Simulators.Numerics;

/// <summary>FNV-1a with 64 bits: the checksum of what a run produced. It tells runs apart; it protects against nobody.</summary>
public static class Fnv1a
{
    /// <summary>Checksum of nothing.</summary>
    public const ulong Start = 0xCBF2_9CE4_8422_2325UL;

    private const ulong Prime = 0x0000_0100_0000_01B3UL;

    /// <summary>The checksum with more bytes behind it.</summary>
    public static ulong Add(ulong checksum, ReadOnlySpan<byte> bytes)
    {
        foreach (var b in bytes) checksum = (checksum ^ b) * Prime;
        return checksum;
    }
}
