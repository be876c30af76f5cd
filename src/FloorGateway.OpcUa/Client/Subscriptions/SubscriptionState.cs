namespace FloorGateway.OpcUa.Client.Subscriptions;

/// <summary>Where a <see cref="ResilientSubscription"/> stands.</summary>
public enum SubscriptionState
{
    /// <summary>Not started, or stopped for good.</summary>
    Stopped,

    /// <summary>A connection, session or subscription is being made.</summary>
    Connecting,

    /// <summary>The lost session or subscription is being taken up again.</summary>
    Recovering,

    /// <summary>Data flows.</summary>
    Running,

    /// <summary>The last attempt failed; the next one comes after a delay.</summary>
    Waiting,
}
