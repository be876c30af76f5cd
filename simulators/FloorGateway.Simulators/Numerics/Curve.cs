namespace FloorGateway.Simulators.Numerics;

/// <summary>A piecewise linear curve through strictly ascending points; held at both ends.</summary>
public sealed class Curve(double[] x, double[] y)
{
    /// <summary>y at <paramref name="at"/>.</summary>
    public double At(double at)
    {
        if (at <= x[0]) return y[0];
        for (var i = 1; i < x.Length; i++)
        {
            if (at <= x[i]) return y[i - 1] + (y[i] - y[i - 1]) * (at - x[i - 1]) / (x[i] - x[i - 1]);
        }

        return y[^1];
    }
}
