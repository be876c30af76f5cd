namespace FloorGateway.Configuration;

/// <summary>One feed: a cursor in the journal and a destination. The type says which.</summary>
public abstract record FeedSettings
{
    public required string Name { get; init; }

    /// <summary>The word under <c>type</c>.</summary>
    public abstract string Type { get; }

    /// <summary>Samples that one delivery may hold at most.</summary>
    public int Batch { get; init; }

    public ConfigSource Source { get; init; } = ConfigSource.Defaults;
}
