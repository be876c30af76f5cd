namespace FloorGateway.OpcUa.Client.Subscriptions;

/// <summary>
/// What a later run needs to take the subscription over. Store it together with the data it covers: everything up to
/// <paramref name="LastSequence"/> counts as safe, and what came after is asked for again.
/// </summary>
/// <param name="SubscriptionId">The server's id.</param>
/// <param name="LastSequence">The last notification message that is safe; 0 = none yet.</param>
/// <param name="LastPublishTicks">The server's time of it, UTC ticks.</param>
/// <param name="ItemsHash">Tells whether the items are still the same; a subscription with other items is not taken over.</param>
/// <param name="ServerStartTicks">When the server had started; after a restart its ids may belong to others. 0 = not known.</param>
public sealed record SubscriptionCheckpoint(uint SubscriptionId, uint LastSequence, long LastPublishTicks, ulong ItemsHash, long ServerStartTicks = 0);
