using FloorGateway.Simulators.Engine;

namespace FloorGateway.Simulators.Profiles;

/// <summary>Counts the changes of a profile's tags by row of its scale table: on average, in the row's busiest second of process time, and each unit in its own.</summary>
public sealed class RateMeter : IChangeSink
{
    private readonly Dictionary<Unit, (SecondCount Own, SecondCount Row)> _units = [];
    private readonly Dictionary<ProfileRow, SecondCount> _counts;
    private readonly HashSet<Signal> _tags = [];
    private readonly SimulationProfile _profile;
    private readonly Dictionary<string, ProfileRow> _rows;
    private readonly long _ticksPerSecond;
    private long _from, _to, _second, _inSecond;

    /// <param name="profile">The profile.</param>
    /// <param name="timeScale">Process seconds per second of source time.</param>
    public RateMeter(SimulationProfile profile, double timeScale = 1)
    {
        ArgumentNullException.ThrowIfNull(profile);
        _profile = profile;
        _counts = profile.Rows.ToDictionary(r => r, _ => new SecondCount());
        _rows = profile.Rows.SelectMany(r => r.Kinds.SelectMany(k => k.Codes).Select(c => (c, r))).ToDictionary(p => p.c, p => p.r);
        _ticksPerSecond = (long)(TimeSpan.TicksPerSecond / timeScale);
    }

    /// <summary>Changes of tags since <see cref="Restart"/>.</summary>
    public long Tagged { get; private set; }

    /// <summary>All changes since <see cref="Restart"/>, those of signals that are no tags included.</summary>
    public long All { get; private set; }

    /// <summary>Most changes of tags that fell into one second, all units together.</summary>
    public long BusiestSecond { get; private set; }

    /// <summary>Learns a unit's tags; before the first change.</summary>
    public void Add(Unit unit)
    {
        ArgumentNullException.ThrowIfNull(unit);
        _units.Add(unit, (new(), _rows.TryGetValue(unit.Code, out var row) ? _counts[row] : new()));
        foreach (var signal in unit.Signals.Where(_profile.IsTag)) _tags.Add(signal);
    }

    /// <summary>Forgets what was counted; from here on it counts.</summary>
    /// <param name="ticks">Source time, UTC ticks.</param>
    public void Restart(long ticks)
    {
        (_from, _to, _second, _inSecond) = (ticks, ticks, 0, 0);
        Tagged = All = BusiestSecond = 0;
        foreach (var count in _counts.Values.Concat(_units.Values.Select(u => u.Own))) count.Clear();
    }

    /// <inheritdoc/>
    public void OnChange(Unit unit, Signal signal, in SignalValue value, uint status, long sourceTicks)
    {
        All++;
        if (!_tags.Contains(signal) || !_units.TryGetValue(unit, out var count)) return;
        Tagged++;
        _to = Math.Max(_to, sourceTicks);
        var second = sourceTicks / _ticksPerSecond;
        count.Own.Add(second);
        count.Row.Add(second);
        if (second != _second) (_second, _inSecond) = (second, 0);
        BusiestSecond = Math.Max(BusiestSecond, ++_inSecond);
    }

    /// <summary>The rates of each row, in the order of the table.</summary>
    public IReadOnlyList<RowRate> Rows()
    {
        var seconds = Math.Max(1e-9, (_to - _from) / (double)_ticksPerSecond);
        return
        [
            .. _profile.Rows.Select(row => new RowRate(row, _counts[row].Count / seconds, _units.Values.Where(u => u.Row == _counts[row]).Sum(u => u.Own.Busiest), _counts[row].Busiest)),
        ];
    }

    private sealed class SecondCount
    {
        private long _second, _inSecond;

        public long Count { get; private set; }

        public long Busiest { get; private set; }

        public void Add(long second)
        {
            Count++;
            if (second != _second) (_second, _inSecond) = (second, 0);
            Busiest = Math.Max(Busiest, ++_inSecond);
        }

        public void Clear() => Count = Busiest = _second = _inSecond = 0;
    }
}

/// <summary>What a row of the scale table came to.</summary>
/// <param name="Row">The row.</param>
/// <param name="Average">Changes a second.</param>
/// <param name="Peak">What each unit changed in its own busiest second, added up: the rate if all of these fell together, which is how the table has it.</param>
/// <param name="Busiest">Changes in the row's busiest second.</param>
public sealed record RowRate(ProfileRow Row, double Average, double Peak, double Busiest);
