using FloorGateway.Simulators.Engine;
using FloorGateway.Simulators.Flow;
using FloorGateway.Simulators.Numerics;
using FloorGateway.Simulators.PackMl;

namespace FloorGateway.Simulators.Equipment;

/// <summary>Leak test of a pack's housing and of its cooling plates by pressure decay; 300 s a pack.</summary>
public sealed class PackLeakStand : PassThroughStation
{
    private const double NominalCycle = 300, ThermalBias = 362, Uncancelled = 0.02, TemperatureLimit = 0.3, CavityNoise = 0.15, CoolNoise = 0.4;

    private static readonly LeakTest CavityTest = new(0.12, 5000, 10, 6, 20, 40, 60);

    // 2.5 bar in 4 l; water plates settle faster, so that the whole test fits into the cycle.
    private static readonly LeakTest CoolTest = new(0.004, 250_000, 2, 40, 15, 45, 40);

    // The marriage takes no pack whose leak test is too long ago.
    private const string TestedAt = "LeakTestedAt";

    private readonly RandomStream _leaks, _gauge;
    private readonly Ar1Noise _air;
    private readonly Sampler _fast, _slow;
    private readonly LeakCircuit _cavity = new(CavityTest), _cool = new(CoolTest);
    private readonly AlarmBit _leak, _bias;
    private double _stepAt, _airAtStart, _heldSince, _ambient = 23, _drift, _keptAt, _largestChange;

    /// <param name="code">LK01 to LK03.</param>
    /// <param name="context">Seed, clock and sink.</param>
    public PackLeakStand(string code, UnitContext context)
        : base(code, $"LXE/JSH/MPK/L01/{code}", PartKind.Pack, ["LEAK-S120", "LEAK-L110"], context)
    {
        _leaks = Stream("leaks");
        _gauge = Stream("gauge");
        _air = new(Stream("air"), 0.999, 0.06);
        var main = MainSubUnit;
        CavityPressure = Analog(main, "Cavity.Pressure", "PAL", 0, 6000, 100, 1, 0, "腔体压力");
        CavityLeak = Analog(main, "Cavity.Leak", "G49", 0, 100, 0, 0, 0, "腔体泄漏");
        CoolPressure = Analog(main, "Cool.Pressure", "BAR", 0, 4, 100, 0.001, 0, "水路压力");
        CoolLeak = Analog(main, "Cool.Leak", "G49", 0, 100, 0, 0, 0, "水路泄漏");
        AmbientTemp = Analog(main, "AmbientTemp", "CEL", 0, 50, 1000, 0.05, 23, "环境温度");
        CoverClosed = Add(main, "CoverClosed", false);
        HvInterlock = Add(main, "HvInterlock", true);
        CavityCurve = AddCurve("Curve.Cavity", 6000);
        CoolCurve = AddCurve("Curve.Cool", 300_000, resolution: 1);
        _leak = Alarm(main, "LEAK", 2, latched: true);
        _bias = Alarm(main, "TEMP_BIAS", 3);
        AddStartMethod("StartTest", "packId", new("program", SignalType.String, "LEAK-S120 or LEAK-L110"), Unmet, p => p.AsString is "LEAK-S120" or "LEAK-L110" ? p.AsString : null);
        Cycle
            .Add(1, () => 20, Connect)
            .Add(2, () => CavityTest.FillSeconds, BeginStep, interruptible: false)
            .Add(3, () => CavityTest.SettleSeconds, BeginHold, interruptible: false)
            .Add(4, () => CavityTest.MeasureSeconds, _cavity.Mark, interruptible: false)
            .Add(5, () => CoolTest.FillSeconds, EndCavity, interruptible: false)
            .Add(6, () => CoolTest.SettleSeconds, BeginHold, interruptible: false)
            .Add(7, () => CoolTest.MeasureSeconds, _cool.Mark, interruptible: false)
            .Add(8, () => Remainder(15), EndCool);
        _fast = Every(100, SampleFast);
        _slow = Every(1000, SampleAir);
    }

    public Signal<double> CavityPressure { get; }
    public Signal<double> CavityLeak { get; }
    public Signal<double> CoolPressure { get; }
    public Signal<double> CoolLeak { get; }
    public Signal<double> AmbientTemp { get; }
    public Signal<bool> CoverClosed { get; }

    /// <summary>The hard-wired high-voltage interlock is closed; shown only.</summary>
    public Signal<bool> HvInterlock { get; }

    /// <summary>Cavity pressure in Pa through settling and measurement, one point a second.</summary>
    public Signal<float[]> CavityCurve { get; }

    /// <summary>The same of the cooling plates.</summary>
    public Signal<float[]> CoolCurve { get; }

    /// <summary>A warm pack cools its gas by this many kelvin through a test, which no reference volume sees: a false leak. 0 when soaked.</summary>
    public double PackCooling { get; set; }

    /// <summary>The hall door stands open: the air changes by this, K/min; 0 when shut.</summary>
    public double Draught { get; set; }

    /// <summary>The hose to the pack's cavity is blocked: the leak is exactly 0, whatever the pack.</summary>
    public bool HoseIsBlocked
    {
        get => _cavity.HoseIsBlocked;
        set => _cavity.HoseIsBlocked = value;
    }

    /// <summary>Adds to each cavity's leak, cm³/min; 0 when gaskets are sound.</summary>
    public double GasketLeak { get; set; }

    /// <summary>The cover cannot be closed.</summary>
    public bool CoverStandsOpen { get; set; }

    /// <inheritdoc/>
    public override string NamespaceUri => "http://jsev.example/UA/Battery/";

    /// <inheritdoc/>
    public override string DisplayName => "包气密 " + Code;

    /// <inheritdoc/>
    protected override void OnStarted()
    {
        base.OnStarted();
        _slow.Start();
    }

    private Signal<float[]> AddCurve(string name, double high, double? resolution = null) =>
        Add(MainSubUnit, name, Array.Empty<float>(), new() { Unit = "PAL", Low = 0, High = high, Resolution = resolution });

    private string? Unmet() => CoverStandsOpen ? "the cover is open" : HvInterlock.Value ? null : "the high-voltage interlock is open";

    private void Connect()
    {
        Take(NominalCycle);
        CoverClosed.Set(!CoverStandsOpen);
        if (CoverStandsOpen) CannotDecide("COVER");
        _bias.Set(false);
        _largestChange = 0;
        _cavity.Begin(_leaks.LogNormal(2, 0.6) + GasketLeak);
        _cool.Begin(_leaks.LogNormal(0.4, 0.5));
    }

    private void BeginStep()
    {
        _stepAt = Seconds;
        _fast.Start();
    }

    private void BeginHold()
    {
        BeginStep();
        _heldSince = _keptAt = Seconds;
        _airAtStart = _ambient;
    }

    private void EndCavity()
    {
        _cavity.Evaluate();
        _cavity.Vent();
        CavityPressure.Set(0);
        CavityLeak.Set(_cavity.MeasuredLeak);
        BeginStep();
    }

    private void EndCool()
    {
        _fast.Stop();
        _cool.Evaluate();
        _cool.Vent();
        CoolPressure.Set(0);
        CoolLeak.Set(_cool.MeasuredLeak);
        Part![TestedAt] = Seconds;
        CoverClosed.Set(false);
        if (_largestChange > TemperatureLimit)
        {
            // With the air in motion the drop proves nothing, and nobody looks for a leak.
            _bias.Set(true);
            CannotDecide(_bias.Tag);
        }
        else if (_cavity.MeasuredLeak > CavityTest.Limit || _cool.MeasuredLeak > CoolTest.Limit) Fail(_leak);
    }

    private void SampleFast()
    {
        var step = Cycle.Current;
        var since = Seconds - (step is 3 or 4 or 6 or 7 ? _heldSince : _stepAt);
        switch (step)
        {
            case 2: _cavity.Fill(since); break;
            case 3 or 4: Hold(_cavity, since, Thermal(since), CavityNoise); break;
            case 5: _cool.Fill(since); break;
            case 6 or 7: Hold(_cool, since, 0, CoolNoise); break;
            default: return;
        }

        if (step < 5) CavityPressure.Set(_cavity.Pressure);
        else CoolPressure.Set(_cool.Pressure / 1e5);
    }

    private void Hold(LeakCircuit circuit, double since, double thermal, double noise)
    {
        circuit.Hold(since, thermal, _gauge.Normal(0, noise));
        if (Seconds < _keptAt) return;
        _keptAt += 1;
        circuit.Keep();
    }

    // 362 Pa a kelvin at 106 kPa absolute; the reference volume sees the hall's air, not the pack's own heat.
    private double Thermal(double since) =>
        ThermalBias * (Uncancelled * (_ambient - _airAtStart) - PackCooling * since / (CavityTest.SettleSeconds + CavityTest.MeasureSeconds));

    private void SampleAir()
    {
        _ambient = 23 + _air.Next() + _drift;
        _drift += Draught / 60;
        if (Draught == 0) _drift *= 0.995;
        AmbientTemp.Set(_ambient);
        if (Cycle.Current is 3 or 4 or 6 or 7) _largestChange = Math.Max(_largestChange, Math.Abs(_ambient - _airAtStart));
    }

    /// <inheritdoc/>
    protected override void OnJudge()
    {
        CavityCurve.Set(_cavity.Curve);
        CoolCurve.Set(_cool.Curve);
    }

    /// <inheritdoc/>
    protected override void ToRest()
    {
        _fast.Stop();
        _cavity.Vent();
        _cool.Vent();
        CavityPressure.Set(0);
        CoolPressure.Set(0);
        CoverClosed.Set(false);
    }
}
