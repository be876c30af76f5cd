namespace FloorGateway.Configuration;

/// <summary>What gives way when the journal stands at its limit, or the disk is full, and a feed still needs all that is there.</summary>
public enum JournalFullChoice
{
    EvictOldest,
    Wait,
}

/// <summary>How much the journal keeps, and how soon it is on disk.</summary>
public sealed record JournalSettings
{
    /// <summary>Bytes after which a new segment file begins; retention removes whole segments.</summary>
    public long SegmentSize { get; init; } = 64L << 20;

    /// <summary>Bytes the journal may take at most; what happens there, <see cref="WhenFull"/> says.</summary>
    public long MaxSize { get; init; } = 4L << 30;

    /// <summary>The oldest segments go, delivered or not, and what a feed lost is named by gap records; or reading from the equipment waits.</summary>
    public JournalFullChoice WhenFull { get; init; }

    /// <summary>Samples that every feed has delivered are kept up to this size, for replay and inspection; half of <see cref="MaxSize"/> where it is not given.</summary>
    public long KeepSize { get; init; } = 2L << 30;

    /// <summary>Samples that every feed has delivered go at this age.</summary>
    public TimeSpan MaxAge { get; init; } = TimeSpan.FromDays(7);

    /// <summary>Longest time between an append and the flush to the disk itself: what a power cut may cost. A kill of the process costs nothing.</summary>
    public TimeSpan Flush { get; init; } = TimeSpan.FromMilliseconds(100);

    public ConfigSource Source { get; init; } = ConfigSource.Defaults;
}
