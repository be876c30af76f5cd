using FloorGateway.Simulators.Engine;

namespace FloorGateway.Simulators.Faults;

/// <summary>F1: the value stays what it is, or becomes what the parameter says and stays that.</summary>
internal sealed class StuckFault(FaultSetting setting) : SignalFault(setting)
{
    private bool _stuck;

    public override void Pass(SignalGate gate, in Change change, int next)
    {
        if (!_stuck && Setting.Param.Length > 0) gate.Send(change with { Value = Values.Like(change.Value, Setting.Number) }, next);
    }

    protected override void OnBegin()
    {
        base.OnBegin();
        _stuck = true;
    }
}

/// <summary>F2: the value runs away from the truth, so many units an hour.</summary>
internal sealed class DriftFault(FaultSetting setting) : SignalFault(setting)
{
    private double _since;

    public override void Pass(SignalGate gate, in Change change, int next) =>
        gate.Send(change with { Value = gate.Signal.Resolution.Show(Values.Add(change.Value, Setting.Number * (Unit.Seconds - _since) / 3600)) }, next);

    protected override void OnBegin()
    {
        _since = Unit.Seconds;
        Again();
    }

    // The unit publishes what leaves its deadband; the drift does so too, though the quantity itself stands still.
    private void Again() => After(Math.Max(SamplingSeconds, StepSeconds), () =>
    {
        Republish();
        Again();
    });

    private double StepSeconds => Setting.Number == 0 ? 3600 : Math.Min(3600, Setting.Signals.Max(s => s.Traits.Deadband) / Math.Abs(Setting.Number) * 3600);
}

/// <summary>F3: one sample is off by the parameter; while the fault lasts it comes again, every five seconds on average.</summary>
internal sealed class SpikeFault(FaultSetting setting) : SignalFault(setting)
{
    private const double MeanSeconds = 5;
    private bool _high;

    public override void Pass(SignalGate gate, in Change change, int next) =>
        gate.Send(_high ? change with { Value = gate.Signal.Resolution.Show(Values.Add(change.Value, Setting.Number)) } : change, next);

    protected override void OnBegin() => Rise();

    private void Rise()
    {
        _high = true;
        Republish();
        After(SamplingSeconds, () =>
        {
            _high = false;
            Republish();
            After(Setting.Random.Exponential(MeanSeconds), Rise);
        });
    }
}

/// <summary>F4: values come with a status that is not Good.</summary>
internal sealed class StatusFault(FaultSetting setting) : SignalFault(setting)
{
    private readonly uint _status = FaultStatus.Find(setting.Param)!.Value;

    public override void Pass(SignalGate gate, in Change change, int next) => gate.Send(change with { Status = _status }, next);
}

/// <summary>Numbers come as text.</summary>
internal sealed class TextFault(FaultSetting setting) : SignalFault(setting)
{
    public override void Pass(SignalGate gate, in Change change, int next) => gate.Send(change with { Value = Values.AsText(change.Value) }, next);
}
