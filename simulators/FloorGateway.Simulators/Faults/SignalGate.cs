using FloorGateway.Simulators.Engine;

namespace FloorGateway.Simulators.Faults;

/// <summary>A change on its way to the server.</summary>
internal readonly record struct Change(SignalValue Value, uint Status, long Ticks);

/// <summary>
/// What stands between a faulty signal and the server: its faults, one after the other in the order of injection. What comes out equal to what came
/// out before is dropped, as no server reports it.
/// </summary>
internal sealed class SignalGate
{
    private readonly FaultBench _bench;
    private readonly List<SignalFault> _faults = [];
    private SignalValue _lastValue;
    private uint _lastStatus;

    public SignalGate(FaultBench bench, Signal signal)
    {
        _bench = bench;
        Signal = signal;
        _lastValue = signal.Published;
        _lastStatus = signal.Status;
    }

    public Signal Signal { get; }

    public bool IsSound => _faults.Count == 0;

    public void Add(SignalFault fault) => _faults.Add(fault);

    public void Remove(SignalFault fault) => _faults.Remove(fault);

    /// <summary>Passes a change through the faults from <paramref name="stage"/> on.</summary>
    public void Send(in Change change, int stage)
    {
        if (stage < _faults.Count)
        {
            _faults[stage].Pass(this, change, stage + 1);
            return;
        }

        if (change.Status == _lastStatus && Values.Same(change.Value, _lastValue)) return;
        _lastValue = change.Value;
        _lastStatus = change.Status;
        _bench.Emit(Signal, change);
    }

    /// <summary>Sends what a fault has kept, through the faults behind it.</summary>
    public void SendFrom(SignalFault fault, in Change change) => Send(change, _faults.IndexOf(fault) + 1);

    /// <summary>Publishes the signal's present value again, through its faults.</summary>
    public void Republish() => Signal.Publish();
}
