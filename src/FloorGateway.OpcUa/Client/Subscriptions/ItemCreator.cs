using FloorGateway.OpcUa.Client.Recovery;
using FloorGateway.OpcUa.Types;

namespace FloorGateway.OpcUa.Client.Subscriptions;

/// <summary>
/// Creates monitored items on servers that fail a whole call because of one bad item, or take fewer in a call than they say: the call is halved until the culprits
/// stand alone (OPC 10000-4, 5.13.2).
/// </summary>
internal sealed class ItemCreator(UaClient client, uint subscriptionId, int maxPerCall, TimestampsToReturn timestamps)
{
    /// <summary>Calls in a row that all failed, beyond the halvings to the first item, after which the server refuses the service and not the items.</summary>
    private const int MaxFailures = 8;

    private int _most = Math.Max(ServerProfile.Smaller(maxPerCall, client.Limits.MaxMonitoredItemsPerCall), 1);
    private bool _anySucceeded;
    private bool _isFull;
    private int _failures;

    /// <summary>One result per request, in order.</summary>
    /// <exception cref="UaServiceException">The server refuses the service as a whole, or lost session or subscription.</exception>
    public async ValueTask<MonitoredItemCreateResult[]> CreateAsync(IReadOnlyList<MonitoredItemCreateRequest> requests, CancellationToken cancel)
    {
        var results = new MonitoredItemCreateResult[requests.Count];
        var open = new Stack<(int Start, int Count)>();
        open.Push((0, requests.Count));
        while (open.TryPop(out var range))
        {
            if (range.Count == 0)
            {
                continue;
            }

            if (range.Count > _most)
            {
                open.Push((range.Start + _most, range.Count - _most));
                open.Push((range.Start, _most));
                continue;
            }

            if (_isFull)
            {
                Refuse(results, range, StatusCodes.BadTooManyMonitoredItems);
                continue;
            }

            var (part, fault) = await CallAsync(requests, range, cancel).ConfigureAwait(false);
            if (part is not null)
            {
                part.CopyTo(results, range.Start);
            }
            else if (range.Count > 1)
            {
                var half = range.Count / 2;
                _most = fault!.Status.CodeBits == StatusCodes.BadTooManyOperations ? half : _most;
                open.Push((range.Start + half, range.Count - half));
                open.Push((range.Start, half));
            }
            else
            {
                _isFull = fault!.Status.CodeBits == StatusCodes.BadTooManyMonitoredItems;
                Refuse(results, range, fault.Status);
            }
        }

        return results;
    }

    private async ValueTask<(MonitoredItemCreateResult[]? Results, UaServiceException? Fault)> CallAsync(IReadOnlyList<MonitoredItemCreateRequest> requests, (int Start, int Count) range, CancellationToken cancel)
    {
        var slice = new MonitoredItemCreateRequest[range.Count];
        for (var i = 0; i < slice.Length; i++)
        {
            slice[i] = requests[range.Start + i];
        }

        try
        {
            var request = new CreateMonitoredItemsRequest { SubscriptionId = subscriptionId, TimestampsToReturn = timestamps, ItemsToCreate = slice };
            var response = await client.InvokeAsync<CreateMonitoredItemsResponse>(request, cancel).ConfigureAwait(false);
            if (response.Results.Length != slice.Length)
            {
                throw new UaServiceException(StatusCodes.BadUnexpectedError, $"{client.Options.EndpointUrl} answered {slice.Length} monitored items with {response.Results.Length} results. Nothing can be said about any of them.");
            }

            _anySucceeded = true;
            return (response.Results, null);
        }
        catch (UaServiceException e) when (RecoveryEvents.KindOf(e.Status) == RecoveryEventKind.Refused && MayBeOneItem(requests.Count))
        {
            return (null, e);
        }
    }

    private bool MayBeOneItem(int all) => _anySucceeded || ++_failures <= MaxFailures + int.Log2(all);

    private static void Refuse(MonitoredItemCreateResult[] results, (int Start, int Count) range, StatusCode status)
    {
        for (var i = 0; i < range.Count; i++)
        {
            results[range.Start + i] = new MonitoredItemCreateResult { StatusCode = status };
        }
    }
}
