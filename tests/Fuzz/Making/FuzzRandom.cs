using System.Numerics;

namespace Fuzz.Making;

/// <summary>Random numbers that are the same for the same seed on every machine and runtime (xoshiro256**).</summary>
internal sealed class FuzzRandom
{
    private ulong a;
    private ulong b;
    private ulong c;
    private ulong d;

    public FuzzRandom(ulong seed)
    {
        (a, b, c, d) = (Split(ref seed), Split(ref seed), Split(ref seed), Split(ref seed));
    }

    public ulong Next()
    {
        var result = BitOperations.RotateLeft(b * 5, 7) * 9;
        var t = b << 17;
        c ^= a;
        d ^= b;
        b ^= c;
        a ^= d;
        c ^= t;
        d = BitOperations.RotateLeft(d, 45);
        return result;
    }

    /// <summary>0 up to, but not, <paramref name="end"/>; 0 when that is not above 0.</summary>
    public int Below(int end) => end <= 0 ? 0 : (int)(Next() % (uint)end);

    /// <summary>True once in <paramref name="times"/>.</summary>
    public bool OneIn(int times) => Below(times) == 0;

    public T Pick<T>(ReadOnlySpan<T> from) => from[Below(from.Length)];

    public T Pick<T>(IReadOnlyList<T> from) => from[Below(from.Count)];

    public void Fill(Span<byte> bytes)
    {
        for (var i = 0; i < bytes.Length; i++)
            bytes[i] = (byte)Next();
    }

    // SplitMix64, as the generator's authors seed it.
    private static ulong Split(ref ulong state)
    {
        var z = state += 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
