namespace FloorGateway.Simulators.Numerics;

/// <summary>Correlated sensor or process noise: x = phi x + sqrt(1-phi²) N(0, sigma), so sigma is that of the output.</summary>
public sealed class Ar1Noise(RandomStream random, double phi, double sigma)
{
    private readonly double _innovation = sigma * Math.Sqrt(1 - phi * phi);

    /// <summary>The present deviation.</summary>
    public double Value { get; private set; }

    /// <summary>Draws the next deviation.</summary>
    public double Next() => Value = phi * Value + random.Normal(0, _innovation);
}
