namespace FloorGateway.OpcUa.Client.Subscriptions;

/// <summary>
/// What a later run needs to take a subscription over. Store it together with the data it covers: everything up to
/// <paramref name="LastSequence"/> counts as safe, and what came after is asked for again.
/// </summary>
/// <param name="SubscriptionId">The server's id.</param>
/// <param name="LastSequence">The last notification message that is safe; 0 = none yet.</param>
/// <param name="LastPublishTicks">The server's time up to which data is complete, UTC .NET ticks.</param>
/// <param name="ItemsHash">Tells whether the items are still the same; a subscription with other items is not taken over.</param>
/// <param name="ServerStartTicks">When the server had started; after a restart its ids may belong to others. 0 = not known.</param>
public sealed record SubscriptionCheckpoint(uint SubscriptionId, uint LastSequence, long LastPublishTicks, ulong ItemsHash, long ServerStartTicks = 0)
{
    /// <summary>The items in it, in their order; null = all of the session's.</summary>
    public IReadOnlyList<uint>? ClientHandles { get; init; }
}

/// <summary>The subscriptions of a session, for a later run to take over.</summary>
public sealed record SessionCheckpoint(IReadOnlyList<SubscriptionCheckpoint> Subscriptions)
{
    /// <summary>The server's namespace array when node ids with bare indexes were first bound; empty = not known.</summary>
    public IReadOnlyList<string> NamespaceUris { get; init; } = [];

    /// <summary>The server, where the session may be on one of several; null = the first.</summary>
    public string? EndpointUrl { get; init; }
}
