using System.Globalization;
using FloorGateway.Simulators.Engine;
using FloorGateway.Simulators.Flow;
using FloorGateway.Simulators.Identification;
using FloorGateway.Simulators.Numerics;
using FloorGateway.Simulators.PackMl;

namespace FloorGateway.Simulators.Equipment;

/// <summary>Formation rack: trays of 36 channels that each run a program of their own; the rack gives ambient, exhaust and smoke detection.</summary>
public sealed partial class FormationRack : EquipmentUnit
{
    private const int ChannelSeconds = 10, CapacitySeconds = 60, GoesRoundFrom = 10, Capacity = 60;

    private readonly RandomStream _air;
    private readonly Ar1Noise _ambientNoise, _exhaustNoise;
    private readonly Fopdt _heating;
    private readonly Sampler _rackGrid, _channelGrid, _capacityGrid;
    private readonly Tray[] _trays;
    private readonly AlarmBit _smoke;
    private readonly IReadOnlyList<FormationProgram> _released;
    private readonly Outlet _done;
    private readonly bool _goesRound;
    private readonly int _firstRead;
    private int _cellSerial;

    /// <param name="code">FR01 to FR35.</param>
    /// <param name="programs">One program per tray position in use.</param>
    /// <param name="context">Seed, clock and sink.</param>
    public FormationRack(string code, IReadOnlyList<FormationProgram> programs, UnitContext context)
        : this(code, "LXE/JSH/FRM/L01", programs, FormationProgram.All, captures: false, context)
    {
    }

    /// <param name="code">FR01 to FR35.</param>
    /// <param name="line">Path of the line.</param>
    /// <param name="programs">One program per tray position in use.</param>
    /// <param name="released">What StartProgram may be asked for.</param>
    /// <param name="captures">Each tray captures the changes of current of its first channel in steps of 10 ms.</param>
    /// <param name="context">Seed, clock and sink.</param>
    public FormationRack(
        string code, string line, IReadOnlyList<FormationProgram> programs, IReadOnlyList<FormationProgram> released, bool captures, UnitContext context)
        : base(code, $"{line}/{code}", "RACK", [.. released.Select(p => p.Id)], new(400.0 / Math.Max(1, programs.Count), 30), context)
    {
        _released = released;
        _air = Stream("air");
        _ambientNoise = new(_air, 0.99, 0.2);
        _exhaustNoise = new(_air, 0.95, 12);
        AmbientSetPoint = SetPoint("RACK", "Ambient", "CEL", 25, 60, 25);
        _heating = new(1, 900, 30, 5, AmbientSetPoint.Value);
        RackAmbient = Analog("RACK", "RackAmbient", "CEL", 0, 80, 5000, 0.1, 25, "库温");
        Smoke = Analog("RACK", "Smoke", "P1", 0, 10, 5000, 0.05, 0, "烟雾");
        ExhaustFlow = Analog("RACK", "ExhaustFlow", "MQH", 0, 1200, 5000, 5, 800, "排风量");
        _smoke = Alarm("RACK", "SMOKE", 1, latched: true);
        var inlets = programs.DistinctBy(p => p.Model).ToDictionary(p => p.Model, p => In($"{p.Model} cells", PartKind.Cell, () => MakeCell(p), FormationCells.Count));
        _done = Out("trays", PartKind.Tray);
        _trays = [.. programs.Select((p, i) => new Tray(this, $"TRAY{i + 1:D2}", p, inlets[p.Model], captures))];
        AddRemoteMethod("StartProgram", [new("tray", SignalType.String, "position in the rack, TRAY01 for example"), new("program", SignalType.String, "a released program, as in RecipeId")], a => OnTray(a, t => t.StartProgram(a[1].AsString)));
        AddRemoteMethod("PauseTray", [new("tray", SignalType.String, "position in the rack, TRAY01 for example")], a => OnTray(a, t => t.Pause()));
        AddRemoteMethod("ResumeTray", [new("tray", SignalType.String, "position in the rack, TRAY01 for example")], a => OnTray(a, t => t.Resume()));
        AddRemoteMethod("AbortTray", [new("tray", SignalType.String, "position in the rack, TRAY01 for example")], a => OnTray(a, t => t.Abort()));
        _rackGrid = Every(5000, SampleRack);
        // A small rack reads all its positions at once; a full one goes round, or it would have 240 values ready in one instant.
        _goesRound = programs.Count > GoesRoundFrom;
        _firstRead = _goesRound ? Stream("round").Index(Capacity) : 0;
        _channelGrid = Every(_goesRound ? 1000 : ChannelSeconds * 1000, SampleChannels);
        _capacityGrid = Every(_goesRound ? 1000 : CapacitySeconds * 1000, SampleCapacity);
    }

    /// <summary>The programs of a rack's positions: the plant's racks up to FR14 form solid-state cells, the others liquid ones; a small rack has one position for each.</summary>
    /// <param name="code">FR01 to FR35.</param>
    /// <param name="trays">Positions; 0 has one for each program.</param>
    internal static IReadOnlyList<FormationProgram> ProgramsOf(string code, int trays)
    {
        if (trays == 0) return FormationProgram.All;
        var solid = string.CompareOrdinal(code, "FR15") < 0;
        return [.. Enumerable.Repeat(solid ? FormationProgram.SolidState : FormationProgram.Liquid, trays)];
    }

    public Signal<double> AmbientSetPoint { get; }
    public Signal<double> RackAmbient { get; }
    public Signal<double> Smoke { get; }
    public Signal<double> ExhaustFlow { get; }

    /// <summary>The tray positions.</summary>
    public IReadOnlyList<Tray> Trays => _trays;

    /// <summary>Smoke added to the reading, % obscuration per metre; above 2 the alarm is raised.</summary>
    public double SmokeSource { get; set; }

    /// <inheritdoc/>
    public override string NamespaceUri => "http://jsev.example/UA/Battery/";

    /// <inheritdoc/>
    public override string DisplayName => "化成 " + Code;

    /// <inheritdoc/>
    protected override void OnStarted()
    {
        base.OnStarted();
        _rackGrid.Start();
        _channelGrid.Start();
        _capacityGrid.Start();
        // The stacker crane brings the trays one after the other.
        for (var i = 0; i < _trays.Length; i++)
        {
            if (Context.Scale.InFullSwing) _trays[i].BeginSomewhere();
            else After(60 + 120 * i, _trays[i].Load);
        }
    }

    /// <inheritdoc/>
    protected override void OnExecute()
    {
        foreach (var tray in _trays) tray.ReleaseByRack();
        ShowRunning();
    }

    /// <inheritdoc/>
    protected override void OnLeaveExecute(PackMlState next)
    {
        foreach (var tray in _trays) tray.PauseByRack();
        ShowRunning();
    }

    /// <summary>The rack at rest keeps its trays: programs go on where they paused.</summary>
    protected override void OnEnded(PackMlState ended) => ShowRunning();

    /// <inheritdoc/>
    public override IEnumerable<Part> InWork => _trays.Select(t => t.Carrier).OfType<Part>();

    private Part MakeCell(FormationProgram program)
    {
        var code = BatteryCode.Cell(program.Chemistry, BatteryCode.TraceOf(Code), Dates.PlantDate(Clock.ToSource(Now)), _cellSerial++);
        return Context.Parts.Make(code, PartKind.Cell, program.Model);
    }

    // Positions stand for themselves, so the rack never suspends; it shows that one of them waits.
    private void ShowWaiting()
    {
        Starved.Set(Array.Exists(_trays, t => t.WaitsForCells));
        Blocked.Set(Array.Exists(_trays, t => t.WaitsForRoom));
    }

    internal RandomStream CaptureStream() => Stream("capture");

    internal Signal<float[]> Capture(string tray, string name, string unit, double low, double high) =>
        Add(tray, name, Array.Empty<float>(), new() { Unit = unit, Low = low, High = high });

    internal (Signal<double> Ohmic, Signal<string> Id) CaptureResult(string tray) =>
        (Analog(tray, "Capture.Ohmic", "E45", 0, 10, 0, 0, 0), Add(tray, "Capture.Id", ""));

    private void ShowRunning() => Step.Set(_trays.Count(t => t.Running));

    private void SampleRack()
    {
        RackAmbient.Set(_heating.Step(AmbientSetPoint.Value) + _ambientNoise.Next());
        ExhaustFlow.Set(800 + _exhaustNoise.Next());
        Smoke.Set(Math.Max(0, _air.Normal(0.02, 0.01)) + SmokeSource);
        _smoke.Set(Smoke.Value > 2);
    }

    private void SampleChannels()
    {
        for (var i = 0; i < _trays.Length; i++)
        {
            if (IsRead(i, ChannelSeconds)) _trays[i].Sample();
        }

        ShowRunning();
    }

    private void SampleCapacity()
    {
        for (var i = 0; i < _trays.Length; i++)
        {
            if (IsRead(i, CapacitySeconds)) _trays[i].SampleCapacity();
        }
    }

    // Each position has its second of the interval.
    private bool IsRead(int tray, int interval) => !_goesRound || (Now / TimeSpan.TicksPerSecond + _firstRead + tray) % interval == 0;

    private MethodOutcome OnTray(SignalValue[] arguments, Func<Tray, MethodOutcome> act)
    {
        var name = arguments[0].AsString;
        return Array.Find(_trays, t => t.Name == name) is { } tray
            ? act(tray)
            : new(MethodOutcome.BadInvalidArgument, string.Create(CultureInfo.InvariantCulture, $"{Code} has no tray {name}; it has TRAY01 to TRAY{_trays.Length:D2}."));
    }
}
