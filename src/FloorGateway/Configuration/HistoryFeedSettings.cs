namespace FloorGateway.Configuration;

/// <summary>The embedded history that trends are drawn from. On by default.</summary>
public sealed record HistoryFeedSettings : FeedSettings
{
    public override string Type => "history";

    /// <summary>Age at which stored samples go.</summary>
    public TimeSpan Retention { get; init; } = TimeSpan.FromDays(30);

    /// <summary>Bytes that samples and roll-ups may take; null = no limit.</summary>
    public long? MaxSize { get; init; }
}
