using FloorGateway.Simulators.Engine;
using FloorGateway.Simulators.Numerics;
using FloorGateway.Simulators.PackMl;

namespace FloorGateway.Simulators.Profiles;

/// <summary>What a machine of the plant shows beside its process: its power, energy and air, when it is to be calibrated, its stack light.</summary>
internal sealed class PlantSignals
{
    /// <summary>Names of the signals, in order of declaration.</summary>
    public static IReadOnlyList<string> Names { get; } = ["PowerActive", "EnergyTotal", "AirFlow", "CalibrationDue", "StackLight"];

    /// <summary>Ends of the ranges, the same for all machines: kW, kWh and m³/h.</summary>
    public const double PowerRange = 2000, EnergyRange = 1e9, AirRange = 2000;

    private const int Milliseconds = 10_000;

    // Bits of the stack light from below: green works, yellow waits or is held, red is down.
    private const int Green = 1, Yellow = 2, Red = 4;

    private readonly EquipmentUnit _machine;
    private readonly RandomStream _noise;
    private readonly Pt1 _load = new(20, 0);
    private readonly double _power, _air;
    private readonly Signal<double> _powerActive, _energyTotal;
    private readonly Signal<double>? _airFlow;
    private readonly Signal<int> _stackLight;
    private double _energy;
    private ScheduledEvent? _next;

    /// <param name="machine">The machine, not yet started.</param>
    /// <param name="power">Its power at work, kW.</param>
    public PlantSignals(EquipmentUnit machine, double power)
    {
        _machine = machine;
        _power = power;
        _air = power * 0.6;
        _noise = machine.Stream("utilities");
        var main = machine.MainSubUnit;
        _energy = Math.Round(_noise.Uniform(1000, 90_000), 1);
        _powerActive = machine.Analog(main, Names[0], "KWT", 0, PowerRange, Milliseconds, power / 200, 0, "有功功率");
        _energyTotal = machine.Analog(main, Names[1], "KWH", 0, EnergyRange, Milliseconds, 0, _energy, "电能", resolution: 0.01);
        // A dry room moves air for its process and shows that.
        if (!machine.Signals.Any(s => s.SubUnit == main && s.Name == Names[2]))
            _airFlow = machine.Analog(main, Names[2], "MQH", 0, AirRange, Milliseconds, _air / 200, 0, "用气量");
        machine.Add(main, Names[3], Epoch.AddDays(30 + _noise.Index(300)), new() { DisplayName = "校准到期" });
        _stackLight = machine.Add(main, Names[4], Yellow, new() { DisplayName = "三色灯" });
        var phase = (long)(_noise.Uniform() * Milliseconds * TimeSpan.TicksPerMillisecond);
        machine.OnceStarted(() => _next = machine.At(machine.Now + phase, Read));
    }

    // Due dates are whole days after a fixed one: they are facts of the machine and not of the run.
    private static DateTime Epoch { get; } = new(2027, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    private void Read()
    {
        _machine.Again(_next!, _machine.Now + Milliseconds * TimeSpan.TicksPerMillisecond);
        var works = _machine.PackMl == PackMlState.Execute;
        var load = _load.Advance(_machine.Seconds, works ? 1 : 0.08);
        var power = _power * load * (1 + _noise.Normal(0, 0.02));
        _powerActive.Set(power);
        _energy += power * Milliseconds / 3.6e6;
        _energyTotal.Set(_energy);
        _airFlow?.Set(_air * load * (1 + _noise.Normal(0, 0.03)));
        _stackLight.Set(_machine.PackMl switch
        {
            PackMlState.Execute or PackMlState.Completing or PackMlState.Starting or PackMlState.Unholding or PackMlState.Unsuspending => Green,
            PackMlState.Aborting or PackMlState.Aborted or PackMlState.Clearing or PackMlState.Stopped or PackMlState.Stopping => Red,
            _ => Yellow,
        });
    }
}
