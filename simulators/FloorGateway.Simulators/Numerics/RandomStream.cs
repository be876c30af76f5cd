using System.Numerics;
using System.Text;

namespace FloorGateway.Simulators.Numerics;

/// <summary>
/// A seeded random stream (xoshiro256**, seeded through SplitMix64) that yields the same numbers on every platform and
/// runtime. Streams are named: each physical effect draws from its own, so adding a signal to one leaves all others as they were.
/// Not thread-safe; a unit owns its streams.
/// </summary>
public sealed class RandomStream
{
    private ulong _s0, _s1, _s2, _s3;
    private double _spare;
    private bool _hasSpare;

    /// <summary>A stream for <paramref name="name"/> (for example "DC01/quality") under the run's seed.</summary>
    public RandomStream(ulong seed, string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        var hash = 0xCBF2_9CE4_8422_2325UL;
        foreach (var b in Encoding.UTF8.GetBytes(name)) hash = (hash ^ b) * 0x0000_0100_0000_01B3UL;
        var state = seed ^ hash;
        _s0 = SplitMix(ref state);
        _s1 = SplitMix(ref state);
        _s2 = SplitMix(ref state);
        _s3 = SplitMix(ref state);
    }

    internal RandomStream(ulong s0, ulong s1, ulong s2, ulong s3) => (_s0, _s1, _s2, _s3) = (s0, s1, s2, s3);

    /// <summary>64 uniform bits.</summary>
    public ulong NextBits()
    {
        var result = BitOperations.RotateLeft(_s1 * 5, 7) * 9;
        var t = _s1 << 17;
        _s2 ^= _s0;
        _s3 ^= _s1;
        _s1 ^= _s2;
        _s0 ^= _s3;
        _s2 ^= t;
        _s3 = BitOperations.RotateLeft(_s3, 45);
        return result;
    }

    /// <summary>Uniform in [0, 1) with 53 bits.</summary>
    public double Uniform() => (NextBits() >> 11) * (1.0 / (1UL << 53));

    /// <summary>Uniform in [low, high).</summary>
    public double Uniform(double low, double high) => low + (high - low) * Uniform();

    /// <summary>Uniform integer in [0, count).</summary>
    public int Index(int count) => (int)(Uniform() * count);

    /// <summary>True with the given probability.</summary>
    public bool Chance(double probability) => Uniform() < probability;

    /// <summary>Normal draw (Marsaglia's polar method).</summary>
    public double Normal(double mean, double sigma)
    {
        if (_hasSpare)
        {
            _hasSpare = false;
            return mean + sigma * _spare;
        }

        double u, v, s;
        do
        {
            u = 2 * Uniform() - 1;
            v = 2 * Uniform() - 1;
            s = u * u + v * v;
        }
        while (s >= 1 || s < 1e-300);
        var factor = Math.Sqrt(-2 * DeterministicMath.Log(s) / s);
        _spare = v * factor;
        _hasSpare = true;
        return mean + sigma * u * factor;
    }

    /// <summary>Lognormal draw with the given median and standard deviation of the logarithm.</summary>
    public double LogNormal(double median, double sigmaLog) => median * DeterministicMath.Exp(Normal(0, sigmaLog));

    /// <summary>Lognormal draw with the given arithmetic mean (repair times are stated as means).</summary>
    public double LogNormalWithMean(double mean, double sigmaLog) => LogNormal(mean * DeterministicMath.Exp(-sigmaLog * sigmaLog / 2), sigmaLog);

    /// <summary>Exponential draw with the given mean.</summary>
    public double Exponential(double mean) => -mean * DeterministicMath.Log(1 - Uniform());

    private static ulong SplitMix(ref ulong state)
    {
        state += 0x9E37_79B9_7F4A_7C15UL;
        var z = state;
        z = (z ^ (z >> 30)) * 0xBF58_476D_1CE4_E5B9UL;
        z = (z ^ (z >> 27)) * 0x94D0_49BB_1331_11EBUL;
        return z ^ (z >> 31);
    }
}
