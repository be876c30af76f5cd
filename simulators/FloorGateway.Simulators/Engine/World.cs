namespace FloorGateway.Simulators.Engine;

/// <summary>
/// Several units under one process clock. Events run in the order of process time across all units (ties by the order
/// the units were given in), so the sequence of changes does not depend on how time is sliced.
/// </summary>
public sealed class World
{
    private readonly List<Unit> _units;
    private readonly UnitOrder _order;
    private readonly Dictionary<Unit, int> _indexes = [];

    /// <param name="units">The units; none may have been advanced.</param>
    public World(IEnumerable<Unit> units)
    {
        _units = [.. units];
        _order = new(_units.Count);
        for (var i = 0; i < _units.Count; i++)
        {
            _units[i].Join(this);
            _indexes.Add(_units[i], i);
            _order.Set(i, _units[i].NextDue);
        }
    }

    /// <summary>The units.</summary>
    public IReadOnlyList<Unit> Units => _units;

    /// <summary>Present process time in ticks.</summary>
    public long Now { get; private set; }

    /// <summary>Runs every event of every unit up to and including <paramref name="processTicks"/>.</summary>
    public void Advance(long processTicks)
    {
        while (_order.FirstDue <= processTicks)
        {
            var index = _order.First;
            var unit = _units[index];
            // An event that was called off has moved the unit's next one.
            if (unit.NextDue == _order.FirstDue) unit.RunNext();
            _order.Set(index, unit.NextDue);
        }

        foreach (var unit in _units) unit.Advance(processTicks);
        if (processTicks > Now) Now = processTicks;
    }

    /// <summary>Calls a method of a unit at the present process time.</summary>
    public MethodOutcome Call(Unit unit, string method, params SignalValue[] arguments)
    {
        if (!_indexes.TryGetValue(unit, out var index)) throw new ArgumentException($"{unit.Code} is not part of this world.", nameof(unit));
        var outcome = unit.Call(method, arguments);
        _order.Set(index, unit.NextDue);
        return outcome;
    }

    /// <summary>Another unit has put something into this one's future.</summary>
    internal void Reschedule(Unit unit) => _order.Set(_indexes[unit], unit.NextDue);
}
