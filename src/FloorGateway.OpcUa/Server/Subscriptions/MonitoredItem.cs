using FloorGateway.OpcUa.AddressSpace;
using FloorGateway.OpcUa.Encoding;
using FloorGateway.OpcUa.Types;

namespace FloorGateway.OpcUa.Server.Subscriptions;

/// <summary>
/// A monitored item (OPC 10000-4, 5.13.1). Producers call it from any thread through <see cref="IValueSubscriber"/>; the gate of its
/// subscription's log guards it. Plain changes of an item that reports them all go straight into that log, all others into its own queue.
/// </summary>
internal sealed class MonitoredItem : IValueSubscriber, IReportingItem
{
    private readonly NumericRange range;
    private ValueQueue queue;
    private ChangeFilter filter;
    private SamplingGroup? group;
    private FastPath fast;
    private bool prefersQueue;
    private bool everyChange;
    private bool isTrigger;
    private bool attached;
    private bool firstValue;
    private bool released;

    public MonitoredItem(Subscription owner, uint id, Node node, uint attributeId, NumericRange range, TimestampsToReturn timestamps)
    {
        Owner = owner;
        fast.Log = owner.Log;
        Id = id;
        Node = node;
        AttributeId = attributeId;
        this.range = range;
        fast.Source = attributeId == AttributeIds.Value && timestamps is TimestampsToReturn.Source or TimestampsToReturn.Both;
        fast.Server = timestamps is TimestampsToReturn.Server or TimestampsToReturn.Both;
    }

    public Subscription Owner { get; }

    public uint Id { get; }

    public Node Node { get; }

    public uint AttributeId { get; }

    public uint ClientHandle => fast.ClientHandle;

    public MonitoringMode Mode { get; private set; } = MonitoringMode.Disabled;

    public double SamplingInterval { get; private set; }

    public int QueueSize => queue.Size;

    public bool IsTrigger
    {
        get => isTrigger;
        set
        {
            fast.Log.Enter();
            isTrigger = value;
            UpdateDirect();
            fast.Log.Exit();
        }
    }

    /// <summary>True while the item is in its subscription's list of those with something to report.</summary>
    public int Ready;

    /// <summary>The next item in that list.</summary>
    public MonitoredItem? NextReady;

    /// <summary>True while the item waits for its group's next sampling.</summary>
    public int Changed;

    /// <summary>The next item that waits.</summary>
    public MonitoredItem? NextChanged;

    /// <summary>Values lost because the queue was full.</summary>
    public long Overflows { get; private set; }

    /// <summary>True when the value must be read by the sampler because nobody announces its changes.</summary>
    public bool IsPolled => AttributeId == AttributeIds.Value && Node is VariableNode { OnRead: not null };

    public void Configure(uint clientHandle, double samplingInterval, int queueSize, bool discardOldest, ChangeFilter newFilter, SamplingGroup? newGroup)
    {
        fast.Log.Enter();
        SpillOwn();
        fast.Log.Capacity += queueSize - fast.QueueSize;
        fast.ClientHandle = clientHandle;
        SamplingInterval = samplingInterval;
        if (queue.Size == 0)
        {
            queue = new ValueQueue(queueSize, discardOldest);
        }
        else
        {
            queue.DiscardOldest = discardOldest;
            queue.Resize(queueSize);
        }

        fast.QueueSize = queueSize;
        filter = newFilter;
        fast.HasLast = false;
        var previous = group;
        group = newGroup;
        everyChange = newGroup is null && filter.IsDefault && AttributeId == AttributeIds.Value && range.IsEmpty && !IsPolled;
        prefersQueue = false;
        UpdateDirect();
        fast.Log.Exit();
        if (previous != newGroup)
        {
            previous?.RemovePolled(this);
            if (attached && IsPolled)
                newGroup?.AddPolled(this);
        }
    }

    public void SetMode(MonitoringMode mode)
    {
        var before = Mode;
        fast.Log.Enter();
        SpillOwn();
        Mode = mode;
        if (mode == MonitoringMode.Disabled)
        {
            queue.Clear();
            ResetFilter();
            released = false;
        }

        UpdateDirect();
        fast.Log.Exit();
        if (mode == MonitoringMode.Disabled)
        {
            Detach();
        }
        else
        {
            if (before == MonitoringMode.Disabled)
                Attach();
            if (mode == MonitoringMode.Reporting && queue.Count != 0)
                Owner.MarkReady(this);
        }
    }

    /// <summary>Stops listening; the item is not used again or is disabled.</summary>
    public void Detach()
    {
        if (!attached)
            return;
        attached = false;
        group?.RemovePolled(this);
        if (AttributeId == AttributeIds.Value && Node is VariableNode variable)
            variable.Unsubscribe(this);
    }

    /// <summary>Queues the present value whether it changed or not: after a transfer, or when the client asks for data again.</summary>
    public void Resend()
    {
        if (Mode == MonitoringMode.Disabled)
            return;
        fast.Log.Enter();
        SpillOwn();
        if (queue.Count == 0)
            ResetFilter();
        fast.Log.Exit();
        Sample();
    }

    /// <inheritdoc/>
    public void Release()
    {
        bool push;
        fast.Log.Enter();
        push = Mode == MonitoringMode.Sampling && queue.Count != 0;
        if (push)
            released = true;
        fast.Log.Exit();
        if (push)
            Owner.MarkReady(this);
    }

    public void OnValueChanged(in Variant value, StatusCode status, long sourceTicks, long serverTicks, bool changed)
    {
        fast.Log.Enter();
        try
        {
            if (fast.Direct && ChangeLog.Holds(value) && ((fast.HasLast && !changed) || TryLog(value, status, sourceTicks, serverTicks)))
                return;
        }
        finally
        {
            fast.Log.Exit();
        }

        if (group is { } sampler && !firstValue)
        {
            // Only the value at the sampling instant counts: note that there is something to sample.
            if (Interlocked.Exchange(ref Changed, 1) == 0)
                sampler.Push(this);
            return;
        }

        firstValue = false;
        Offer(value, status, sourceTicks, serverTicks, changed);
    }

    /// <summary>Takes back what the log held, in its order. Only inside the gate.</summary>
    public void Requeue(in DataValue value)
    {
        if (fast.Logged > fast.QueueSize)
            prefersQueue = true;
        if (!queue.Enqueue(value.Value, value.Status, value.SourceTicks, value.ServerTicks))
            Overflows++;
        fast.Direct = false;
        Owner.MarkReady(this);
    }

    /// <summary>Reads the value now and queues it if it passes the filter.</summary>
    public void Sample()
    {
        if (AttributeId == AttributeIds.Value)
        {
            var read = ((VariableNode)Node).GetValue();
            Offer(read.Value, read.Status, read.SourceTicks, read.ServerTicks, changed: false); // what changes comes by itself where every change counts
        }
        else
        {
            var status = AttributeReader.Read(Node, AttributeId, Owner.Rights, out var value);
            Offer(value, status, 0, Node.Space.Clock.GetUtcNow().UtcTicks, changed: false);
        }
    }

    /// <summary>Writes queued values as MonitoredItemNotifications.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="max">How many at most.</param>
    /// <param name="maxBytes">Size of the message after which the rest waits for the next one.</param>
    /// <param name="written">How many were written.</param>
    /// <returns>True when the queue is empty now.</returns>
    public bool Drain(ref UaWriter writer, int max, long maxBytes, out int written)
    {
        written = 0;
        fast.Log.Enter();
        try
        {
            var reports = Mode == MonitoringMode.Reporting || released;
            if (reports)
            {
                while (queue.Count != 0 && written < max && writer.BytesWritten < maxBytes)
                {
                    Write(ref writer, queue.Peek());
                    queue.Dequeue();
                    written++;
                }
            }

            var empty = queue.Count == 0 || !reports;
            if (empty)
            {
                Ready = 0; // inside the lock: a producer that comes next marks the item again
                released = false;
                if (written < fast.QueueSize)
                    prefersQueue = false; // what filled its queue is over
                UpdateDirect();
            }

            return empty;
        }
        finally
        {
            fast.Log.Exit();
        }
    }

    private void Attach()
    {
        attached = true;
        if (AttributeId != AttributeIds.Value)
        {
            Sample(); // other attributes do not change
            return;
        }

        if (IsPolled)
        {
            group?.AddPolled(this);
            Sample();
            return;
        }

        firstValue = group is not null;
        ((VariableNode)Node).Subscribe(this);
    }

    private void Offer(in Variant value, StatusCode status, long sourceTicks, long serverTicks, bool changed)
    {
        var offered = value;
        if (!range.IsEmpty && !status.IsBad)
        {
            var selected = range.Select(value, out offered);
            if (selected.IsBad)
                status = selected;
        }

        bool report;
        bool queued;
        fast.Log.Enter();
        try
        {
            queued = Mode != MonitoringMode.Disabled && (everyChange ? changed || !fast.HasLast : filter.Accept(offered, status, sourceTicks));
            if (queued)
            {
                fast.HasLast = true;
                SpillOwn();
                fast.Direct = false;
                if (!queue.Enqueue(offered, status, sourceTicks, serverTicks))
                    Overflows++;
            }

            report = queued && Mode == MonitoringMode.Reporting && Ready == 0;
            if (report)
                Ready = 1;
        }
        finally
        {
            fast.Log.Exit();
        }

        if (report)
            Owner.PushReady(this);
        if (queued && IsTrigger)
            Owner.Trigger(Id);
    }

    private void Write(ref UaWriter writer, in QueuedValue value)
    {
        writer.WriteUInt32(ClientHandle);
        writer.WriteDataValue(new DataValue(value.Value, value.Status, fast.Source ? value.SourceTicks : 0, fast.Server ? value.ServerTicks : 0));
    }

    private bool TryLog(in Variant value, StatusCode status, long sourceTicks, long serverTicks)
    {
        var log = fast.Log;
        if (!log.TryAppend(this, fast.ClientHandle, value, status, fast.Source ? sourceTicks : 0, fast.Server ? serverTicks : 0))
        {
            log.Spill();
            return false;
        }

        fast.HasLast = true;
        if (fast.Generation != log.Generation)
        {
            fast.Generation = log.Generation;
            fast.Logged = 0;
        }

        if (++fast.Logged > fast.QueueSize)
            log.MarkOverflow();
        return true;
    }

    // What comes next for this item goes another way, and must not overtake what the log holds.
    private void SpillOwn()
    {
        if (fast.Generation == fast.Log.Generation)
            fast.Log.Spill();
    }

    private void ResetFilter()
    {
        filter.Reset();
        fast.HasLast = false;
    }

    private void UpdateDirect() => fast.Direct = everyChange && Mode == MonitoringMode.Reporting && queue.Count == 0 && !isTrigger && !prefersQueue;

    // What a plain change touches, side by side in memory.
    private struct FastPath
    {
        public ChangeLog Log;
        public uint ClientHandle;
        public uint Generation; // of the log, when this item wrote to it last
        public int Logged; // entries in that generation
        public int QueueSize;
        public bool Direct; // plain values go into the log
        public bool HasLast; // something was reported, so only changes count from now on
        public bool Source;
        public bool Server;
    }
}
