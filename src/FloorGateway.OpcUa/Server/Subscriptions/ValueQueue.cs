using FloorGateway.OpcUa.Types;

namespace FloorGateway.OpcUa.Server.Subscriptions;

/// <summary>A value as a monitored item queues it.</summary>
internal struct QueuedValue
{
    public Variant Value;
    public StatusCode Status;
    public long SourceTicks;
    public long ServerTicks;
}

/// <summary>A monitored item's queue (OPC 10000-4, 5.13.1.5): a ring that grows to its size only when values really wait.</summary>
internal struct ValueQueue(int size, bool discardOldest)
{
    private const int FirstCapacity = 2;

    private QueuedValue[] ring = [];
    private int head;

    public int Size { get; private set; } = size;

    public bool DiscardOldest { get; set; } = discardOldest;

    public int Count { get; private set; }

    /// <summary>Queues a value; in a full queue one gives way and the gap is marked with the overflow bit.</summary>
    /// <returns>False when a value was lost.</returns>
    public bool Enqueue(in Variant value, StatusCode status, long sourceTicks, long serverTicks)
    {
        var lost = Count == Size;
        if (lost)
        {
            // A queue of one holds "the latest" by intent: nothing is marked (5.13.1.5).
            if (Size == 1)
            {
                Set(head, value, status, sourceTicks, serverTicks);
                return true;
            }

            if (!DiscardOldest)
            {
                Set(Index(Count - 1), value, status.WithOverflow(), sourceTicks, serverTicks);
                return false;
            }

            ring[head] = default;
            head = Index(1);
            Count--;
            ring[head].Status = ring[head].Status.WithOverflow();
        }
        else if (Count == ring.Length)
        {
            Grow();
        }

        Set(Index(Count), value, status, sourceTicks, serverTicks);
        Count++;
        return !lost;
    }

    /// <summary>The oldest value; the queue must not be empty.</summary>
    public readonly ref readonly QueuedValue Peek() => ref ring[head];

    public void Dequeue()
    {
        // Let go of strings and arrays; plain numbers are overwritten later anyway.
        ring[head].Value = default;
        head = Index(1);
        Count--;
    }

    public void Clear()
    {
        if (Count != 0)
            Array.Clear(ring);
        head = 0;
        Count = 0;
    }

    /// <summary>Changes the size; when it shrinks, what no longer fits is discarded as in an overflow.</summary>
    public void Resize(int newSize)
    {
        while (Count > newSize)
        {
            if (DiscardOldest)
            {
                Dequeue();
                if (newSize > 1)
                    ring[head].Status = ring[head].Status.WithOverflow();
            }
            else
            {
                Count--;
                if (newSize > 1)
                    ring[Index(Count - 1)].Status = ring[Index(Count - 1)].Status.WithOverflow();
            }
        }

        var kept = new QueuedValue[Count];
        for (var i = 0; i < kept.Length; i++)
            kept[i] = ring[Index(i)];
        ring = kept;
        head = 0;
        Size = newSize;
    }

    private void Set(int index, in Variant value, StatusCode status, long sourceTicks, long serverTicks)
    {
        ref var slot = ref ring[index];
        slot.Value = value;
        slot.Status = status;
        slot.SourceTicks = sourceTicks;
        slot.ServerTicks = serverTicks;
    }

    private readonly int Index(int offset)
    {
        var index = head + offset;
        return index >= ring.Length ? index - ring.Length : index;
    }

    private void Grow()
    {
        var larger = new QueuedValue[ring.Length == 0 ? Math.Min(Size, FirstCapacity) : (int)Math.Min(Size, (long)ring.Length * 2)];
        for (var i = 0; i < Count; i++)
            larger[i] = ring[Index(i)];
        ring = larger;
        head = 0;
    }
}
