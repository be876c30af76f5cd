namespace FloorGateway.Pipeline.Normalisation;

/// <summary>
/// Estimates how far a server's source times are ahead of the gateway's clock. A value is older than its arrival by the way it came, so the newest values of a
/// stretch tell the clocks' difference best. Pure: time comes with the samples.
/// </summary>
internal sealed class ClockWatch(TimeRules rules)
{
    // Long enough to hold some fresh values of a quiet server, short against the delay of the alarm.
    private const long Stretch = 10 * TimeSpan.TicksPerSecond;

    private long started;
    private long newest = long.MinValue;
    private long before = long.MinValue;
    private long wrongSince = -1;
    private long offset = long.MinValue;

    /// <summary>Null until the first value. May be read on any thread.</summary>
    public TimeSpan? Offset => Volatile.Read(ref offset) is var ticks && ticks == long.MinValue ? null : TimeSpan.FromTicks(ticks);

    /// <summary>The clock is wrong for longer than the delay.</summary>
    public bool IsWrong { get; private set; }

    /// <summary>Takes the newest value of a batch.</summary>
    /// <param name="ahead">Source time minus receive time, ticks.</param>
    /// <param name="now">Receive time, UTC ticks.</param>
    /// <returns>True when <see cref="IsWrong"/> has changed.</returns>
    public bool Observe(long ahead, long now)
    {
        if (now - started >= Stretch || now < started)
        {
            before = newest;
            newest = long.MinValue;
            started = now;
        }

        newest = Math.Max(newest, ahead);
        var estimate = Math.Max(newest, before);
        Volatile.Write(ref offset, estimate);
        if (Math.Abs(estimate) <= rules.SkewLimit.Ticks)
        {
            wrongSince = -1;
            var was = IsWrong;
            IsWrong = false;
            return was;
        }

        if (wrongSince < 0 || now < wrongSince)
            wrongSince = now;
        if (IsWrong || now - wrongSince < rules.SkewDelay.Ticks)
            return false;
        return IsWrong = true;
    }
}
