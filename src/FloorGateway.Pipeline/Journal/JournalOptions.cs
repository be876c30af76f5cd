namespace FloorGateway.Pipeline.Journal;

/// <summary>What gives way when the journal is full.</summary>
public enum JournalFullPolicy
{
    /// <summary>The oldest samples: every feed that loses some gets gap records.</summary>
    EvictOldest,

    /// <summary>The newest: appends wait, so that the equipment's servers keep what they have until there is room or their queues run over.</summary>
    Wait,
}

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

    /// <summary>Hard limit. What happens there, <see cref="WhenFull"/> says. Bytes.</summary>
    public long MaxBytes { get; init; } = 20L << 30;

    /// <summary>What gives way when the journal has reached <see cref="MaxBytes"/>, or the disk is full, and a feed still needs all that is there.</summary>
    public JournalFullPolicy WhenFull { get; init; }

    /// <summary>How often an append that waits for room is tried again.</summary>
    public TimeSpan FullRetryInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Closed segments are packed: written again as columns, a half of the size to a seventh (a plant's). Those below this size are left as they are: not worth a file's while. Bytes.</summary>
    public long PackAbove { get; init; } = 1L << 20;

    /// <summary>
    /// Samples of a block in a packed segment, at most 2^20. More is smaller, because a tag's values are written against its values before; and it is what one damaged
    /// byte costs, and 40 bytes each in the memory of a feed that catches up.
    /// </summary>
    public int PackedBlockSamples { get; init; } = 256 << 10;

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
