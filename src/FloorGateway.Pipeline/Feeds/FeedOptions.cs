namespace FloorGateway.Pipeline.Feeds;

/// <summary>Where a feed without a cursor begins.</summary>
public enum FeedStart
{
    /// <summary>With what is appended from now on.</summary>
    Tail,

    /// <summary>With the oldest sample still in the journal.</summary>
    Head,
}

/// <summary>How a feed follows the journal.</summary>
public sealed record FeedOptions
{
    /// <summary>Where a feed that is new begins.</summary>
    public FeedStart StartAt { get; init; } = FeedStart.Tail;

    /// <summary>Wait after the first failed delivery; doubled with each further one.</summary>
    public TimeSpan RetryFirst { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>Longest wait between attempts, unless the destination asks for more.</summary>
    public TimeSpan RetryMost { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long to gather samples while a batch is not full: fewer, larger deliveries at this much more latency.</summary>
    public TimeSpan Linger { get; init; } = TimeSpan.Zero;

    /// <summary>
    /// A feed whose next sample is older than this, with more than two batches waiting, goes on with the live samples and delivers what waits beside them. Null = strictly
    /// in the journal's order. Well above the hiccups of a healthy destination, well below what an operator takes for a frozen screen.
    /// </summary>
    public TimeSpan? LiveAfter { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Samples a second of what waited, beside the live ones; 0 = as fast as the destination takes them.</summary>
    public int CatchUpRate { get; init; }

    /// <summary>Begins without delivering: what comes waits in the journal.</summary>
    public bool Paused { get; init; }

    /// <summary>What of the samples the destination gets.</summary>
    public FeedFilterOptions Filter { get; init; } = FeedFilterOptions.All;

    /// <summary>The dead-letter file is set aside (one older generation is kept) above this size. Bytes.</summary>
    public long DeadLetterBytes { get; init; } = 64L << 20;
}
