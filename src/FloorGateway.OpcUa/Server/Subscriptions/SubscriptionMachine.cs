namespace FloorGateway.OpcUa.Server.Subscriptions;

/// <summary>States of a subscription (OPC 10000-4, 5.14.1.2).</summary>
internal enum SubscriptionState
{
    Normal,
    Late,
    KeepAlive,
    Closed,
}

/// <summary>What the owner of the machine has to do after an event.</summary>
internal enum SubscriptionAction
{
    None,

    /// <summary>Keep the publish request for later.</summary>
    EnqueueRequest,

    /// <summary>Answer a publish request with notifications.</summary>
    ReturnNotifications,

    /// <summary>Answer a publish request with a keep-alive.</summary>
    ReturnKeepAlive,

    /// <summary>Nobody asked for too long: delete the subscription and tell its session, if there is one.</summary>
    Expire,
}

/// <summary>
/// The subscription state table of OPC 10000-4, 5.14.1.2 as a pure machine: an event and what the world looks like give an action.
/// Row numbers in the comments are the table's.
/// </summary>
internal sealed class SubscriptionMachine
{
    private uint maxKeepAliveCount;
    private uint maxLifetimeCount;

    public SubscriptionMachine(uint maxKeepAliveCount, uint maxLifetimeCount, bool publishingEnabled)
    {
        this.maxKeepAliveCount = maxKeepAliveCount;
        this.maxLifetimeCount = maxLifetimeCount;
        PublishingEnabled = publishingEnabled;
        LifetimeCounter = maxLifetimeCount;
        KeepAliveCounter = maxKeepAliveCount;
    }

    public SubscriptionState State { get; private set; } = SubscriptionState.Normal;

    public bool PublishingEnabled { get; private set; }

    /// <summary>True once a notification or keep-alive was sent: the first publishing cycle always sends one.</summary>
    public bool MessageSent { get; private set; }

    /// <summary>True when the last message did not hold all that was queued.</summary>
    public bool MoreNotifications { get; set; }

    /// <summary>Publishing cycles left until a keep-alive is due.</summary>
    public uint KeepAliveCounter { get; private set; }

    /// <summary>Publishing cycles without a publish request left until the subscription expires.</summary>
    public uint LifetimeCounter { get; private set; }

    /// <summary>True when a publish request should be given to this subscription at once.</summary>
    public bool WantsRequest => State == SubscriptionState.Late || (State == SubscriptionState.Normal && PublishingEnabled && MoreNotifications);

    public SubscriptionAction OnPublishRequest(bool notificationsAvailable)
    {
        switch (State)
        {
            case SubscriptionState.Normal when PublishingEnabled && MoreNotifications: // row 5
                return SendNotifications();
            case SubscriptionState.Late when PublishingEnabled && (notificationsAvailable || MoreNotifications): // row 10
                return SendNotifications();
            case SubscriptionState.Late: // row 11
                State = SubscriptionState.KeepAlive;
                return SendKeepAlive();
            case SubscriptionState.Closed:
                return SubscriptionAction.None;
            default: // rows 4 and 13
                return SubscriptionAction.EnqueueRequest;
        }
    }

    /// <summary>The publishing timer expired.</summary>
    /// <param name="requestQueued">A publish request waits in the session.</param>
    /// <param name="notificationsAvailable">At least one monitored item has something to report.</param>
    public SubscriptionAction OnTimer(bool requestQueued, bool notificationsAvailable)
    {
        if (State == SubscriptionState.Closed)
            return SubscriptionAction.None;

        // Rows 12 and 27: the lifetime counts cycles in which no publish request was there, whatever the state.
        if (!requestQueued && --LifetimeCounter == 0)
        {
            State = SubscriptionState.Closed;
            return SubscriptionAction.Expire;
        }

        var toSend = PublishingEnabled && notificationsAvailable;
        switch (State)
        {
            case SubscriptionState.Normal when requestQueued && toSend: // row 6
                return SendNotifications();
            case SubscriptionState.Normal when requestQueued && !MessageSent: // row 7
                return SendKeepAlive();
            case SubscriptionState.Normal when !requestQueued && (!MessageSent || toSend): // row 8
                State = SubscriptionState.Late;
                return SubscriptionAction.None;
            case SubscriptionState.Normal: // row 9
                State = SubscriptionState.KeepAlive;
                KeepAliveCounter = maxKeepAliveCount;
                return CountKeepAlive(requestQueued);
            case SubscriptionState.KeepAlive when toSend && requestQueued: // row 14
                return SendNotifications();
            case SubscriptionState.KeepAlive when toSend: // row 17
                State = SubscriptionState.Late;
                return SubscriptionAction.None;
            case SubscriptionState.KeepAlive: // rows 15, 16, 17
                return CountKeepAlive(requestQueued);
            default:
                return SubscriptionAction.None;
        }
    }

    /// <summary>The client showed that it is alive (rows 18 to 23).</summary>
    public void ResetLifetime() => LifetimeCounter = maxLifetimeCount;

    public void Modify(uint keepAliveCount, uint lifetimeCount)
    {
        maxKeepAliveCount = keepAliveCount;
        maxLifetimeCount = lifetimeCount;
        KeepAliveCounter = Math.Min(KeepAliveCounter, keepAliveCount);
        ResetLifetime();
    }

    public void SetPublishingEnabled(bool enabled)
    {
        PublishingEnabled = enabled;
        MoreNotifications = false;
        ResetLifetime();
    }

    public void Close() => State = SubscriptionState.Closed;

    // The cycle that brings the counter to its end is the one that sends: with a count of 10, every tenth.
    private SubscriptionAction CountKeepAlive(bool requestQueued)
    {
        if (KeepAliveCounter > 1)
        {
            KeepAliveCounter--;
            return SubscriptionAction.None;
        }

        if (requestQueued)
            return SendKeepAlive();
        State = SubscriptionState.Late;
        return SubscriptionAction.None;
    }

    private SubscriptionAction SendNotifications()
    {
        State = SubscriptionState.Normal;
        MessageSent = true;
        ResetLifetime();
        return SubscriptionAction.ReturnNotifications;
    }

    private SubscriptionAction SendKeepAlive()
    {
        MessageSent = true;
        KeepAliveCounter = maxKeepAliveCount;
        ResetLifetime();
        return SubscriptionAction.ReturnKeepAlive;
    }
}
