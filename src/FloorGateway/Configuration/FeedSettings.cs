using FloorGateway.Pipeline.Feeds;

namespace FloorGateway.Configuration;

/// <summary>One feed: a cursor in the journal and a destination. The type says which.</summary>
public abstract record FeedSettings
{
    public required string Name { get; init; }

    /// <summary>The word under <c>type</c>.</summary>
    public abstract string Type { get; }

    /// <summary>Samples that one delivery may hold at most.</summary>
    public int Batch { get; init; }

    /// <summary>Nothing is delivered; what comes waits in the journal.</summary>
    public bool Paused { get; init; }

    /// <summary>Strictly in the journal's order, also after an outage; false = live samples first, and what waited beside them.</summary>
    public bool InOrder { get; init; }

    /// <summary>Samples a second of what waited, beside the live ones; 0 = as fast as the destination takes them.</summary>
    public int CatchUpRate { get; init; }

    /// <summary>Which samples it gets.</summary>
    public FeedFilterOptions Filter { get; init; } = FeedFilterOptions.All;

    public ConfigSource Source { get; init; } = ConfigSource.Defaults;
}
