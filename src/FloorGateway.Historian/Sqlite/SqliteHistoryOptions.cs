namespace FloorGateway.Historian.Sqlite;

/// <summary>The embedded history.</summary>
public sealed record SqliteHistoryOptions
{
    /// <summary>The feed's name in the configuration.</summary>
    public string Name { get; init; } = "history";

    /// <summary>Database file; its folder is made. Two more files (-wal, -shm) stand beside it while it is open.</summary>
    public required string Path { get; init; }

    /// <summary>Samples in one delivery, and so in one transaction, at most.</summary>
    public int MaxBatch { get; init; } = 10_000;

    /// <summary>Samples with an older source time are deleted; null = kept for ever.</summary>
    public TimeSpan? Retention { get; init; }

    /// <summary>How often old samples are looked for.</summary>
    public TimeSpan RetentionEvery { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Samples deleted in one step, between which deliveries get their turn.</summary>
    public int RetentionStep { get; init; } = 5000;

    /// <summary>Memory for pages of the writing connection, in bytes. With it the open end of each tag's series stays in memory.</summary>
    public long CacheBytes { get; init; } = 64 * 1024 * 1024;

    /// <summary>Queries that run at once; more wait.</summary>
    public int MaxReaders { get; init; } = 4;

    /// <summary>Everything that keeps these options from working, in words; empty = fine.</summary>
    public IReadOnlyList<string> Validate()
    {
        var found = new List<string>();
        if (string.IsNullOrWhiteSpace(Path))
            found.Add($"{Name}: path is empty; give the database file");
        if (MaxBatch is < 1 or > 1_000_000)
            found.Add($"{Name}: maxBatch is {MaxBatch}; give 1 to 1000000");
        if (Retention <= TimeSpan.Zero)
            found.Add($"{Name}: retention must be above zero; leave it out to keep samples for ever");
        if (RetentionEvery <= TimeSpan.Zero)
            found.Add($"{Name}: retentionEvery must be above zero");
        if (RetentionStep < 1)
            found.Add($"{Name}: retentionStep must be at least 1");
        if (MaxReaders < 1)
            found.Add($"{Name}: maxReaders must be at least 1");
        return found;
    }
}
