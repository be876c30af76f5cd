using FloorGateway.Simulators.Engine;
using FloorGateway.Simulators.Flow;
using FloorGateway.Simulators.Identification;
using FloorGateway.Simulators.Numerics;
using FloorGateway.Simulators.PackMl;

namespace FloorGateway.Simulators.Equipment;

/// <summary>
/// Ageing: trays stand 24 h at 45 °C, then at 25 °C for 120 h (liquid) or 48 h (solid state). The crane measures each cell's voltage on the way from warm to cold;
/// what the voltage loses from there to grading tells its self-discharge. Time outside the temperature limits does not count.
/// </summary>
public sealed class AgeingRoom : EquipmentUnit
{
    private const int Positions = 1906, ZoneSensors = 4, OwnTrayEvery = 4;
    /// <summary>Hours in the warm zone.</summary>
    public const double HotHours = 24;

    private const double RoundSeconds = 60, HotTemp = 45, ColdTemp = 25, RoomTolerance = 3, Unformed = 0.3;

    /// <summary>V. A cell loses some 20 µV an hour, and that is what is looked for.</summary>
    internal const double OcvResolution = 0.000_01;

    private readonly RandomStream _cells, _meter;
    private readonly Ar1Noise[] _noise;
    private readonly Pt1[] _air;
    private readonly float[] _temperatures = new float[ZoneSensors];
    private readonly Sampler _crane, _climate;
    private readonly Inlet _formed;
    private readonly Outlet _aged;
    private readonly List<Place> _hot = [], _cold = [];
    private readonly LimitAlarm _room;
    private double _hotClock, _coldClock;
    private uint _rounds;
    private int _serial, _stock;
    private Func<Part>? _others;

    /// <param name="code">AGE01 to AGE10.</param>
    /// <param name="context">Seed, clock and sink.</param>
    public AgeingRoom(string code, UnitContext context)
        : base(code, $"LXE/JSH/FRM/L01/{code}", code, ["AGE-STD"], new(60, 15), context)
    {
        _cells = Stream("cells");
        _meter = Stream("meter");
        _noise = [.. Enumerable.Range(0, ZoneSensors).Select(i => new Ar1Noise(Stream($"air{i}"), 0.99, 0.3))];
        _air = [.. Enumerable.Range(0, ZoneSensors).Select(i => new Pt1(1800, Wanted(i)))];
        var main = MainSubUnit;
        RoomTemp = Add(main, "RoomTemp", new[] { (float)HotTemp, (float)HotTemp, (float)ColdTemp, (float)ColdTemp }, new()
        {
            Unit = "CEL", Low = 0, High = 80, SamplingMs = 10_000, Deadband = 0.2, Length = ZoneSensors, DisplayName = "老化室温度",
        });
        TrayCount = Add(main, "TrayCount", 0u, new() { DisplayName = "托盘数" });
        HotCount = Add(main, "HotCount", 0u);
        OldestHours = Analog(main, "OldestHours", "HUR", 0, 10_000, 60_000, 0.1, 0);
        Ocv = Add(main, "Ocv1", Array.Empty<float>(), new() { Unit = "VLT", Low = 0, High = 5, Resolution = OcvResolution });
        MeasuredTray = Add(main, "Ocv1.TrayId", "");
        ResultHours = Analog(main, "Result.AgeingHours", "HUR", 0, 10_000, 0, 0, 0);
        ResultTray = Add(main, "Result.TrayId", "");
        _room = new(Alarm(main, "ROOM", 2), RoomTolerance, above: true, 600, 0.5);
        _formed = In("formed trays", PartKind.Tray, MakeTray);
        _aged = Out("aged trays", PartKind.Tray);
        _crane = Every((int)(RoundSeconds * 1000), Round);
        _climate = Every(10_000, SampleClimate);
    }

    /// <summary>Two sensors in the warm zone, two in the cold one.</summary>
    public Signal<float[]> RoomTemp { get; }
    public Signal<uint> TrayCount { get; }
    public Signal<uint> HotCount { get; }
    public Signal<double> OldestHours { get; }

    /// <summary>Voltages of the tray that last went from warm to cold.</summary>
    public Signal<float[]> Ocv { get; }

    /// <summary>The tray of <see cref="Ocv"/>; published after it.</summary>
    public Signal<string> MeasuredTray { get; }
    public Signal<double> ResultHours { get; }

    /// <summary>The tray that last left; published last.</summary>
    public Signal<string> ResultTray { get; }

    /// <summary>Error of the air conditioning, K.</summary>
    public double ClimateError { get; set; }

    /// <inheritdoc/>
    public override string NamespaceUri => "http://jsev.example/UA/Battery/";

    /// <inheritdoc/>
    public override string DisplayName => "老化 " + Code;

    /// <inheritdoc/>
    public override IEnumerable<Part> InWork => _hot.Concat(_cold).Select(p => p.Tray);

    /// <summary>Hours that a variant stands in the cold zone.</summary>
    public static double ColdHours(string model) => model == "S120" ? 48 : 120;

    /// <summary>
    /// Stock of earlier days: formed trays that stand in the cold zone, as if they had come in one a minute; the first is due at once. Before the room is started.
    /// </summary>
    /// <param name="trays">The stock.</param>
    /// <param name="others">Trays of racks that are not part of the run: one takes the place of each that leaves. Null: none come.</param>
    public void Stock(IEnumerable<Part> trays, Func<Part>? others = null)
    {
        ArgumentNullException.ThrowIfNull(trays);
        _others = others;
        foreach (var tray in trays) Stand(tray, _stock++);
    }

    // The tray is due after the ones that stand there from earlier days.
    private void Stand(Part tray, int before)
    {
        var since = before * RoundSeconds - ColdHours(tray.Model) * 3600;
        Receive(tray);
        Discharge(tray, HotHours);
        foreach (var cell in tray.Contents) cell[CellProperties.FirstOcv] = cell[CellProperties.Ocv];
        _cold.Add(new(tray, Seconds + since - HotHours * 3600, _coldClock + since) { MeasuredAt = Seconds + since });
    }

    /// <inheritdoc/>
    protected override void OnStarted()
    {
        base.OnStarted();
        _climate.Start();
    }

    /// <inheritdoc/>
    protected override void OnExecute() => _crane.Start();

    /// <summary>Without its crane the room goes on ageing what is in it.</summary>
    protected override void OnLeaveExecute(PackMlState next) => _crane.Stop();

    /// <inheritdoc/>
    protected override void OnEnded(PackMlState ended)
    {
    }

    private static double Wanted(int sensor) => sensor < ZoneSensors / 2 ? HotTemp : ColdTemp;

    // Every other tray of a room that makes its own is liquid or solid state.
    private Part MakeTray()
    {
        var program = ++_serial % 2 == 0 ? FormationProgram.SolidState : FormationProgram.Liquid;
        return FormedTrays.Make($"{Code}-OWN-{_serial:D5}", program, BatteryCode.TraceOf(Code), _serial * FormationCells.Count, Context, _cells);
    }

    // One round of the crane: one tray out, one from warm to cold, one in.
    private void Round()
    {
        _rounds++;
        var due = _cold.FindIndex(p => _coldClock - p.Since >= ColdHours(p.Tray.Model) * 3600);
        Blocked.Set(due >= 0 && !_aged.IsReady);
        if (due >= 0 && _aged.IsReady) PutOut(due);
        var warm = _hot.FindIndex(p => _hotClock - p.Since >= HotHours * 3600);
        if (warm >= 0) Measure(warm);
        var own = _formed.Buffer is null;
        Starved.Set(!_formed.IsReady);
        if (_formed.IsReady && _hot.Count + _cold.Count < Positions && (!own || _rounds % OwnTrayEvery == 1)) TakeIn();
        TrayCount.Set((uint)(_hot.Count + _cold.Count));
        HotCount.Set((uint)_hot.Count);
        OldestHours.Set(_cold.Count > 0 ? (Seconds - _cold[0].Entered) / 3600 : _hot.Count > 0 ? (Seconds - _hot[0].Entered) / 3600 : 0);
    }

    private void TakeIn()
    {
        var tray = _formed.Take();
        Receive(tray);
        PartId.Set(tray.Id);
        _hot.Add(new(tray, Seconds, _hotClock));
    }

    private void Receive(Part tray)
    {
        foreach (var cell in tray.Contents)
        {
            cell[CellProperties.SelfDischarge] = FormedTrays.DrawSelfDischarge(cell, _cells);
            if (double.IsNaN(cell[CellProperties.Ocv])) cell[CellProperties.Ocv] = Unformed;
        }
    }

    private void Measure(int index)
    {
        var place = _hot[index];
        _hot.RemoveAt(index);
        Discharge(place.Tray, (Seconds - place.Entered) / 3600);
        foreach (var cell in place.Tray.Contents) cell[CellProperties.FirstOcv] = cell[CellProperties.Ocv] + _meter.Normal(0, 0.00002);
        Ocv.Set([.. place.Tray.Contents.Select(c => (float)c[CellProperties.FirstOcv])]);
        MeasuredTray.Set(place.Tray.Id);
        _cold.Add(place with { Since = _coldClock, MeasuredAt = Seconds });
    }

    private void PutOut(int index)
    {
        var place = _cold[index];
        _cold.RemoveAt(index);
        var hours = (Seconds - place.MeasuredAt) / 3600;
        Discharge(place.Tray, hours);
        foreach (var cell in place.Tray.Contents) cell[CellProperties.HoursBetween] = hours;
        CycleTime.Set(Math.Min(Seconds - place.Entered, 100_000));
        GoodCount.Set(GoodCount.Value + 1);
        ResultHours.Set((Seconds - place.Entered) / 3600);
        ResultTray.Set(place.Tray.Id);
        _aged.Put(place.Tray);
        if (_others is not null && _cold.Count < _stock) Stand(_others(), _stock);
    }

    private static void Discharge(Part tray, double hours)
    {
        foreach (var cell in tray.Contents)
            cell[CellProperties.Ocv] = Math.Max(0, cell[CellProperties.Ocv] - cell[CellProperties.SelfDischarge] * hours / 1000);
    }

    private void SampleClimate()
    {
        var worst = 0.0;
        for (var i = 0; i < ZoneSensors; i++)
        {
            var air = _air[i].Advance(Seconds, Wanted(i) + ClimateError) + _noise[i].Next();
            _temperatures[i] = (float)air;
            worst = Math.Max(worst, Math.Abs(_air[i].Value - Wanted(i)));
        }

        RoomTemp.Set(_temperatures);
        _room.Evaluate(worst, Seconds);
        if (Math.Abs(_air[0].Value - HotTemp) <= RoomTolerance) _hotClock += 10;
        if (Math.Abs(_air[^1].Value - ColdTemp) <= RoomTolerance) _coldClock += 10;
    }

    /// <param name="Tray">The tray.</param>
    /// <param name="Entered">Process seconds at which it came in.</param>
    /// <param name="Since">Reading of its zone's clock of good time when it entered the zone.</param>
    private sealed record Place(Part Tray, double Entered, double Since)
    {
        /// <summary>Process seconds of the first voltage measurement.</summary>
        public double MeasuredAt { get; init; }
    }
}
