namespace FloorGateway.Simulators.Numerics;

/// <summary>First order plus dead time: a gain and a lag that see their input <c>deadTime</c> later. Advanced in equal steps.</summary>
public sealed class Fopdt
{
    private readonly double _gain;
    private readonly double _decay;
    private readonly double[] _pipe;
    private int _head;

    /// <param name="gain">Output units per input unit at rest.</param>
    /// <param name="tauSeconds">Lag.</param>
    /// <param name="deadTimeSeconds">Transport delay, rounded to whole steps.</param>
    /// <param name="stepSeconds">The time between two calls of <see cref="Step"/>.</param>
    /// <param name="initialInput">The input the process has been at rest with.</param>
    public Fopdt(double gain, double tauSeconds, double deadTimeSeconds, double stepSeconds, double initialInput = 0)
    {
        _gain = gain;
        _decay = DeterministicMath.Exp(-stepSeconds / tauSeconds);
        _pipe = new double[Math.Max(1, (int)Math.Round(deadTimeSeconds / stepSeconds) + 1)];
        Array.Fill(_pipe, initialInput);
        Value = gain * initialInput;
    }

    /// <summary>The output.</summary>
    public double Value { get; private set; }

    /// <summary>One step with the given input; returns the output.</summary>
    public double Step(double input)
    {
        _pipe[_head] = input;
        _head = (_head + 1) % _pipe.Length;
        var target = _gain * _pipe[_head];
        Value = target + (Value - target) * _decay;
        return Value;
    }
}
