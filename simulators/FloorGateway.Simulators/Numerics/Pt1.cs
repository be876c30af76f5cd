namespace FloorGateway.Simulators.Numerics;

/// <summary>First-order lag, y' = (target - y)/tau, solved exactly between the instants it is asked for.</summary>
public sealed class Pt1(double tauSeconds, double initial, double startSeconds = 0)
{
    private double _time = startSeconds;
    private double _lastStep = double.NaN;
    private double _lastDecay;

    /// <summary>The lagged value at the last instant advanced to.</summary>
    public double Value { get; private set; } = initial;

    /// <summary>Moves to <paramref name="seconds"/> with the target constant since the last call; returns the value.</summary>
    public double Advance(double seconds, double target)
    {
        var step = seconds - _time;
        if (step <= 0) return Value;
        if (step != _lastStep)
        {
            _lastStep = step;
            _lastDecay = DeterministicMath.Exp(-step / tauSeconds);
        }

        Value = target + (Value - target) * _lastDecay;
        _time = seconds;
        return Value;
    }

    /// <summary>Adds a sudden change, for example the heat a shot leaves in the die.</summary>
    public void Kick(double amount) => Value += amount;

    /// <summary>Restarts the lag from a value at an instant.</summary>
    public void Reset(double seconds, double value)
    {
        _time = seconds;
        Value = value;
    }
}
