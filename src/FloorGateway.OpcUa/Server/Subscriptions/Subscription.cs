using System.Buffers.Binary;
using FloorGateway.OpcUa.AddressSpace;
using FloorGateway.OpcUa.Encoding;
using FloorGateway.OpcUa.Types;

namespace FloorGateway.OpcUa.Server.Subscriptions;

/// <summary>
/// A subscription: its items, its state machine and the messages that wait for their acknowledgement (OPC 10000-4, 5.14.1).
/// Its owner's lock guards everything but what producers call: PushReady and Trigger.
/// </summary>
internal sealed partial class Subscription(uint id, SubscriptionMachine machine)
{
    /// <summary>Bytes after which a message is closed and the rest waits for the next: responses stay well below common message limits.</summary>
    private const int MaxMessageBytes = 1024 * 1024;

    private const int PartCountOffset = 12; // after sequence number 4 and time 8
    private const int FirstPartOffset = 16;
    private const int BodyLengthOffset = 5; // in a part: after type id 4 and encoding 1
    private const int PartHeaderLength = BodyLengthOffset + 4 + 4; // length and count

    /// <summary>Bytes of a message before its first data change.</summary>
    public const int DataChangesOffset = FirstPartOffset + PartHeaderLength;

    private readonly Dictionary<uint, MonitoredItem> items = [];
    private readonly Dictionary<double, SamplingGroup> groups = [];
    private readonly Queue<(uint SequenceNumber, PooledBuffer Message)> unacknowledged = [];
    private readonly Queue<MonitoredItem> draining = [];
    private MonitoredItem? ready;
    private long unacknowledgedBytes;
    private uint nextItemId;
    private uint lastSequenceNumber;

    public uint Id { get; } = id;

    public SubscriptionMachine Machine { get; } = machine;

    /// <summary>The session that gets the notifications; null after it was closed without deleting its subscriptions.</summary>
    public Session? Session { get; set; }

    /// <summary>Who made it: a transfer is for the same user of the same application only.</summary>
    public required SubscriptionOwner Owner { get; init; }

    public UserRights Rights { get; init; }

    /// <summary>Milliseconds.</summary>
    public double PublishingInterval { get; set; }

    public uint MaxKeepAliveCount { get; set; }

    public uint LifetimeCount { get; set; }

    public int MaxNotificationsPerPublish { get; set; }

    public byte Priority { get; set; }

    /// <summary>When the publishing timer expires, in ticks of the scheduler's clock.</summary>
    public long Due { get; set; }

    public IReadOnlyDictionary<uint, MonitoredItem> Items => items;

    /// <summary>What items of plain values have to report.</summary>
    public ChangeLog Log { get; } = new();

    public Diagnostics.SubscriptionCounters Counters { get; } = new();

    public IReadOnlyCollection<SamplingGroup> Groups => groups.Values;

    public bool NotificationsAvailable => !Log.IsEmpty || draining.Count != 0 || Volatile.Read(ref ready) is not null || !readyEvents.IsEmpty;

    public int UnacknowledgedCount => unacknowledged.Count;

    public uint[] AvailableSequenceNumbers => [.. unacknowledged.Select(m => m.SequenceNumber)];

    /// <summary>The sequence number of the next message with notifications; a keep-alive announces it (7.26).</summary>
    public uint NextSequenceNumber => lastSequenceNumber == uint.MaxValue ? 1 : lastSequenceNumber + 1;

    public MonitoredItem AddItem(Node node, uint attributeId, NumericRange range, TimestampsToReturn timestamps)
    {
        var item = new MonitoredItem(this, ++nextItemId, node, attributeId, range, timestamps);
        items.Add(item.Id, item);
        return item;
    }

    public bool RemoveItem(uint itemId)
    {
        if (!items.Remove(itemId, out var item))
            return false;
        item.SetMode(MonitoringMode.Disabled);
        Log.Capacity -= item.QueueSize;
        links.TryRemove(itemId, out _);
        return true;
    }

    /// <summary>The group that samples at an interval, made when first needed; null for interval 0, which reports changes as they happen.</summary>
    public SamplingGroup? GroupFor(double interval, long now)
    {
        if (interval <= 0)
            return null;
        if (!groups.TryGetValue(interval, out var group))
        {
            group = new SamplingGroup(interval) { Due = now + (long)(interval * TimeSpan.TicksPerMillisecond) };
            groups.Add(interval, group);
        }

        return group;
    }

    /// <summary>Puts an item on the list of those with something to report; from any thread.</summary>
    public void PushReady(MonitoredItem item)
    {
        MonitoredItem? head;
        do
        {
            head = Volatile.Read(ref ready);
            item.NextReady = head;
        }
        while (Interlocked.CompareExchange(ref ready, item, head) != head);
    }

    public void MarkReady(MonitoredItem item)
    {
        if (Interlocked.Exchange(ref item.Ready, 1) == 0)
            PushReady(item);
    }

    /// <summary>
    /// Builds the next NotificationMessage straight from the log and the queues (7.26). Null when it turned out that nothing is left to
    /// report, for example because the items were deleted meanwhile.
    /// </summary>
    public PooledBuffer? TakeNotifications(long nowUtcTicks, ServerLimits limits, int maxBytes = MaxMessageBytes)
    {
        var message = new PooledBuffer();
        var left = MaxNotificationsPerPublish == 0 ? int.MaxValue : MaxNotificationsPerPublish;
        var limit = Math.Min(maxBytes, MaxMessageBytes);
        var parts = WriteDataChanges(message, limit, ref left);
        if (!readyEvents.IsEmpty && left > 0 && message.Length < limit)
            parts += WriteEvents(message, limit, left);
        Machine.MoreNotifications = NotificationsAvailable;
        if (parts == 0)
        {
            message.Dispose();
            return null;
        }

        var head = message.Written;
        BinaryPrimitives.WriteUInt32LittleEndian(head, NextSequenceNumber);
        BinaryPrimitives.WriteInt64LittleEndian(head[4..], UaDateTime.ToWire(nowUtcTicks));
        BinaryPrimitives.WriteInt32LittleEndian(head[PartCountOffset..], parts);
        lastSequenceNumber = NextSequenceNumber;
        Retain(lastSequenceNumber, message, limits);
        return message;
    }

    public bool Acknowledge(uint sequenceNumber)
    {
        // Clients acknowledge in order nearly always, so the first is the one; else the queue is turned once.
        var found = false;
        for (var i = unacknowledged.Count; i > 0; i--)
        {
            if (!found && unacknowledged.Peek().SequenceNumber == sequenceNumber)
            {
                Release();
                if (i == unacknowledged.Count + 1)
                    return true;
                found = true;
            }
            else
            {
                unacknowledged.Enqueue(unacknowledged.Dequeue());
            }
        }

        return found;
    }

    /// <summary>A message that was sent and not acknowledged, for Republish.</summary>
    public PooledBuffer? FindMessage(uint sequenceNumber)
    {
        foreach (var (number, message) in unacknowledged)
        {
            if (number == sequenceNumber)
                return message;
        }

        return null;
    }

    /// <summary>Queues the present value of every reporting item (TransferSubscriptions, ResendData).</summary>
    public void ResendData()
    {
        foreach (var item in items.Values)
        {
            if (item.Mode == MonitoringMode.Reporting)
                item.Resend();
        }
    }

    /// <summary>Stops listening and gives the buffers back.</summary>
    public void Close()
    {
        Machine.Close();
        foreach (var item in items.Values)
            item.Detach();
        items.Clear();
        CloseEvents();
        groups.Clear();
        draining.Clear();
        Log.Close();
        while (unacknowledged.Count != 0)
            Release();
    }

    /// <returns>1, or 0 when nothing was left to write: its items are gone or off.</returns>
    private int WriteDataChanges(PooledBuffer message, int limit, ref int left)
    {
        var max = left;

        // First the log: what waits in a queue is younger than what the same item has there.
        var count = Log.Take(message, max, limit);
        WritePartHeader(message.Written[FirstPartOffset..], DataChangeNotification.BinaryId);
        CollectReady();
        var writer = new UaWriter(message);
        var aside = message.Length; // what did not go through this writer
        while (count < max && aside + writer.BytesWritten < limit && draining.TryPeek(out var item))
        {
            var empty = item.Drain(ref writer, max - count, limit - aside, out var written);
            count += written;
            if (empty)
                draining.Dequeue();
        }

        writer.Flush();
        BinaryPrimitives.WriteInt32LittleEndian(message.GetSpan(4), -1); // no diagnostics
        message.Advance(4);
        left -= count;
        Counters.DataChanges += (uint)count;
        return EndPart(message, FirstPartOffset, count);
    }

    // The lengths are patched at the end.
    private static void WritePartHeader(Span<byte> target, uint typeId)
    {
        target[..PartHeaderLength].Clear();
        target[0] = 1; // a numeric id of two bytes in namespace 0 (OPC 10000-6, 5.2.2.9)
        BinaryPrimitives.WriteUInt16LittleEndian(target[2..], checked((ushort)typeId));
        target[4] = (byte)ExtensionObjectBody.ByteString;
    }

    private static int EndPart(PooledBuffer message, int start, int count)
    {
        if (count == 0)
        {
            message.Truncate(start);
            return 0;
        }

        var length = start + BodyLengthOffset;
        BinaryPrimitives.WriteInt32LittleEndian(message.Written[length..], message.Length - length - 4);
        BinaryPrimitives.WriteInt32LittleEndian(message.Written[(length + 4)..], count);
        return 1;
    }

    private void Retain(uint sequenceNumber, PooledBuffer message, ServerLimits limits)
    {
        unacknowledged.Enqueue((sequenceNumber, message));
        unacknowledgedBytes += message.Length;
        while (unacknowledged.Count > 1 && (unacknowledged.Count > limits.MaxRetransmissionMessages || unacknowledgedBytes > limits.MaxRetransmissionBytes))
        {
            Counters.DiscardedMessages++;
            Release();
        }
    }

    private void Release()
    {
        var message = unacknowledged.Dequeue().Message;
        unacknowledgedBytes -= message.Length;
        message.Dispose();
    }

    // The list is last in, first out; turned round so that items report in the order in which they changed.
    private void CollectReady()
    {
        var item = Interlocked.Exchange(ref ready, null);
        MonitoredItem? first = null;
        while (item is not null)
        {
            var next = item.NextReady;
            item.NextReady = first;
            first = item;
            item = next;
        }

        while (first is not null)
        {
            var next = first.NextReady;
            first.NextReady = null;
            draining.Enqueue(first);
            first = next;
        }
    }
}
