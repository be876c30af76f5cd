using FloorGateway.OpcUa.Client.Recovery;
using FloorGateway.OpcUa.SecureChannel;
using FloorGateway.OpcUa.Types;
using Microsoft.Extensions.Logging;

namespace FloorGateway.OpcUa.Client.Subscriptions;

/// <summary>
/// Puts one subscription's messages in order, asks for missing ones and hands them to the handler. It outlives connections:
/// what was delivered stays known, so a new connection goes on where the last one broke.
/// </summary>
internal sealed class SubscriptionIntake(ISubscriptionHandler handler, PublishIntake publish, string endpoint, ILogger log)
{
    /// <summary>Missing messages asked for one by one; beyond it the server has surely dropped them.</summary>
    private const int MaxRepublished = 1000;

    private SequenceTracker _tracker = new();
    private long _lastPublishTicks;
    private long _lostSince;
    private int _lost;

    public uint SubscriptionId { get; private set; }

    public uint LastSequence => _tracker.LastDelivered;

    /// <summary>The server's time up to which everything was delivered.</summary>
    public long LastPublishTicks => _lastPublishTicks;

    /// <summary>Told the server's time up to which data is complete.</summary>
    public SubscriptionProgress? Progress { get; set; }

    /// <summary>The items a gap concerns; null = all of the session's.</summary>
    public Func<IReadOnlyList<uint>?> Handles { get; set; } = () => null;

    /// <summary>Starts over for a new subscription, or goes on with one of an earlier run.</summary>
    public void Begin(uint subscriptionId, uint lastSequence, long publishTicks)
    {
        SubscriptionId = subscriptionId;
        _tracker = new SequenceTracker(lastSequence);
        _lastPublishTicks = publishTicks;
        (_lost, _lostSince) = (0, 0);
    }

    /// <summary>Asks for the messages after the last delivered one until the server has no more.</summary>
    /// <param name="client">The session that has the subscription.</param>
    /// <param name="available">What the server says it keeps, or null when that is not known.</param>
    /// <param name="cancel">Ends the asking.</param>
    public async ValueTask<RecoveryEvent> CatchUpAsync(UaClient client, IReadOnlyList<uint>? available, CancellationToken cancel)
    {
        RecoveryEvent? end;
        if (available is null)
        {
            end = await RepublishAsync(client, null, cancel).ConfigureAwait(false);
        }
        else
        {
            var last = LastSequence;
            foreach (var number in available)
            {
                if (SequenceNumber.Distance(last, number) > 0)
                {
                    last = number;
                }
                else if (SequenceNumber.Distance(LastSequence, number) <= 0)
                {
                    // Safe since the earlier run, which could not say so any more.
                    publish.Acknowledgements.Add(SubscriptionId, number);
                }
            }

            end = last == LastSequence ? null : await RepublishAsync(client, SequenceNumber.Next(last), cancel).ConfigureAwait(false);
        }

        return end ?? new RecoveryEvent(RecoveryEventKind.Republished);
    }

    /// <summary>Deals with one message of the subscription. Gives why publishing can't go on, or null.</summary>
    public async ValueTask<RecoveryEvent?> JudgeAsync(Notification notification, UaClient client, CancellationToken cancel)
    {
        var sequence = notification.SequenceNumber;
        if (notification.IsKeepAlive)
        {
            if (_tracker.OnKeepAlive(sequence) && await RepublishAsync(client, sequence, cancel).ConfigureAwait(false) is { } end)
            {
                return end;
            }

            CloseGap(notification.PublishTicks);
            Good(notification);
            return null;
        }

        var verdict = _tracker.OnMessage(sequence);
        if (verdict == SequenceVerdict.Duplicate)
        {
            return null;
        }

        if (verdict == SequenceVerdict.Missing && await RepublishAsync(client, sequence, cancel).ConfigureAwait(false) is { } failed)
        {
            return failed;
        }

        return await DeliverAsync(notification).ConfigureAwait(false);
    }

    private async ValueTask<RecoveryEvent?> DeliverAsync(Notification notification)
    {
        if (notification.StatusChange is { } status)
        {
            notification.Acknowledge();
            _tracker.Advance(notification.SequenceNumber);

            // GoodSubscriptionTransferred is for the session that lost the subscription, but some servers leave it for the one that
            // took it. When it is true, the next Publish is answered with BadNoSubscription, and that is what counts.
            return status.IsBad
                ? new RecoveryEvent(RecoveryEventKind.SubscriptionLost, status, $"the server ended the subscription ({status})")
                : null;
        }

        CloseGap(notification.PublishTicks);
        try
        {
            await handler.OnNotificationAsync(notification).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            ClientLog.ConsumerFailed(log, endpoint, notification.SequenceNumber, e);
            return new RecoveryEvent(RecoveryEventKind.ConsumerFailed, StatusCodes.BadUnexpectedError, $"notification {notification.SequenceNumber} could not be taken ({e.Message}); it will be asked for again");
        }

        _tracker.Advance(notification.SequenceNumber);
        Good(notification);
        return null;
    }

    /// <summary>Asks for everything from the expected message up to <paramref name="end"/>, or without it until there is no more.</summary>
    private async ValueTask<RecoveryEvent?> RepublishAsync(UaClient client, uint? end, CancellationToken cancel)
    {
        var missing = end is { } to ? SequenceNumber.Distance(_tracker.Expected, to) : MaxRepublished;
        ClientLog.Republishing(log, endpoint, missing, _tracker.Expected);
        if (end is { } known && missing > MaxRepublished)
        {
            Lose(known);
            return null;
        }

        for (var i = 0; i < missing; i++)
        {
            var sequence = _tracker.Expected;
            var request = new RepublishRequest { SubscriptionId = SubscriptionId, RetransmitSequenceNumber = sequence };
            ReceivedMessage message;
            try
            {
                message = await client.SendAsync(request, client.Options.RequestTimeout, cancel).ConfigureAwait(false);
            }
            catch (ChannelException e)
            {
                return RecoveryEvents.From(e);
            }

            var (failure, gone) = await TakeRepublishedAsync(client.Options, message, sequence).ConfigureAwait(false);
            if (failure is not null)
            {
                return failure;
            }

            if (gone)
            {
                if (end is null)
                {
                    return null;
                }

                Lose(SequenceNumber.Next(sequence));
            }
        }

        return null;
    }

    private async ValueTask<(RecoveryEvent? Failure, bool Gone)> TakeRepublishedAsync(UaClientOptions options, ReceivedMessage message, uint sequence)
    {
        if (message.TypeId != RepublishResponse.BinaryId)
        {
            StatusCode fault;
            using (message)
            {
                var reader = new Encoding.UaReader(message.Body, options.EncodingLimits);
                fault = message.TypeId == ServiceFault.BinaryId ? ServiceFault.Decode(ref reader).ResponseHeader.ServiceResult : new StatusCode(StatusCodes.BadUnknownResponse);
            }

            return GoneOr(fault, options);
        }

        var notification = publish.Pool.Rent();
        var status = notification.OpenRepublish(message, SubscriptionId, options.EncodingLimits, publish.Acknowledgements);
        if (status.IsBad)
        {
            message.Dispose();
            return (new RecoveryEvent(RecoveryEventKind.Refused, status, $"{endpoint} sent a republish response that can't be read ({status})"), false);
        }

        try
        {
            if (notification.ServiceResult.IsBad)
            {
                return GoneOr(notification.ServiceResult, options);
            }

            // A server that gives another message than the one asked for has lost that one.
            return notification.SequenceNumber == sequence ? (await DeliverAsync(notification).ConfigureAwait(false), false) : (null, true);
        }
        finally
        {
            notification.Release();
        }
    }

    private static (RecoveryEvent? Failure, bool Gone) GoneOr(StatusCode status, UaClientOptions options) => status.CodeBits switch
    {
        StatusCodes.BadMessageNotAvailable => (null, true),

        // Servers without Republish say so; what is missing is lost then, and the subscription itself is fine.
        StatusCodes.BadServiceUnsupported or StatusCodes.BadNotImplemented => (null, true),
        _ => (RecoveryEvents.From(SessionServices.Failed("Republish", options, status)), false),
    };

    /// <summary>Gives up everything before <paramref name="next"/>; the gap is reported once something arrives again.</summary>
    private void Lose(uint next)
    {
        if (_lost == 0)
        {
            _lostSince = _lastPublishTicks;
        }

        _lost += SequenceNumber.Distance(_tracker.Expected, next);
        _tracker.Advance(next == 1 ? uint.MaxValue : next - 1);
    }

    private void CloseGap(long publishTicks)
    {
        if (_lost == 0)
        {
            return;
        }

        var gap = new SubscriptionGap(Math.Min(_lostSince, publishTicks), Math.Max(publishTicks, _lostSince), $"{_lost} notification messages were no longer kept by the server") { ClientHandles = Handles() };
        (_lost, _lostSince) = (0, 0);
        ClientLog.Gap(log, endpoint, gap.From, gap.To, gap.Cause);
        handler.OnGap(gap);
    }

    /// <summary>
    /// A message asked for again, or one that more follow, proves nothing about its publish time: older values may come behind it, and a gap that begins
    /// after them would hide their loss.
    /// </summary>
    private void Good(Notification notification)
    {
        if (notification.IsRepublished || notification.MoreNotifications)
        {
            return;
        }

        if (notification.PublishTicks != 0)
        {
            _lastPublishTicks = notification.PublishTicks;
        }

        Progress?.Good(_lastPublishTicks);
        handler.OnComplete(SubscriptionId, _lastPublishTicks, notification.ReceivedTicks);
    }
}
