namespace FloorGateway.Simulators.PackMl;

/// <summary>Drives an alarm bit from a value: limit, delay before it is raised, deadband before it returns to normal.</summary>
public sealed class LimitAlarm
{
    private double _since = double.NaN;

    /// <param name="bit">The alarm.</param>
    /// <param name="limit">Limit in the value's unit.</param>
    /// <param name="above">True for a high limit, false for a low one.</param>
    /// <param name="delaySeconds">The limit must be exceeded this long.</param>
    /// <param name="deadband">Distance inside the limit at which the alarm returns to normal; null takes 1 % of the limit.</param>
    public LimitAlarm(AlarmBit bit, double limit, bool above, double delaySeconds, double? deadband = null)
    {
        ArgumentNullException.ThrowIfNull(bit);
        Bit = bit;
        Limit = limit;
        IsHigh = above;
        DelaySeconds = delaySeconds;
        Deadband = deadband ?? Math.Abs(limit) * 0.01;
        bit.Limit = this;
    }

    /// <summary>The alarm.</summary>
    public AlarmBit Bit { get; }

    /// <summary>Limit in the value's unit.</summary>
    public double Limit { get; }

    /// <summary>True for a high limit, false for a low one.</summary>
    public bool IsHigh { get; }

    /// <summary>The limit must be exceeded this long.</summary>
    public double DelaySeconds { get; }

    /// <summary>Distance inside the limit at which the alarm returns to normal.</summary>
    public double Deadband { get; }

    /// <summary>The value judged last; NaN before the first.</summary>
    public double Value { get; private set; } = double.NaN;

    /// <summary>Judges a value at an instant of process time.</summary>
    public void Evaluate(double value, double seconds)
    {
        Value = value;
        var exceeded = IsHigh ? value > Limit : value < Limit;
        if (exceeded)
        {
            if (double.IsNaN(_since)) _since = seconds;
            if (seconds - _since >= DelaySeconds) Bit.Set(true);
            return;
        }

        _since = double.NaN;
        if (IsHigh ? value <= Limit - Deadband : value >= Limit + Deadband) Bit.Set(false);
    }
}
