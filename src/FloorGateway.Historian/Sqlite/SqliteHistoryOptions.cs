using FloorGateway.Historian.Sqlite.Chunks;

namespace FloorGateway.Historian.Sqlite;

/// <summary>The embedded history.</summary>
public sealed record SqliteHistoryOptions
{
    /// <summary>The feed's name in the configuration.</summary>
    public string Name { get; init; } = "history";

    /// <summary>Database file; its folder is made. Two more files (-wal, -shm) stand beside it while it is open.</summary>
    public required string Path { get; init; }

    /// <summary>Only reads a history that another process may be writing; deliveries are refused.</summary>
    public bool ReadOnly { get; init; }

    /// <summary>Samples in one delivery, and so in one transaction, at most.</summary>
    public int MaxBatch { get; init; } = 10_000;

    /// <summary>Samples with an older source time are deleted, whole chunks at a time; a tag's newest chunk stays, so that its last value is known. Null = kept for ever.</summary>
    public TimeSpan? Retention { get; init; }

    /// <summary>Bytes that the samples and roll-ups may take; the oldest samples and their cells of 10 s go above it. The file itself does not shrink, its free pages are used again. Null = no limit.</summary>
    public long? MaxBytes { get; init; }

    /// <summary>How long cells of 10 s are kept: a quarter, for the comparison with the weeks before.</summary>
    public TimeSpan TenSecondRetention { get; init; } = TimeSpan.FromDays(90);

    /// <summary>How long cells of 1 min are kept: a year and a month.</summary>
    public TimeSpan MinuteRetention { get; init; } = TimeSpan.FromDays(400);

    /// <summary>How long cells of 1 h are kept.</summary>
    public TimeSpan HourRetention { get; init; } = TimeSpan.FromDays(3650);

    /// <summary>How often old samples and days to be rolled up are looked for.</summary>
    public TimeSpan UpkeepEvery { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>A day is rolled up this long after its end: late samples would have it done again.</summary>
    public TimeSpan RollupDelay { get; init; } = TimeSpan.FromHours(1);

    /// <summary>Days of tags that are rolled up in one step, between which deliveries get their turn.</summary>
    public int RollupStep { get; init; } = 100;

    /// <summary>Samples held in memory before they go into chunks: some 60 bytes each with what is reserved, so 120 MB. More make fuller chunks where there are many slow tags.</summary>
    public int OpenSamples { get; init; } = 2_000_000;

    /// <summary>Samples of a full chunk: enough that its head does not count, few enough that one value is found by unpacking little.</summary>
    public int ChunkSamples { get; init; } = 512;

    /// <summary>Memory for pages of the writing connection, in bytes. With it the newest chunk of each tag stays in memory.</summary>
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
        if (MaxBytes < 1024 * 1024)
            found.Add($"{Name}: maxBytes is {MaxBytes}; give at least 1 MB, or leave it out for no limit");
        if (TenSecondRetention <= TimeSpan.Zero || MinuteRetention <= TimeSpan.Zero || HourRetention <= TimeSpan.Zero)
            found.Add($"{Name}: the retention of roll-ups must be above zero");
        if (UpkeepEvery <= TimeSpan.Zero || UpkeepEvery > TimeSpan.FromDays(40) || RollupDelay < TimeSpan.Zero || RollupStep < 1)
            found.Add($"{Name}: upkeepEvery must be above zero and 40 days at most, rollupDelay not below it, rollupStep at least 1");
        if (ChunkSamples is < 1 or > ChunkCodec.MaxSamples / 4)
            found.Add($"{Name}: chunkSamples is {ChunkSamples}; give 1 to {ChunkCodec.MaxSamples / 4}");
        if (OpenSamples < 1)
            found.Add($"{Name}: openSamples must be at least 1");
        if (MaxReaders < 1)
            found.Add($"{Name}: maxReaders must be at least 1");
        return found;
    }
}
