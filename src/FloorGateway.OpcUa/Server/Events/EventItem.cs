using FloorGateway.OpcUa.AddressSpace;
using FloorGateway.OpcUa.AddressSpace.Conditions;
using FloorGateway.OpcUa.AddressSpace.Events;
using FloorGateway.OpcUa.Encoding;
using FloorGateway.OpcUa.Server.Subscriptions;
using FloorGateway.OpcUa.Types;

namespace FloorGateway.OpcUa.Server.Events;

/// <summary>A monitored item of events: a notifier, a filter and a queue (OPC 10000-4, 5.13.1). Events come from any thread.</summary>
internal sealed class EventItem(Subscription owner, uint id, Node notifier) : IEventSubscriber, IReportingItem
{
    private readonly Lock gate = new();
    private readonly EventQueue queue = new();
    private CompiledEventFilter? filter;
    private bool isReady;
    private bool released;

    public uint Id { get; } = id;

    public uint ClientHandle { get; private set; }

    public MonitoringMode Mode { get; private set; } = MonitoringMode.Disabled;

    public Node Notifier { get; } = notifier;

    public bool IsTrigger { get; set; }

    public int QueueSize { get; private set; }

    /// <summary>What the queue may hold, in values: its size times the fields of an event.</summary>
    public long QueueCost { get; private set; }

    public void Configure(uint clientHandle, CompiledEventFilter newFilter, int queueSize, bool discardOldest)
    {
        lock (gate)
        {
            ClientHandle = clientHandle;
            filter = newFilter;
            QueueSize = queueSize;
            QueueCost = (long)queueSize * newFilter.FieldCount;
            queue.Configure(queueSize, discardOldest);
        }
    }

    public void SetMode(MonitoringMode mode)
    {
        var before = Mode;
        lock (gate)
        {
            Mode = mode;
            if (mode == MonitoringMode.Disabled)
            {
                queue.Clear();
                released = false;
            }
            else if (mode == MonitoringMode.Reporting && queue.Count != 0)
            {
                MarkReady_NeedsLock();
            }
        }

        if (before == MonitoringMode.Disabled && mode != MonitoringMode.Disabled)
            Notifier.Space.Events.Subscribe(Notifier, this);
        else if (before != MonitoringMode.Disabled && mode == MonitoringMode.Disabled)
            Notifier.Space.Events.Unsubscribe(Notifier, this);
    }

    void IEventSubscriber.OnEvent(EventRecord record)
    {
        if (Offer(record, unfiltered: false) && IsTrigger)
            owner.Trigger(Id);
    }

    public void Release()
    {
        lock (gate)
        {
            if (Mode != MonitoringMode.Sampling || queue.Count == 0)
                return;
            released = true;
            MarkReady_NeedsLock();
        }
    }

    /// <summary>Tells of all conditions heard here that need attention, between two events that say so (OPC 10000-9, 5.5.7).</summary>
    public void Refresh()
    {
        if (Mode == MonitoringMode.Disabled)
            return;
        var space = Notifier.Space;
        Offer(Marker(ObjectTypeIds.RefreshStartEventType, "Refresh begins"), unfiltered: true);
        foreach (var condition in space.Events.Conditions)
        {
            if (space.Events.Reaches(condition.Source, Notifier))
                condition.Refresh(this);
        }

        Offer(Marker(ObjectTypeIds.RefreshEndEventType, "Refresh ends"), unfiltered: true);
    }

    /// <summary>Writes queued events as EventFieldLists.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="max">How many at most.</param>
    /// <param name="maxBytes">Size of the part after which the rest waits for the next message.</param>
    /// <param name="written">How many were written.</param>
    /// <returns>True when nothing is left to report.</returns>
    public bool Drain(ref UaWriter writer, int max, long maxBytes, out int written)
    {
        written = 0;
        lock (gate)
        {
            var reports = Mode == MonitoringMode.Reporting || released;
            while (reports && written < max && writer.BytesWritten < maxBytes && queue.TryDequeue(out var fields))
            {
                writer.WriteUInt32(ClientHandle);
                writer.WriteVariantArray(fields);
                written++;
            }

            if (reports && queue.Count != 0)
                return false;
            isReady = released = false;
            return true;
        }
    }

    private bool Offer(EventRecord record, bool unfiltered)
    {
        if (!unfiltered && !(MayReceive(record.Source) && MayReceive(record.Type.Node)))
            return false;
        lock (gate)
        {
            if (Mode == MonitoringMode.Disabled || filter?.Select(record, unfiltered) is not { } fields)
                return false;
            if (!queue.Enqueue(fields) && queue.Overflow is null)
                queue.Overflow = filter.Select(Marker(ObjectTypeIds.EventQueueOverflowEventType, "Events were lost: the queue of the monitored item was full"), unfiltered: true);
            if (Mode == MonitoringMode.Reporting)
                MarkReady_NeedsLock();
            return true;
        }
    }

    // Who may not learn of a source or a type of event does not, wherever he listens (OPC 10000-3, 8.55).
    private bool MayReceive(Node node) => AccessCheck.RolesOf(node) is null || !AccessCheck.Check(node, PermissionType.ReceiveEvents, owner.Rights).IsBad;

    // Events about the reporting itself come from the Server object and pass every filter (7.22.3).
    private EventRecord Marker(uint typeId, string message)
    {
        var space = Notifier.Space;
        var type = space.EventType(typeId);
        var values = new Variant[type.Declarations.Length];
        space.Events.FillBase(type, values, space.Server, 1, new LocalizedText(message), 0);
        return new EventRecord(space.Server, type, values);
    }

    private void MarkReady_NeedsLock()
    {
        if (isReady)
            return;
        isReady = true;
        owner.PushReady(this);
    }
}
