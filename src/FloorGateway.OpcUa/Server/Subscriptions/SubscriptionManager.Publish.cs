using FloorGateway.OpcUa.SecureChannel;
using FloorGateway.OpcUa.Types;

namespace FloorGateway.OpcUa.Server.Subscriptions;

internal sealed partial class SubscriptionManager
{
    /// <summary>The longest time <see cref="Tick"/> lets pass: requests and sessions time out to about a second.</summary>
    private static readonly long MaxWait = TimeSpan.TicksPerSecond;

    /// <summary>Takes a publish request; it is answered through its channel, now or later (5.14.5).</summary>
    public void Publish(Session session, IServerChannel channel, uint requestId, PublishRequest request)
    {
        lock (gate)
        {
            var tooMany = request.SubscriptionAcknowledgements.Length > limits.MaxRetransmissionMessages * limits.MaxSubscriptionsPerSession;
            var results = new StatusCode[tooMany ? 0 : request.SubscriptionAcknowledgements.Length];
            for (var i = 0; i < results.Length; i++)
                results[i] = Acknowledge(session, request.SubscriptionAcknowledgements[i]);
            var timeout = request.RequestHeader.TimeoutHint;
            var pending = new PendingPublish(
                channel, requestId, request.RequestHeader.RequestHandle, results, timeout == 0 ? long.MaxValue : Now + (timeout * TimeSpan.TicksPerMillisecond));
            if (session.IsClosed || tooMany)
            {
                Refuse(pending, tooMany ? StatusCodes.BadTooManyOperations : StatusCodes.BadSessionClosed);
            }
            else if (session.StatusChanges.TryDequeue(out var change))
            {
                Send(pending, PublishEncoder.EncodeStatusChange(pending, change.SubscriptionId, change.SequenceNumber, change.Status, UtcNow));
            }
            else if (session.Subscriptions.Count == 0)
            {
                Refuse(pending, StatusCodes.BadNoSubscription);
            }
            else
            {
                session.PublishRequests.AddLast(pending);
                if (session.PublishRequests.Count > limits.MaxPublishRequestsPerSession)
                {
                    // 5.14.5.1: the oldest request gives way.
                    Refuse(session.PublishRequests.First!.Value, StatusCodes.BadTooManyPublishRequests);
                    session.PublishRequests.RemoveFirst();
                }

                OfferRequest(session);
            }
        }
    }

    /// <summary>Answers waiting publish requests that the client no longer wants (5.7.5); all others are answered at once anyway.</summary>
    public CancelResponse Cancel(Session session, CancelRequest request)
    {
        lock (gate)
        {
            uint count = 0;
            for (var node = session.PublishRequests.First; node is not null;)
            {
                var next = node.Next;
                if (node.Value.RequestHandle == request.RequestHandle)
                {
                    session.PublishRequests.Remove(node);
                    Refuse(node.Value, StatusCodes.BadRequestCancelledByClient);
                    count++;
                }

                node = next;
            }

            return new CancelResponse { CancelCount = count };
        }
    }

    public RepublishResponse Republish(Session session, RepublishRequest request, out MessageBody? encoded)
    {
        encoded = null;
        lock (gate)
        {
            if (Find(session, request.SubscriptionId) is not { } subscription)
                return new RepublishResponse().Fail(StatusCodes.BadSubscriptionIdInvalid);
            subscription.Counters.RepublishRequests++;
            if (subscription.FindMessage(request.RetransmitSequenceNumber) is not { } message)
                return new RepublishResponse().Fail(StatusCodes.BadMessageNotAvailable);
            subscription.Counters.RepublishedMessages++;

            // The message is its last field, so the response is a header and the very bytes that were sent before.
            var body = MessageBody.Rent();
            var writer = new Encoding.UaWriter(body);
            writer.WriteNodeId(new NodeId(RepublishResponse.BinaryId));
            new ResponseHeader { Timestamp = clock.GetUtcNow().UtcDateTime, RequestHandle = request.RequestHeader.RequestHandle }.Encode(ref writer);
            writer.WriteRaw(message.Written);
            writer.Flush();
            encoded = body;
            return new RepublishResponse();
        }
    }

    /// <summary>Samples, publishes and expires what is due.</summary>
    /// <returns>How long until the next call is needed.</returns>
    public TimeSpan Tick()
    {
        lock (gate)
        {
            var now = Now;
            var next = now + MaxWait;
            due.Clear();
            foreach (var subscription in subscriptions.Values)
            {
                foreach (var group in subscription.Groups)
                {
                    if (group.Due <= now)
                    {
                        group.Sample();
                        group.Due = NextDue(group.Due, group.Interval, now);
                    }

                    next = Math.Min(next, group.Due);
                }

                if (subscription.Due <= now)
                {
                    due.Add(subscription);
                    subscription.Due = NextDue(subscription.Due, subscription.PublishingInterval, now);
                }

                next = Math.Min(next, subscription.Due);
            }

            due.Sort(static (a, b) => b.Priority.CompareTo(a.Priority));
            foreach (var subscription in due)
                OnTimer(subscription);
            return TimeSpan.FromTicks(Math.Max(next - Now, 0));
        }
    }

    /// <summary>Answers publish requests of a session that waited longer than their client does.</summary>
    public void ExpireRequests(Session session)
    {
        lock (gate)
        {
            var now = Now;
            for (var node = session.PublishRequests.First; node is not null;)
            {
                var next = node.Next;
                if (node.Value.Deadline <= now)
                {
                    session.PublishRequests.Remove(node);
                    Refuse(node.Value, StatusCodes.BadTimeout);
                }

                node = next;
            }
        }
    }

    private void OnTimer(Subscription subscription)
    {
        var session = subscription.Session;
        var action = subscription.Machine.OnTimer(session?.PublishRequests.First is not null, subscription.NotificationsAvailable);
        if (action == SubscriptionAction.Expire)
        {
            Remove_NeedsLock(subscription);
            if (session is not null)
                EndFor_NeedsLock(session, subscription, StatusCodes.BadTimeout);
        }
        else if (session is not null)
        {
            Act(session, subscription, action);
        }
    }

    // 5.14.1.2: a request goes first to a subscription that is late or has more to say; of several, by priority.
    private void OfferRequest(Session session)
    {
        while (session.PublishRequests.First is not null)
        {
            Subscription? chosen = null;
            foreach (var subscription in session.Subscriptions)
            {
                if (subscription.Machine.WantsRequest && (chosen is null || subscription.Priority > chosen.Priority))
                    chosen = subscription;
            }

            if (chosen is null)
                return;
            var waiting = session.PublishRequests.Count;
            Act(session, chosen, chosen.Machine.OnPublishRequest(chosen.NotificationsAvailable));
            if (session.PublishRequests.Count == waiting)
                return;
        }
    }

    private void Act(Session session, Subscription subscription, SubscriptionAction action)
    {
        if (action == SubscriptionAction.ReturnKeepAlive)
            SendKeepAlive(session, subscription);
        if (action != SubscriptionAction.ReturnNotifications)
            return;
        var sent = false;
        do
        {
            var utcNow = UtcNow;
            if (subscription.TakeNotifications(utcNow, limits, LargestMessage(session)) is not { } message)
            {
                // What was announced is gone, its item deleted or switched off: the machine counts on a message all the same.
                if (!sent)
                    SendKeepAlive(session, subscription);
                return;
            }

            sent = true;
            var pending = session.PublishRequests.First!.Value;
            session.PublishRequests.RemoveFirst();
            subscription.Counters.PublishRequests++;
            Send(pending, PublishEncoder.Encode(pending, subscription, subscription.Machine.MoreNotifications, message, utcNow));
        }
        while (subscription.Machine.MoreNotifications && session.PublishRequests.First is not null);
    }

    // A message ends with the value that reaches the mark, so the mark lies below what the client takes: by the header, the
    // sequence numbers and a value of ordinary size.
    private int LargestMessage(Session session)
    {
        var client = Math.Min(session.MaxResponseBytes, session.PublishRequests.First!.Value.Channel.MaxResponseBytes);
        return Math.Max(client - 512 - (4 * limits.MaxRetransmissionMessages) - (client / 8), 1024);
    }

    private void SendKeepAlive(Session session, Subscription subscription)
    {
        var pending = session.PublishRequests.First!.Value;
        session.PublishRequests.RemoveFirst();
        Send(pending, PublishEncoder.EncodeKeepAlive(pending, subscription, UtcNow));
    }

    private StatusCode Acknowledge(Session session, SubscriptionAcknowledgement acknowledgement)
    {
        if (Find(session, acknowledgement.SubscriptionId) is not { } subscription)
            return StatusCodes.BadSubscriptionIdInvalid;
        return subscription.Acknowledge(acknowledgement.SequenceNumber) ? StatusCodes.Good : StatusCodes.BadSequenceNumberUnknown;
    }

    private static void Send(PendingPublish pending, MessageBody body) => pending.Channel.Post(pending.RequestId, body);

    private void Refuse(PendingPublish pending, StatusCode reason) => pending.Channel.Post(
        pending.RequestId,
        new ServiceFault { ResponseHeader = new ResponseHeader { Timestamp = clock.GetUtcNow().UtcDateTime, RequestHandle = pending.RequestHandle, ServiceResult = reason } });

    // Keeps its rhythm, but does not try to make up for cycles that were missed.
    private static long NextDue(long last, double interval, long now)
    {
        var step = Math.Max(ToTicks(interval), 1);
        var next = last + step;
        return next > now ? next : now + step - ((now - last) % step);
    }
}
