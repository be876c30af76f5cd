using FloorGateway.Simulators.Engine;

namespace FloorGateway.Simulators.Tests;

/// <summary>Keeps every change, or for long runs those of some signals.</summary>
internal sealed class RecordingSink(Func<Signal, bool>? keep = null) : IChangeSink
{
    public readonly record struct Change(Signal Signal, SignalValue Value, uint Status, long SourceTicks, long ProcessTicks)
    {
        public double Seconds => ProcessTicks / 1e7;
    }

    public List<Change> Changes { get; } = [];

    public void OnChange(Unit unit, Signal signal, in SignalValue value, uint status, long sourceTicks)
    {
        if (keep is null || keep(signal)) Changes.Add(new(signal, value, status, sourceTicks, unit.Now));
    }

    public List<Change> Of(Signal signal) => Changes.FindAll(c => c.Signal == signal);
}

internal static class Run
{
    public static readonly DateTime Start = new(2027, 3, 15, 0, 0, 0, DateTimeKind.Utc);

    public static UnitContext Context(IChangeSink sink, ulong seed = 1, double timeScale = 1, bool breakdowns = false, bool @operator = true) => new()
    {
        Seed = seed,
        Clock = new SourceClock(Start, timeScale),
        Sink = sink,
        Breakdowns = breakdowns,
        Operator = @operator,
    };

    public static void For(this Unit unit, TimeSpan span) => unit.Advance(unit.Now + span.Ticks);

    public static void ForSeconds(this Unit unit, double seconds) => unit.Advance(unit.Now + (long)(seconds * 1e7));
}
