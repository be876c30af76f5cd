using System.Globalization;
using FloorGateway.Simulators.Engine;
using FloorGateway.Simulators.Flow;
using FloorGateway.Simulators.Identification;
using FloorGateway.Simulators.Numerics;
using FloorGateway.Simulators.PackMl;

namespace FloorGateway.Simulators.Equipment;

/// <summary>States of a laser (OPC 40501 LaserSystems).</summary>
public enum LaserState
{
    Off,
    SetUp,
    Idle,
    LaserReady,
    LaserOn,
    Error,
    Maintenance,
    EnergySaving,
}

/// <summary>Welds the two tabs of a stacked cell by laser, seals its pouch and gives it its battery code: 2 × 2.2 s and 6 s.</summary>
public sealed partial class TabWelder : CyclicUnit
{
    private const double WeldSeconds = 2.2, SealSeconds = 6, SealPressSeconds = 3, MoveSeconds = 0.05;
    private const double WeldSpeedNominal = 150, AgeingPerHour = 0.01 / 500, ScoreLimit = 0.8, ResistanceLimit = 60;
    private const int PullSampleEvery = 250, LastSolidState = 7;

    private readonly RandomStream _weld, _seal;
    private readonly Ar1Noise _power, _heater;
    private readonly Pt1 _lens = new(120, 25);
    private readonly Sampler _laserGrid, _slow;
    private readonly Inlet _stacked;
    private readonly Outlet _sealed;
    private readonly char _chemistry;
    private readonly double[] _scores = new double[2];
    private Part? _cell;
    private double _cycleStart, _planned, _resistance, _firedAt;
    private uint _results;
    private int _serial, _made;

    /// <param name="code">WLD01 to WLD07 for solid-state cells, WLD08 to WLD20 for liquid ones.</param>
    /// <param name="context">Seed, clock and sink.</param>
    public TabWelder(string code, UnitContext context)
        : base(code, $"LXE/JSH/{(IsSolidState(code) ? "SSC" : "LQC")}/L01/{code}", code, IsSolidState(code) ? ["WLD-S120"] : ["WLD-L110"], new(60, 15), context)
    {
        var model = IsSolidState(code) ? "S120" : "L110";
        _chemistry = IsSolidState(code) ? 'Z' : 'E';
        _weld = Stream("weld");
        _seal = Stream("seal");
        _power = new(Stream("power"), 0.8, 6);
        _heater = new(Stream("heater"), 0.95, 0.5);
        Declare();
        _stacked = In("stacked cells", PartKind.Cell, () => Context.Parts.Make($"{code}-T{++_made:D7}", PartKind.Cell, model));
        _sealed = Out("sealed cells", PartKind.Cell);
        Cycle
            .Add(1, Begin, LightUp, interruptible: false)
            .Add(2, () => WeldSeconds, () => Look(0), interruptible: false)
            .Add(3, () => Math.Max(SealPressSeconds + 1, _cycleStart + _planned - Seconds), Seal);
        _laserGrid = Every(200, SampleLaser);
        _slow = Every(500, SampleSlow);
    }

    /// <summary>Drift of the photodiode behind the score, per hour; 0 when sound.</summary>
    public double PhotodiodeDrift { get; set; }

    /// <summary>Share of the light that dirt on the lens takes, 0 to 1.</summary>
    public double LensDirt { get; set; }

    /// <summary>Error of the sealing bar's temperature, K.</summary>
    public double HeaterError { get; set; }

    /// <inheritdoc/>
    public override string NamespaceUri => "http://jsev.example/UA/Battery/";

    /// <inheritdoc/>
    public override string DisplayName => "极耳焊接封装 " + Code;

    /// <inheritdoc/>
    public override IEnumerable<Part> InWork => _cell is null ? [] : [_cell];

    /// <inheritdoc/>
    protected override void OnStarted()
    {
        base.OnStarted();
        _slow.Start();
    }

    private double Begin()
    {
        _cycleStart = Seconds;
        _planned = DrawCycle(2 * WeldSeconds + SealSeconds);
        _cell = TakeCoded();
        PartId.Set(_cell.Id);
        return WeldSeconds;
    }

    // Up to here a cell has the stacker's temporary number; its code is marked on the tab with the same laser.
    private Part TakeCoded()
    {
        var stacked = _stacked.Take();
        if (BatteryCode.IsValid(stacked.Id)) return stacked;
        var code = BatteryCode.Cell(_chemistry, BatteryCode.TraceOf(Code), Dates.PlantDate(Clock.ToSource(Now)), ++_serial);
        var cell = Context.Parts.Make(code, PartKind.Cell, stacked.Model);
        Consume(stacked, cell, 1);
        return cell;
    }

    private void LightUp()
    {
        Laser.Set((int)LaserState.LaserOn);
        _firedAt = Seconds;
        Speed.Set(WeldSpeedNominal + _weld.Normal(0, 0.4));
        Focus.Set(_weld.Normal(0, 0.08));
        _laserGrid.Start();
        InThisCycle(WeldSeconds - MoveSeconds, LightOff);
    }

    private void LightOff()
    {
        Laser.Set((int)LaserState.LaserReady);
        _laserGrid.Stop();
        Power.Set(0);
    }

    // The photodiode sees the plasma: too little light in the joint shows as a low score.
    private void Look(int tab)
    {
        var lack = Math.Max(0, 1 - Available / PowerSetPoint.Value - 0.02);
        _scores[tab] = Math.Clamp(_weld.Normal(0.92, 0.03) - 1.5 * lack + PhotodiodeDrift * Seconds / 3600, 0, 1);
        Score.Set(_scores[tab]);
        if (tab == 0) LightUp();
    }

    private void Seal()
    {
        Look(1);
        LaserHours.Set(LaserHours.Value + 2 * WeldSeconds / 3600);
        _resistance = _weld.Normal(45, 2) + Math.Max(0, 0.8 - _scores.Min()) * 60;
        SealPressure.Set(_seal.Normal(0.4, 0.005));
        SealTime.Set(SealPressSeconds + _seal.Normal(0, 0.02));
        InThisCycle(SealPressSeconds, () => SealPressure.Set(0));
    }

    /// <inheritdoc/>
    protected override void OnCycleDone()
    {
        CycleTime.Set(Seconds - _cycleStart);
        Finish();
        if (ContinueAfterCycle()) Cycle.Run();
        else Step.Set(0);
    }

    private void Finish()
    {
        var cell = _cell!;
        _cell = null;
        var scoreOk = _scores.Min() >= ScoreLimit;
        var sealOk = !_sealTemperature.Bit.IsActive && Math.Abs(SealTemp.Value - 185) <= 4;
        var ok = scoreOk && sealOk && _resistance <= ResistanceLimit;
        ResultScores.Set([(float)_scores[0], (float)_scores[1]]);
        ResultResistance.Set(_resistance);
        ResultSealTemp.Set(SealTemp.Value);
        ResultEvaluation.Set(ok ? 1 : 2);
        if (++_results % PullSampleEvery == 0) PullForce.Set(_weld.Normal(280, 15) * Math.Min(1, _scores.Min() / 0.85));
        var id = string.Create(CultureInfo.InvariantCulture, $"{Code}-{_results:D8}");
        ResultId.Set(id);
        Judge(cell, id, ok);
        if (ok) _sealed.Put(cell);
        else Scrap(cell, scoreOk ? sealOk ? "joint resistance" : "seal" : "weld score");
        if (ok) GoodCount.Set(GoodCount.Value + 1);
        else RejectCount.Set(RejectCount.Value + 1);
        _score.Set(!scoreOk);
        _nok3.Count(ok);
    }

    /// <inheritdoc/>
    protected override void Drop()
    {
        LightOff();
        SealPressure.Set(0);
        Laser.Set((int)LaserState.Idle);
        if (_cell is null) return;
        Scrap(_cell, "given up");
        RejectCount.Set(RejectCount.Value + 1);
        _cell = null;
    }

    private void SampleLaser()
    {
        // The light takes 0.4 s to settle; before that a deviation says nothing.
        var shown = Available + _power.Next();
        Power.Set(shown);
        if (Seconds - _firedAt > 0.4) _powerDeviation.Evaluate(Math.Abs(shown / PowerSetPoint.Value - 1) * 100, Seconds);
    }

    // What the pump diodes' age and the lens leave of the wanted power.
    private double Available => PowerSetPoint.Value * (1 - AgeingPerHour * LaserHours.Value) * (1 - LensDirt);

    private void SampleSlow()
    {
        var on = Laser.Value == (int)LaserState.LaserOn;
        LensTemp.Set(_lens.Advance(Seconds, 25 + (on ? 18 + 60 * LensDirt : 4)));
        FumeFlow.Set(400 + _seal.Normal(0, 5));
        SealTemp.Set(185 + HeaterError + _heater.Next());
        _sealTemperature.Evaluate(Math.Abs(SealTemp.Value - 185), Seconds);
    }

    private MethodOutcome CleanLens(SignalValue[] arguments)
    {
        if (PackMl is not (PackMlState.Stopped or PackMlState.Idle or PackMlState.Held))
            return MethodOutcome.WrongState($"{Code}: CleanLens needs state Stopped, Idle or Held, the state is {PackMl}.");
        LensDirt = 0;
        return MethodOutcome.Good;
    }

    private static bool IsSolidState(string code) =>
        int.TryParse(code.AsSpan(code.TrimEnd("0123456789".ToCharArray()).Length), CultureInfo.InvariantCulture, out var number) && number <= LastSolidState;
}
