using FloorGateway.OpcUa.Types;
using Microsoft.Extensions.Logging;

namespace FloorGateway.OpcUa.Client.Subscriptions;

/// <summary>The monitored items of one subscription, and the ones that the server does not take.</summary>
internal sealed class SubscriptionItems(IReadOnlyList<MonitoredItemSettings> items, SubscriptionSettings settings, ISubscriptionHandler handler, string endpoint, TimeProvider time, ILogger log)
{
    private readonly Dictionary<uint, MonitoredItemSettings> _refused = [];
    private long _lastTry;

    public ulong Hash { get; } = ItemsHash.Of(items);

    /// <summary>Creates all items on a new subscription. Refused ones are reported and kept for later.</summary>
    public ValueTask CreateAsync(UaClient client, uint subscriptionId, CancellationToken cancel) => CreateAsync(items, client, subscriptionId, cancel);

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
        }
    }

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
