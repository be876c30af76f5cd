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

    /// <summary>The dead-letter file is set aside (one older generation is kept) above this size. Bytes.</summary>
    public long DeadLetterBytes { get; init; } = 64L << 20;
}
