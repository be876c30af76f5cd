using FloorGateway.Simulators.Engine;

namespace FloorGateway.Simulators.Faults;

/// <summary>A fault between a unit's signals and the server: it changes, holds back or repeats what the unit publishes.</summary>
internal abstract class SignalFault(FaultSetting setting) : FaultEffect
{
    private bool _ended;

    protected FaultSetting Setting { get; } = setting;

    protected Unit Unit => Setting.Unit;

    protected IReadOnlyList<SignalGate> Gates { get; private set; } = [];

    /// <summary>One change of one of its signals; what goes on goes to the gate's stage <paramref name="next"/>.</summary>
    public abstract void Pass(SignalGate gate, in Change change, int next);

    public sealed override void Begin()
    {
        Gates = [.. Setting.Signals.Select(Setting.Bench.GateOf)];
        foreach (var gate in Gates) gate.Add(this);
        OnBegin();
    }

    public sealed override void End()
    {
        if (_ended) return;
        OnEnd();
        _ended = true;
        foreach (var gate in Gates)
        {
            gate.Remove(this);
            gate.Republish();
            Setting.Bench.Release(gate);
        }
    }

    protected virtual void OnBegin() => Republish();

    protected virtual void OnEnd()
    {
    }

    protected void Republish()
    {
        foreach (var gate in Gates) gate.Republish();
    }

    /// <summary>Schedules an action that is forgotten when the fault has ended.</summary>
    protected void After(double seconds, Action action) => Setting.Bench.Post(Unit, Unit.Now + (long)(seconds * TimeSpan.TicksPerSecond), () =>
    {
        if (!_ended) action();
    });

    /// <summary>The signals' sampling interval in process seconds; events count as one second.</summary>
    protected double SamplingSeconds => Setting.Signals.Max(s => s.Traits.SamplingMs) is > 0 and var ms ? Math.Max(0.1, ms / 1000.0) : 1;
}
