namespace FloorGateway.Simulators.Engine;

/// <summary>A unit's future: actions by process time; actions of the same instant run in the order they were scheduled.</summary>
/// <remarks>A binary heap with its keys beside the events: comparing them through a comparer's interface took most of a run's time.</remarks>
internal sealed class EventQueue
{
    private Entry[] _heap = new Entry[8];
    private int _count;
    private long _order;

    public void Add(ScheduledEvent item)
    {
        if (_count == _heap.Length) Array.Resize(ref _heap, 2 * _count);
        Rise(_count++, new(item.Due, _order++, item));
    }

    /// <summary>Process time of the next event that is not cancelled; <see cref="long.MaxValue"/> when there is none.</summary>
    public long NextDue
    {
        get
        {
            while (_count > 0)
            {
                if (!_heap[0].Item.Cancelled) return _heap[0].Due;
                Take();
            }

            return long.MaxValue;
        }
    }

    public ScheduledEvent Take()
    {
        var first = _heap[0].Item;
        var last = _heap[--_count];
        _heap[_count] = default;
        if (_count > 0) Sink(last);
        return first;
    }

    private void Rise(int at, in Entry entry)
    {
        while (at > 0)
        {
            var parent = (at - 1) / 2;
            if (!entry.IsBefore(_heap[parent])) break;
            _heap[at] = _heap[parent];
            at = parent;
        }

        _heap[at] = entry;
    }

    private void Sink(in Entry entry)
    {
        var at = 0;
        while (true)
        {
            var child = 2 * at + 1;
            if (child >= _count) break;
            if (child + 1 < _count && _heap[child + 1].IsBefore(_heap[child])) child++;
            if (!_heap[child].IsBefore(entry)) break;
            _heap[at] = _heap[child];
            at = child;
        }

        _heap[at] = entry;
    }

    private readonly record struct Entry(long Due, long Order, ScheduledEvent Item)
    {
        public bool IsBefore(in Entry other) => Due < other.Due || (Due == other.Due && Order < other.Order);
    }
}

/// <summary>A scheduled action; hold on to it to call it off.</summary>
public sealed class ScheduledEvent
{
    internal ScheduledEvent(long due, Action action)
    {
        Due = due;
        Action = action;
    }

    /// <summary>Process time in ticks.</summary>
    public long Due { get; internal set; }

    internal Action Action { get; }

    internal bool Cancelled { get; private set; }

    /// <summary>Calls the action off; harmless when it has run.</summary>
    public void Cancel() => Cancelled = true;
}
