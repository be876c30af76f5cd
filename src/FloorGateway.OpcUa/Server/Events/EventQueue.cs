using FloorGateway.OpcUa.Types;

namespace FloorGateway.OpcUa.Server.Events;

/// <summary>Events that wait in a monitored item. Grows only when events really wait; a full one discards and remembers that it did.</summary>
internal sealed class EventQueue
{
    private readonly LinkedList<Variant[]> events = [];

    public int Size { get; private set; } = 1;

    public bool DiscardOldest { get; private set; } = true;

    /// <summary>The event that says so, while events were lost and nobody has been told; it is not counted (OPC 10000-4, 5.13.1.5).</summary>
    public Variant[]? Overflow { get; set; }

    public int Count => events.Count + (Overflow is null ? 0 : 1);

    public void Configure(int size, bool discardOldest)
    {
        Size = size;
        DiscardOldest = discardOldest;
        while (events.Count > size)
            Discard();
    }

    /// <returns>False when an event was lost.</returns>
    public bool Enqueue(Variant[] fields)
    {
        var fits = events.Count < Size;
        if (!fits)
            Discard();
        events.AddLast(fields);
        return fits;
    }

    /// <summary>The next to report. The overflow comes first when the oldest were discarded, last when the newest were.</summary>
    public bool TryDequeue(out Variant[] fields)
    {
        if (Overflow is { } overflow && (DiscardOldest || events.Count == 0))
        {
            fields = overflow;
            Overflow = null;
            return true;
        }

        if (events.First is not { } first)
        {
            fields = [];
            return false;
        }

        events.RemoveFirst();
        fields = first.Value;
        return true;
    }

    public void Clear()
    {
        events.Clear();
        Overflow = null;
    }

    private void Discard()
    {
        if (DiscardOldest)
            events.RemoveFirst();
        else
            events.RemoveLast();
    }
}
