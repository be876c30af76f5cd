namespace Fuzz.Running;

/// <summary>How long and with what a run is made.</summary>
internal sealed record FuzzOptions
{
    /// <summary>Cases of all targets together.</summary>
    public long Count { get; init; } = 200_000;

    /// <summary>The same seed makes the same cases.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Ends the run earlier.</summary>
    public TimeSpan Limit { get; init; } = Timeout.InfiniteTimeSpan;

    /// <summary>Where inputs that show a defect are written; null keeps them in memory only.</summary>
    public string? CrashFolder { get; init; }

    /// <summary>Defects of one target after which it is left alone: the same one tends to come again and again.</summary>
    public int MaxDefects { get; init; } = 5;

    /// <summary>A case that takes longer, of the processor's time in further goes, keeps the one thread that reads from a connection.</summary>
    public TimeSpan Slow { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>After this the case is written down and the program ends: it would never come to an end by itself.</summary>
    public TimeSpan Hang { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Cases between two measurements of what stays in memory.</summary>
    public int GrowthInterval { get; init; } = 100_000;

    /// <summary>Bytes that may stay in memory more than after the first interval: caches fill up, leaks go on.</summary>
    public long MaxGrowth { get; init; } = 32 * 1024 * 1024;
}
