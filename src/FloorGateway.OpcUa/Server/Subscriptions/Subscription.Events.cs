using System.Collections.Concurrent;
using FloorGateway.OpcUa.AddressSpace;
using FloorGateway.OpcUa.Encoding;
using FloorGateway.OpcUa.Server.Events;
using FloorGateway.OpcUa.Types;

namespace FloorGateway.OpcUa.Server.Subscriptions;

internal sealed partial class Subscription
{
    /// <summary>Links between items; a client needs a few, and each costs memory of the server's.</summary>
    private const int MaxTriggerLinks = 100_000;

    private readonly Dictionary<uint, EventItem> eventItems = [];
    private readonly ConcurrentQueue<EventItem> readyEvents = [];
    private readonly ConcurrentDictionary<uint, IReportingItem[]> links = [];

    public IReadOnlyDictionary<uint, EventItem> EventItems => eventItems;

    /// <summary>Items of values and of events.</summary>
    public int ItemCount => items.Count + eventItems.Count;

    public EventItem AddEventItem(Node notifier)
    {
        var item = new EventItem(this, ++nextItemId, notifier);
        eventItems.Add(item.Id, item);
        return item;
    }

    public IReportingItem? FindItem(uint itemId) =>
        items.TryGetValue(itemId, out var item) ? item : eventItems.TryGetValue(itemId, out var events) ? events : null;

    public void RemoveEventItem(uint itemId)
    {
        if (!eventItems.Remove(itemId, out var item))
            return;
        item.SetMode(MonitoringMode.Disabled);
        links.TryRemove(itemId, out _);
    }

    /// <summary>Puts an item on the list of those with events to report; from any thread.</summary>
    public void PushReady(EventItem item) => readyEvents.Enqueue(item);

    /// <summary>Lets the items linked to this one report; from any thread.</summary>
    public void Trigger(uint itemId)
    {
        if (!links.TryGetValue(itemId, out var linked))
            return;
        foreach (var item in linked)
            item.Release();
    }

    /// <summary>Links items to one that triggers them, and takes links away: those first (OPC 10000-4, 5.13.5).</summary>
    public void SetTriggering(IReportingItem trigger, uint[] add, uint[] remove, out StatusCode[] added, out StatusCode[] removed)
    {
        added = new StatusCode[add.Length];
        removed = new StatusCode[remove.Length];

        // A deleted item stays in the lists it was in, where it does no harm, until they change.
        var linked = new Dictionary<uint, IReportingItem>();
        foreach (var item in links.GetValueOrDefault(trigger.Id) ?? [])
        {
            if (FindItem(item.Id) == item)
                linked.Add(item.Id, item);
        }

        for (var i = 0; i < remove.Length; i++)
            removed[i] = linked.Remove(remove[i]) ? StatusCodes.Good : StatusCodes.BadMonitoredItemIdInvalid;
        var others = links.Sum(pair => pair.Key == trigger.Id ? 0 : (long)pair.Value.Length);
        for (var i = 0; i < add.Length; i++)
        {
            if (FindItem(add[i]) is not { } item)
                added[i] = StatusCodes.BadMonitoredItemIdInvalid;
            else if (others + linked.Count >= MaxTriggerLinks)
                added[i] = StatusCodes.BadTooManyMonitoredItems;
            else
                linked[item.Id] = item;
        }

        trigger.IsTrigger = linked.Count != 0;
        if (linked.Count != 0)
            links[trigger.Id] = [.. linked.Values];
        else
            links.TryRemove(trigger.Id, out _);
    }

    private int WriteEvents(PooledBuffer message, int limit, int max)
    {
        var start = message.Length;
        WritePartHeader(message.GetSpan(PartHeaderLength), EventNotificationList.BinaryId);
        message.Advance(PartHeaderLength);
        var writer = new UaWriter(message);
        var aside = message.Length;
        var count = 0;
        while (count < max && aside + writer.BytesWritten < limit && readyEvents.TryPeek(out var item))
        {
            var empty = item.Drain(ref writer, max - count, limit - aside, out var written);
            count += written;
            if (empty)
                readyEvents.TryDequeue(out _);
        }

        writer.Flush();
        Counters.Events += (uint)count;
        return EndPart(message, start, count);
    }

    private void CloseEvents()
    {
        foreach (var item in eventItems.Values)
            item.SetMode(MonitoringMode.Disabled);
        eventItems.Clear();
        links.Clear();
        readyEvents.Clear();
    }
}
