namespace FloorGateway.OpcUa.Server.Subscriptions;

/// <summary>
/// The items of a subscription with one sampling interval. At each tick only those whose variable changed since the last one,
/// and those that must be read to know, are sampled.
/// </summary>
internal sealed class SamplingGroup(double interval)
{
    private readonly List<MonitoredItem> polled = [];
    private MonitoredItem? changed;

    /// <summary>Milliseconds.</summary>
    public double Interval { get; } = interval;

    /// <summary>When to sample next, in ticks of the scheduler's clock.</summary>
    public long Due { get; set; }

    /// <summary>Notes from any thread that an item has something to sample.</summary>
    public void Push(MonitoredItem item)
    {
        MonitoredItem? head;
        do
        {
            head = Volatile.Read(ref changed);
            item.NextChanged = head;
        }
        while (Interlocked.CompareExchange(ref changed, item, head) != head);
    }

    public void AddPolled(MonitoredItem item) => polled.Add(item);

    public void RemovePolled(MonitoredItem item) => polled.Remove(item);

    public void Sample()
    {
        var item = Interlocked.Exchange(ref changed, null);
        while (item is not null)
        {
            var next = item.NextChanged;
            item.NextChanged = null;

            // Cleared before reading: a change from now on is sampled at the next tick.
            Volatile.Write(ref item.Changed, 0);
            Interlocked.MemoryBarrier();
            item.Sample();
            item = next;
        }

        foreach (var other in polled)
            other.Sample();
    }
}
