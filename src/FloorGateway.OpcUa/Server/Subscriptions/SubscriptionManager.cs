using FloorGateway.OpcUa.Types;

namespace FloorGateway.OpcUa.Server.Subscriptions;

/// <summary>
/// All subscriptions of a server. One lock guards them; producers of values do not take it. <see cref="Tick"/> does all that is
/// due and says when to come again, so one task drives any number of subscriptions.
/// </summary>
internal sealed partial class SubscriptionManager(ServerLimits limits, TimeProvider clock)
{
    private readonly long started = clock.GetTimestamp();
    private readonly Lock gate = new();
    private readonly Dictionary<uint, Subscription> subscriptions = [];
    private readonly List<Subscription> due = [];
    private uint nextId = (uint)Random.Shared.Next(1, 1_000_000); // so that a client does not mistake a restarted server's for its own
    private int itemCount;
    private long queuedValues;

    /// <summary>Called when something may fall due earlier than <see cref="Tick"/> said.</summary>
    public Action? Wake { get; set; }

    public int Count
    {
        get
        {
            lock (gate)
                return subscriptions.Count;
        }
    }

    /// <summary>Different sampling intervals that are in use, for tests and diagnostics.</summary>
    public int SamplingGroupCount
    {
        get
        {
            lock (gate)
                return subscriptions.Values.Sum(s => s.Groups.Count);
        }
    }

    // Counted from the start: as a difference of small numbers it is exact.
    private long Now => clock.GetElapsedTime(started).Ticks;

    private long UtcNow => clock.GetUtcNow().UtcTicks;

    public CreateSubscriptionResponse Create(Session session, CreateSubscriptionRequest request)
    {
        lock (gate)
        {
            if (session.IsClosed)
                return new CreateSubscriptionResponse().Fail(StatusCodes.BadSessionClosed);
            if (session.Subscriptions.Count >= limits.MaxSubscriptionsPerSession || subscriptions.Count >= limits.MaxSubscriptions)
                return new CreateSubscriptionResponse().Fail(StatusCodes.BadTooManySubscriptions);
            var interval = ReviseInterval(request.RequestedPublishingInterval);
            var (keepAlive, lifetime) = ReviseCounts(request.RequestedMaxKeepAliveCount, request.RequestedLifetimeCount);
            var subscription = new Subscription(++nextId, new SubscriptionMachine(keepAlive, lifetime, request.PublishingEnabled))
            {
                Session = session,
                Owner = session.Owner,
                Rights = session.Rights,
                PublishingInterval = interval,
                MaxKeepAliveCount = keepAlive,
                LifetimeCount = lifetime,
                MaxNotificationsPerPublish = ReviseNotifications(request.MaxNotificationsPerPublish),
                Priority = request.Priority,
                Due = Now + ToTicks(interval),
            };
            subscriptions.Add(subscription.Id, subscription);
            session.Subscriptions.Add(subscription);
            Wake?.Invoke();
            return new CreateSubscriptionResponse
            {
                SubscriptionId = subscription.Id,
                RevisedPublishingInterval = interval,
                RevisedMaxKeepAliveCount = keepAlive,
                RevisedLifetimeCount = lifetime,
            };
        }
    }

    public ModifySubscriptionResponse Modify(Session session, ModifySubscriptionRequest request)
    {
        lock (gate)
        {
            if (Find(session, request.SubscriptionId) is not { } subscription)
                return new ModifySubscriptionResponse().Fail(StatusCodes.BadSubscriptionIdInvalid);
            subscription.Counters.Modified++;
            subscription.PublishingInterval = ReviseInterval(request.RequestedPublishingInterval);
            (subscription.MaxKeepAliveCount, subscription.LifetimeCount) = ReviseCounts(request.RequestedMaxKeepAliveCount, request.RequestedLifetimeCount);
            subscription.MaxNotificationsPerPublish = ReviseNotifications(request.MaxNotificationsPerPublish);
            subscription.Priority = request.Priority;
            subscription.Due = Math.Min(subscription.Due, Now + ToTicks(subscription.PublishingInterval));
            subscription.Machine.Modify(subscription.MaxKeepAliveCount, subscription.LifetimeCount);
            Wake?.Invoke();
            return new ModifySubscriptionResponse
            {
                RevisedPublishingInterval = subscription.PublishingInterval,
                RevisedMaxKeepAliveCount = subscription.MaxKeepAliveCount,
                RevisedLifetimeCount = subscription.LifetimeCount,
            };
        }
    }

    public SetPublishingModeResponse SetPublishingMode(Session session, SetPublishingModeRequest request)
    {
        if (CheckedIds(request.SubscriptionIds) is { IsBad: true } refused)
            return new SetPublishingModeResponse().Fail(refused);
        lock (gate)
        {
            var results = new StatusCode[request.SubscriptionIds.Length];
            for (var i = 0; i < results.Length; i++)
            {
                if (Find(session, request.SubscriptionIds[i]) is not { } subscription)
                {
                    results[i] = StatusCodes.BadSubscriptionIdInvalid;
                    continue;
                }

                subscription.Machine.SetPublishingEnabled(request.PublishingEnabled);
                if (request.PublishingEnabled)
                    subscription.Counters.Enabled++;
                else
                    subscription.Counters.Disabled++;
            }

            return new SetPublishingModeResponse { Results = results };
        }
    }

    public DeleteSubscriptionsResponse Delete(Session session, DeleteSubscriptionsRequest request)
    {
        if (CheckedIds(request.SubscriptionIds) is { IsBad: true } refused)
            return new DeleteSubscriptionsResponse().Fail(refused);
        lock (gate)
        {
            var results = new StatusCode[request.SubscriptionIds.Length];
            for (var i = 0; i < results.Length; i++)
            {
                if (Find(session, request.SubscriptionIds[i]) is { } subscription)
                    Remove_NeedsLock(subscription);
                else
                    results[i] = StatusCodes.BadSubscriptionIdInvalid;
            }

            RefuseIfNoSubscription_NeedsLock(session);
            return new DeleteSubscriptionsResponse { Results = results };
        }
    }

    public TransferSubscriptionsResponse Transfer(Session session, TransferSubscriptionsRequest request)
    {
        if (CheckedIds(request.SubscriptionIds) is { IsBad: true } refused)
            return new TransferSubscriptionsResponse().Fail(refused);
        lock (gate)
        {
            var results = new TransferResult[request.SubscriptionIds.Length];
            for (var i = 0; i < results.Length; i++)
                results[i] = Transfer_NeedsLock(session, request.SubscriptionIds[i], request.SendInitialValues);
            Wake?.Invoke();
            return new TransferSubscriptionsResponse { Results = results };
        }
    }

    /// <summary>Ends a session's part: its waiting requests are answered; its subscriptions go, or wait for a transfer until they expire.</summary>
    public void CloseSession(Session session, bool deleteSubscriptions)
    {
        lock (gate)
        {
            session.IsClosed = true;
            foreach (var subscription in session.Subscriptions.ToArray())
            {
                if (deleteSubscriptions)
                {
                    Remove_NeedsLock(subscription);
                }
                else
                {
                    subscription.Session = null;
                    session.Subscriptions.Remove(subscription);
                }
            }

            foreach (var pending in session.PublishRequests)
                Refuse(pending, StatusCodes.BadSessionClosed);
            session.PublishRequests.Clear();
        }
    }

    /// <summary>Ends everything: the server stops.</summary>
    public void CloseAll()
    {
        lock (gate)
        {
            foreach (var subscription in subscriptions.Values.ToArray())
                Remove_NeedsLock(subscription);
        }
    }

    /// <summary>Forgets publish requests that can't be answered any more.</summary>
    public void ChannelClosed(Session session, IServerChannel channel)
    {
        lock (gate)
        {
            for (var node = session.PublishRequests.First; node is not null;)
            {
                var next = node.Next;
                if (ReferenceEquals(node.Value.Channel, channel))
                    session.PublishRequests.Remove(node);
                node = next;
            }
        }
    }

    /// <summary>The handles of the monitored items of a subscription (OPC 10000-5, 9.1).</summary>
    public StatusCode GetMonitoredItems(NodeId sessionId, uint subscriptionId, out uint[] serverHandles, out uint[] clientHandles)
    {
        lock (gate)
        {
            serverHandles = clientHandles = [];
            if (!subscriptions.TryGetValue(subscriptionId, out var subscription))
                return StatusCodes.BadSubscriptionIdInvalid;
            if (subscription.Session?.Id != sessionId)
                return StatusCodes.BadUserAccessDenied;
            serverHandles = [.. subscription.Items.Keys, .. subscription.EventItems.Keys];
            clientHandles = [.. subscription.Items.Values.Select(i => i.ClientHandle), .. subscription.EventItems.Values.Select(i => i.ClientHandle)];
            return StatusCodes.Good;
        }
    }

    /// <summary>Sends the present values of a subscription's reporting items again (OPC 10000-5, 9.2).</summary>
    public StatusCode ResendData(NodeId sessionId, uint subscriptionId)
    {
        lock (gate)
        {
            if (!subscriptions.TryGetValue(subscriptionId, out var subscription))
                return StatusCodes.BadSubscriptionIdInvalid;
            if (subscription.Session?.Id != sessionId)
                return StatusCodes.BadUserAccessDenied;
            subscription.ResendData();
            return StatusCodes.Good;
        }
    }

    private TransferResult Transfer_NeedsLock(Session session, uint subscriptionId, bool sendInitialValues)
    {
        if (!subscriptions.TryGetValue(subscriptionId, out var subscription))
            return new TransferResult { StatusCode = StatusCodes.BadSubscriptionIdInvalid };
        if (subscription.Owner != session.Owner)
            return new TransferResult { StatusCode = StatusCodes.BadUserAccessDenied };
        subscription.Machine.ResetLifetime();
        subscription.Counters.TransferRequests++;
        if (subscription.Session != session)
        {
            if (session.Subscriptions.Count >= limits.MaxSubscriptionsPerSession)
                return new TransferResult { StatusCode = StatusCodes.BadTooManySubscriptions };
            if (subscription.Session is { } old)
            {
                old.Subscriptions.Remove(subscription);
                EndFor_NeedsLock(old, subscription, StatusCodes.GoodSubscriptionTransferred);
                RefuseIfNoSubscription_NeedsLock(old);
            }

            subscription.Session = session;
            session.Subscriptions.Add(subscription);
            subscription.Counters.TransferredToSameClient++; // only its owner gets it
        }

        if (sendInitialValues)
            subscription.ResendData();
        return new TransferResult { AvailableSequenceNumbers = subscription.AvailableSequenceNumbers };
    }

    // Tells a session that a subscription is no longer its own, now or with its next publish request.
    private void EndFor_NeedsLock(Session session, Subscription subscription, StatusCode reason)
    {
        if (session.PublishRequests.First is { } first)
        {
            session.PublishRequests.RemoveFirst();
            Send(first.Value, PublishEncoder.EncodeStatusChange(first.Value, subscription.Id, subscription.NextSequenceNumber, reason, UtcNow));
        }
        else if (session.StatusChanges.Count < limits.MaxSubscriptions)
        {
            session.StatusChanges.Enqueue((subscription.Id, subscription.NextSequenceNumber, reason));
        }
    }

    private void Remove_NeedsLock(Subscription subscription)
    {
        subscriptions.Remove(subscription.Id);
        subscription.Session?.Subscriptions.Remove(subscription);
        foreach (var item in subscription.Items.Values.ToArray())
            Remove_NeedsLock(subscription, item);
        foreach (var item in subscription.EventItems.Values.ToArray())
            Remove_NeedsLock(subscription, item);
        subscription.Close();
    }

    private void RefuseIfNoSubscription_NeedsLock(Session session)
    {
        if (session.Subscriptions.Count != 0)
            return;
        foreach (var pending in session.PublishRequests)
            Refuse(pending, StatusCodes.BadNoSubscription);
        session.PublishRequests.Clear();
    }

    private Subscription? Find(Session session, uint id)
    {
        if (!subscriptions.TryGetValue(id, out var subscription) || subscription.Session != session)
            return null;
        subscription.Machine.ResetLifetime();
        return subscription;
    }

    // Each id costs work under the lock, and nothing says that a client names each but once.
    private StatusCode CheckedIds(uint[] ids)
    {
        if (ids.Length == 0)
            return StatusCodes.BadNothingToDo;
        return ids.Length > limits.MaxSubscriptions ? StatusCodes.BadTooManyOperations : StatusCodes.Good;
    }

    private double ReviseInterval(double requested) =>
        double.IsNaN(requested) ? limits.MinPublishingInterval : Math.Clamp(requested, limits.MinPublishingInterval, limits.MaxPublishingInterval);

    // The lifetime is at least three keep-alives (5.14.2.2).
    private (uint KeepAlive, uint Lifetime) ReviseCounts(uint keepAlive, uint lifetime)
    {
        keepAlive = Math.Clamp(keepAlive == 0 ? 10 : keepAlive, 1, limits.MaxKeepAliveCount);
        return (keepAlive, Math.Max(Math.Min(lifetime, limits.MaxLifetimeCount), keepAlive * 3));
    }

    private int ReviseNotifications(uint requested) =>
        requested == 0 ? limits.MaxNotificationsPerPublish : (int)Math.Min(requested, (uint)limits.MaxNotificationsPerPublish);

    private static long ToTicks(double milliseconds) => (long)(milliseconds * TimeSpan.TicksPerMillisecond);
}
