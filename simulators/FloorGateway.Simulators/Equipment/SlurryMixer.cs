using FloorGateway.Simulators.Engine;
using FloorGateway.Simulators.Flow;
using FloorGateway.Simulators.Identification;
using FloorGateway.Simulators.Numerics;
using FloorGateway.Simulators.PackMl;

namespace FloorGateway.Simulators.Equipment;

/// <summary>Slurry mixer: 1,200 l a batch in 180 min through six phases; six loss-in-weight feeders; a jacket takes out the heat of the stirrer.</summary>
public sealed partial class SlurryMixer : CyclicUnit
{
    private const int Feeders = 6, ScrewFeeder = 1;
    private const double BatchLitres = 1200, NominalCycle = 180 * 60, TransferSeconds = 20 * 60;
    private const double ThinSlurry = 4500, Thickening = 16_000, WettingTau = 35 * 60, HeatCapacity = 4.35e6, JacketTau = 900;
    private const double DoseTolerance = 0.003, ViscosityTolerance = 0.2, SolidsTolerance = 1.5, FinestGauge = 25, LongestAdd = 100;

    private static readonly string[] Plan =
    [
        ElectrodeLayers.LiquidCathode, ElectrodeLayers.LiquidAnode, ElectrodeLayers.SolidCathode, ElectrodeLayers.SolidAnode, ElectrodeLayers.SolidElectrolyte,
        ElectrodeLayers.LiquidCathode, ElectrodeLayers.LiquidAnode, ElectrodeLayers.LiquidCathode, ElectrodeLayers.LiquidAnode, ElectrodeLayers.SolidCathode,
    ];

    // Shares of the batch by mass: 70 % solids in four powders, solvent in two doses. Each feeder runs in one phase, between two times of it.
    private static readonly Feeder[] Recipe =
    [
        new("AM", 0.70 * 0.95, 1, 0, 600), new("CB", 0.70 * 0.02, 1, 600, 800), new("BD", 0.70 * 0.02, 1, 800, 1000), new("AD", 0.70 * 0.01, 1, 1000, 1150),
        new("SV", 0.30 * 0.70, 2, 0, 300), new("SV", 0.30 * 0.30, 3, 0, 600),
    ];

    private readonly RandomStream _dosing, _lab, _sensor;
    private readonly Ar1Noise _pump;
    private readonly Pt1 _motor = new(10, 0), _torque = new(5, 0), _jacket = new(120, 25), _vacuum = new(20, 0);
    private readonly Sampler _second, _laboratory;
    private readonly NokRun _nok;
    private readonly Outlet _out;
    private readonly double[] _reading = new double[Feeders], _inside = new double[Feeders], _wanted = new double[Feeders];
    private readonly bool[] _dosed = new bool[Feeders];
    private readonly string[] _materialLots = new string[Feeders];
    private double _temp = 25, _mixed, _dispersed, _inStep, _cycleStart, _cyclePlanned;
    private uint _batch, _results;
    private Part? _lot;

    /// <param name="code">MIX01 to MIX10.</param>
    /// <param name="context">Seed, clock and sink.</param>
    public SlurryMixer(string code, UnitContext context)
        : base(code, $"LXE/JSH/ELE/L01/{code}", code, ElectrodeLayers.First(ElectrodeLayers.OfMachine(code, Plan)), new(60, 15), context)
    {
        _dosing = Stream("dosing");
        _lab = Stream("lab");
        _sensor = Stream("sensor");
        _pump = new(_sensor, 0.98, 0.3);
        Declare();
        _nok = new(Alarm(MainSubUnit, "NOK3", 2, latched: true));
        _out = Out("slurry", PartKind.SlurryLot);
        Cycle
            .Add(1, () => 20 * 60, Dry)
            .Add(2, () => 40 * 60, Phase)
            .Add(3, () => 20 * 60, Phase)
            .Add(4, () => 60 * 60, Phase)
            .Add(5, () => 20 * 60, Phase)
            .Add(6, () => Math.Max(TransferSeconds * 0.9, _cycleStart + _cyclePlanned - Seconds), Transfer);
        _second = Every(1000, SampleSecond);
        _laboratory = Every(60_000, SampleFineness);
    }

    /// <summary>Thickness of the slurry against the recipe's; 1 when the binder is right.</summary>
    public double ViscosityFactor { get; set; } = 1;

    /// <summary>Error of the active material's scale in per cent: it shows so much more than there is.</summary>
    public double ScaleError { get; set; }

    /// <summary>The screw feeder of the conductive powder has jammed half way; holds until taken back.</summary>
    public bool FeederJammed { get; set; }

    /// <summary>Vacuum lost through the lid's seal, kPa.</summary>
    public double SealLeak { get; set; }

    /// <inheritdoc/>
    public override string NamespaceUri => "http://jsev.example/UA/Battery/";

    /// <inheritdoc/>
    public override string DisplayName => "匀浆 " + Code;

    /// <inheritdoc/>
    public override IEnumerable<Part> InWork => _lot is null ? [] : [_lot];

    /// <inheritdoc/>
    protected override void OnStarted()
    {
        base.OnStarted();
        _second.Start();
        _laboratory.Start();
    }

    private void Dry()
    {
        Phase();
        _cycleStart = Seconds;
        _cyclePlanned = DrawCycle(NominalCycle);
        _mixed = 0;
        _dispersed = 0;
        _batch++;
        var day = Dates.PlantDay(Clock.ToSource(Now));
        _lot = Context.Parts.Make($"SL-{day}-{Code}-{_batch:D4}", PartKind.SlurryLot, RecipeId.Value);
        LotId.Set(_lot.Id);
        PartId.Set(_lot.Id);
        for (var i = 0; i < Feeders; i++)
        {
            _reading[i] = _inside[i] = 0;
            _dosed[i] = false;
            _wanted[i] = Recipe[i].Share * BatchLitres * ElectrodeLayers.SlurryDensity * (1 + Math.Clamp(_dosing.Normal(0, 0.0008), -0.002, 0.002));
            // A bag or a tank of material lasts for five batches.
            _materialLots[i] = $"{Recipe[i].Material}-{day}-{Code}-{(_batch - 1) / 5 + 1:D3}";
        }

        MassDosed.Set(_reading);
        Viscosity.Set(0);
    }

    private void Phase() => _inStep = 0;

    private void Transfer()
    {
        Phase();
        var nominal = Thin(_mixed);
        Viscosity.Set(nominal * ViscosityFactor + _sensor.Normal(0, 80));
        // What is in the vessel counts, whatever the scale showed.
        Solids.Set(100 * _inside[..4].Sum() / _inside.Sum() + _lab.Normal(0, 0.3));
        ViscosityOff.Set(Math.Abs(Viscosity.Value / nominal - 1) > ViscosityTolerance);
    }

    /// <inheritdoc/>
    protected override void OnCycleDone()
    {
        var lot = _lot!;
        var ok = !(Math.Abs(Viscosity.Value / Thin(_mixed) - 1) > ViscosityTolerance)
            && Math.Abs(Solids.Value - 100 * ElectrodeLayers.Solids) <= SolidsTolerance && Fineness.Value < FinestGauge;
        CycleTime.Set(Seconds - _cycleStart);
        ResultLots.Set(_materialLots);
        ResultViscosity.Set(Viscosity.Value);
        ResultSolids.Set(Solids.Value);
        ResultFineness.Set(Fineness.Value);
        ResultLotId.Set(lot.Id);
        ResultEvaluation.Set(ok ? 1 : 2);
        ResultId.Set($"{Code}-{++_results:D8}");
        Judge(lot, ResultId.Value, ok);
        lot["Litres"] = BatchLitres;
        lot["Viscosity"] = Viscosity.Value;
        lot["Solids"] = Solids.Value;
        lot[Supply.MadeAt] = Seconds;
        _lot = null;
        if (ok) Good(lot);
        else Reject(lot, "viscosity, solids or fineness");
        _nok.Count(ok);
        if (ContinueAfterCycle()) Cycle.Run();
        else Step.Set(0);
    }

    private void Good(Part lot)
    {
        _out.Put(lot);
        GoodCount.Set(GoodCount.Value + 1);
    }

    private void Reject(Part lot, string reason)
    {
        Scrap(lot, reason);
        RejectCount.Set(RejectCount.Value + 1);
    }

    /// <inheritdoc/>
    protected override void Drop()
    {
        if (_lot is not null) Reject(_lot, "given up in the mixer");
        _lot = null;
    }

    private static double Thin(double seconds) => ThinSlurry + Thickening * DeterministicMath.Exp(-seconds / WettingTau);

    private bool Turning => PackMl == PackMlState.Execute && Cycle.InCycle;

    private double WantedSpeed => !Turning ? 0 : Cycle.Current switch
    {
        1 or 6 => 20,
        2 or 3 => 120,
        4 => SpeedSetPoint.Value,
        _ => 60,
    };

    private void SampleSecond()
    {
        if (Turning) Mix();
        var turns = _motor.Advance(Seconds, WantedSpeed) / 60;
        var thickness = Cycle.Current >= 2 ? Thin(_mixed) * ViscosityFactor : 0;
        var torque = _torque.Advance(Seconds, 25 * (thickness / 1000) * Math.Sqrt(turns));
        var jacket = _jacket.Advance(Seconds, JacketSetPoint.Value);
        _temp += torque * 2 * Math.PI * turns / HeatCapacity - (_temp - jacket) / JacketTau;
        var evacuated = Cycle.Current == 5;
        _vacuum.Advance(Seconds, evacuated ? -93 + SealLeak : 0);
        Speed.Set(turns * 60);
        ShaftTorque.Set(torque);
        Temp.Set(_temp);
        JacketTemp.Set(jacket);
        Vacuum.Set(Math.Min(0, _vacuum.Value + _pump.Next() * _vacuum.Value / -93));
        TempHigh.Evaluate(_temp, Seconds);
        // The pump has two minutes to pull the vessel down.
        VacuumLow.Evaluate(evacuated && _inStep > 120 ? Vacuum.Value : -95, Seconds);
    }

    private void Mix()
    {
        _inStep++;
        if (Cycle.Current >= 2) _mixed++;
        if (Cycle.Current == 4) _dispersed++;
        for (var i = 0; i < Feeders; i++)
        {
            if (Recipe[i].Step == Cycle.Current && !_dosed[i] && _inStep > Recipe[i].From) RunFeeder(i);
        }

        if (Cycle.Current is >= 2 and <= 5 && _inStep % 10 == 0) Viscosity.Set(Thin(_mixed) * ViscosityFactor + _sensor.Normal(0, 80));
    }

    // The scale stops the feeder at the wanted reading; a jammed screw leaves half of it in the hopper.
    private void RunFeeder(int i)
    {
        var progress = Math.Min(1, (_inStep - Recipe[i].From) / (Recipe[i].To - Recipe[i].From));
        var share = i == ScrewFeeder && FeederJammed ? Math.Min(progress, 0.5) : progress;
        _reading[i] = _wanted[i] * share;
        _inside[i] = i == 0 ? _reading[i] / (1 + ScaleError / 100) : _reading[i];
        _dosed[i] = progress >= 1;
        MassDosed.Set(_reading);
        if (!_dosed[i]) return;
        Context.Genealogy.Consumed(_materialLots[i], _lot!.Id, i + 1, Code, Clock.ToSource(Now));
        DoseOff.Set(Math.Abs(_reading[i] / Target(i) - 1) > DoseTolerance);
    }

    private static double Target(int i) => Recipe[i].Share * BatchLitres * ElectrodeLayers.SlurryDensity;

    private void SampleFineness()
    {
        // The gauge reads in the dispersing phase only: agglomerates break down from 75 µm towards 12.
        if (Turning && Cycle.Current == 4) Fineness.Set(12 + 63 * DeterministicMath.Exp(-_dispersed / 1200) + _lab.Normal(0, 0.4));
    }

    private MethodOutcome AddMaterial(SignalValue[] arguments)
    {
        var (lot, mass) = (arguments[0].AsString, arguments[1].AsDouble);
        if (Cycle.Current is < 1 or > 4 || PackMl is not (PackMlState.Execute or PackMlState.Held))
            return MethodOutcome.WrongState($"{Code}: AddMaterial needs a batch between dry mixing and dispersing, in state Execute or Held.");
        if (lot.Length == 0) return new(MethodOutcome.BadInvalidArgument, $"{Code}: AddMaterial needs the material's lot id.");
        if (!(mass > 0 && mass <= LongestAdd)) return new(MethodOutcome.BadOutOfRange, $"{Code}: AddMaterial takes up to {LongestAdd} kg at a time.");
        var missing = -1;
        for (var i = 0; i < Feeders; i++)
        {
            if (_dosed[i] && (missing < 0 || Target(i) - _reading[i] > Target(missing) - _reading[missing])) missing = i;
        }

        if (missing < 0) return MethodOutcome.WrongState($"{Code}: no material has been dosed yet.");
        _reading[missing] += mass;
        _inside[missing] += mass;
        MassDosed.Set(_reading);
        Context.Genealogy.Consumed(lot, _lot!.Id, missing + 1, Code, Clock.ToSource(Now));
        return MethodOutcome.Good;
    }

    private sealed record Feeder(string Material, double Share, int Step, double From, double To);
}
