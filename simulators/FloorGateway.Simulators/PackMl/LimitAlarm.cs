namespace FloorGateway.Simulators.PackMl;

/// <summary>Drives an alarm bit from a value: limit, delay before it is raised, deadband before it returns to normal.</summary>
/// <param name="bit">The alarm.</param>
/// <param name="limit">Limit in the value's unit.</param>
/// <param name="above">True for a high limit, false for a low one.</param>
/// <param name="delaySeconds">The limit must be exceeded this long.</param>
/// <param name="deadband">Distance inside the limit at which the alarm returns to normal; null takes 1 % of the limit.</param>
public sealed class LimitAlarm(AlarmBit bit, double limit, bool above, double delaySeconds, double? deadband = null)
{
    private readonly double _deadband = deadband ?? Math.Abs(limit) * 0.01;
    private double _since = double.NaN;

    /// <summary>The alarm.</summary>
    public AlarmBit Bit => bit;

    /// <summary>Judges a value at an instant of process time.</summary>
    public void Evaluate(double value, double seconds)
    {
        var exceeded = above ? value > limit : value < limit;
        if (exceeded)
        {
            if (double.IsNaN(_since)) _since = seconds;
            if (seconds - _since >= delaySeconds) bit.Set(true);
            return;
        }

        _since = double.NaN;
        if (above ? value <= limit - _deadband : value >= limit + _deadband) bit.Set(false);
    }
}
