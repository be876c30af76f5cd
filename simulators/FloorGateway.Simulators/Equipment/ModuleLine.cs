using System.Globalization;
using FloorGateway.Simulators.Engine;
using FloorGateway.Simulators.Flow;
using FloorGateway.Simulators.Identification;
using FloorGateway.Simulators.Numerics;
using FloorGateway.Simulators.PackMl;

namespace FloorGateway.Simulators.Equipment;

/// <summary>Builds a module of 36 matched cells (18 in series, 2 parallel) every 41.6 s: cleans, glues, stacks, welds 72 busbar joints, tests.</summary>
public sealed partial class ModuleLine : CyclicUnit
{
    /// <summary>Cells of a module.</summary>
    public const int Cells = 36;

    private const int Series = 18, Joints = 72, StackStep = 3, WeldStep = 4;
    private const string Unread = "NOREAD";
    private const double ModuleCycle = 41.6, NominalForce = 8, RampPerSecond = 2, ForceTolerance = 0.8, WeldLimit = 0.8, GlueNominal = 85;

    private readonly RandomStream _cells, _stack, _weld;
    private readonly Sampler _forceGrid;
    private readonly Inlet _graded;
    private readonly Outlet _modules;
    private readonly CellMatcher _matcher = new(Cells);
    private readonly Queue<Part> _own = new();
    private readonly float[] _scores = new float[Joints];
    private readonly List<Part> _set = [];
    private Part? _module;
    private double _cycleStart, _planned, _force, _forceSince;
    private int _serial, _ownSerial;

    /// <param name="code">M01 or M02.</param>
    /// <param name="context">Seed, clock and sink.</param>
    public ModuleLine(string code, UnitContext context)
        : base(code, $"LXE/JSH/MPK/{code}/{code}", code, ["MOD-18S2P"], new(60, 15), context)
    {
        _cells = Stream("cells");
        _stack = Stream("stack");
        _weld = Stream("weld");
        Declare();
        _graded = In("graded cells", PartKind.Cell, TakeOwn);
        _modules = Out("modules", PartKind.Module);
        Cycle
            .Add(1, Begin, Identify)
            .Add(2, () => 6, Clean)
            .Add(StackStep, () => 10, Stack)
            .Add(WeldStep, () => 14.4, Weld, interruptible: false)
            .Add(5, () => Math.Max(2, _cycleStart + _planned - Seconds), Test);
        _forceGrid = Every(500, SampleForce);
    }

    /// <summary>Force that a swollen cell adds, kN; 0 when all are sound.</summary>
    public double SwollenForce { get; set; }

    /// <summary>The reader cannot read a code at this position (1 to 36); 0 reads all.</summary>
    public int UnreadablePosition { get; set; }

    /// <summary>The reader reports position 1's code at position 2 too.</summary>
    public bool DuplicateScan { get; set; }

    /// <summary>Error of the glue dosing, g.</summary>
    public double GlueError { get; set; }

    /// <inheritdoc/>
    public override string NamespaceUri => "http://jsev.example/UA/Battery/";

    /// <inheritdoc/>
    public override string DisplayName => "模组 " + Code;

    /// <summary>The module in work, and the graded cells that wait for others of their class.</summary>
    public override IEnumerable<Part> InWork =>
        [.. _matcher.Cells, .. _own, .. _set.Where(c => c.Fate == PartFate.InStock), .. _module is null ? (Part[])[] : [_module]];

    // The operator has re-stacked with another spacer, or read the codes by hand.
    protected override void OnExecute()
    {
        if (_module is not null && !ReadsAll()) CellIds.Set([.. _set.Select(c => c.Id)]);
        if (Cycle.Current == StackStep && Math.Abs(_force - NominalForce) > ForceTolerance) Press(0);
        base.OnExecute();
    }

    // Takes cells into the magazine until a set is complete.
    protected override bool HasInput()
    {
        while (!_matcher.HasSet && _graded.IsReady)
        {
            var cell = _graded.Take();
            if (_matcher.TryAdd(cell)) continue;
            // Two cells with one code: neither can be traced.
            Scrap(cell, "duplicate code");
            _scan.Set(true);
        }

        StockCount.Set((uint)_matcher.Count);
        _match.Set(!_matcher.HasSet);
        return _matcher.HasSet;
    }

    private bool ReadsAll() => CellIds.Value.Distinct(StringComparer.Ordinal).Count() == Cells && !CellIds.Value.Contains(Unread);

    private double Begin()
    {
        _cycleStart = Seconds;
        _planned = DrawCycle(ModuleCycle);
        return 5;
    }

    private void Identify()
    {
        _set.AddRange(_matcher.TakeSet());
        var model = _set[0].Model;
        var code = BatteryCode.Create(BatteryProduct.Module, model == "S120" ? 'Z' : 'E', BatteryCode.TraceOf(Code), Dates.PlantDate(Clock.ToSource(Now)), ++_serial);
        _module = Context.Parts.Make(code, PartKind.Module, model);
        _module[CellProperties.Grade] = _set[0][CellProperties.Grade];
        ModuleId.Set(code);
        PartId.Set(code);
        StockCount.Set((uint)_matcher.Count);
        ShowCells();
    }

    private void ShowCells()
    {
        var shown = _set.Select(c => c.Id).ToArray();
        if (UnreadablePosition is >= 1 and <= Cells) shown[UnreadablePosition - 1] = Unread;
        if (DuplicateScan) shown[1] = shown[0];
        CellIds.Set(shown);
        if (DuplicateScan || UnreadablePosition > 0) _scan.Set(true);
    }

    private void Clean()
    {
        PlasmaClean.Set(true);
        GlueMass.Set(_stack.Normal(GlueNominal, 0.8) + GlueError);
        _glue.Set(Math.Abs(GlueMass.Value / GlueNominal - 1) > 0.06);
    }

    private void Stack()
    {
        PlasmaClean.Set(false);
        Press(SwollenForce);
        StackLength.Set(_stack.Normal(0, 0.12));
        for (var i = 0; i < Cells; i++) Context.Genealogy.Consumed(_set[i].Id, _module!.Id, i + 1, Code, Clock.ToSource(Now));
        _stacked = true;
    }

    private void Press(double swollen)
    {
        _force = _stack.Normal(NominalForce, 0.12) + swollen;
        _forceSince = Seconds;
        _forceGrid.Start();
    }

    // Ramp of 2 kN/s, then the foam between the cells creeps.
    private double ForceAt(double t)
    {
        var ramp = _force / RampPerSecond;
        return t < ramp ? RampPerSecond * t : _force * (1 - 0.04 * DeterministicMath.Log(1 + (t - ramp) / 60));
    }

    private void SampleForce()
    {
        var t = Seconds - _forceSince;
        StackForce.Set(ForceAt(t));
        if (t < _force / RampPerSecond + 1 || PackMl != PackMlState.Execute) return;
        // Judged against the creeping nominal, so that only a wrong stack shows.
        _forceDeviation.Evaluate(Math.Abs(_force - NominalForce), Seconds);
    }

    private void Weld()
    {
        foreach (var cell in _set) Context.Parts.End(cell, PartFate.Consumed);
        for (var i = 0; i < Joints; i++)
        {
            var score = _weld.Normal(0.92, 0.03);
            // A weak joint is welded over once.
            _scores[i] = (float)Math.Min(1, score >= WeldLimit ? score : _weld.Normal(0.9, 0.03));
        }

        InThisCycle(14, () => BusbarWeld.Set(_scores));
    }

    private void Test()
    {
        var module = _module!;
        var voltage = 0.0;
        foreach (var cell in _set) voltage += cell[CellProperties.Ocv] / (Cells / Series);
        module[CellProperties.Ocv] = voltage;
        ModuleVoltage.Set(voltage);
        _forceGrid.Stop();
    }

    /// <inheritdoc/>
    protected override void OnCycleDone()
    {
        CycleTime.Set(Seconds - _cycleStart);
        Finish(_module!);
        if (ContinueAfterCycle()) Cycle.Run();
        else Step.Set(0);
    }

    private void Finish(Part module)
    {
        var weldOk = _scores.Min() >= WeldLimit;
        var forceOk = Math.Abs(_force - NominalForce) <= ForceTolerance;
        var ok = weldOk && forceOk && ReadsAll();
        ResultCapacitySpread.Set(Spread(CellProperties.Capacity));
        ResultResistanceSpread.Set(Spread(CellProperties.Acir));
        ResultVoltageSpread.Set(Spread(CellProperties.Ocv) * 1000);
        ResultEvaluation.Set(ok ? 1 : 2);
        Judge(module, module.Id, ok);
        ResultId.Set(module.Id);
        Release(module, ok, weldOk ? forceOk ? "code" : "stack force" : "busbar weld");
        _nok3.Count(ok);
    }

    private double Spread(string property) => _set.Max(c => c[property]) - _set.Min(c => c[property]);

    private void Release(Part module, bool ok, string reason)
    {
        _module = null;
        _stacked = false;
        StackForce.Set(0);
        _set.Clear();
        if (ok) _modules.Put(module);
        else Scrap(module, reason);
        if (ok) GoodCount.Set(GoodCount.Value + 1);
        else RejectCount.Set(RejectCount.Value + 1);
    }

    /// <inheritdoc/>
    protected override void Drop()
    {
        _forceGrid.Stop();
        PlasmaClean.Set(false);
        if (_module is null) return;
        // Whatever is stacked or glued when the line stops is scrap, with its cells.
        foreach (var cell in _set)
        {
            if (cell.Fate == PartFate.InStock) Scrap(cell, "given up");
        }

        Release(_module, ok: false, "given up");
    }

    private MethodOutcome ReplaceCell(SignalValue[] arguments)
    {
        var (id, position, newCell) = (arguments[0].AsString, (int)arguments[1].AsInt64, arguments[2].AsString);
        if (_module is not { } module || module.Id != id) return MethodOutcome.WrongState($"{Code}: module {id} is not in the line.");
        if (Cycle.Current >= WeldStep) return MethodOutcome.WrongState($"{Code}: cells are replaced before the weld only.");
        if (position is < 1 or > Cells) return new(MethodOutcome.BadOutOfRange, $"{Code}: a module has positions 1 to {Cells}.");
        var old = _set[position - 1];
        if (_matcher.Take(newCell, old) is not { } replacement)
            return new(MethodOutcome.BadInvalidArgument, $"{Code}: cell {newCell} is not free in the class of {old.Id}.");
        _set[position - 1] = replacement;
        if (_stacked) Context.Genealogy.Replaced(old.Id, replacement.Id, module.Id, "replaced before the weld", Code, Clock.ToSource(Now));
        Scrap(old, "replaced");
        ShowCells();
        return MethodOutcome.Good;
    }

    // Without a grading station before it the line takes cells of an earlier day, tray by tray.
    private Part TakeOwn()
    {
        while (_own.Count == 0)
        {
            var program = ++_ownSerial % 2 == 0 ? FormationProgram.SolidState : FormationProgram.Liquid;
            var tray = FormedTrays.Make($"{Code}-OWN-{_ownSerial:D5}", program, BatteryCode.TraceOf(Code), _ownSerial * Cells, Context, _cells);
            FormedTrays.Age(tray, _cells);
            foreach (var cell in FormedTrays.GradeAll(tray, program, Context, _cells)) _own.Enqueue(cell);
        }

        return _own.Dequeue();
    }
}
