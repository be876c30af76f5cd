namespace FloorGateway.OpcUa.Server;

/// <summary>What one server grants. Each limit is published in ServerCapabilities where the standard has a place for it.</summary>
public sealed record ServerLimits
{
    /// <summary>Sessions at a time; enough for a gateway, two engineering clients per shift and reconnects in flight.</summary>
    public int MaxSessions { get; init; } = 50;

    /// <summary>Connections at a time: twice the sessions, for reconnects in flight, discovery and those that are turned away.</summary>
    public int MaxConnections { get; init; } = 100;

    /// <summary>Connections of one IPv4 address or IPv6 /64 network.</summary>
    public int MaxConnectionsPerAddress { get; init; } = 50;

    /// <summary>Open channels without an activated session; one more costs the oldest of them.</summary>
    public int MaxChannelsWithoutSession { get; init; } = 50;

    /// <summary>What guessing passwords costs.</summary>
    public LoginLimits Logins { get; init; } = new();

    /// <summary>Shortest session timeout granted: below it a busy client loses its session between two keep-alives.</summary>
    public TimeSpan MinSessionTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Longest session timeout granted; a dead client holds its session this long.</summary>
    public TimeSpan MaxSessionTimeout { get; init; } = TimeSpan.FromHours(1);

    public int MaxNodesPerRead { get; init; } = 10_000;

    public int MaxNodesPerWrite { get; init; } = 10_000;

    public int MaxNodesPerHistoryRead { get; init; } = 100;

    /// <summary>Values of one node in one HistoryRead; more come by continuation points.</summary>
    public int MaxValuesPerHistoryRead { get; init; } = 10_000;

    public int MaxNodesPerMethodCall { get; init; } = 100;

    public int MaxNodesPerBrowse { get; init; } = 5_000;

    public int MaxNodesPerRegisterNodes { get; init; } = 10_000;

    public int MaxNodesPerTranslateBrowsePaths { get; init; } = 5_000;

    /// <summary>References in one BrowseResult; more come by BrowseNext.</summary>
    public int MaxReferencesPerNode { get; init; } = 5_000;

    /// <summary>References in one response over all its nodes; keeps a response to a few megabytes whatever is browsed.</summary>
    public int MaxReferencesPerBrowse { get; init; } = 50_000;

    /// <summary>Continuation points of one session; those of earlier requests give way.</summary>
    public int MaxBrowseContinuationPoints { get; init; } = 100;

    /// <summary>Continuation points of HistoryRead of one session: one for each node of a call.</summary>
    public int MaxHistoryContinuationPoints { get; init; } = 100;

    public int MaxMonitoredItemsPerCall { get; init; } = 10_000;

    public int MaxSubscriptionsPerSession { get; init; } = 50;

    public int MaxSubscriptions { get; init; } = 200;

    /// <summary>One subscription may watch the whole plant.</summary>
    public int MaxMonitoredItemsPerSubscription { get; init; } = 200_000;

    public int MaxMonitoredItems { get; init; } = 500_000;

    /// <summary>Values waiting in one item; queues grow only when needed.</summary>
    public int MaxQueueSize { get; init; } = 10_000;

    /// <summary>Events waiting in one item whose client leaves the size to the server. A refresh brings every alarm of the plant at once.</summary>
    public int DefaultEventQueueSize { get; init; } = 1_000;

    /// <summary>Fewest events waiting in one item: a client that asks for 1 means "the least you have" (OPC 10000-4, 7.21).</summary>
    public int MinEventQueueSize { get; init; } = 10;

    /// <summary>Fields that an event filter may select. All fields of all types of the standard are some 400.</summary>
    public int MaxSelectClauses { get; init; } = 1_000;

    /// <summary>Elements of a where clause; each is computed for every event.</summary>
    public int MaxWhereElements { get; init; } = 200;

    /// <summary>Operands of all elements of a where clause together; lists of sources may be long.</summary>
    public int MaxWhereOperands { get; init; } = 2_000;

    /// <summary>Sum of the queue sizes of all items, times the fields of an event where they hold events; when it is used up, new queues get what is left, at least one. Bounds the memory of silent clients at about 60 bytes each.</summary>
    public long MaxQueuedValues { get; init; } = 20_000_000;

    /// <summary>Publish requests waiting in one session; one more is answered with BadTooManyPublishRequests to the oldest.</summary>
    public int MaxPublishRequestsPerSession { get; init; } = 50;

    /// <summary>Messages kept for Republish in one subscription. A client that journals before it acknowledges needs a few seconds' worth.</summary>
    public int MaxRetransmissionMessages { get; init; } = 200;

    /// <summary>Bytes of those messages in one subscription; the newest is kept in any case.</summary>
    public int MaxRetransmissionBytes { get; init; } = 32 * 1024 * 1024;

    /// <summary>Notifications in one message where the client sets no limit.</summary>
    public int MaxNotificationsPerPublish { get; init; } = 50_000;

    /// <summary>Milliseconds.</summary>
    public double MinPublishingInterval { get; init; } = 10;

    /// <summary>Milliseconds.</summary>
    public double MaxPublishingInterval { get; init; } = 3_600_000;

    /// <summary>Milliseconds between two samplings of variables that must be read to know their value. Others report as they change at interval 0.</summary>
    public double MinSamplingInterval { get; init; } = 10;

    /// <summary>Milliseconds. Without an upper limit a client could ask for one beyond the clock's range.</summary>
    public double MaxSamplingInterval { get; init; } = 86_400_000;

    /// <summary>Publishing intervals without a publish request until a subscription expires: the upper limit.</summary>
    public uint MaxLifetimeCount { get; init; } = 100_000;

    public uint MaxKeepAliveCount { get; init; } = 30_000;
}
