namespace Benchmarks.Outage;

/// <summary>The system's clock, set to another date; timers run as ever.</summary>
internal sealed class LaterClock(DateTimeOffset now) : TimeProvider
{
    private readonly TimeSpan ahead = now - System.GetUtcNow();

    public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + ahead;
}
