namespace FloorGateway.OpcUa.Client.Subscriptions;

/// <summary>
/// What a server can take, where it does not say so itself or says more than it can. The server's own limits (OperationLimits, ServerCapabilities;
/// OPC 10000-5, 6.3) are obeyed on top of these: the smaller one counts. 0 = no limit of ours.
/// </summary>
public sealed record ServerProfile
{
    /// <summary>Monitored items in one subscription. Ten thousand: a message with all of them stays near 300 kB.</summary>
    public int MaxItemsPerSubscription { get; init; } = 10_000;

    /// <summary>Subscriptions in the session. Fewer than wanted are filled beyond <see cref="MaxItemsPerSubscription"/>.</summary>
    public int MaxSubscriptions { get; init; }

    /// <summary>Monitored items created in one call.</summary>
    public int MaxItemsPerCall { get; init; }

    /// <summary>Nothing is sampled faster: small controllers sample in the time they have left for control.</summary>
    public TimeSpan MinSamplingInterval { get; init; }

    /// <summary>Publish requests waiting at the server, over all subscriptions.</summary>
    public int MaxPublishRequests { get; init; }

    /// <summary>A controller of the smaller kind: short calls, few subscriptions and requests, and no sampling below 100 ms.</summary>
    public static ServerProfile SmallController { get; } = new()
    {
        MaxItemsPerSubscription = 1000,
        MaxSubscriptions = 5,
        MaxItemsPerCall = 100,
        MinSamplingInterval = TimeSpan.FromMilliseconds(100),
        MaxPublishRequests = 5,
    };

    /// <summary>The smaller of two limits, where 0 is none.</summary>
    internal static int Smaller(int one, int other) => one <= 0 ? Math.Max(other, 0) : other <= 0 ? one : Math.Min(one, other);
}
