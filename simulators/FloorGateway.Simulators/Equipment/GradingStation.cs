using FloorGateway.Simulators.Engine;
using FloorGateway.Simulators.Flow;
using FloorGateway.Simulators.Identification;
using FloorGateway.Simulators.Numerics;
using FloorGateway.Simulators.PackMl;

namespace FloorGateway.Simulators.Equipment;

/// <summary>Measures voltage, resistance and thickness of the 36 cells of an aged tray in 60 s, grades them A, B, C or reject, and takes them out of the tray.</summary>
public sealed partial class GradingStation : CyclicUnit
{
    private const double TrayCycle = 60, KLimit = 0.06, MeterVolts = 0.00002, RepeatLimit = 0.05, CleanAfterSeconds = 3600;
    private const int LotWindow = 500, LotRejects = 10, MeanWeight = 720;

    private readonly RandomStream _cells, _meter;
    private readonly Ar1Noise _room;
    private readonly Sampler _climate;
    private readonly Inlet _aged;
    private readonly Outlet _graded;
    private readonly Queue<bool> _lot = new();
    private readonly Dictionary<string, double> _means = new(StringComparer.Ordinal);
    private Part? _tray;
    private double _cycleStart, _planned;
    private int _serial, _lotRejects;
    private uint _cleanedAt;

    /// <param name="code">GRD01 to GRD07.</param>
    /// <param name="context">Seed, clock and sink.</param>
    public GradingStation(string code, UnitContext context)
        : base(code, $"LXE/JSH/FRM/L01/{code}", code, ["GRD-STD"], new(60, 15), context)
    {
        _cells = Stream("cells");
        _meter = Stream("meter");
        _room = new(Stream("room"), 0.98, 0.3);
        Declare();
        _aged = In("aged trays", PartKind.Tray, MakeTray);
        _graded = Out("graded cells", PartKind.Cell, FormationCells.Count);
        Cycle
            .Add(1, Begin, Identify)
            .Add(2, () => 6, Touch)
            .Add(3, () => 12, MeasureVoltage)
            .Add(4, () => 18, MeasureResistance)
            .Add(5, () => 8, MeasureShape)
            .Add(6, () => Math.Max(2, _cycleStart + _planned - Seconds), Grade);
        _climate = Every(5000, () => TestTemp.Set(25 + _room.Next()));
    }

    /// <summary>Channel (1 to 36) whose meter reports NaN; 0 when all are sound.</summary>
    public int NaNChannel { get; set; }

    /// <summary>The reader reports the tray's cells in the wrong order: positions from the last to the first.</summary>
    public bool SwappedOrder { get; set; }

    /// <summary>Self-discharge added to every cell, mV/h: a lot with metal particles.</summary>
    public double LotContamination { get; set; }

    /// <inheritdoc/>
    public override string NamespaceUri => "http://jsev.example/UA/Battery/";

    /// <inheritdoc/>
    public override string DisplayName => "分选 " + Code;

    /// <inheritdoc/>
    public override IEnumerable<Part> InWork => _tray is null ? [] : [_tray];

    /// <summary>The grade of a cell.</summary>
    /// <param name="deviation">Capacity against the mean, A·h.</param>
    /// <param name="selfDischarge">mV/h.</param>
    /// <param name="good">False when an earlier station rejected it.</param>
    /// <returns>1 A, 2 B, 3 C, 4 reject.</returns>
    public static int GradeOf(double deviation, double selfDischarge, bool good) =>
        !good || !(selfDischarge <= KLimit) ? 4
        : Math.Abs(deviation) < 0.5 ? 1
        : Math.Abs(deviation) < 1.0 ? 2
        : Math.Abs(deviation) < 1.6 ? 3 : 4;

    /// <summary>Resistance at 1 kHz as the meter finds it, mΩ: the ohmic resistance, which formation saw too.</summary>
    public static double ResistanceOf(Part cell, RandomStream meter)
    {
        ArgumentNullException.ThrowIfNull(cell);
        ArgumentNullException.ThrowIfNull(meter);
        var deviation = cell[CellProperties.Ohmic];
        return 0.55 + 0.02 * (double.IsNaN(deviation) ? 0 : deviation) + meter.Normal(0, 0.002);
    }

    /// <inheritdoc/>
    protected override void OnStarted()
    {
        base.OnStarted();
        _climate.Start();
    }

    // A lot on hold needs its release; the simulated leader gives it when the repair is done.
    protected override bool MayComplete(PackMlState acting)
    {
        if (acting == PackMlState.Unholding && HeldLot.Value.Length > 0)
        {
            if (!Context.Operator) return false;
            Release();
        }

        return base.MayComplete(acting);
    }

    private double Begin()
    {
        _cycleStart = Seconds;
        _planned = DrawCycle(TrayCycle);
        return 6;
    }

    private void Identify()
    {
        _tray ??= _aged.Take();
        PartId.Set(_tray.Id);
        var ids = _tray.Contents.Select(c => c.Id);
        CellIds.Set([.. SwappedOrder ? ids.Reverse() : ids]);
    }

    private void Touch()
    {
        ProbeCycles.Set(ProbeCycles.Value + 1);
        // Worn pins repeat badly; they are cleaned within the hour after the alarm.
        var spread = 0.004 * (1 + (ProbeCycles.Value - _cleanedAt) / 5000.0);
        Repeat.Set(Math.Abs(_meter.Normal(0, spread)));
        var bad = Repeat.Value > RepeatLimit;
        if (bad && !_probe.IsActive) After(CleanAfterSeconds, CleanPins);
        if (bad) _probe.Set(true);
    }

    private void CleanPins()
    {
        _cleanedAt = ProbeCycles.Value;
        _probe.Set(false);
    }

    private void MeasureVoltage()
    {
        var tray = _tray!;
        foreach (var cell in tray.Contents) cell[CellProperties.Ocv] += _meter.Normal(0, MeterVolts);
        Ocv.Set(Shown(c => c[CellProperties.Ocv]));
        KValue.Set(Shown(SelfDischarge));
    }

    private void MeasureResistance()
    {
        foreach (var cell in _tray!.Contents) cell[CellProperties.Acir] = ResistanceOf(cell, _meter);
        Acir.Set(Shown(c => c[CellProperties.Acir]));
    }

    private void MeasureShape()
    {
        Thickness.Set(Shown(_ => _meter.Normal(12, 0.05)));
        ShellVoltage.Set(Shown(_ => _meter.Normal(2.1, 0.1)));
    }

    private float[] Shown(Func<Part, double> value)
    {
        var shown = _tray!.Contents.Select(c => (float)value(c)).ToArray();
        if (NaNChannel >= 1 && NaNChannel <= shown.Length) shown[NaNChannel - 1] = float.NaN;
        return shown;
    }

    private double SelfDischarge(Part cell) =>
        (cell[CellProperties.FirstOcv] - cell[CellProperties.Ocv]) * 1000 / cell[CellProperties.HoursBetween] + LotContamination;

    private void Grade()
    {
        var tray = _tray!;
        var mean = MeanOf(tray);
        var grades = new int[tray.Contents.Count];
        for (var i = 0; i < grades.Length; i++)
        {
            var cell = tray.Contents[i];
            var k = SelfDischarge(cell);
            grades[i] = GradeOf(cell[CellProperties.Capacity] - mean, k, cell.IsGood);
            cell[CellProperties.Grade] = grades[i];
            Watch(cell.IsGood && k > KLimit);
        }

        CapacityMean.Set(mean);
        Grades.Set(grades);
    }

    // The mean that grades refer to: that of the cells before, tray by tray; the first tray's median starts it.
    private double MeanOf(Part tray)
    {
        var good = tray.Contents.Where(c => c.IsGood && !double.IsNaN(c[CellProperties.Capacity])).Select(c => c[CellProperties.Capacity]).Order().ToArray();
        if (!_means.TryGetValue(tray.Model, out var mean)) mean = good.Length > 0 ? good[good.Length / 2] : 0;
        foreach (var capacity in good) mean += (capacity - mean) / MeanWeight;
        return _means[tray.Model] = mean;
    }

    private void Watch(bool rejected)
    {
        _lot.Enqueue(rejected);
        if (rejected) _lotRejects++;
        if (_lot.Count > LotWindow && _lot.Dequeue()) _lotRejects--;
    }

    /// <inheritdoc/>
    protected override void OnCycleDone()
    {
        CycleTime.Set(Seconds - _cycleStart);
        TakeApart(_tray!);
        _tray = null;
        if (_lotRejects > LotRejects && HeldLot.Value.Length == 0)
        {
            HeldLot.Set(PartId.Value);
            _kRate.Set(true);
        }

        if (ContinueAfterCycle()) Cycle.Run();
        else Step.Set(0);
    }

    private void TakeApart(Part tray)
    {
        foreach (var cell in tray.Contents)
        {
            var grade = (int)cell[CellProperties.Grade];
            var earlier = cell.IsGood;
            Judge(cell, tray.Id, grade < 4, grade switch { 1 => "A", 2 => "B", 3 => "C", _ => "NotOK" });
            if (grade < 4) _graded.Put(cell);
            else Scrap(cell, !earlier ? "formation" : SelfDischarge(cell) > KLimit ? "self-discharge" : "capacity");
            if (grade < 4) GoodCount.Set(GoodCount.Value + 1);
            else RejectCount.Set(RejectCount.Value + 1);
        }

        tray.Contents.Clear();
        // The empty tray goes back to formation; as a load of cells it has ended.
        Context.Parts.End(tray, PartFate.Consumed);
        ResultTray.Set(tray.Id);
    }

    /// <inheritdoc/>
    protected override void Drop()
    {
        // The tray stays on the machine's table and is measured again from the start.
    }

    private Part MakeTray()
    {
        var program = ++_serial % 2 == 0 ? FormationProgram.SolidState : FormationProgram.Liquid;
        var tray = FormedTrays.Make($"{Code}-OWN-{_serial:D5}", program, BatteryCode.TraceOf(Code), _serial * FormationCells.Count, Context, _cells);
        FormedTrays.Age(tray, _cells);
        return tray;
    }

    private MethodOutcome ReleaseLot(SignalValue[] arguments)
    {
        if (HeldLot.Value.Length == 0) return MethodOutcome.WrongState($"{Code}: no lot is on hold.");
        if (arguments[0].AsString != HeldLot.Value)
            return new(MethodOutcome.BadInvalidArgument, $"{Code}: lot {arguments[0].AsString} is not on hold; {HeldLot.Value} is.");
        Release();
        return MethodOutcome.Good;
    }

    private void Release()
    {
        HeldLot.Set("");
        _kRate.Set(false);
        _lot.Clear();
        _lotRejects = 0;
    }
}
