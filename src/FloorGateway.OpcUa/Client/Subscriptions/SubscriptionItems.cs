using System.Globalization;
using FloorGateway.OpcUa.Types;
using Microsoft.Extensions.Logging;

namespace FloorGateway.OpcUa.Client.Subscriptions;

/// <summary>The monitored items of one subscription, and the ones that the server does not take.</summary>
internal sealed class SubscriptionItems(IReadOnlyList<MonitoredItemSettings> items, SubscriptionSettings settings, ISubscriptionHandler handler, string endpoint, TimeProvider time, ILogger log)
{
    private readonly Dictionary<uint, MonitoredItemSettings> _refused = [];
    private readonly Dictionary<uint, (MonitoredItemSettings Asked, double SamplingMs, uint Queue)> _revised = [];
    private RevisedItems? _told;
    private int _taken;
    private long _lastTry;

    public ulong Hash { get; } = ItemsHash.Of(items);

    /// <summary>Creates all items on a new subscription. Refused ones are reported and kept for later.</summary>
    public ValueTask CreateAsync(UaClient client, uint subscriptionId, CancellationToken cancel)
    {
        _taken = 0;
        _revised.Clear();
        return CreateAsync(items, client, subscriptionId, cancel);
    }

    /// <summary>Tries the refused items again once their time has come.</summary>
    public async ValueTask RetryRefusedAsync(UaClient client, uint subscriptionId, CancellationToken cancel)
    {
        if (_refused.Count > 0 && time.GetElapsedTime(_lastTry) >= settings.RetryRefusedItemsAfter)
        {
            try
            {
                await CreateAsync([.. _refused.Values], client, subscriptionId, cancel).ConfigureAwait(false);
            }
            catch (UaServiceException e) when (Recovery.RecoveryEvents.KindOf(e.Status) == Recovery.RecoveryEventKind.Refused)
            {
                // No reason to disturb the items that work.
                ClientLog.RetryFailed(log, endpoint, e.Message);
            }
        }
    }

    private async ValueTask CreateAsync(IReadOnlyList<MonitoredItemSettings> wanted, UaClient client, uint subscriptionId, CancellationToken cancel)
    {
        _lastTry = time.GetTimestamp();
        List<MonitoredItemSettings> asked = [];
        List<MonitoredItemCreateRequest> requests = [];
        foreach (var item in wanted)
        {
            if (item.NodeId.TryResolve(client.NamespaceUris, out var node))
            {
                asked.Add(item);
                requests.Add(item.ToRequest(node));
            }
            else
            {
                Report(item, StatusCodes.BadNodeIdUnknown);
            }
        }

        var results = await client.CreateMonitoredItemsAsync(subscriptionId, requests, cancel: cancel).ConfigureAwait(false);
        for (var i = 0; i < results.Length; i++)
        {
            Report(asked[i], results[i].StatusCode);
            NoteRevision(asked[i], results[i]);
        }

        TellRevisions();
    }

    /// <summary>A server that can't do what was asked does what it can and says so in its answer only. A queue of 0 says nothing.</summary>
    private void NoteRevision(MonitoredItemSettings asked, MonitoredItemCreateResult result)
    {
        if (result.StatusCode.IsBad)
        {
            return;
        }

        _taken++;
        if (IsSlower(asked, result.RevisedSamplingInterval) || IsShorter(asked, result.RevisedQueueSize))
        {
            _revised[asked.ClientHandle] = (asked, result.RevisedSamplingInterval, result.RevisedQueueSize);
        }
    }

    private void TellRevisions()
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

    // A negative interval asks for the publishing interval, whatever that is; a hundredth is rounding.
    private static bool IsSlower(MonitoredItemSettings asked, double revisedMs) => asked.SamplingIntervalMs >= 0 && revisedMs > asked.SamplingIntervalMs * 1.01;

    private static bool IsShorter(MonitoredItemSettings asked, uint revised) => revised > 0 && revised < asked.QueueSize;

    private void Report(MonitoredItemSettings item, StatusCode status)
    {
        if (!status.IsBad)
        {
            if (_refused.Remove(item.ClientHandle))
            {
                handler.OnItemStatus(item.ClientHandle, status);
            }

            return;
        }

        if (_refused.TryAdd(item.ClientHandle, item))
        {
            ClientLog.ItemRefused(log, endpoint, item.ClientHandle, item.NodeId.ToString(), status);
            handler.OnItemStatus(item.ClientHandle, status);
        }
    }
}
