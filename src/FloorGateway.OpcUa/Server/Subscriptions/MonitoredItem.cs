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
    private readonly ChangeLog log;
    private readonly NumericRange range;
    private readonly TimestampsToReturn timestamps;
    private ValueQueue queue;
    private ChangeFilter filter;
    private SamplingGroup? group;
    private uint logGeneration;
    private int logged;
    private int queueSize;
    private bool direct;
    private bool prefersQueue;
    private bool everyChange;
    private bool hasLast;
    private bool isTrigger;
    private bool attached;
    private bool firstValue;
    private bool released;

    public MonitoredItem(Subscription owner, uint id, Node node, uint attributeId, NumericRange range, TimestampsToReturn timestamps)
    {
        Owner = owner;
        log = owner.Log;
        Id = id;
        Node = node;
        AttributeId = attributeId;
        this.range = range;
        this.timestamps = timestamps;
    }

    public Subscription Owner { get; }

    public uint Id { get; }

    public Node Node { get; }

    public uint AttributeId { get; }

    public uint ClientHandle { get; private set; }

    public MonitoringMode Mode { get; private set; } = MonitoringMode.Disabled;

    public double SamplingInterval { get; private set; }

    public int QueueSize => queue.Size;

    public bool IsTrigger
    {
        get => isTrigger;
        set
        {
            log.Enter();
            isTrigger = value;
            UpdateDirect();
            log.Exit();
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

    private bool WantsSource => timestamps is TimestampsToReturn.Source or TimestampsToReturn.Both;

    private bool WantsServer => timestamps is TimestampsToReturn.Server or TimestampsToReturn.Both;

    /// <summary>True when the value must be read by the sampler because nobody announces its changes.</summary>
    public bool IsPolled => AttributeId == AttributeIds.Value && Node is VariableNode { OnRead: not null };

    public void Configure(uint clientHandle, double samplingInterval, int queueSize, bool discardOldest, ChangeFilter newFilter, SamplingGroup? newGroup)
    {
        log.Enter();
        SpillOwn();
        log.Capacity += queueSize - this.queueSize;
        ClientHandle = clientHandle;
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

        this.queueSize = queueSize;
        filter = newFilter;
        hasLast = false;
        var previous = group;
        group = newGroup;
        everyChange = newGroup is null && filter.IsDefault && AttributeId == AttributeIds.Value && range.IsEmpty && !IsPolled;
        prefersQueue = false;
        UpdateDirect();
        log.Exit();
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
        log.Enter();
        SpillOwn();
        Mode = mode;
        if (mode == MonitoringMode.Disabled)
        {
            queue.Clear();
            ResetFilter();
            released = false;
        }

        UpdateDirect();
        log.Exit();
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
        log.Enter();
        SpillOwn();
        if (queue.Count == 0)
            ResetFilter();
        log.Exit();
        Sample();
    }

    /// <inheritdoc/>
    public void Release()
    {
        bool push;
        log.Enter();
        push = Mode == MonitoringMode.Sampling && queue.Count != 0;
        if (push)
            released = true;
        log.Exit();
        if (push)
            Owner.MarkReady(this);
    }

    void IValueSubscriber.OnValueChanged(in Variant value, StatusCode status, long sourceTicks, long serverTicks, bool changed)
    {
        log.Enter();
        try
        {
            if (direct && ChangeLog.Holds(value) && ((hasLast && !changed) || TryLog(value, status, sourceTicks, serverTicks)))
                return;
        }
        finally
        {
            log.Exit();
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
        if (logged > queueSize)
            prefersQueue = true;
        if (!queue.Enqueue(value.Value, value.Status, value.SourceTicks, value.ServerTicks))
            Overflows++;
        direct = false;
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
        log.Enter();
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
                if (written < queueSize)
                    prefersQueue = false; // what filled its queue is over
                UpdateDirect();
            }

            return empty;
        }
        finally
        {
            log.Exit();
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

        firstValue = true;
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
        log.Enter();
        try
        {
            queued = Mode != MonitoringMode.Disabled && (everyChange ? changed || !hasLast : filter.Accept(offered, status, sourceTicks));
            if (queued)
            {
                hasLast = true;
                SpillOwn();
                direct = false;
                if (!queue.Enqueue(offered, status, sourceTicks, serverTicks))
                    Overflows++;
            }

            report = queued && Mode == MonitoringMode.Reporting && Ready == 0;
            if (report)
                Ready = 1;
        }
        finally
        {
            log.Exit();
        }

        if (report)
            Owner.PushReady(this);
        if (queued && IsTrigger)
            Owner.Trigger(Id);
    }

    private void Write(ref UaWriter writer, in QueuedValue value)
    {
        writer.WriteUInt32(ClientHandle);
        var source = AttributeId == AttributeIds.Value && WantsSource ? value.SourceTicks : 0;
        var server = WantsServer ? value.ServerTicks : 0;
        writer.WriteDataValue(new DataValue(value.Value, value.Status, source, server));
    }

    private bool TryLog(in Variant value, StatusCode status, long sourceTicks, long serverTicks)
    {
        if (!log.TryAppend(this, ClientHandle, value, status, WantsSource ? sourceTicks : 0, WantsServer ? serverTicks : 0))
        {
            log.Spill();
            return false;
        }

        hasLast = true;
        firstValue = false;
        if (logGeneration != log.Generation)
        {
            logGeneration = log.Generation;
            logged = 0;
        }

        if (++logged > queueSize)
            log.MarkOverflow();
        return true;
    }

    // What comes next for this item goes another way, and must not overtake what the log holds.
    private void SpillOwn()
    {
        if (logGeneration == log.Generation)
            log.Spill();
    }

    private void ResetFilter()
    {
        filter.Reset();
        hasLast = false;
    }

    private void UpdateDirect() => direct = everyChange && Mode == MonitoringMode.Reporting && queue.Count == 0 && !isTrigger && !prefersQueue;
}
