namespace FloorGateway.Pipeline.Journal;

/// <summary>Where the journal lies and how much of it is kept.</summary>
public sealed record JournalOptions
{
    /// <summary>Folder of the segment files; made where it is missing.</summary>
    public required string Folder { get; init; }

    /// <summary>A segment is closed at this size. Retention works on whole segments: a smaller one gives disk space back in finer steps. Bytes.</summary>
    public long SegmentBytes { get; init; } = 64L << 20;

    /// <summary>Samples that every feed has delivered are kept this long, for replay and inspection.</summary>
    public TimeSpan KeepFor { get; init; } = TimeSpan.FromDays(1);

    /// <summary>Samples that every feed has delivered are kept up to this size. Bytes.</summary>
    public long KeepBytes { get; init; } = 2L << 30;

    /// <summary>Hard limit: above it the oldest segments go, delivered or not; every feed that loses samples gets gap records. Bytes.</summary>
    public long MaxBytes { get; init; } = 20L << 30;

    /// <summary>
    /// How often what was written is forced to the disk. A kill of the process loses nothing whatever this says; a power cut loses at most this much.
    /// Zero = before every acknowledgement.
    /// </summary>
    public TimeSpan FlushInterval { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>How often alive marks are written while nothing else is: how tightly the gap after a kill is named.</summary>
    public TimeSpan AliveInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How often retention looks at the folder, besides at each new segment.</summary>
    public TimeSpan RetentionInterval { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Batches that may wait for the writer; more wait in AppendAsync.</summary>
    public int QueueBatches { get; init; } = 1024;
}
