using FloorGateway.Simulators.Engine;
using FloorGateway.Simulators.Flow;
using FloorGateway.Simulators.Identification;
using FloorGateway.Simulators.Numerics;
using FloorGateway.Simulators.PackMl;

namespace FloorGateway.Simulators.Equipment;

/// <summary>
/// Stacker: 82 layers to a cell in 14 s. The liquid cell's folds its separator; the solid-state cell's laminates a 30 µm sulfide layer to the anode, warm and under force, before it stacks.
/// </summary>
public sealed partial class Stacker : CyclicUnit
{
    private const int Layers = 82, Picks = 3;
    private const double NominalCycle = 14, LayerSeconds = 0.13, RetrySeconds = 0.3, PressSeconds = 0.7, HipotSeconds = 1.5;
    private const double CoilWidth = 0.32, WebPerCell = ElectrodeLayers.CellArea / CoilWidth, MaxCoilHours = 14 * 24;
    private const double AlignLimit = 0.25, VacuumLimit = -40, HipotLimit = 100, HipotAlarm = 20, WarmBand = 2;

    // With stray layers these rejects leave the plant's stacking yield of 97 %.
    private const double ParticleRate = 0.018, PinholeRate = 0.012;

    private readonly bool _solid;
    private readonly RandomStream _layers, _defects, _press;
    private readonly Ar1Noise _force, _heater;
    private readonly Pt1 _plate = new(120, 25);
    private readonly Sampler _half;
    private readonly NokRun _nok;
    private readonly Supply _cathode, _anode;
    private readonly Supply? _electrolyte;
    private readonly Outlet _out;
    private readonly double[] _x = new double[Layers], _y = new double[Layers];
    private readonly double[] _waits = new double[Layers];
    private double _cycleStart, _cyclePlanned, _misalign, _hipot;
    private bool _pinhole;
    private int _serial, _coils, _counted, _jamAt;
    private uint _results;
    private Part? _cell;

    /// <param name="code">STK01 to STK09 make solid-state cells, STK10 to STK28 liquid ones.</param>
    /// <param name="context">Seed, clock and sink.</param>
    /// <param name="solid">Solid-state or liquid; null takes what the plant has this machine for.</param>
    /// <param name="location">Path of the cell; null for the shop of its chemistry.</param>
    public Stacker(string code, UnitContext context, bool? solid = null, string? location = null)
        : base(code, location ?? $"LXE/JSH/{(IsSolid(code, solid) ? "SSC" : "LQC")}/L01/{code}", code, [IsSolid(code, solid) ? "S120" : "L110"], new(8, 6), context)
    {
        _solid = IsSolid(code, solid);
        _layers = Stream("layers");
        _defects = Stream("defects");
        _press = Stream("press");
        _force = new(_press, 0.9, 1.2);
        _heater = new(_press, 0.95, 0.4);
        Declare();
        _nok = new(Alarm(MainSubUnit, "NOK3", 2, latched: true));
        _cathode = Coil("cathode", _solid ? ElectrodeLayers.SolidCathode : ElectrodeLayers.LiquidCathode);
        _anode = Coil("anode", _solid ? ElectrodeLayers.SolidAnode : ElectrodeLayers.LiquidAnode);
        if (_solid) _electrolyte = Coil("electrolyte", ElectrodeLayers.SolidElectrolyte);
        _out = Out("cells", PartKind.Cell);
        Cycle
            .Add(1, () => Math.Max(0.2, _cyclePlanned - Layers * LayerSeconds - PressSeconds - HipotSeconds), () => { })
            .Add(2, StackSeconds, () => PlaceLayer(0), interruptible: false)
            .Add(3, () => PressSeconds, () => { })
            .Add(4, () => HipotSeconds, () => InThisCycle(HipotSeconds - 0.1, MeasureHipot));
        _half = Every(500, SampleHalf);
    }

    /// <summary>Vacuum that worn suction cups lose, kPa.</summary>
    public double CupWear { get; set; }

    /// <summary>Layers the counter is wrong by.</summary>
    public int LayerMiscount { get; set; }

    /// <summary>A shift of the camera or of a gripper, mm.</summary>
    public double AlignOffset { get; set; }

    /// <inheritdoc/>
    public override string NamespaceUri => "http://jsev.example/UA/Battery/";

    /// <inheritdoc/>
    public override string DisplayName => "叠片 " + Code;

    /// <inheritdoc/>
    public override IEnumerable<Part> InWork => new[] { _cathode.Mounted, _anode.Mounted, _electrolyte?.Mounted, _cell }.OfType<Part>();

    private static bool IsSolid(string code, bool? solid) => solid ?? int.Parse(code.AsSpan(code.AsSpan().TrimEnd("0123456789").Length)) < 10;

    private Supply Coil(string name, string layer) =>
        Supplied(In(name, PartKind.Coil, () => Context.Parts.Make($"{layer}-{Code}-{++_coils:D4}", PartKind.Coil, layer)), "Metres", ElectrodeLayers.RollMetres, WebPerCell, MaxCoilHours);

    /// <inheritdoc/>
    protected override void OnStarted()
    {
        base.OnStarted();
        _half.Start();
    }

    /// <inheritdoc/>
    protected override bool MayComplete(PackMlState acting) =>
        acting == PackMlState.Starting ? !_solid || Math.Abs(_plate.Value - 90) < WarmBand : base.MayComplete(acting);

    /// <inheritdoc/>
    protected override void OnExecute()
    {
        if (!Cycle.InCycle && !GoOnOrSuspend()) return;
        if (!Cycle.InCycle) BeginCell();
        Cycle.Run();
    }

    private void BeginCell()
    {
        _cycleStart = Seconds;
        _cyclePlanned = DrawCycle(NominalCycle);
        _cell = Context.Parts.Make($"{Code}-{Dates.PlantDay(Clock.ToSource(Now))}-{++_serial:D6}", PartKind.Cell, RecipeId.Value);
        PartId.Set(_cell.Id);
        CellTmpId.Set(_cell.Id);
        Use(_cathode, WebPerCell, _cell, 1);
        Use(_anode, WebPerCell, _cell, 2);
        if (_electrolyte is not null) Use(_electrolyte, WebPerCell, _cell, 3);
        CoilCathode.Set(_cathode.Mounted?.Id ?? CoilCathode.Value);
        CoilAnode.Set(_anode.Mounted?.Id ?? CoilAnode.Value);
        CoilElectrolyte?.Set(_electrolyte?.Mounted?.Id ?? CoilElectrolyte.Value);
        LayerCount.Set(0);
    }

    // The whole stack is drawn before its first layer, as a missed pick makes it longer.
    private double StackSeconds()
    {
        _misalign = 0;
        _counted = 0;
        _jamAt = Layers;
        var total = 0.0;
        for (var i = 0; i < Layers; i++)
        {
            _x[i] = _layers.Normal(0.02, 0.05) + AlignOffset;
            _y[i] = _layers.Normal(0.02, 0.05);
            var missed = 0;
            while (missed < Picks && PickVacuumNow() > VacuumLimit) missed++;
            _waits[i] = missed * RetrySeconds;
            total += LayerSeconds + _waits[i];
            if (missed < Picks) continue;
            _jamAt = i;
            break;
        }

        NotchBurr.Set(Math.Abs(_press.Normal(5, 0.8)));
        return total + 0.01;
    }

    private double PickVacuumNow() => _layers.Normal(-60, 8.0 / 3) + CupWear;

    private void PlaceLayer(int layer)
    {
        if (_waits[layer] > 0)
        {
            PickVacuum.Set(Math.Min(0, Math.Max(VacuumLimit + 1, -60 + CupWear)));
            MissedPick.Set(true);
            InThisCycle(_waits[layer], () => FinishLayer(layer));
            return;
        }

        FinishLayer(layer);
    }

    private void FinishLayer(int layer)
    {
        if (layer == _jamAt)
        {
            Jam();
            return;
        }

        MissedPick.Set(false);
        PickVacuum.Set(Math.Min(VacuumLimit, _press.Normal(-60, 8.0 / 3) + CupWear));
        AlignX.Set(_x[layer]);
        AlignY.Set(_y[layer]);
        SeThickness?.Set(_press.Normal(30, 1));
        LayerCount.Set((ushort)++_counted);
        _misalign = Math.Max(_misalign, Math.Max(Math.Abs(_x[layer]), Math.Abs(_y[layer])));
        if (layer + 1 < Layers) InThisCycle(LayerSeconds, () => PlaceLayer(layer + 1));
        else if (_misalign > AlignLimit) AlignOff.Set(true);
    }

    private void MeasureHipot()
    {
        _hipot = !_defects.Chance(ParticleRate) ? Math.Max(HipotLimit + 1, _defects.Normal(450, 60))
            : _defects.Chance(0.04) ? _defects.Uniform(1, HipotAlarm) : _defects.Uniform(HipotAlarm, HipotLimit);
        _pinhole = _defects.Chance(PinholeRate);
        if (_pinhole) DefectPinhole.Set(DefectPinhole.Value + 1);
        Hipot.Set(_hipot);
    }

    /// <inheritdoc/>
    protected override void OnCycleDone()
    {
        var cell = _cell!;
        _cell = null;
        var counted = _counted + LayerMiscount;
        var reason = counted != Layers ? "layers" : _misalign > AlignLimit ? "misaligned" : _hipot < HipotLimit ? "hipot" : _pinhole ? "pinhole" : "";
        var ok = reason.Length == 0;
        CycleTime.Set(Seconds - _cycleStart);
        ResultCoils.Set(_solid ? [CoilCathode.Value, CoilAnode.Value, CoilElectrolyte!.Value] : [CoilCathode.Value, CoilAnode.Value]);
        ResultLayers.Set((ushort)Math.Max(0, counted));
        ResultMisalign.Set(_misalign);
        ResultHipot.Set(_hipot);
        ResultCellId.Set(cell.Id);
        ResultEvaluation.Set(ok ? 1 : 2);
        ResultId.Set($"{Code}-{++_results:D8}");
        Judge(cell, ResultId.Value, ok, reason);
        cell["Misalign"] = _misalign;
        if (ok)
        {
            _out.Put(cell);
            GoodCount.Set(GoodCount.Value + 1);
        }
        else
        {
            Reject(cell, reason);
        }

        _nok.Count(ok);
        HipotLow.Set(_hipot < HipotAlarm);
        if (!ContinueAfterCycle())
        {
            Step.Set(0);
            return;
        }

        BeginCell();
        Cycle.Run();
    }

    private void Reject(Part cell, string reason)
    {
        Scrap(cell, reason);
        RejectCount.Set(RejectCount.Value + 1);
    }

    /// <inheritdoc/>
    protected override void Drop()
    {
        if (_cell is not null) Reject(_cell, "given up on the stacker");
        _cell = null;
    }

    private void SampleHalf()
    {
        var working = PackMl == PackMlState.Execute && Cycle.Current is >= 1 and <= 3;
        if (!_solid) return;
        LaminationForce!.Set(working ? ForceSetPoint!.Value + _force.Next() : 0);
        LaminationTemp!.Set(_plate.Advance(Seconds, PackMl == PackMlState.Stopped ? 25 : 90) + _heater.Next());
    }
}
