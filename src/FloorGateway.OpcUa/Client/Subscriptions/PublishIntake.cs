using FloorGateway.OpcUa.Client.Recovery;
using FloorGateway.OpcUa.SecureChannel;
using FloorGateway.OpcUa.Types;
using Microsoft.Extensions.Logging;

namespace FloorGateway.OpcUa.Client.Subscriptions;

/// <summary>Hands the session's Publish responses to the subscriptions they belong to, and watches that none of them falls silent.</summary>
internal sealed class PublishIntake(string endpoint, TimeProvider time, ILogger log)
{
    /// <summary>A subscription that stays silent after the channel was opened anew is dead, whatever the server says.</summary>
    private const int MaxSilences = 2;

    private readonly Dictionary<uint, SubscriptionPart> _parts = [];

    public NotificationPool Pool { get; } = new();

    public AcknowledgementQueue Acknowledgements { get; } = new();

    public UaClient? Client { get; private set; }

    /// <summary>The shortest time after which any subscription counts as silent.</summary>
    public TimeSpan StalledAfter => _parts.Count == 0 ? TimeSpan.FromSeconds(10) : _parts.Values.Min(p => p.StalledAfter);

    public int Count => _parts.Count;

    public void Attach(UaClient client) => Client = client;

    public void Add(SubscriptionPart part) => _parts[part.Id] = part;

    public void Remove(SubscriptionPart part)
    {
        if (_parts.TryGetValue(part.Id, out var known) && ReferenceEquals(known, part))
        {
            _parts.Remove(part.Id);
            Acknowledgements.Forget(part.Id);
        }
    }

    /// <summary>Publishing begins: silence counts from now on.</summary>
    public void Listen()
    {
        foreach (var part in _parts.Values)
        {
            part.LastHeard = time.GetTimestamp();
        }
    }

    /// <summary>Nothing could be heard since then because the consumer was at work: that is nobody's silence.</summary>
    public void Busy(long since)
    {
        var busy = time.GetTimestamp() - since;
        foreach (var part in _parts.Values)
        {
            part.LastHeard += busy;
        }
    }

    /// <summary>Deals with one PublishResponse and disposes it. Gives why publishing can't go on, or null.</summary>
    public async ValueTask<RecoveryEvent?> TakeAsync(ReceivedMessage message, CancellationToken cancel)
    {
        var notification = Pool.Rent();
        var status = notification.OpenPublish(message, Client!.Options.EncodingLimits, Acknowledgements);
        if (status.IsBad)
        {
            message.Dispose();
            ClientLog.BadPublish(log, endpoint, status);
            return new RecoveryEvent(RecoveryEventKind.Refused, status, $"{endpoint} sent a publish response that can't be read ({status})");
        }

        try
        {
            if (notification.ServiceResult.IsBad)
            {
                return RecoveryEvents.From(SessionServices.Failed("Publish", Client.Options, notification.ServiceResult));
            }

            if (!_parts.TryGetValue(notification.SubscriptionId, out var part))
            {
                // A leftover of this session: deleting it is the creator's business.
                return null;
            }

            var started = time.GetTimestamp();
            var end = await part.Intake.JudgeAsync(notification, Client, cancel).ConfigureAwait(false);
            Busy(started);
            part.LastHeard = time.GetTimestamp();
            part.Silences = 0;
            return end is { Kind: RecoveryEventKind.SubscriptionLost } ? end.Value with { Subscription = part.Progress } : end;
        }
        finally
        {
            notification.Release();
        }
    }

    /// <summary>Looks for subscriptions that have been silent longer than their keep-alive interval allows.</summary>
    public RecoveryEvent? FindSilent()
    {
        SubscriptionPart? silent = null;
        var heard = false;
        foreach (var part in _parts.Values)
        {
            if (time.GetElapsedTime(part.LastHeard) > part.StalledAfter)
            {
                silent ??= part;
            }
            else
            {
                heard = true;
            }
        }

        if (silent is null)
        {
            return null;
        }

        var reason = $"the subscription was silent for {time.GetElapsedTime(silent.LastHeard).TotalSeconds:0.#} s, longer than its keep-alive interval allows";
        return (heard && _parts.Count > 1) || ++silent.Silences >= MaxSilences
            ? new RecoveryEvent(RecoveryEventKind.SubscriptionLost, StatusCodes.BadTimeout, reason, silent.Progress)
            : new RecoveryEvent(RecoveryEventKind.ChannelLost, StatusCodes.BadTimeout, reason);
    }
}
