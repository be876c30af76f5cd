namespace FloorGateway.Simulators.Engine;

/// <summary>
/// The step in which an instrument shows its value. What is shown is the double or float nearest to the decimal, so that its shortest text has no more digits than
/// the instrument. The default of no step shows all there is.
/// </summary>
public readonly record struct Resolution
{
    // A converter of 16 bits, as most analogue inputs have.
    private const double Counts = 65_536;

    // The logarithm of 0.01 may be a little less than -2.
    private const double Rounding = 1e-9;

    // Doubles are exact whole numbers up to here.
    private const double LargestWhole = 1L << 53;

    // Products of whole numbers and divisions are exact to the nearest, products with 0.001 are not: steps below 1 are kept as their inverse.
    private readonly double _perUnit, _step;

    /// <param name="step">In the signal's unit: a whole number or one divided by a whole number, 0 for none.</param>
    public Resolution(double step)
    {
        if (!(step >= 0 && double.IsFinite(step))) throw new ArgumentOutOfRangeException(nameof(step), step, "A resolution is a positive number, or 0 for none.");
        Step = step;
        (_perUnit, _step) = step is > 0 and < 1 ? (Math.Round(1 / step), 1.0) : (1.0, step);
    }

    /// <summary>In the signal's unit; 0 is none.</summary>
    public double Step { get; }

    /// <summary>False shows all digits.</summary>
    public bool Rounds => Step > 0;

    /// <summary>What an instrument with a converter of 16 bits shows: the decimal step nearest to its own, 0.1 mV of 5 V.</summary>
    /// <param name="low">Lowest value of its range.</param>
    /// <param name="high">Highest value; one that is not above the lowest gives no resolution.</param>
    /// <param name="deadband">What changes are reported from, 0 for all: they are shown.</param>
    public static Resolution OfRange(double low, double high, double deadband = 0)
    {
        if (!(high > low)) return default;
        var digits = (int)Math.Round(Math.Log10((high - low) / Counts));
        if (deadband > 0) digits = Math.Min(digits, (int)Math.Floor(Math.Log10(deadband) + Rounding));
        return new(digits < 0 ? 1 / Math.Pow(10, -digits) : Math.Pow(10, digits));
    }

    /// <summary>The value as it is shown. NaN and infinities stay.</summary>
    public double Show(double value)
    {
        if (!Rounds) return value;
        var steps = Math.Round(value * _perUnit / _step);
        // What is larger has no digits behind the step. Adding 0 makes 0 of -0, which no display shows.
        return Math.Abs(steps) < LargestWhole ? steps * _step / _perUnit + 0.0 : value;
    }

    /// <inheritdoc cref="Show(double)"/>
    public float Show(float value) => (float)Show((double)value);

    /// <summary>A new array of what is shown of each element; the array itself where nothing is rounded.</summary>
    public double[] Show(double[] values)
    {
        if (!Rounds) return values;
        var shown = new double[values.Length];
        for (var i = 0; i < shown.Length; i++) shown[i] = Show(values[i]);
        return shown;
    }

    /// <inheritdoc cref="Show(double[])"/>
    public float[] Show(float[] values)
    {
        if (!Rounds) return values;
        var shown = new float[values.Length];
        for (var i = 0; i < shown.Length; i++) shown[i] = Show(values[i]);
        return shown;
    }

    /// <summary>The value as it is shown; what is no float and no double stays.</summary>
    public SignalValue Show(in SignalValue value) => value.Type switch
    {
        _ when !Rounds => value,
        SignalType.Double => SignalValue.From(Show(value.AsDouble)),
        SignalType.Float => SignalValue.From(Show(value.AsFloat)),
        SignalType.DoubleArray => SignalValue.From(Show((double[])value.AsArray)),
        SignalType.FloatArray => SignalValue.From(Show((float[])value.AsArray)),
        _ => value,
    };
}
