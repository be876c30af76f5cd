using System.Globalization;
using FloorGateway.Simulators.Engine;
using FloorGateway.Simulators.Flow;
using FloorGateway.Simulators.Identification;
using FloorGateway.Simulators.Numerics;
using FloorGateway.Simulators.PackMl;

namespace FloorGateway.Simulators.Equipment;

/// <summary>
/// Fills liquid-electrolyte cells under vacuum, 20 in a chamber every 120 s (600 an hour), and lets them soak for a day at 40 °C. Each nozzle doses in three shots.
/// </summary>
public sealed partial class ElectrolyteFiller : CyclicUnit
{
    /// <summary>Cells in the chamber.</summary>
    public const int Batch = 20;

    private const double ChamberSeconds = 120, EvacuateSeconds = 20, FillSeconds = 54, WeighSeconds = 16, LoadSeconds = 15;
    private const double VacuumTau = 3, Atmosphere = 0, DryWeight = 985, DoseTolerance = 0.01, RetrySeconds = 30;

    private readonly RandomStream _dose, _cellDraws;
    private readonly Ar1Noise _electrolyte, _moisture, _soakNoise, _dew, _hf;
    private readonly Pt1 _vacuum = new(VacuumTau, Atmosphere);
    private readonly Sampler _vacuumGrid, _slow, _soakGrid;
    private readonly Inlet _dry;
    private readonly Outlet _soaked;
    private readonly List<Part> _chamber = [];
    private readonly Queue<(double Since, Part Cell)> _soaking = new();
    private double _cycleStart, _planned, _vacuumTarget = Atmosphere;
    private uint _results;
    private int _made, _nozzleOut = -1;

    /// <param name="code">ELF01 to ELF08.</param>
    /// <param name="context">Seed, clock and sink.</param>
    public ElectrolyteFiller(string code, UnitContext context)
        : base(code, $"LXE/JSH/LQC/L01/{code}", code, ["ELF-L110"], new(60, 15), context)
    {
        _dose = Stream("dose");
        _cellDraws = Stream("cells");
        _electrolyte = new(Stream("electrolyte"), 0.99, 0.3);
        _moisture = new(Stream("moisture"), 0.99, 1.5);
        _soakNoise = new(Stream("soak"), 0.99, 0.3);
        _dew = new(Stream("dew"), 0.99, 0.5);
        _hf = new(Stream("hf"), 0.9, 0.02);
        Declare();
        _dry = In("sealed cells", PartKind.Cell, MakeCell, Batch);
        _soaked = Out("soaked cells", PartKind.Cell, Batch);
        Cycle
            .Add(1, () => LoadSeconds, Load)
            .Add(2, () => EvacuateSeconds, () => Pump(-95 + PumpLoss))
            .Add(3, () => FillSeconds, Fill, interruptible: false)
            .Add(4, () => WeighSeconds, Vent)
            .Add(5, () => Math.Max(1, _cycleStart + _planned - Seconds), () => { });
        _vacuumGrid = Every(500, SampleVacuum);
        _slow = Every(5000, SampleSlow);
        _soakGrid = Every(60_000, SampleSoak);
    }

    /// <summary>Hours a cell soaks; shorter for trials.</summary>
    public double SoakHours { get; set; } = 24;

    /// <summary>Nozzle (1 to 20) that gives 5 % less; 0 when all are free.</summary>
    public int BlockedNozzle { get; set; }

    /// <summary>Drift of the balance, g/h.</summary>
    public double BalanceDrift { get; set; }

    /// <summary>Vacuum that the pump no longer reaches, kPa.</summary>
    public double PumpLoss { get; set; }

    /// <summary>Water carried in with the electrolyte, ppm above normal.</summary>
    public double WaterIngress { get; set; }

    /// <summary>Hydrogen fluoride above normal, ppm.</summary>
    public double FluorideLeak { get; set; }

    /// <inheritdoc/>
    public override string NamespaceUri => "http://jsev.example/UA/Battery/";

    /// <inheritdoc/>
    public override string DisplayName => "注液 " + Code;

    /// <inheritdoc/>
    public override IEnumerable<Part> InWork => [.. _chamber, .. _soaking.Select(s => s.Cell)];

    /// <inheritdoc/>
    protected override void OnStarted()
    {
        base.OnStarted();
        _vacuumGrid.Start();
        _slow.Start();
        _soakGrid.Start();
    }

    private Part MakeCell() => Context.Parts.Make(
        BatteryCode.Cell('E', BatteryCode.TraceOf(Code), Dates.PlantDate(Clock.ToSource(Now)), ++_made), PartKind.Cell, "L110");

    private void Load()
    {
        _cycleStart = Seconds;
        _planned = DrawCycle(ChamberSeconds);
        for (var i = 0; i < Batch; i++) _chamber.Add(_dry.Take());
        PartId.Set(_chamber[0].Id);
    }

    private void Fill()
    {
        for (var shot = 0; shot < 3; shot++)
        {
            InThisCycle(18 * shot, () => NozzlePressure.Set(2 + _dose.Normal(0, 0.1)));
            InThisCycle(18 * shot + 10, () => NozzlePressure.Set(1));
        }
    }

    // The balance takes one cell after the other; the last one closes the batch.
    private void Vent()
    {
        Pump(Atmosphere);
        for (var i = 0; i < Batch; i++)
        {
            var nozzle = i;
            InThisCycle(WeighSeconds * (i + 0.5) / Batch, () => Weigh(nozzle));
        }
    }

    private void Weigh(int nozzle)
    {
        var cell = _chamber[nozzle];
        var third = DoseSetPoint.Value / 3;
        double dose = 0;
        // Three shots whose deviations add up to 0.8 g.
        for (var shot = 0; shot < 3; shot++) dose += _dose.Normal(third, 0.4619);
        if (nozzle + 1 == BlockedNozzle) dose *= 0.95;
        var before = _cellDraws.Normal(DryWeight, 1.5);
        var lost = Math.Max(0, _cellDraws.Normal(0.4, 0.1));
        var drift = BalanceDrift * Seconds / 3600;
        WeighIn.Set(before);
        WeighOut.Set(before + dose - lost + drift);
        DoseMass.Set(dose);
        Retention.Set(WeighOut.Value - before);
        var shown = Retention.Value + 0.4;
        var doseOk = Math.Abs(shown / DoseSetPoint.Value - 1) <= DoseTolerance;
        var ok = doseOk && !_moistureHigh.Bit.IsActive;
        var id = string.Create(CultureInfo.InvariantCulture, $"{Code}-{++_results:D8}");
        cell["Electrolyte"] = shown;
        ResultEvaluation.Set(ok ? 1 : 2);
        ResultCell.Set(cell.Id);
        ResultId.Set(id);
        Judge(cell, id, ok);
        if (!doseOk) Suspect(nozzle);
    }

    // One cell in five hundred misses 1 % by chance and is only rejected; the same nozzle twice running is a fault.
    private void Suspect(int nozzle)
    {
        _doseOut.Set(_nozzleOut == nozzle);
        _nozzleOut = nozzle;
    }

    /// <inheritdoc/>
    protected override void OnCycleDone()
    {
        CycleTime.Set(Seconds - _cycleStart);
        foreach (var cell in _chamber)
        {
            if (cell.IsGood) _soaking.Enqueue((Seconds, cell));
            else Scrap(cell, "dose or water");
        }

        var good = (uint)_chamber.Count(c => c.IsGood);
        if (good == Batch) _nozzleOut = -1;
        GoodCount.Set(GoodCount.Value + good);
        RejectCount.Set(RejectCount.Value + Batch - good);
        _chamber.Clear();
        if (good > 0) After(SoakHours * 3600, Release);
        if (ContinueAfterCycle()) Cycle.Run();
        else Step.Set(0);
    }

    private void Release()
    {
        while (_soaking.Count > 0 && Seconds - _soaking.Peek().Since >= SoakHours * 3600 - 0.001)
        {
            if (_soaked.Room < 1)
            {
                After(RetrySeconds, Release);
                break;
            }

            var (since, cell) = _soaking.Dequeue();
            ResultSoak.Set((Seconds - since) / 3600);
            _soaked.Put(cell);
        }

        SampleSoak();
    }

    /// <inheritdoc/>
    protected override void Drop()
    {
        Pump(Atmosphere);
        NozzlePressure.Set(1);
        foreach (var cell in _chamber) Scrap(cell, "given up");
        RejectCount.Set(RejectCount.Value + (uint)_chamber.Count);
        _chamber.Clear();
    }

    private void Pump(double target)
    {
        _vacuum.Advance(Seconds, _vacuumTarget);
        _vacuumTarget = target;
    }

    private void SampleVacuum()
    {
        Vacuum.Set(_vacuum.Advance(Seconds, _vacuumTarget));
        // Judged through the fill only: before that the chamber is still being pumped down.
        if (Cycle.Current == 3) _vacuumLow.Evaluate(_vacuum.Value, Seconds);
    }

    private void SampleSlow()
    {
        ElectrolyteTemp.Set(22 + _electrolyte.Next());
        Moisture.Set(Math.Max(0, 8 + _moisture.Next() + WaterIngress));
        HfDetector.Set(Math.Max(0, 0.05 + _hf.Next() + FluorideLeak));
        DewPoint.Set(-42 + _dew.Next());
        SoakTemp.Set(40 + _soakNoise.Next());
        _moistureHigh.Evaluate(Moisture.Value, Seconds);
        _fluoride.Evaluate(HfDetector.Value, Seconds);
    }

    private void SampleSoak()
    {
        SoakCount.Set((uint)_soaking.Count);
        SoakElapsed.Set(_soaking.Count > 0 ? Math.Min(24, (Seconds - _soaking.Peek().Since) / 3600) : 0);
    }
}
