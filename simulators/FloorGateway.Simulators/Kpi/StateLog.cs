using FloorGateway.Simulators.Engine;
using FloorGateway.Simulators.PackMl;

namespace FloorGateway.Simulators.Kpi;

/// <summary>
/// How long each machine was in each state, in process time, from the changes of its State signal. Give it to the run as a sink of its changes, beside others with <see cref="ChangeFanOut"/>.
/// </summary>
public sealed class StateLog : IChangeSink
{
    private static readonly int States = (int)Enum.GetValues<PackMlState>().Max() + 1;
    private readonly Dictionary<EquipmentUnit, Record> _records = [];

    /// <inheritdoc/>
    public void OnChange(Unit unit, Signal signal, in SignalValue value, uint status, long sourceTicks)
    {
        if (unit is not EquipmentUnit machine || !ReferenceEquals(signal, machine.State)) return;
        if (!_records.TryGetValue(machine, out var record)) _records.Add(machine, record = new());
        record.Close(unit.Now);
        record.State = (int)value.AsInt64;
    }

    /// <summary>Process time in a state so far; the running one counts up to the machine's present.</summary>
    public TimeSpan In(EquipmentUnit machine, PackMlState state)
    {
        ArgumentNullException.ThrowIfNull(machine);
        if (!_records.TryGetValue(machine, out var record)) return TimeSpan.Zero;
        record.Close(machine.Now);
        return TimeSpan.FromTicks(record.Ticks[(int)state]);
    }

    /// <summary>Process time spent on an element of the time model so far.</summary>
    public TimeSpan On(EquipmentUnit machine, TimeElement element)
    {
        var sum = TimeSpan.Zero;
        foreach (var state in Enum.GetValues<PackMlState>())
        {
            if (TimeElements.Of(state) == element) sum += In(machine, state);
        }

        return sum;
    }

    private sealed class Record
    {
        public long[] Ticks { get; } = new long[States];

        public int State { get; set; }

        private long Since { get; set; }

        public void Close(long now)
        {
            Ticks[State] += now - Since;
            Since = now;
        }
    }
}
