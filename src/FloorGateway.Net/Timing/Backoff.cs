namespace FloorGateway.Net.Timing;

/// <summary>Limits of <see cref="Backoff"/>.</summary>
public sealed record BackoffOptions
{
    /// <summary>Delay before the first retry.</summary>
    public TimeSpan First { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>Longest delay; a peer that comes back after hours is found within this time.</summary>
    public TimeSpan Max { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Growth per attempt.</summary>
    public double Factor { get; init; } = 2;

    /// <summary>Share of each delay drawn at random, so that a hundred gateways do not return in step.</summary>
    public double Jitter { get; init; } = 0.3;
}

/// <summary>Delays between attempts: exponential with jitter. Not thread-safe: one owner.</summary>
public sealed class Backoff(BackoffOptions? options = null, Random? random = null)
{
    private readonly BackoffOptions options = options ?? new BackoffOptions();
    private readonly Random random = random ?? Random.Shared;
    private double nextMs;

    /// <summary>Attempts since the last success.</summary>
    public int Attempts { get; private set; }

    /// <summary>The delay to keep before the next attempt.</summary>
    public TimeSpan Next()
    {
        Attempts++;
        nextMs = nextMs == 0 ? options.First.TotalMilliseconds : Math.Min(nextMs * options.Factor, options.Max.TotalMilliseconds);
        return TimeSpan.FromMilliseconds(nextMs * (1 - (options.Jitter * random.NextDouble())));
    }

    /// <summary>Call after a success that has lasted.</summary>
    public void Reset()
    {
        Attempts = 0;
        nextMs = 0;
    }
}
