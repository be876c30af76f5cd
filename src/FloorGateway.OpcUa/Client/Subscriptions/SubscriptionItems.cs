using System.Globalization;
using FloorGateway.OpcUa.Client.Events;
using FloorGateway.OpcUa.Client.Recovery;
using FloorGateway.OpcUa.Types;
using Microsoft.Extensions.Logging;

namespace FloorGateway.OpcUa.Client.Subscriptions;

/// <summary>Makes monitored items on a session's subscriptions, and keeps account of those that the server refuses or revises.</summary>
internal sealed class SubscriptionItems(SubscriptionSettings settings, NamespaceBinding namespaces, ISubscriptionHandler handler, string endpoint, TimeProvider time, ILogger log)
{
    /// <summary>Refused items tried again at one tick: each costs a call.</summary>
    private const int MaxRetriesAtOnce = 20;

    private readonly ItemQuarantine _quarantine = new(settings.RetryRefusedItemsAfter, settings.RetryRefusedItemsAtMost, time);
    private readonly Dictionary<uint, (MonitoredItemSettings Asked, double SamplingMs, uint Queue)> _revised = [];
    private RevisedItems? _told;
    private int _taken;

    /// <summary>All subscriptions are about to be made anew: nothing is known of any item.</summary>
    public void Forget()
    {
        _taken = 0;
        _revised.Clear();
    }

    /// <summary>Creates items on a subscription. Refused ones are reported and kept for later.</summary>
    /// <returns>Those for which the server has no room in this subscription.</returns>
    /// <exception cref="UaServiceException">The server refused the whole.</exception>
    public async ValueTask<List<MonitoredItemSettings>> CreateAsync(UaClient client, uint subscriptionId, IReadOnlyList<MonitoredItemSettings> items, CancellationToken cancel)
    {
        List<MonitoredItemSettings> asked = new(items.Count);
        List<MonitoredItemCreateRequest> requests = new(items.Count);
        var walked = await WalkAsync(client, items, cancel).ConfigureAwait(false);
        foreach (var item in items)
        {
            var node = NodeId.Null;
            if (item.Path is null ? namespaces.TryResolve(item.NodeId, client.NamespaceUris, out node) : walked.TryGetValue(item.ClientHandle, out node))
            {
                asked.Add(item);
                requests.Add(item.ToRequest(node, settings.Server.MinSamplingInterval, client.NamespaceUris));
            }
            else
            {
                Refuse(item, item.Path is null ? StatusCodes.BadNodeIdUnknown : StatusCodes.BadNoMatch);
            }
        }

        List<MonitoredItemSettings> overflow = [];
        var alarms = false;
        var results = await new ItemCreator(client, subscriptionId, settings.Server.MaxItemsPerCall, settings.Timestamps).CreateAsync(requests, cancel).ConfigureAwait(false);
        for (var i = 0; i < results.Length; i++)
        {
            if (results[i].StatusCode.CodeBits == StatusCodes.BadTooManyMonitoredItems)
            {
                overflow.Add(asked[i]);
            }
            else if (results[i].StatusCode.IsBad)
            {
                Refuse(asked[i], results[i].StatusCode);
            }
            else
            {
                Take(asked[i], results[i]);
                alarms |= asked[i].Events is not null;
            }
        }

        if (alarms)
        {
            await RefreshAsync(client, subscriptionId, cancel).ConfigureAwait(false);
        }

        return overflow;
    }

    // A new item of events knows nothing of alarms that came before it (OPC 10000-9, 5.5.7). A server without alarms has no such method.
    private async ValueTask RefreshAsync(UaClient client, uint subscriptionId, CancellationToken cancel)
    {
        try
        {
            var status = await new ConditionClient(client).RefreshAsync(subscriptionId, cancel).ConfigureAwait(false);
            if (status.IsBad)
            {
                ClientLog.NotRefreshed(log, endpoint, subscriptionId, status);
            }
        }
        catch (UaServiceException e) when (RecoveryEvents.KindOf(e.Status) == RecoveryEventKind.Refused)
        {
            ClientLog.NotRefreshed(log, endpoint, subscriptionId, e.Status);
        }
    }

    /// <summary>Tells what the server made of the items, when that changed. Call after a round of creating.</summary>
    public void TellRevisions()
    {
        RevisedItems? now = null;
        if (_revised.Count > 0)
        {
            var (asked, sampling, queue) = _revised.Values.First();
            now = new RevisedItems(
                _taken,
                _revised.Values.Count(r => IsSlower(r.Asked, r.SamplingMs)),
                _revised.Values.Count(r => IsShorter(r.Asked, r.Queue)),
                string.Create(CultureInfo.InvariantCulture, $"{asked.NodeId}: every {sampling} ms with a queue of {queue} instead of every {asked.SamplingIntervalMs} ms with {asked.QueueSize}"));
        }

        if (now == _told)
        {
            return;
        }

        _told = now;
        if (now is not null)
        {
            ClientLog.ItemsRevised(log, endpoint, now);
        }

        handler.OnItemsRevised(now);
    }

    /// <summary>Tries refused items again whose time has come, each in a call of its own.</summary>
    public async ValueTask RetryAsync(UaClient client, Func<uint, uint> subscriptionOf, CancellationToken cancel)
    {
        if (_quarantine.Count == 0)
        {
            return;
        }

        foreach (var item in _quarantine.Due(MaxRetriesAtOnce))
        {
            try
            {
                foreach (var full in await CreateAsync(client, subscriptionOf(item.ClientHandle), [item], cancel).ConfigureAwait(false))
                {
                    Refuse(full, StatusCodes.BadTooManyMonitoredItems);
                }
            }
            catch (UaServiceException e) when (RecoveryEvents.KindOf(e.Status) == RecoveryEventKind.Refused)
            {
                // No reason to disturb the items that work.
                ClientLog.RetryFailed(log, endpoint, e.Message);
                Refuse(item, e.Status);
            }
        }

        TellRevisions();
    }

    /// <summary>The server does not take an item; it is tried again later.</summary>
    public void Refuse(MonitoredItemSettings item, StatusCode status)
    {
        if (_quarantine.Refuse(item, status))
        {
            ClientLog.ItemRefused(log, endpoint, item.ClientHandle, item.Path is null ? item.NodeId.ToString() : $"{item.NodeId} {item.Path}", status);
            handler.OnItemStatus(item.ClientHandle, status);
        }
    }

    private async ValueTask<Dictionary<uint, NodeId>> WalkAsync(UaClient client, IReadOnlyList<MonitoredItemSettings> items, CancellationToken cancel)
    {
        Dictionary<uint, NodeId> found = [];
        List<uint> handles = [];
        List<BrowsePath> paths = [];
        foreach (var item in items)
        {
            if (item.Path is { } path && namespaces.TryResolve(item.NodeId, client.NamespaceUris, out var start) && path.TryResolve(client.NamespaceUris, out var names))
            {
                handles.Add(item.ClientHandle);
                paths.Add(UaClient.PathFrom(start, names));
            }
        }

        var results = await client.TranslateBrowsePathsAsync(paths, cancel).ConfigureAwait(false);
        for (var i = 0; i < results.Length; i++)
        {
            if (UaClient.TargetOf(results[i], client.NamespaceUris) is { } node)
            {
                found[handles[i]] = node;
            }
        }

        return found;
    }

    /// <summary>A server that can't do what was asked does what it can and says so in its answer only. A queue of 0 says nothing.</summary>
    private void Take(MonitoredItemSettings asked, MonitoredItemCreateResult result)
    {
        _taken++;
        if (IsSlower(asked, result.RevisedSamplingInterval) || IsShorter(asked, result.RevisedQueueSize))
        {
            _revised[asked.ClientHandle] = (asked, result.RevisedSamplingInterval, result.RevisedQueueSize);
        }

        if (_quarantine.Release(asked.ClientHandle))
        {
            handler.OnItemStatus(asked.ClientHandle, result.StatusCode);
        }
    }

    // A negative interval asks for the publishing interval, whatever that is; a hundredth is rounding.
    private static bool IsSlower(MonitoredItemSettings asked, double revisedMs) => asked.Events is null && asked.SamplingIntervalMs >= 0 && revisedMs > asked.SamplingIntervalMs * 1.01;

    private static bool IsShorter(MonitoredItemSettings asked, uint revised) => revised > 0 && revised < asked.QueueSize;
}
