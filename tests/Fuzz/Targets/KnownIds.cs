using FloorGateway.OpcUa.Encoding;
using FloorGateway.OpcUa.Types;

namespace Fuzz.Targets;

/// <summary>
/// Ids that the server gave in this program: small numbers in a request stand for them, because an input made beforehand can't know them.
/// Larger numbers stay as they are.
/// </summary>
internal sealed class KnownIds
{
    private const uint Small = 32;
    private readonly List<uint> subscriptions = [];
    private readonly List<uint> items = [];
    private readonly List<byte[]> points = [];
    private readonly List<byte[]> events = [];

    public void Clear()
    {
        subscriptions.Clear();
        items.Clear();
        points.Clear();
        events.Clear();
    }

    public void Learn(IUaResponse response)
    {
        switch (response)
        {
            case CreateSubscriptionResponse created:
                subscriptions.Add(created.SubscriptionId);
                break;
            case CreateMonitoredItemsResponse created:
                items.AddRange(created.Results.Where(r => r.StatusCode.IsGood).Select(r => r.MonitoredItemId));
                break;
            case BrowseResponse browsed:
                points.AddRange(browsed.Results.Select(r => r.ContinuationPoint).OfType<byte[]>());
                break;
            case BrowseNextResponse browsed:
                points.AddRange(browsed.Results.Select(r => r.ContinuationPoint).OfType<byte[]>());
                break;
            case PublishResponse { NotificationMessage.NotificationData: { } parts }:
                // Where an event id was selected first, it is there to be acknowledged.
                foreach (var notified in parts.SelectMany(p => p?.As<EventNotificationList>()?.Events ?? []))
                {
                    if (notified.EventFields is [var id, ..] && id.TryGetByteString(out var bytes))
                        events.Add(bytes);
                }

                break;
            case HistoryReadResponse read:
                points.AddRange(read.Results.Select(r => r.ContinuationPoint).OfType<byte[]>());
                break;
        }
    }

    public void LearnEvent(byte[] id) => events.Add(id);

    public void Fill(IUaRequest request)
    {
        switch (request)
        {
            case ModifySubscriptionRequest r: r.SubscriptionId = Subscription(r.SubscriptionId); break;
            case SetPublishingModeRequest r: Fill(r.SubscriptionIds, subscriptions); break;
            case DeleteSubscriptionsRequest r: Fill(r.SubscriptionIds, subscriptions); break;
            case TransferSubscriptionsRequest r: Fill(r.SubscriptionIds, subscriptions); break;
            case RepublishRequest r: r.SubscriptionId = Subscription(r.SubscriptionId); break;
            case PublishRequest r:
                foreach (var acknowledgement in r.SubscriptionAcknowledgements)
                    acknowledgement.SubscriptionId = Subscription(acknowledgement.SubscriptionId);
                break;
            case CreateMonitoredItemsRequest r: r.SubscriptionId = Subscription(r.SubscriptionId); break;
            case ModifyMonitoredItemsRequest r:
                r.SubscriptionId = Subscription(r.SubscriptionId);
                foreach (var item in r.ItemsToModify)
                    item.MonitoredItemId = Pick(item.MonitoredItemId, items);
                break;
            case SetMonitoringModeRequest r:
                r.SubscriptionId = Subscription(r.SubscriptionId);
                Fill(r.MonitoredItemIds, items);
                break;
            case DeleteMonitoredItemsRequest r:
                r.SubscriptionId = Subscription(r.SubscriptionId);
                Fill(r.MonitoredItemIds, items);
                break;
            case SetTriggeringRequest r:
                r.SubscriptionId = Subscription(r.SubscriptionId);
                r.TriggeringItemId = Pick(r.TriggeringItemId, items);
                Fill(r.LinksToAdd, items);
                Fill(r.LinksToRemove, items);
                break;
            case CallRequest r:
                foreach (var call in r.MethodsToCall)
                    Fill(call.InputArguments);
                break;
            case BrowseNextRequest r:
                for (var i = 0; i < r.ContinuationPoints.Length; i++)
                    r.ContinuationPoints[i] = Point(r.ContinuationPoints[i]);
                break;
            case HistoryReadRequest r:
                foreach (var node in r.NodesToRead)
                    node.ContinuationPoint = Point(node.ContinuationPoint);
                break;
        }
    }

    private void Fill(Variant[] arguments)
    {
        for (var i = 0; i < arguments.Length; i++)
        {
            if (arguments[i].TryGetByteString(out var bytes) && bytes.Length == 1 && events.Count > 0)
                arguments[i] = Variant.From(events[^(1 + (bytes[0] % events.Count))]);
            else if (arguments[i] is { Type: BuiltInType.UInt32, IsArray: false })
                arguments[i] = Variant.From(Pick((uint)arguments[i].ScalarBits, i == 0 ? subscriptions : items));
        }
    }

    private uint Subscription(uint id) => Pick(id, subscriptions);

    private byte[]? Point(byte[]? point) => point is { Length: 1 } && points.Count > 0 ? points[point[0] % points.Count] : point;

    private static uint Pick(uint id, List<uint> from) => id < Small && from.Count > 0 ? from[(int)id % from.Count] : id;

    private static void Fill(uint[] ids, List<uint> from)
    {
        for (var i = 0; i < ids.Length; i++)
            ids[i] = Pick(ids[i], from);
    }
}
