namespace FloorGateway.Configuration;

/// <summary>How much the journal keeps, and how soon it is on disk.</summary>
public sealed record JournalSettings
{
    /// <summary>Bytes after which a new segment file begins; retention removes whole segments.</summary>
    public long SegmentSize { get; init; } = 64L << 20;

    /// <summary>Bytes the journal may take; beyond it the oldest segment goes, delivered or not (what a feed lost is a gap record).</summary>
    public long MaxSize { get; init; } = 4L << 30;

    /// <summary>Age at which a segment goes.</summary>
    public TimeSpan MaxAge { get; init; } = TimeSpan.FromDays(7);

    /// <summary>Longest time between an append and the flush to the disk itself: what a power cut may cost. A kill of the process costs nothing.</summary>
    public TimeSpan Flush { get; init; } = TimeSpan.FromMilliseconds(100);

    public ConfigSource Source { get; init; } = ConfigSource.Defaults;
}
