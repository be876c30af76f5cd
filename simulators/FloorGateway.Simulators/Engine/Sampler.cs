namespace FloorGateway.Simulators.Engine;

/// <summary>Runs an action on a fixed grid of process time while it is on; a phase that needs a fast grid switches its own on and off.</summary>
public sealed class Sampler
{
    private readonly Unit _unit;
    private readonly long _interval;
    private readonly Action _sample;
    private readonly Action _tick;
    private ScheduledEvent? _next;

    internal Sampler(Unit unit, int intervalMs, Action sample)
    {
        _unit = unit;
        _interval = intervalMs * TimeSpan.TicksPerMillisecond;
        _sample = sample;
        _tick = Tick;
    }

    /// <summary>True while sampling.</summary>
    public bool IsOn => _next is not null;

    /// <summary>Starts at the next point of the grid (multiples of the interval since process time zero).</summary>
    public void Start()
    {
        if (IsOn) return;
        ScheduleNext();
    }

    /// <summary>Stops; no sample after this one.</summary>
    public void Stop()
    {
        _next?.Cancel();
        _next = null;
    }

    private void Tick()
    {
        _unit.Again(_next!, NextOnGrid);
        _sample();
    }

    private void ScheduleNext() => _next = _unit.At(NextOnGrid, _tick);

    private long NextOnGrid => (_unit.Now / _interval + 1) * _interval;
}
