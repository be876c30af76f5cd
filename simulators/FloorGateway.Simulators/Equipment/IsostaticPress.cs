using FloorGateway.Simulators.Engine;
using FloorGateway.Simulators.Flow;
using FloorGateway.Simulators.Numerics;
using FloorGateway.Simulators.PackMl;

namespace FloorGateway.Simulators.Equipment;

/// <summary>Warm isostatic press: 96 bagged solid-state cells in a vessel of hot fluid, up to 500 MPa in 4 min, held 6 min; 20 min a batch.</summary>
public sealed partial class IsostaticPress : CyclicUnit
{
    private const int Batch = 96;
    private const double NominalCycle = 1200, LoadSeconds = 180, UnloadSeconds = 180, RampRate = 2.08, LeakRate = 0.02, PumpStarts = -1, PumpStops = 0.5, PumpRate = 0.5;
    private const double DoorPressure = 0.1, AdiabaticKelvin = 3, FullPressure = 500, FluidTau = 300, RoomTemp = 25, RawCounts = 27_648, BagLeakRate = 0.002, CycleLimit = 20_000;

    private readonly RandomStream _bags, _sensor;
    private readonly Pt1 _fluid;
    private readonly Sampler _second;
    private readonly NokRun _nok;
    private readonly Inlet _in;
    private readonly Outlet _out;
    private readonly List<Part> _cells = [];
    private readonly RunningStatistics _held = new(), _heldTemp = new();
    private double _pressure, _peak, _holdSeconds, _cycleStart, _cyclePlanned, _lastPressure;
    private bool _pumping, _undecidable, _heating;
    private int _made, _leaking = -1;
    private uint _batch, _results;

    /// <param name="code">WIP01 to WIP08.</param>
    /// <param name="context">Seed, clock and sink.</param>
    public IsostaticPress(string code, UnitContext context)
        : base(code, $"LXE/JSH/SSC/L01/{code}", code, ["S120"], new(60, 15), context)
    {
        _bags = Stream("bags");
        _sensor = Stream("sensor");
        Declare();
        _fluid = new(FluidTau, TempSetPoint.Value + (RoomTemp - TempSetPoint.Value) * context.WarmUpScale);
        _nok = new(Alarm(MainSubUnit, "NOK3", 2, latched: true));
        _in = In("cells", PartKind.Cell, MakeCell, Batch);
        _out = Out("cells", PartKind.Cell, Batch);
        // Nothing stops a vessel under pressure half way: it is let down first.
        Cycle
            .Add(1, () => LoadSeconds, Load)
            .Add(2, () => PressureSetPoint.Value / RampRate, CloseDoor, interruptible: false)
            .Add(3, () => HoldSetPoint.Value, BeginHold, interruptible: false)
            .Add(4, () => PressureSetPoint.Value / RampRate, () => { }, interruptible: false)
            .Add(5, Unload, OpenDoor);
        _second = Every(1000, SampleSecond);
    }

    /// <summary>Leak of the vessel's seal beside the ordinary 0.02, MPa/s.</summary>
    public double SealLeak { get; set; }

    /// <summary>The pressure control runs away upwards, MPa/s.</summary>
    public double Overshoot { get; set; }

    /// <summary>The next batch has a leaking bag.</summary>
    public bool NextBagLeaks { get; set; }

    /// <summary>The heater of the fluid has failed.</summary>
    public bool HeaterFailed { get; set; }

    /// <summary>The pressure is published as the converter's raw counts (27,648 for 500 MPa).</summary>
    public bool PressureInRawCounts { get; set; }

    /// <inheritdoc/>
    public override string NamespaceUri => "http://jsev.example/UA/Battery/";

    /// <inheritdoc/>
    public override string DisplayName => "等静压 " + Code;

    /// <inheritdoc/>
    public override IEnumerable<Part> InWork => _cells;

    private Part MakeCell() => Context.Parts.Make($"{Code}-CELL-{++_made:D7}", PartKind.Cell, "S120");

    /// <inheritdoc/>
    protected override void OnStarted()
    {
        base.OnStarted();
        _second.Start();
    }

    /// <inheritdoc/>
    protected override bool MayComplete(PackMlState acting)
    {
        _heating |= acting == PackMlState.Starting;
        return acting switch
        {
            PackMlState.Starting => Math.Abs(_fluid.Value - TempSetPoint.Value) < 4,
            PackMlState.Aborting => _pressure < DoorPressure,
            _ => base.MayComplete(acting),
        };
    }

    /// <inheritdoc/>
    protected override void OnEnded(PackMlState ended)
    {
        _heating = false;
        base.OnEnded(ended);
    }

    private void Load()
    {
        _cycleStart = Seconds;
        _cyclePlanned = DrawCycle(NominalCycle);
        _batch++;
        for (var i = 0; i < Batch; i++) _cells.Add(_in.Take());
        BatchId.Set($"{Code}-B{_batch:D6}");
        PartId.Set(BatchId.Value);
        _leaking = NextBagLeaks || _bags.Chance(BagLeakRate) ? _bags.Index(Batch) : -1;
        NextBagLeaks = false;
        _undecidable = false;
        _peak = 0;
        _held.Clear();
        _heldTemp.Clear();
        _holdSeconds = 0;
        BagLeak.Set(false);
    }

    private void CloseDoor()
    {
        DoorLocked.Set(true);
        VesselCycles.Set(VesselCycles.Value + 1);
        CyclesOver.Set(VesselCycles.Value > CycleLimit);
    }

    private void BeginHold() => _pumping = false;

    private double Unload() => Math.Max(60, UnloadSeconds + _cyclePlanned - NominalCycle);

    private void OpenDoor() => BagLeak.Set(_leaking >= 0);

    /// <summary>Density of the layers against that of the solid at the highest pressure they saw, per cent.</summary>
    public static double RelativeDensity(double pressure) => 100 * (1 - 0.25 * DeterministicMath.Exp(-pressure / 180));

    private void SampleSecond()
    {
        _lastPressure = _pressure;
        Press();
        HeatFluid();
        _peak = Math.Max(_peak, _pressure);
        var holding = Cycle.Current == 3 && PackMl != PackMlState.Aborting;
        if (holding)
        {
            _holdSeconds++;
            _held.Add(_pressure);
            _heldTemp.Add(_fluid.Value);
        }

        Pressure.Set(PressureInRawCounts ? Math.Round(_pressure / FullPressure * RawCounts) : _pressure);
        FluidTemp.Set(_fluid.Value + _sensor.Normal(0, 0.1));
        Piston.Set(420 * _pressure / FullPressure);
        HoldTimer.Set(_holdSeconds);
        RelDensity.Set(Cycle.InCycle ? RelativeDensity(_peak) : RelDensity.Value);
        // The lock opens by the pressure alone, whatever the control says.
        if (_pressure < DoorPressure && (Cycle.Current is 0 or 1 or 5 || PackMl == PackMlState.Aborting)) DoorLocked.Set(false);
        PressureOff.Evaluate(holding ? Math.Abs(_pressure - PressureSetPoint.Value) : 0, Seconds);
        _undecidable |= PressureOff.Bit.IsActive;
        PressureHigh.Evaluate(_pressure, Seconds);
        TempOff.Evaluate(_heating && PackMl is PackMlState.Execute or PackMlState.Held ? Math.Abs(_fluid.Value - TempSetPoint.Value) : 0, Seconds);
    }

    private void Press()
    {
        var wanted = PressureSetPoint.Value;
        var flow = 0.0;
        // Aborted from whatever it did, the vessel is let down at once.
        switch (PackMl == PackMlState.Aborting ? 0 : Cycle.Current)
        {
            case 2:
                _pressure = Math.Min(wanted, _pressure + RampRate);
                flow = 40;
                break;
            case 3:
                // The pump starts again when the leak has taken 1 MPa, and stops a little above.
                _pressure += Overshoot - LeakRate - SealLeak;
                _pumping = _pumping ? _pressure < wanted + PumpStops : _pressure < wanted + PumpStarts;
                if (_pumping) _pressure += PumpRate;
                flow = _pumping ? 8 : 0;
                break;
            default:
                // In the cycle the valve lets the fluid down evenly; given up, the relief valve opens at once.
                _pressure = Cycle.Current is 4 or 5 ? _pressure - RampRate : _pressure * 0.8;
                break;
        }

        _pressure = _pressure < 0.05 ? 0 : Math.Max(0, _pressure);
        PumpFlow.Set(flow);
    }

    // Compression warms the fluid by 3 K on the way up, and cools it on the way down.
    private void HeatFluid()
    {
        _fluid.Advance(Seconds, !_heating || HeaterFailed ? RoomTemp : TempSetPoint.Value);
        _fluid.Kick(AdiabaticKelvin * (_pressure - _lastPressure) / FullPressure);
    }

    /// <inheritdoc/>
    protected override void OnCycleDone()
    {
        var reduction = _bags.Normal(8, 0.3);
        CycleTime.Set(Seconds - _cycleStart);
        ThicknessReduction.Set(reduction);
        ResultCells.Set([.. _cells.Select(c => c.Id)]);
        ResultPressure.Set(_held.Mean);
        ResultTemp.Set(_heldTemp.Mean);
        ResultHold.Set(_holdSeconds);
        ResultDensity.Set(RelativeDensity(_peak));
        ResultBatch.Set(BatchId.Value);
        ResultEvaluation.Set(_undecidable ? 3 : _leaking >= 0 ? 2 : 1);
        ResultId.Set($"{Code}-{++_results:D8}");
        var good = 0u;
        for (var i = 0; i < _cells.Count; i++)
        {
            var ok = !_undecidable && i != _leaking;
            Judge(_cells[i], ResultId.Value, ok, _undecidable ? "NotDecidable" : "");
            if (ok)
            {
                _out.Put(_cells[i]);
                good++;
            }
            else
            {
                Scrap(_cells[i], _undecidable ? "pressure not held" : "bag leak");
            }
        }

        GoodCount.Set(GoodCount.Value + good);
        RejectCount.Set(RejectCount.Value + (uint)_cells.Count - good);
        _cells.Clear();
        _nok.Count(good > 0);
        if (ContinueAfterCycle()) Cycle.Run();
        else Step.Set(0);
    }

    /// <inheritdoc/>
    protected override void Drop()
    {
        foreach (var cell in _cells) Scrap(cell, "press cycle given up");
        RejectCount.Set(RejectCount.Value + (uint)_cells.Count);
        _cells.Clear();
    }
}
