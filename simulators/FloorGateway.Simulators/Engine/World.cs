namespace FloorGateway.Simulators.Engine;

/// <summary>
/// Several units under one process clock. Events run in the order of process time across all units (ties by the order
/// the units were given in), so the sequence of changes does not depend on how time is sliced.
/// </summary>
public sealed class World
{
    private readonly List<Unit> _units;
    private readonly PriorityQueue<int, (long Due, int Index)> _order = new();
    private readonly Dictionary<Unit, int> _indexes = [];
    private readonly long[] _queued;

    /// <param name="units">The units; none may have been advanced.</param>
    public World(IEnumerable<Unit> units)
    {
        _units = [.. units];
        _queued = new long[_units.Count];
        for (var i = 0; i < _units.Count; i++)
        {
            _units[i].Join(this);
            _indexes.Add(_units[i], i);
            Enqueue(i);
        }
    }

    /// <summary>The units.</summary>
    public IReadOnlyList<Unit> Units => _units;

    /// <summary>Present process time in ticks.</summary>
    public long Now { get; private set; }

    /// <summary>Runs every event of every unit up to and including <paramref name="processTicks"/>.</summary>
    public void Advance(long processTicks)
    {
        while (_order.TryPeek(out var index, out var key) && key.Due <= processTicks)
        {
            _order.Dequeue();
            if (_queued[index] != key.Due) continue; // superseded by a method call that scheduled something earlier
            var unit = _units[index];
            if (unit.NextDue == key.Due) unit.RunNext();
            Enqueue(index);
        }

        foreach (var unit in _units) unit.Advance(processTicks);
        if (processTicks > Now) Now = processTicks;
    }

    /// <summary>Calls a method of a unit at the present process time.</summary>
    public MethodOutcome Call(Unit unit, string method, params SignalValue[] arguments)
    {
        if (!_indexes.TryGetValue(unit, out var index)) throw new ArgumentException($"{unit.Code} is not part of this world.", nameof(unit));
        var before = unit.NextDue;
        var outcome = unit.Call(method, arguments);
        if (unit.NextDue < before) Enqueue(index);
        return outcome;
    }

    /// <summary>Another unit has put something into this one's future.</summary>
    internal void Reschedule(Unit unit)
    {
        var index = _indexes[unit];
        if (unit.NextDue < _queued[index]) Enqueue(index);
    }

    private void Enqueue(int index)
    {
        var due = _units[index].NextDue;
        _queued[index] = due;
        if (due != long.MaxValue) _order.Enqueue(index, (due, index));
    }
}
