namespace FloorGateway.Simulators.Engine;

/// <summary>
/// Maps process time to source time. Process time runs <see cref="TimeScale"/> times as fast as the wall clock; source
/// timestamps stay on the wall clock, so a 120 s cycle at 60x is stamped over 2 s.
/// </summary>
public sealed class SourceClock
{
    /// <param name="startUtc">Wall-clock time of process time zero.</param>
    /// <param name="timeScale">1 to 600.</param>
    public SourceClock(DateTime startUtc, double timeScale)
    {
        if (timeScale is not (>= 1 and <= 600))
            throw new ArgumentOutOfRangeException(nameof(timeScale), timeScale, "The time scale must lie between 1 and 600.");
        StartTicks = startUtc.Ticks;
        TimeScale = timeScale;
    }

    /// <summary>UTC ticks at process time zero.</summary>
    public long StartTicks { get; private set; }

    /// <summary>Process seconds per wall-clock second.</summary>
    public double TimeScale { get; }

    /// <summary>Source time, in UTC ticks, of an instant in process ticks.</summary>
    public long ToSource(long processTicks) => StartTicks + (long)(processTicks / TimeScale);

    /// <summary>Moves process time zero to a later wall-clock time. Only while process time stands at zero.</summary>
    internal void StartAt(DateTime startUtc) => StartTicks = Math.Max(StartTicks + 1, startUtc.Ticks);

    /// <summary>Process ticks that pass in a wall-clock span.</summary>
    public long ToProcess(TimeSpan wall) => (long)(wall.Ticks * TimeScale);
}
