using FloorGateway.Simulators.Engine;
using FloorGateway.Simulators.Numerics;
using FloorGateway.Simulators.PackMl;

namespace FloorGateway.Simulators.Profiles;

/// <summary>A component at a machine: follows the machine's state, each with levels of its own a little off the nominal ones.</summary>
internal sealed class FittedComponent
{
    private const double Spread = 0.04, NoiseAtRest = 0.05;

    private readonly EquipmentUnit _machine;
    private readonly RandomStream _noise;
    private readonly long _interval;
    private readonly Action<bool>[] _signals;
    private ScheduledEvent? _next;

    /// <param name="machine">The machine, not yet started.</param>
    /// <param name="component">What is fitted.</param>
    /// <param name="number">Its number at the machine, from 1.</param>
    /// <param name="milliseconds">Time between two readings.</param>
    public FittedComponent(EquipmentUnit machine, Component component, int number, int milliseconds)
    {
        _machine = machine;
        _interval = milliseconds * TimeSpan.TicksPerMillisecond;
        var subUnit = component.SubUnit(number);
        _noise = machine.Stream(subUnit);
        _signals = [.. component.Signals.Select(s => Fit(subUnit, s)).OfType<Action<bool>>()];
        // Controllers read at moments of their own, not all at once.
        var phase = (long)(_noise.Uniform() * _interval);
        machine.OnceStarted(() => _next = machine.At(machine.Now + phase, Read));
    }

    private void Read()
    {
        _machine.Again(_next!, _machine.Now + _interval);
        var works = _machine.PackMl == PackMlState.Execute;
        foreach (var signal in _signals) signal(works);
    }

    private Action<bool>? Fit(string subUnit, ComponentSignal signal)
    {
        switch (signal.Role)
        {
            case ComponentRole.Analog:
                var work = signal.Work * _noise.Uniform(1 - Spread, 1 + Spread);
                var lag = new Pt1(signal.Tau, signal.Rest);
                var analog = _machine.Analog(subUnit, signal.Name, signal.Unit, signal.Low, signal.High, Milliseconds, signal.Noise / 2, signal.Rest);
                return works => analog.Set(lag.Advance(_machine.Seconds, works ? work : signal.Rest) + _noise.Normal(0, works ? signal.Noise : signal.Noise * NoiseAtRest));
            case ComponentRole.SetPoint:
                _machine.Analog(subUnit, signal.Name, signal.Unit, signal.Low, signal.High, 0, 0, signal.Work, resolution: 0);
                return null;
            case ComponentRole.Switch:
                var flag = _machine.Add(subUnit, signal.Name, false);
                return works => flag.Set(works);
            case ComponentRole.Hours:
                var hours = _machine.Analog(subUnit, signal.Name, signal.Unit, 0, signal.High, Milliseconds, 0.1, Math.Round(_noise.Uniform(100, 20_000), 1), resolution: 0.1);
                var run = hours.Value;
                return works => hours.Set(works ? run += _interval / (3600.0 * TimeSpan.TicksPerSecond) : run);
            case ComponentRole.Count:
                var count = _machine.Add(subUnit, signal.Name, 0u);
                return works => count.Set(works ? count.Value + 1 : count.Value);
            default:
                throw new ArgumentOutOfRangeException(nameof(signal), signal.Role, "A component's signal has no such role.");
        }
    }

    private int Milliseconds => (int)(_interval / TimeSpan.TicksPerMillisecond);
}
