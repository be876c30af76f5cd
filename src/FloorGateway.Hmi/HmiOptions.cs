namespace FloorGateway.Hmi;

/// <summary>The operators' page and its API.</summary>
public sealed record HmiOptions
{
    /// <summary>Changes of a tag within this time reach the screen as one: people can't read faster.</summary>
    public TimeSpan LiveInterval { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>A live connection without changes says this often that it is alive.</summary>
    public TimeSpan HeartbeatInterval { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>What a history question without <c>from</c> covers.</summary>
    public TimeSpan DefaultSpan { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Buckets of a history question that names none: one for every few pixels of a trend.</summary>
    public int DefaultBuckets { get; init; } = 300;

    /// <summary>Buckets of one question at most.</summary>
    public int MaxBuckets { get; init; } = 5000;

    /// <summary>Raw samples of a question that names no limit.</summary>
    public int DefaultLimit { get; init; } = 1000;

    /// <summary>Raw samples of one question at most: some 10 MB of JSON.</summary>
    public int MaxLimit { get; init; } = 100_000;

    /// <summary>A feed whose oldest waiting sample is older than this makes the gateway unhealthy.</summary>
    public TimeSpan UnhealthyLag { get; init; } = TimeSpan.FromMinutes(1);
}
