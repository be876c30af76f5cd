using FloorGateway.OpcUa.Client.Recovery;
using FloorGateway.OpcUa.Types;
using Microsoft.Extensions.Logging;

namespace FloorGateway.OpcUa.Client.Subscriptions;

/// <summary>
/// The subscriptions of one session: spreads the items over as many as the server's limits ask for, takes them over from a lost session, asks for what they missed
/// and makes those anew that are gone. One owner.
/// </summary>
internal sealed partial class SubscriptionSet
{
    private readonly SubscriptionSettings _settings;
    private readonly ISubscriptionHandler _handler;
    private readonly RecoveryMachine _machine;
    private readonly PublishIntake _publish;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly string _endpoint;
    private readonly TimeSpan _grace;
    private readonly SubscriptionItems _items;
    private readonly NamespaceBinding _namespaces;
    private readonly List<SubscriptionPart> _parts = [];
    private readonly Dictionary<uint, SubscriptionPart> _partOf = [];

    // Of this session, to be deleted: their creation broke off, or they fell silent.
    private readonly HashSet<uint> _leftovers = [];

    // Of an earlier run, with items that have changed since.
    private readonly List<uint> _stale = [];
    private IReadOnlyList<string> _madeWith = [];
    private int _learnedItems;
    private int _learnedSubscriptions;

    public SubscriptionSet(UaClientOptions options, SubscriptionSettings settings, IReadOnlyList<MonitoredItemSettings> items, ISubscriptionHandler handler, SessionCheckpoint? checkpoint, RecoveryMachine machine, TimeProvider time, ILogger log)
    {
        (_settings, _handler, _machine, _time, _log, _endpoint) = (settings, handler, machine, time, log, options.EndpointUrl);
        _grace = options.RequestTimeout;
        _namespaces = new NamespaceBinding(checkpoint?.NamespaceUris);
        _madeWith = checkpoint?.NamespaceUris ?? [];
        _publish = new PublishIntake(_endpoint, time, log);
        _items = new SubscriptionItems(settings, _namespaces, handler, _endpoint, time, log);
        TakeUp(items, checkpoint);
    }

    public PublishIntake Publish => _publish;

    /// <summary>Publish requests to keep waiting: one for each subscription and one on its way, within what the server takes.</summary>
    public int PublishRequests => Math.Max(1, ServerProfile.Smaller(Math.Max(_settings.PublishRequestsInFlight, _parts.Count + 1), _settings.Server.MaxPublishRequests));

    public SubscriptionPart? PartOf(uint subscriptionId) => _parts.Find(p => p.Id == subscriptionId);

    /// <summary>A session is active: looks whether the server still numbers its namespaces as it did.</summary>
    public void Attach(UaClient client)
    {
        _publish.Attach(client);
        foreach (var (index, was, now) in _namespaces.Learn(client.NamespaceUris))
        {
            ClientLog.NamespaceMoved(_log, _endpoint, index, was, now);
        }

        if (_madeWith.Take(client.NamespaceUris.Count).SequenceEqual(client.NamespaceUris.Take(_madeWith.Count)) && _madeWith.Count <= client.NamespaceUris.Count)
        {
            return;
        }

        // Living items watch what stands behind the old numbers.
        foreach (var part in _parts)
        {
            LeaveBehind(part, "the server numbers its namespaces anew");
        }
    }

    /// <summary>Takes the living subscriptions over from a lost session. What can't be taken is marked lost.</summary>
    public async ValueTask<RecoveryEvent> TransferAsync(UaClient client, CancellationToken cancel)
    {
        _leftovers.Clear();
        foreach (var part in _parts.Where(p => p.Progress.IsAlive && p.ServerStartTicks != 0 && client.ServerStartTicks != 0 && p.ServerStartTicks != client.ServerStartTicks))
        {
            // Subscriptions do not live through a restart, and the same id may by now be another client's.
            Lose(part, $"the server was restarted at {UaDateTime.FromTicks(client.ServerStartTicks):u}");
        }

        var wanted = _parts.Where(p => p.Progress.IsAlive).ToList();
        if (wanted.Count == 0)
        {
            _stale.Clear();
            return new RecoveryEvent(RecoveryEventKind.Transferred, Reason: "the server was restarted");
        }

        TransferResult[] results;
        try
        {
            results = await client.TransferSubscriptionsAsync([.. wanted.Select(p => p.Id), .. _stale], sendInitialValues: false, cancel).ConfigureAwait(false);
        }
        catch (UaServiceException e) when (RecoveryEvents.KindOf(e.Status) is RecoveryEventKind.Refused or RecoveryEventKind.SubscriptionLost)
        {
            results = [.. wanted.Select(_ => new TransferResult { StatusCode = e.Status })];
        }

        for (var i = 0; i < wanted.Count; i++)
        {
            var status = i < results.Length ? results[i].StatusCode : new StatusCode(StatusCodes.BadUnexpectedError);
            if (status.IsBad)
            {
                Lose(wanted[i], $"the subscription could not be taken over ({status})");
            }
            else
            {
                wanted[i].Available = results[i].AvailableSequenceNumbers;
            }
        }

        _leftovers.UnionWith(_stale.Where((_, i) => wanted.Count + i < results.Length && !results[wanted.Count + i].StatusCode.IsBad));
        _stale.Clear();
        await DeleteLeftoversAsync(client, cancel).ConfigureAwait(false);
        TellTakenOver();
        return new RecoveryEvent(RecoveryEventKind.Transferred, Reason: "no subscription could be taken over");
    }

    /// <summary>Asks for everything that the living subscriptions have missed.</summary>
    public async ValueTask<RecoveryEvent> CatchUpAsync(UaClient client, CancellationToken cancel)
    {
        foreach (var part in _parts.Where(p => p.Progress.IsAlive).ToList())
        {
            var end = await part.Intake.CatchUpAsync(client, part.Available, cancel).ConfigureAwait(false);
            part.Available = null;
            if (end.Kind == RecoveryEventKind.SubscriptionLost)
            {
                Lose(part, end.Reason);
            }
            else if (end.Kind != RecoveryEventKind.Republished)
            {
                return end;
            }
        }

        return new RecoveryEvent(RecoveryEventKind.Republished);
    }

    /// <summary>The session resumed: what the server keeps is not known, it is asked until there is no more.</summary>
    public void ForgetAvailable() => _parts.ForEach(p => p.Available = null);

    public ValueTask RetryRefusedAsync(UaClient client, CancellationToken cancel) => _items.RetryAsync(client, handle => _partOf[handle].Id, cancel);

    /// <summary>All subscriptions are left behind on a server that we leave.</summary>
    public void LeaveAll() => _parts.ForEach(_publish.Remove);

    public SessionCheckpoint Checkpoint() => new(
        [.. _parts.Where(p => p.Id != 0).Select(p => p.Checkpoint(p.Intake.LastSequence, p.Intake.LastPublishTicks) with { ClientHandles = _parts.Count == 1 ? null : p.Handles() })])
    {
        NamespaceUris = _namespaces.Bound,
        EndpointUrl = _publish.Client?.Options.EndpointUrl,
    };

    /// <summary>What was lost on the way here: the subscription is dropped on the server if it is still there.</summary>
    public void LeaveBehind(SubscriptionProgress progress, string reason)
    {
        if (_parts.Find(p => ReferenceEquals(p.Progress, progress)) is { } part)
        {
            LeaveBehind(part, reason);
        }
    }

    private void LeaveBehind(SubscriptionPart part, string reason)
    {
        if (part.Progress.IsAlive)
        {
            _leftovers.Add(part.Id);
            Lose(part, reason);
        }
    }

    private void Lose(SubscriptionPart part, string reason)
    {
        part.Progress.Lose(reason);
        part.IsOfEarlierRun = false;
        _publish.Remove(part);
    }

    private void TellTakenOver()
    {
        var over = _parts.Where(p => p.IsOfEarlierRun && p.Progress.IsAlive).ToList();
        if (over.Count > 0)
        {
            _handler.OnTakenOver(over.Count == _parts.Count ? null : [.. over.SelectMany(p => p.Handles())], over.Min(p => p.Progress.GoodTicks));
            _handler.OnSubscriptionsChanged(Checkpoint());
        }

        _parts.ForEach(p => p.IsOfEarlierRun = false);
    }

    private void TakeUp(IReadOnlyList<MonitoredItemSettings> items, SessionCheckpoint? checkpoint)
    {
        var left = items.ToDictionary(i => i.ClientHandle);
        var goodTicks = long.MaxValue;
        foreach (var known in checkpoint?.Subscriptions ?? [])
        {
            var its = known.ClientHandles is null ? items : [.. known.ClientHandles.Where(left.ContainsKey).Select(h => left[h])];
            if (known.SubscriptionId != 0 && its.Count > 0 && its.Count <= left.Count && ItemsHash.Of(its) == known.ItemsHash)
            {
                var part = NewPart(its[0].PublishingInterval ?? _settings.PublishingInterval, its, new SubscriptionProgress(isAlive: true, known.LastPublishTicks));
                part.Intake.Begin(known.SubscriptionId, known.LastSequence, known.LastPublishTicks);
                part.IsOfEarlierRun = true;
                part.ServerStartTicks = known.ServerStartTicks;
                part.StalledAfter = StalledAfter(_settings.KeepAliveInterval);
                _publish.Add(part);
                foreach (var item in its)
                {
                    left.Remove(item.ClientHandle);
                }
            }
            else
            {
                _stale.Add(known.SubscriptionId);
                goodTicks = Math.Min(goodTicks, known.LastPublishTicks);
            }
        }

        if (left.Count > 0)
        {
            var progress = goodTicks == long.MaxValue
                ? new SubscriptionProgress()
                : new SubscriptionProgress(goodTicks: goodTicks, cause: "the subscription of the earlier run was not taken over because its items have changed");
            NewPart(_settings.PublishingInterval, [.. items.Where(i => left.ContainsKey(i.ClientHandle))], progress);
        }
    }

    private SubscriptionPart NewPart(TimeSpan interval, IEnumerable<MonitoredItemSettings> items, SubscriptionProgress progress)
    {
        var intake = new SubscriptionIntake(_handler, _publish, _endpoint, _log) { Progress = progress };
        var part = new SubscriptionPart(interval, [.. items], progress, intake);
        intake.Handles = () => _parts.Count == 1 ? null : part.Handles();
        _parts.Add(part);
        _machine.Add(progress);
        foreach (var item in part.Items)
        {
            _partOf[item.ClientHandle] = part;
        }

        return part;
    }

    private void Remove(SubscriptionPart part)
    {
        _publish.Remove(part);
        _parts.Remove(part);
        _machine.Remove(part.Progress);
    }

    private async ValueTask DeleteLeftoversAsync(UaClient client, CancellationToken cancel)
    {
        if (_leftovers.Count == 0)
        {
            return;
        }

        try
        {
            await client.DeleteSubscriptionsAsync([.. _leftovers], cancel).ConfigureAwait(false);
        }
        catch (UaServiceException e) when (RecoveryEvents.KindOf(e.Status) is RecoveryEventKind.Refused or RecoveryEventKind.SubscriptionLost)
        {
            // They end with their lifetime.
        }

        _leftovers.Clear();
    }

    /// <summary>Half a keep-alive interval of grace, and what a request may take.</summary>
    private TimeSpan StalledAfter(TimeSpan keepAlive) => (keepAlive * 1.5) + _grace;
}
