using FloorGateway.Simulators.Engine;

namespace FloorGateway.Simulators.Faults;

/// <summary>F6: the machine's clock is wrong by so many seconds.</summary>
internal sealed class SkewFault(FaultSetting setting) : SignalFault(setting)
{
    private readonly long _skew = (long)(setting.Number * TimeSpan.TicksPerSecond);

    public override void Pass(SignalGate gate, in Change change, int next) => gate.Send(change with { Ticks = change.Ticks + _skew }, next);

    // A clock that is set changes no value.
    protected override void OnBegin()
    {
    }
}

/// <summary>F11, duplicate: every second change has the stamp of the one before.</summary>
internal sealed class DuplicateStampFault(FaultSetting setting) : SignalFault(setting)
{
    private readonly Dictionary<SignalGate, long> _stamps = [];

    public override void Pass(SignalGate gate, in Change change, int next)
    {
        if (_stamps.Remove(gate, out var stamp))
        {
            gate.Send(change with { Ticks = stamp }, next);
            return;
        }

        _stamps.Add(gate, change.Ticks);
        gate.Send(change, next);
    }

    protected override void OnBegin()
    {
    }
}

/// <summary>F11, swapped: two changes arrive in the wrong order, each with its own stamp.</summary>
internal sealed class SwapFault(FaultSetting setting) : SignalFault(setting)
{
    private readonly Dictionary<SignalGate, Change> _held = [];

    public override void Pass(SignalGate gate, in Change change, int next)
    {
        if (!_held.Remove(gate, out var before))
        {
            _held.Add(gate, change);
            return;
        }

        gate.Send(change, next);
        gate.Send(before, next);
    }

    protected override void OnBegin()
    {
    }

    protected override void OnEnd()
    {
        foreach (var gate in Gates)
        {
            if (_held.Remove(gate, out var change)) gate.SendFrom(this, change);
        }
    }
}

/// <summary>A result is sent twice: after each change the one before comes once more, then the change itself.</summary>
internal sealed class TwiceFault(FaultSetting setting) : SignalFault(setting)
{
    private readonly Dictionary<SignalGate, Change> _before = [];

    public override void Pass(SignalGate gate, in Change change, int next)
    {
        gate.Send(change, next);
        if (_before.TryGetValue(gate, out var before))
        {
            gate.Send(before, next);
            gate.Send(change, next);
        }

        _before[gate] = change;
    }

    protected override void OnBegin()
    {
    }
}

/// <summary>Changes come so many process seconds late, with their own stamps.</summary>
internal sealed class LateFault(FaultSetting setting) : SignalFault(setting)
{
    private readonly Queue<(SignalGate Gate, Change Change)> _waiting = new();

    public override void Pass(SignalGate gate, in Change change, int next)
    {
        _waiting.Enqueue((gate, change));
        After(Setting.Number, Next);
    }

    protected override void OnBegin()
    {
    }

    protected override void OnEnd()
    {
        while (_waiting.Count > 0) Next();
    }

    private void Next()
    {
        var (gate, change) = _waiting.Dequeue();
        gate.SendFrom(this, change);
    }
}

/// <summary>
/// The controller below the server is not heard of: its values turn Bad. It keeps what it measures, and when it is back it delivers all of it,
/// in order and with its own stamps.
/// </summary>
internal sealed class BufferedLossFault(FaultSetting setting) : SignalFault(setting)
{
    private readonly List<(SignalGate Gate, Change Change)> _kept = [];
    private bool _lost;

    public override void Pass(SignalGate gate, in Change change, int next)
    {
        if (_lost) _kept.Add((gate, change));
        else gate.Send(change with { Status = FaultStatus.NoCommunication }, next);
    }

    protected override void OnBegin()
    {
        Republish();
        _lost = true;
    }

    protected override void OnEnd()
    {
        foreach (var (gate, change) in _kept) gate.SendFrom(this, change);
    }
}
