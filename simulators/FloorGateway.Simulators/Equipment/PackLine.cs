using System.Globalization;
using FloorGateway.Simulators.Engine;
using FloorGateway.Simulators.Flow;
using FloorGateway.Simulators.Identification;
using FloorGateway.Simulators.Numerics;
using FloorGateway.Simulators.PackMl;

namespace FloorGateway.Simulators.Equipment;

/// <summary>Builds a pack of 12 modules of one variant and grade every 121.5 s: gap filler, modules, busbars, cover, battery management software, test.</summary>
public sealed partial class PackLine : CyclicUnit
{
    /// <summary>Modules of a pack.</summary>
    public const int Modules = 12;

    private const double PackCycle = 121.5, FillerNominal = 1450, FillerTolerance = 30, GlueTolerance = 0.06, FlashFailure = 0.002;
    private const int CoverBolts = 36, InterlockStep = 5;

    private readonly RandomStream _modulesDraws, _process;
    private readonly Inlet _inlet;
    private readonly Outlet _packs;
    private readonly SortedDictionary<string, List<Part>> _magazine = new(StringComparer.Ordinal);
    private readonly HashSet<string> _ids = new(StringComparer.Ordinal);
    private readonly List<Part> _set = [];
    private Part? _pack;
    private double _cycleStart, _planned;
    private int _serial, _ownSerial;
    private bool _joined;

    /// <param name="code">P01.</param>
    /// <param name="context">Seed, clock and sink.</param>
    public PackLine(string code, UnitContext context)
        : base(code, $"LXE/JSH/MPK/{code}/{code}", code, ["PACK-216S2P"], new(60, 15), context)
    {
        _modulesDraws = Stream("modules");
        _process = Stream("process");
        Declare();
        _inlet = In("modules", PartKind.Module, MakeModule);
        _packs = Out("packs", PartKind.Pack);
        Cycle
            .Add(1, Begin, Identify)
            .Add(2, () => 35, Fill)
            .Add(3, () => 25, Join, interruptible: false)
            .Add(4, () => 25, Cover)
            .Add(InterlockStep, () => 16, Flash)
            .Add(6, () => Math.Max(4, _cycleStart + _planned - Seconds), () => { });
    }

    /// <summary>Error of the gap filler dosing, g.</summary>
    public double FillerError { get; set; }

    /// <summary>The reader reports the first module's code at the second position too.</summary>
    public bool DuplicateScan { get; set; }

    /// <summary>Cover bolts that are missed.</summary>
    public ulong MissingBolts { get; set; }

    /// <inheritdoc/>
    public override string NamespaceUri => "http://jsev.example/UA/Battery/";

    /// <inheritdoc/>
    public override string DisplayName => "电池包 " + Code;

    /// <inheritdoc/>
    public override IEnumerable<Part> InWork =>
        [.. _magazine.Values.SelectMany(m => m), .. _set.Where(m => m.Fate == PartFate.InStock), .. _pack is null ? (Part[])[] : [_pack]];

    // The operator has read the codes by hand.
    protected override void OnExecute()
    {
        if (_pack is not null && !ReadsAll()) ModuleIds.Set([.. _set.Select(m => m.Id)]);
        base.OnExecute();
    }

    // Takes modules into the magazine until twelve of one variant and grade are there.
    protected override bool HasInput()
    {
        while (!_magazine.Values.Any(m => m.Count >= Modules) && _inlet.IsReady)
        {
            var module = _inlet.Take();
            if (!_ids.Add(module.Id))
            {
                Scrap(module, "duplicate code");
                _scan.Set(true);
                continue;
            }

            var name = string.Create(CultureInfo.InvariantCulture, $"{module.Model}/{module[CellProperties.Grade]}");
            if (!_magazine.TryGetValue(name, out var waiting)) _magazine.Add(name, waiting = []);
            waiting.Add(module);
        }

        var ready = _magazine.Values.Any(m => m.Count >= Modules);
        StockCount.Set((uint)_magazine.Values.Sum(m => m.Count));
        _match.Set(!ready);
        return ready;
    }

    private bool ReadsAll() => ModuleIds.Value.Distinct(StringComparer.Ordinal).Count() == Modules;

    private double Begin()
    {
        _cycleStart = Seconds;
        _planned = DrawCycle(PackCycle);
        return 12;
    }

    private void Identify()
    {
        var waiting = _magazine.Values.First(m => m.Count >= Modules);
        _set.AddRange(waiting.Take(Modules));
        waiting.RemoveRange(0, Modules);
        foreach (var module in _set) _ids.Remove(module.Id);
        var model = _set[0].Model;
        var code = BatteryCode.Create(BatteryProduct.Pack, model == "S120" ? 'Z' : 'E', BatteryCode.TraceOf(Code), Dates.PlantDate(Clock.ToSource(Now)), ++_serial);
        _pack = Context.Parts.Make(code, PartKind.Pack, model);
        _pack[CellProperties.Grade] = _set[0][CellProperties.Grade];
        PackId.Set(code);
        PartId.Set(code);
        StockCount.Set((uint)_magazine.Values.Sum(m => m.Count));
        CoverTorqueOk.Set(0);
        BmsFlash.Set(0);
        HvInterlock.Set(false);
        var shown = _set.Select(m => m.Id).ToArray();
        if (DuplicateScan) shown[1] = shown[0];
        ModuleIds.Set(shown);
        _scan.Set(DuplicateScan);
    }

    private void Fill()
    {
        GapFiller.Set(_process.Normal(FillerNominal, 8) + FillerError);
        _glue.Set(Math.Abs(GapFiller.Value / FillerNominal - 1) > GlueTolerance);
    }

    private void Join()
    {
        _joined = true;
        for (var i = 0; i < Modules; i++) Consume(_set[i], _pack!, i + 1);
        var voltage = 0.0;
        foreach (var module in _set) voltage += module[CellProperties.Ocv];
        _pack![CellProperties.Ocv] = voltage;
        PackVoltage.Set(voltage);
    }

    private void Cover()
    {
        var mask = (1ul << CoverBolts) - 1 & ~MissingBolts;
        // The bolts come in three rounds.
        InThisCycle(8, () => CoverTorqueOk.Set(mask & 0xFFF));
        InThisCycle(16, () => CoverTorqueOk.Set(mask & 0xFF_FFFF));
        InThisCycle(24, () => CoverTorqueOk.Set(mask));
    }

    private void Flash()
    {
        BmsFlash.Set(1);
        // A failed transfer is repeated once.
        var failed = _process.Chance(FlashFailure) && _process.Chance(FlashFailure);
        InThisCycle(15, () =>
        {
            BmsFlash.Set(failed ? 3 : 2);
            HvInterlock.Set(true);
        });
    }

    /// <inheritdoc/>
    protected override void OnCycleDone()
    {
        CycleTime.Set(Seconds - _cycleStart);
        Finish(_pack!);
        if (ContinueAfterCycle()) Cycle.Run();
        else Step.Set(0);
    }

    private void Finish(Part pack)
    {
        var fillerOk = Math.Abs(GapFiller.Value - FillerNominal) <= FillerTolerance;
        var coverOk = CoverTorqueOk.Value == (1ul << CoverBolts) - 1;
        var ok = fillerOk && coverOk && BmsFlash.Value == 2 && ReadsAll();
        ResultEvaluation.Set(ok ? 1 : 2);
        Judge(pack, pack.Id, ok, ok ? "" : fillerOk ? coverOk ? "NotOK software" : "NotOK cover" : "NotOK gap filler");
        ResultId.Set(pack.Id);
        // A pack is too dear to scrap here: the end-of-line stand finds what is open and sends it to rework.
        Clear();
        _packs.Put(pack);
        if (ok) GoodCount.Set(GoodCount.Value + 1);
        else RejectCount.Set(RejectCount.Value + 1);
        _nok3.Count(ok);
    }

    private void Clear()
    {
        _pack = null;
        _joined = false;
        _set.Clear();
    }

    /// <inheritdoc/>
    protected override void Drop()
    {
        if (_pack is not { } pack) return;
        if (_joined)
        {
            Scrap(pack, "given up");
            RejectCount.Set(RejectCount.Value + 1);
        }
        else
        {
            // Nothing is joined yet: the modules go back into the magazine, the pack was only a number.
            Scrap(pack, "number not used");
            var name = string.Create(CultureInfo.InvariantCulture, $"{pack.Model}/{pack[CellProperties.Grade]}");
            foreach (var module in _set) _ids.Add(module.Id);
            _magazine[name].InsertRange(0, _set);
        }

        Clear();
    }

    // Without a module line before it the pack line takes modules of an earlier day.
    private Part MakeModule()
    {
        var solid = _ownSerial++ / Modules % 10 < 3;
        var code = BatteryCode.Create(BatteryProduct.Module, solid ? 'Z' : 'E', BatteryCode.TraceOf(Code), Dates.PlantDate(Clock.ToSource(Now)), _ownSerial);
        var module = Context.Parts.Make(code, PartKind.Module, solid ? "S120" : "L110");
        module[CellProperties.Grade] = 1;
        module[CellProperties.Ocv] = 18 * 3.608 + _modulesDraws.Normal(0, 0.005);
        return module;
    }
}
