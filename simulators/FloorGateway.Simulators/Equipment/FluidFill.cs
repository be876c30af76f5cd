using FloorGateway.Simulators.Engine;
using FloorGateway.Simulators.Flow;
using FloorGateway.Simulators.Numerics;
using FloorGateway.Simulators.PackMl;

namespace FloorGateway.Simulators.Equipment;

/// <summary>Fluid fill of coolant, brake fluid, refrigerant and washer fluid, all four at once: 108 s a vehicle.</summary>
public sealed class FluidFill : PassThroughStation
{
    private const double NominalCycle = 108, LockSeconds = 1.5, EvacuateSeconds = 25, HoldSeconds = 10, EvacuateLimit = 5, RiseLimit = 0.5;
    private const double TestPressure = 4, DecayLimit = 0.02, GasAtRest = 20;

    private static readonly FluidFillRecipe[] Recipes =
    [
        new("Coolant", "LTR", 14, 12, 0.02, 0.004, 800, IsEvacuated: true),
        new("Brake", "LTR", 0.9, 1.2, 0.01, 0.0028, 60, IsEvacuated: true),
        new("Refrigerant", "KGM", 0.95, 1.5, 0.02, 0.004, 60, IsEvacuated: true),
        new("Washer", "LTR", 4, 8, 0.02, 0.005, 300, IsEvacuated: false),
    ];

    private readonly RandomStream _fill, _test;
    private readonly Ar1Noise _temperature, _gasNoise;
    private readonly Sampler _fast, _slow;
    private readonly FluidFillCircuit[] _circuits;
    private readonly Pt1 _gas = new(2, GasAtRest);
    private readonly AlarmBit _evac, _short;
    private readonly LimitAlarm _gasHigh;
    private double _stepAt, _decay;

    /// <param name="code">FF01 to FF04.</param>
    /// <param name="context">Seed, clock and sink.</param>
    public FluidFill(string code, UnitContext context)
        : base(code, $"LXE/JSH/ASM/CHAS/{code}", PartKind.Vehicle, ["FILL-EV"], context)
    {
        _fill = Stream("fill");
        _test = Stream("test");
        _temperature = new(Stream("temperature"), 0.98, 0.6);
        _gasNoise = new(Stream("gas"), 0.8, 3);
        var main = MainSubUnit;
        _circuits = [.. Recipes.Select(r => new FluidFillCircuit(r, DeclareCircuit(r)))];
        FluidTemp = Analog(main, "FluidTemp", "CEL", 0, 60, 1000, 0.1, 20, "液温");
        PressureTest = Analog(main, "PressureTest", "BAR", 0, 10, 500, 0.002, 0, "保压");
        Decay = Analog(main, "Result.PressureDecay", "BAR", 0, 1, 0, 0, 0);
        GasDetector = Analog(main, "GasDetector", "59", 0, 2000, 1000, 5, GasAtRest, "冷媒浓度");
        AdapterLocked = Add(main, "AdapterLocked", false);
        _evac = Alarm(main, "EVAC", 2, latched: true);
        _short = Alarm(main, "SHORT", 2, latched: true);
        _gasHigh = new(Alarm(main, "GAS", 1), 500, above: true, 3);
        Cycle
            .Add(1, () => LockSeconds, Lock)
            .Add(2, () => EvacuateSeconds, BeginStep, interruptible: false)
            .Add(3, () => HoldSeconds, Hold, interruptible: false)
            .Add(4, () => _circuits.Max(c => c.FillSeconds), Fill, interruptible: false)
            .Add(5, () => Remainder(0.8), Release);
        _fast = Every(500, SampleFast);
        _slow = Every(1000, SampleSlow);
    }

    public Signal<double> FluidTemp { get; }

    /// <summary>Test pressure of the refrigerant circuit while the others are evacuated, bar.</summary>
    public Signal<double> PressureTest { get; }
    public Signal<double> Decay { get; }
    public Signal<double> GasDetector { get; }
    public Signal<bool> AdapterLocked { get; }

    /// <summary>A worn adapter seal: pumping takes this fraction longer; 0 when sound.</summary>
    public double SealLeak { get; set; }

    /// <summary>Refrigerant in the cell's air, ppm above normal; 0 when tight.</summary>
    public double GasLeak { get; set; }

    /// <summary>The controller publishes the test pressure in megapascal although it is declared in bar.</summary>
    public bool PublishesMegapascal { get; set; }

    /// <inheritdoc/>
    public override string NamespaceUri => "http://jsev.example/UA/Vehicle/";

    /// <inheritdoc/>
    public override string DisplayName => "加注 " + Code;

    /// <inheritdoc/>
    protected override void OnStarted()
    {
        base.OnStarted();
        _slow.Start();
    }

    private FluidFillSignals DeclareCircuit(FluidFillRecipe recipe)
    {
        var (main, name) = (MainSubUnit, recipe.Name);
        var isMass = recipe.Unit == "KGM";
        return new(
            Analog(main, name + ".Pressure", "MBR", 0, 1100, 500, 1, 1013),
            Analog(main, name + (isMass ? ".Mass" : ".Volume"), recipe.Unit, 0, recipe.Amount * 1.25, 500, recipe.Amount / 200, 0),
            Analog(main, name + ".Filled", recipe.Unit, 0, recipe.Amount * 1.25, 0, 0, 0),
            SetPoint(main, name + (isMass ? "Mass" : "Volume"), recipe.Unit, Math.Round(recipe.Amount * 0.97, 4), Math.Round(recipe.Amount * 1.03, 4), recipe.Amount),
            Analog(main, name + ".VacTime", "SEC", 0, 60, 0, 0, 0),
            Analog(main, name + ".LeakRise", "MBR", 0, 50, 0, 0, 0),
            Analog(main, name + ".TankLevel", "P1", 0, 100, 0, 0, 90));
    }

    private void Lock()
    {
        Take(NominalCycle);
        foreach (var circuit in _circuits) circuit.Draw(_fill, SealLeak);
        _decay = _test.LogNormal(0.006, 0.35);
        AdapterLocked.Set(true);
        _fast.Start();
    }

    private void BeginStep() => _stepAt = Seconds;

    private void Hold()
    {
        BeginStep();
        foreach (var circuit in _circuits.Where(c => c.IsEvacuated))
        {
            circuit.EndEvacuation(EvacuateSeconds, EvacuateLimit);
            if (circuit.EndPressure > EvacuateLimit) Fail(_evac);
        }
    }

    private void Fill()
    {
        BeginStep();
        foreach (var circuit in _circuits.Where(c => c.IsEvacuated))
        {
            circuit.EndHold();
            if (circuit.LeakRise > RiseLimit) Fail("LEAK_RISE");
        }
    }

    private void Release()
    {
        _fast.Stop();
        foreach (var circuit in _circuits)
        {
            circuit.EndFill();
            if (circuit.Deviation < -0.02) Fail(_short);
            else if (Math.Abs(circuit.Deviation) > circuit.Tolerance) Fail("FILL_" + circuit.Name);
        }

        PressureTest.Set(0);
        AdapterLocked.Set(false);
    }

    /// <inheritdoc/>
    protected override void OnJudge()
    {
        Decay.Set(_decay);
        if (_decay > DecayLimit) Fail("DECAY");
        foreach (var circuit in _circuits) circuit.ToRest();
    }

    /// <inheritdoc/>
    protected override void ToRest()
    {
        _fast.Stop();
        PressureTest.Set(0);
        AdapterLocked.Set(false);
        foreach (var circuit in _circuits) circuit.ToRest();
    }

    private void SampleFast()
    {
        var elapsed = Seconds - _stepAt;
        if (Cycle.Current == 2)
        {
            foreach (var circuit in _circuits.Where(c => c.IsEvacuated)) circuit.Evacuate(elapsed);
        }
        else if (Cycle.Current == 3)
        {
            foreach (var circuit in _circuits.Where(c => c.IsEvacuated)) circuit.Hold(elapsed / HoldSeconds);
        }
        else if (Cycle.Current == 4)
        {
            foreach (var circuit in _circuits) circuit.Fill(elapsed);
        }

        // The decay of the test pressure is linear: a leak far from the pressure's end.
        if (Cycle.Current is 2 or 3) Publish(TestPressure - _decay * (elapsed + (Cycle.Current == 3 ? EvacuateSeconds : 0)) / (EvacuateSeconds + HoldSeconds));
    }

    private void Publish(double bar) => PressureTest.Set(PublishesMegapascal ? bar / 10 : bar);

    private void SampleSlow()
    {
        FluidTemp.Set(20 + _temperature.Next());
        GasDetector.Set(Math.Max(0, _gas.Advance(Seconds, GasAtRest + GasLeak) + _gasNoise.Next()));
        _gasHigh.Evaluate(_gas.Value, Seconds);
    }
}
