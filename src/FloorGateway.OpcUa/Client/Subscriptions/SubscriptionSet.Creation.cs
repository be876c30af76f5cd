using FloorGateway.OpcUa.Client.Recovery;
using FloorGateway.OpcUa.Types;
using Microsoft.Extensions.Logging;

namespace FloorGateway.OpcUa.Client.Subscriptions;

/// <summary>Making what is missing: cut to what the server takes, or joined to what lives when it takes no more.</summary>
internal sealed partial class SubscriptionSet
{
    /// <summary>Makes every subscription that is missing, with its items, and tells the gaps that come of it.</summary>
    public async ValueTask<RecoveryEvent> CreateAsync(UaClient client, CancellationToken cancel)
    {
        await DeleteLeftoversAsync(client, cancel).ConfigureAwait(false);
        var all = !_machine.HasSubscription;
        if (all)
        {
            _items.Forget();
            _madeWith = client.NamespaceUris;
        }

        List<SubscriptionGap> gaps = [];
        try
        {
            Spread(client);
            while (_parts.Find(p => !p.Progress.IsAlive) is { } missing)
            {
                await CreateAsync(client, missing, gaps, cancel).ConfigureAwait(false);
            }
        }
        finally
        {
            Tell(gaps, all && _machine.HasSubscription);
        }

        _items.TellRevisions();
        _handler.OnSubscriptionsChanged(Checkpoint());
        return new RecoveryEvent(RecoveryEventKind.Created);
    }

    /// <summary>Cuts missing parts to what the server takes.</summary>
    private void Spread(UaClient client)
    {
        var maxItems = ServerProfile.Smaller(_learnedItems, ServerProfile.Smaller(_settings.Server.MaxItemsPerSubscription, client.Limits.MaxItemsPerSubscription));
        var most = ServerProfile.Smaller(_learnedSubscriptions, ServerProfile.Smaller(_settings.Server.MaxSubscriptions, client.Limits.MaxSubscriptions));
        foreach (var part in _parts.Where(p => !p.Progress.IsAlive).ToList())
        {
            var room = most == 0 ? 0 : Math.Max(1, most - _parts.Count + 1);
            var spread = ItemPlan.Spread(part.Items, _settings.PublishingInterval, maxItems, room);
            if (spread.Count == 1 && spread[0].Interval == part.Interval)
            {
                continue;
            }

            Remove(part);
            foreach (var (interval, items) in spread)
            {
                NewPart(interval, items, part.Progress.Split());
            }
        }
    }

    private async ValueTask CreateAsync(UaClient client, SubscriptionPart part, List<SubscriptionGap> gaps, CancellationToken cancel)
    {
        var started = _time.GetTimestamp();
        CreateSubscriptionResponse response;
        try
        {
            response = await client.CreateSubscriptionAsync(SubscriptionRequests.Create(_settings, part.Interval), cancel).ConfigureAwait(false);
        }
        catch (UaServiceException e) when (e.Status.CodeBits == StatusCodes.BadTooManySubscriptions && _machine.HasSubscription)
        {
            await JoinAsync(client, part, gaps, cancel).ConfigureAwait(false);
            return;
        }

        _leftovers.Add(response.SubscriptionId);
        var createdTicks = response.ResponseHeader.Timestamp.Ticks is > 0 and var ticks ? ticks : _time.GetUtcNow().UtcTicks;
        var overflow = await _items.CreateAsync(client, response.SubscriptionId, part.Items, cancel).ConfigureAwait(false);
        if (overflow.Count == part.Items.Count && _machine.HasSubscription)
        {
            // Not this subscription is full but the server.
            await DeleteLeftoversAsync(client, cancel).ConfigureAwait(false);
            await JoinAsync(client, part, gaps, cancel).ConfigureAwait(false);
            return;
        }

        if (overflow.Count == part.Items.Count)
        {
            overflow.ForEach(item => _items.Refuse(item, StatusCodes.BadTooManyMonitoredItems));
        }
        else if (overflow.Count > 0)
        {
            _learnedItems = part.Items.Count - overflow.Count;
            ClientLog.Repartitioned(_log, _endpoint, _learnedItems, overflow.Count);
            part.Replace(part.Items.Except(overflow));
            NewPart(part.Interval, overflow, part.Progress.Split());
        }

        _leftovers.Remove(response.SubscriptionId);
        part.Intake.Begin(response.SubscriptionId, 0, createdTicks);
        part.ServerStartTicks = client.ServerStartTicks;
        part.Silences = 0;
        part.StalledAfter = StalledAfter(TimeSpan.FromMilliseconds(Math.Min(response.RevisedPublishingInterval * response.RevisedMaxKeepAliveCount, int.MaxValue)));
        _publish.Add(part);

        // The server's clock at the moment from which every item is sampled.
        Note(part, createdTicks + _time.GetElapsedTime(started).Ticks, gaps);
    }

    /// <summary>The server has no room for another subscription: the items go into one that lives.</summary>
    private async ValueTask JoinAsync(UaClient client, SubscriptionPart part, List<SubscriptionGap> gaps, CancellationToken cancel)
    {
        var living = _parts.Where(p => p.Progress.IsAlive).ToList();
        _learnedSubscriptions = living.Count;
        var host = living[ItemPlan.BestFor(part.Interval, [.. living.Select(p => (p.Interval, p.Items.Count))])];
        ClientLog.Joined(_log, _endpoint, part.Items.Count, living.Count);
        foreach (var full in await _items.CreateAsync(client, host.Id, part.Items, cancel).ConfigureAwait(false))
        {
            _items.Refuse(full, StatusCodes.BadTooManyMonitoredItems);
        }

        var clock = await client.ReadValueAsync(VariableIds.Server_ServerStatus_CurrentTime, cancel).ConfigureAwait(false);
        Note(part, clock.Value.TryGetDateTimeTicks(out var serverTicks) ? serverTicks : _time.GetUtcNow().UtcTicks, gaps);
        host.Add(part.Items);
        foreach (var item in part.Items)
        {
            _partOf[item.ClientHandle] = host;
        }

        Remove(part);
    }

    private void Note(SubscriptionPart part, long serverTicks, List<SubscriptionGap> gaps)
    {
        var silence = part.LastHeard == 0 ? _settings.Lifetime : _time.GetElapsedTime(part.LastHeard);
        if (part.Progress.Created(serverTicks, silence) is { } gap)
        {
            gaps.Add(gap with { ClientHandles = part.Handles() });
        }
    }

    /// <summary>Where everything was lost at once, one gap says so.</summary>
    private void Tell(List<SubscriptionGap> gaps, bool together)
    {
        if (gaps.Count > 0 && together && gaps.Sum(g => g.ClientHandles!.Count) == _partOf.Count)
        {
            gaps = [new SubscriptionGap(gaps.Min(g => g.FromTicks), gaps.Max(g => g.ToTicks), gaps[0].Cause)];
        }

        foreach (var gap in gaps)
        {
            ClientLog.Gap(_log, _endpoint, gap.From, gap.To, gap.Cause);
            _handler.OnGap(gap);
        }
    }
}
