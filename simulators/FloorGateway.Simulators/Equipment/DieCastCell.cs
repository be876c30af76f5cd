using FloorGateway.Simulators.Engine;
using FloorGateway.Simulators.Flow;
using FloorGateway.Simulators.Identification;
using FloorGateway.Simulators.Numerics;
using FloorGateway.Simulators.PackMl;

namespace FloorGateway.Simulators.Equipment;

/// <summary>Die-cast cell with an 88 MN press, holding furnace, six die temperature units, spray robot and extraction; 120 s a shot.</summary>
public sealed partial class DieCastCell : CyclicUnit
{
    private const int Zones = 8, TemperatureUnits = 6, CurvePoints = 1200, WarmUpShots = 5;
    private const double NominalCycle = 120, Atmosphere = 1013, VacuumTau = 0.35, ProjectedArea = 0.9, CurveStep = 0.0025;

    // The plunger starts a little into the slow step, so that slow, fast and intensify begin where the cycle table puts them.
    private const double SlowStep = 2.5, VacuumAfterImpact = 0.7, LongStop = 600;

    private readonly RandomStream _shotDraws, _quality, _thermal;
    private readonly Sampler _slow, _vacuumGrid, _shotGrid;
    private readonly Pt1 _metal;
    private readonly Pt1 _vacuum = new(VacuumTau, Atmosphere);
    private readonly Pt1[] _zones;
    private readonly double[] _zoneTemps = new double[Zones], _zoneGain = new double[Zones];
    private readonly TemperatureUnit[] _units;
    private readonly Outlet _castings;
    private Part? _casting;

    private DieCastShot _shot = new(6.5, 1065, 80);
    private double _plungerStart = double.NegativeInfinity, _vacuumTarget = Atmosphere, _vacuumEnd, _clamp, _dose = 108, _biscuit = 35;
    private double _retractFrom = double.PositiveInfinity, _cycleStart, _cyclePlanned = NominalCycle, _unsprayed, _stoppedAt = double.NegativeInfinity;
    private uint _shotNumber;
    private int _scrapShots = WarmUpShots;
    private bool _metalInDie;

    /// <param name="code">DC01 or DC02: the first casts rear, the others front underbodies.</param>
    /// <param name="context">Seed, clock and sink.</param>
    public DieCastCell(string code, UnitContext context)
        : base(code, $"LXE/JSH/CAS/L01/{code}", "PRESS", ["GC-R-01", "GC-F-01"], new(6, 40), context)
    {
        _shotDraws = Stream("shot");
        _quality = Stream("quality");
        _castings = Out("casting", PartKind.Casting);
        _thermal = Stream("thermal");
        Declare();
        _metal = new(150, 692);
        _zones = [.. Enumerable.Range(0, Zones).Select(_ => new Pt1(60, 150))];
        for (var i = 0; i < Zones; i++) _zoneGain[i] = _thermal.Normal(1, 0.05);
        _units = [.. Enumerable.Range(1, TemperatureUnits).Select(n => new TemperatureUnit(this, n))];
        Cycle
            .Add(1, () => 12, Close)
            .Add(2, () => 14, Dose)
            .Add(3, () => SlowStep, Slow, interruptible: false)
            .Add(4, () => 0.08, () => { }, interruptible: false)
            .Add(5, () => 0.05, () => { }, interruptible: false)
            .Add(6, () => 28, Solidify)
            .Add(7, () => 8, Open)
            .Add(8, () => 14, Extract)
            .Add(9, () => 32, Spray)
            .Add(10, () => Math.Max(0.1, _cycleStart + _cyclePlanned - Seconds), () => { });
        _slow = Every(1000, SampleSlow);
        _vacuumGrid = Every(50, SampleVacuum);
        _shotGrid = Every(10, SampleShot);
    }

    /// <inheritdoc/>
    public override string NamespaceUri => "http://jsev.example/UA/DieCasting/";

    /// <inheritdoc/>
    public override string DisplayName => "压铸 " + Code;

    /// <inheritdoc/>
    public override IEnumerable<Part> InWork => _casting is null ? [] : [_casting];

    /// <inheritdoc/>
    protected override void OnStarted()
    {
        base.OnStarted();
        _slow.Start();
    }

    // Warm-up: no shot into a cold die or with cold metal.
    protected override bool MayComplete(PackMlState acting) => acting == PackMlState.Starting
        ? _metal.Value >= 680 && _zones.All(z => z.Value >= 160)
        : base.MayComplete(acting);

    /// <inheritdoc/>
    protected override void OnExecute()
    {
        if (Seconds - _stoppedAt > LongStop) _scrapShots = WarmUpShots;
        base.OnExecute();
    }

    /// <inheritdoc/>
    protected override void OnLeaveExecute(PackMlState next)
    {
        _stoppedAt = Seconds;
        base.OnLeaveExecute(next);
    }

    private void Close()
    {
        _cycleStart = Seconds;
        _cyclePlanned = DrawCycle(NominalCycle);
        _shotNumber++;
        PartId.Set(Castings.Id(Clock.ToSource(Now), Code, _shotNumber));
        InThisCycle(10, () => SetClamp(88_000 * (1 + _shotDraws.Normal(0, 0.003))));
    }

    private void Dose()
    {
        _dose = _shotDraws.Normal(108, 0.6);
        InThisCycle(12, () =>
        {
            _metal.Advance(Seconds, MetalSetPoint.Value);
            _metal.Kick(-4);
            DoseMass.Set(_dose);
        });
    }

    private void Slow()
    {
        _metalInDie = true;
        _casting = Context.Parts.Make(PartId.Value, PartKind.Casting, Castings.IsRear(Code) ? "R" : "F");
        _biscuit = _shotDraws.Normal(35, 2.5) + (_dose - 108) * 4;
        var pressure = Math.Clamp(_shotDraws.Normal(IntensPressure.Value, 3), 20, 90);
        _shot = new(Math.Min(7, _shotDraws.Normal(FastVelocity.Value, 0.15)), 1065 - (_biscuit - 35), pressure);
        _plungerStart = Seconds + SlowStep - DieCastShot.FastStartSeconds;

        // The end vacuum is what the vent lets through this time; the lag's target follows from it (50 mbar in the mean).
        _vacuumEnd = Math.Max(45, _shotDraws.Normal(55, 8) + VacuumLeak);
        var open = _plungerStart + DieCastShot.VacuumStartSeconds;
        var close = _plungerStart + _shot.ImpactSeconds + VacuumAfterImpact;
        var remains = DeterministicMath.Exp(-(close - open) / VacuumTau);
        _vacuumTarget = (_vacuumEnd - Atmosphere * remains) / (1 - remains);
        InThisCycle(open - Seconds, () =>
        {
            _vacuum.Reset(Seconds, Atmosphere);
            _vacuumGrid.Start();
        });
        InThisCycle(close - Seconds, OnVentClosed);
        _shotGrid.Start();
    }

    private void Solidify()
    {
        for (var i = 0; i < Zones; i++)
        {
            _zones[i].Advance(Seconds, ZoneTarget(i));
            _zones[i].Kick(25 * _zoneGain[i]);
        }

        // The curve is kept from plunger start over slow, fast and intensification.
        var (t, v, p) = (new float[CurvePoints], new float[CurvePoints], new float[CurvePoints]);
        for (var i = 0; i < CurvePoints; i++)
        {
            var at = i * CurveStep;
            t[i] = (float)at;
            v[i] = (float)_shot.Velocity(at);
            p[i] = (float)_shot.MetalPressure(at);
        }

        After(0.5, () =>
        {
            CurveT.Set(t);
            CurveV.Set(v);
            CurveP.Set(p);
        });
        Flash.Set(_shot.Pressure * 1e6 * ProjectedArea / 1000 > 0.9 * _clamp);
    }

    private void Open()
    {
        SetClamp(0);
        Biscuit.Set(_biscuit);
        _retractFrom = Seconds + 2;
        At(Ticks(_retractFrom), _shotGrid.Start);
    }

    private void Extract()
    {
        PartPresent.Set(true);
        After(13, () => PartPresent.Set(false));
        _metalInDie = false;
        Judge();
    }

    private void Spray()
    {
        SprayVolume.Set(_shotDraws.Normal(6, 0.1));
        _unsprayed = BlockedNozzle == 0 ? 0 : Math.Min(20, _unsprayed + 2);
        for (var i = 0; i < Zones; i++)
        {
            _zones[i].Advance(Seconds, ZoneTarget(i));
            _zones[i].Kick(-20 * _zoneGain[i] + (i + 1 == BlockedNozzle ? _unsprayed : 0));
        }
    }

    /// <inheritdoc/>
    protected override void OnCycleDone()
    {
        CycleTime.Set(Seconds - _cycleStart);
        if (ContinueAfterCycle()) Cycle.Run();
        else Step.Set(0);
    }

    private void OnVentClosed()
    {
        _vacuum.Advance(Seconds, _vacuumTarget);
        _vacuumTarget = Atmosphere;
        EndVacuum.Set(_vacuum.Value);
        VacuumHigh.Set(_vacuum.Value > 80);
    }

    private void Judge()
    {
        var q = 0.4 * Math.Max(0, (_vacuumEnd - 60) / 40)
            + 0.3 * Math.Abs(_shot.FastSpeed - 6.5) / 0.5
            + 0.3 * Math.Max(0, (75 - _shot.Pressure) / 10)
            + _quality.Normal(0, 0.22);
        var bad = q > 0.6 || _biscuit is < 25 or > 45 || _vacuumEnd > 80;
        var grade = _scrapShots > 0 ? 5 : bad ? 4 : Math.Clamp(1 + (int)(Math.Max(0, q) / 0.25), 1, 3);
        if (_scrapShots > 0) _scrapShots--;
        ResultVelocity.Set(_shot.FastSpeed);
        ResultPressure.Set(_shot.Pressure);
        ResultQ.Set(q);
        Report(ok: grade <= 3, grade);
    }

    private void Report(bool ok, int grade)
    {
        ResultShot.Set(_shotNumber);
        ResultGrade.Set(grade);
        ResultEvaluation.Set(ok ? 1 : 2);
        ResultPart.Set(PartId.Value);
        if (ok) GoodCount.Set(GoodCount.Value + 1);
        else RejectCount.Set(RejectCount.Value + 1);
        var casting = _casting!;
        _casting = null;
        Judge(casting, $"{Code}-{_shotNumber:D8}", ok);
        if (ok) _castings.Put(casting);
        else Scrap(casting, $"X-ray grade {grade}");
    }

    // Whatever is in the die when the machine stops or aborts is scrap (grade 6, no reading).
    protected override void Drop()
    {
        if (Cycle.InCycle && _metalInDie) Report(ok: false, 6);
        _metalInDie = false;
        _vacuumTarget = Atmosphere;
        SetClamp(0);
        _retractFrom = Seconds;
        _shotGrid.Start();
    }

    private void SetClamp(double force)
    {
        _clamp = force;
        ClampForce.Set(force);
        var bars = new double[4];
        for (var i = 0; i < 4 && force > 0; i++) bars[i] = force / 4 * (1 + _shotDraws.Uniform(-0.015, 0.015));
        TieBars.Set(bars);
    }

    private double ZoneTarget(int zone) => _units[zone % TemperatureUnits].MainLine;

    private void SampleSlow()
    {
        MetalTemp.Set(_metal.Advance(Seconds, MetalSetPoint.Value));
        MetalLow.Evaluate(_metal.Value, Seconds);
        foreach (var unit in _units) unit.Sample();
        var hottest = double.MinValue;
        for (var i = 0; i < Zones; i++)
        {
            _zoneTemps[i] = _zones[i].Advance(Seconds, ZoneTarget(i));
            hottest = Math.Max(hottest, _zoneTemps[i]);
        }

        DieTemp.Set(_zoneTemps);
        DieHigh.Evaluate(hottest, Seconds);
    }

    private void SampleVacuum()
    {
        VacuumPressure.Set(_vacuum.Advance(Seconds, _vacuumTarget));
        if (_vacuumTarget == Atmosphere && _vacuum.Value > Atmosphere - 1) _vacuumGrid.Stop();
    }

    private void SampleShot()
    {
        if (Seconds >= _retractFrom)
        {
            // The plunger returns at 0.4 m/s.
            var left = Math.Max(0, _shot.ImpactMm - 400 * (Seconds - _retractFrom));
            ShotPosition.Set(Math.Min(left, ShotPosition.Value));
            ShotVelocity.Set(0);
            ShotPressure.Set(0);
            if (left > 0 && ShotPosition.Value > 0) return;
            _retractFrom = double.PositiveInfinity;
            _plungerStart = double.NegativeInfinity;
            _shotGrid.Stop();
            return;
        }

        var t = Seconds - _plungerStart;
        ShotPosition.Set(_shot.Position(t));
        ShotVelocity.Set(_shot.Velocity(t));
        ShotPressure.Set(_shot.MetalPressure(t));
        // Through the 25 s hold nothing moves; the grid goes on until the pressure is let off.
        if (t > _shot.ImpactSeconds + 26) _shotGrid.Stop();
        else if (t is > 2.6 && t > _shot.ImpactSeconds + 0.2 && t < _shot.ImpactSeconds + 24.9) PauseThroughHold();
    }

    private void PauseThroughHold()
    {
        _shotGrid.Stop();
        At(Ticks(_plungerStart + _shot.ImpactSeconds + 24.95), () =>
        {
            if (_plungerStart > 0) _shotGrid.Start();
        });
    }
}
