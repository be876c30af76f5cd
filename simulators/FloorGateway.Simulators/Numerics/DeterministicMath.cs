namespace FloorGateway.Simulators.Numerics;

/// <summary>
/// Exponential and logarithm built from IEEE 754 additions, multiplications and divisions only. The platform's own
/// differ in the last bit between C libraries, which would make one seed produce different runs on x64 and arm64.
/// Relative error is below 4e-16 over the range the simulators use.
/// </summary>
public static class DeterministicMath
{
    private const double Ln2High = 6.93147180369123816490e-01;
    private const double Ln2Low = 1.90821492927058770002e-10;
    private const double HalfPiHigh = 1.57079632673412561417e+00;
    private const double HalfPiLow = 6.07710050650619224932e-11;
    private const double InverseLn2 = 1.44269504088896338700;

    /// <summary>e to the power x; 0 below -708, +Infinity above 709.</summary>
    public static double Exp(double x)
    {
        if (double.IsNaN(x)) return double.NaN;
        if (x < -708) return 0;
        if (x > 709) return double.PositiveInfinity;
        var k = Math.Round(x * InverseLn2);
        var r = x - k * Ln2High - k * Ln2Low;
        // Taylor series by Horner; |r| <= 0.347, so the 14th term is below 4e-18.
        var sum = 1.0;
        for (var n = 14; n >= 1; n--) sum = 1 + r / n * sum;
        return sum * PowerOfTwo((int)k);
    }

    /// <summary>Natural logarithm of a positive, normal number; NaN otherwise.</summary>
    public static double Log(double x)
    {
        if (!(x > 0) || !double.IsNormal(x)) return double.NaN;
        var bits = BitConverter.DoubleToInt64Bits(x);
        var exponent = (int)(bits >> 52) - 1023;
        var mantissa = BitConverter.Int64BitsToDouble((bits & 0x000F_FFFF_FFFF_FFFF) | 0x3FF0_0000_0000_0000);
        if (mantissa > 1.4142135623730951)
        {
            mantissa *= 0.5;
            exponent++;
        }

        var s = (mantissa - 1) / (mantissa + 1);
        var s2 = s * s;
        var series = 0.0;
        for (var n = 25; n >= 3; n -= 2) series = (series + 1.0 / n) * s2;
        return exponent * Ln2High + (2 * s * (1 + series) + exponent * Ln2Low);
    }

    /// <summary>Sine of an angle in radians; the error stays below 1e-12 up to a million radians.</summary>
    public static double Sin(double x)
    {
        if (!double.IsFinite(x)) return double.NaN;
        // Quarter turns are taken off in two parts, so that the difference keeps its digits.
        var quarters = Math.Round(x * (2 / Math.PI));
        var r = x - quarters * HalfPiHigh - quarters * HalfPiLow;
        var value = ((long)quarters & 1) == 0 ? SinSeries(r) : CosSeries(r);
        return ((long)quarters & 2) == 0 ? value : -value;
    }

    /// <summary>Cosine of an angle in radians.</summary>
    public static double Cos(double x) => Sin(x + Math.PI / 2);

    // |r| <= 0.786: the terms left out are below 1e-17.
    private static double SinSeries(double r)
    {
        var sum = 1.0;
        for (var n = 18; n >= 2; n -= 2) sum = 1 - r * r / (n * (n + 1)) * sum;
        return r * sum;
    }

    private static double CosSeries(double r)
    {
        var sum = 1.0;
        for (var n = 18; n >= 2; n -= 2) sum = 1 - r * r / (n * (n - 1)) * sum;
        return sum;
    }

    private static double PowerOfTwo(int exponent) =>
        exponent is >= -1022 and <= 1023
            ? BitConverter.Int64BitsToDouble((long)(exponent + 1023) << 52)
            : exponent > 0 ? double.PositiveInfinity : 0;
}
