namespace FloorGateway.Simulators.Engine;

/// <summary>A unit's future: actions by process time; actions of the same instant run in the order they were scheduled.</summary>
internal sealed class EventQueue
{
    private readonly PriorityQueue<ScheduledEvent, (long Due, long Order)> _queue = new();
    private long _order;

    public void Add(ScheduledEvent item) => _queue.Enqueue(item, (item.Due, _order++));

    /// <summary>Process time of the next event that is not cancelled; <see cref="long.MaxValue"/> when there is none.</summary>
    public long NextDue
    {
        get
        {
            while (_queue.TryPeek(out var item, out _))
            {
                if (!item.Cancelled) return item.Due;
                _queue.Dequeue();
            }

            return long.MaxValue;
        }
    }

    public ScheduledEvent Take() => _queue.Dequeue();
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
    public long Due { get; }

    internal Action Action { get; }

    internal bool Cancelled { get; private set; }

    /// <summary>Calls the action off; harmless when it has run.</summary>
    public void Cancel() => Cancelled = true;
}
