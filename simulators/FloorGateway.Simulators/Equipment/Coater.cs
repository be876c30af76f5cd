using FloorGateway.Simulators.Engine;
using FloorGateway.Simulators.Flow;
using FloorGateway.Simulators.Identification;
using FloorGateway.Simulators.Numerics;
using FloorGateway.Simulators.PackMl;

namespace FloorGateway.Simulators.Equipment;

/// <summary>Coater with an eight-zone dryer: slurry pumped through a slot die onto foil at 60 m/min (30 in the dry room), dried, gauged and wound up to rolls of 3,000 m.</summary>
public sealed partial class Coater : WebLine
{
    private const int Zones = 8, Lanes = 64, Hoods = 4;
    private const double Ambient = 25, ZoneGain = 1.2, ZoneTau = 180, ZoneDeadTime = 20, ZoneKp = 2, ZoneTi = 200, WarmUpSeconds = 25 * 60, WarmBand = 3;
    private const double GaugeMetres = 8, PumpTau = 2, LoadingTolerance = 1.5, MaxSlurryHours = 24, FoilMetres = 3000;

    private static readonly double[] ZoneProfile = [95, 110, 120, 125, 125, 120, 115, 110], HoodShare = [12, 16, 10, 5];

    private readonly RandomStream _gauge, _tension, _defects, _air;
    private readonly Sampler _half, _second, _twoSeconds;
    private readonly Pt1 _pump = new(PumpTau, 0);
    private readonly Fopdt[] _zones;
    private readonly Ar1Noise[] _zoneNoise;
    private readonly double[] _zoneIntegral = new double[Zones], _zoneTarget = new double[Zones], _hoodLevel = new double[Hoods], _laneOffset = new double[Lanes];
    private readonly float[] _profile = new float[Lanes];
    private readonly Queue<(double Position, double Loading)> _underWay = new();
    private readonly List<double> _nokIntervals = [];
    private readonly RunningStatistics _loading = new();
    private readonly Inlet _slurryIn;
    private readonly Outlet _rollOut;
    private readonly Supply _slurry;
    private readonly NokRun _nok;
    private readonly double _nominalSpeed, _litresPerRoll;
    private double _trim, _integral, _steadyMetres, _atDie, _atGauge, _drift, _lastSpeed, _spliceUntil = -1, _foilLeft = FoilMetres / 2, _nextDefect, _nokFrom = double.NaN, _nokMetres;
    private bool _heating, _spliceFailed;
    private uint _rolls, _results;
    private Part? _roll;

    /// <param name="code">COAT01 to COAT07.</param>
    /// <param name="context">Seed, clock and sink.</param>
    /// <param name="layer">What it coats; null takes what the plant has this machine for.</param>
    /// <param name="location">Path of the cell; null for the electrode shop.</param>
    /// <param name="speed">Speed it is built for, m/min; null for 60, or 30 for solid-state layers.</param>
    /// <param name="rollMetres">Length of its rolls; a pilot coater makes shorter ones.</param>
    public Coater(string code, UnitContext context, string? layer = null, string? location = null, double? speed = null, double rollMetres = ElectrodeLayers.RollMetres)
        : base(code, location ?? $"LXE/JSH/ELE/L01/{code}", "DIE", ElectrodeLayers.First(layer ?? ElectrodeLayers.OfMachine(code, ElectrodeLayers.CoatingPlan)), new(30, 25), rollMetres, context)
    {
        _gauge = Stream("gauge");
        _tension = Stream("tension");
        _defects = Stream("defects");
        _air = Stream("air");
        _nominalSpeed = speed ?? (ElectrodeLayers.IsSolid(RecipeId.Value) ? 30 : 60);
        _litresPerRoll = 2 * rollMetres * ElectrodeLayers.Width * WetMicrons(ElectrodeLayers.Loading) / 1000;
        Declare();
        _nok = new(Alarm(MainSubUnit, "NOK3", 2, latched: true));
        _zones = [.. Enumerable.Range(0, Zones).Select(i => new Fopdt(ZoneGain, ZoneTau, ZoneDeadTime, 1, context.Scale.InFullSwing ? (ZoneProfile[i] - Ambient) / ZoneGain : 0))];
        _zoneNoise = [.. Enumerable.Range(0, Zones).Select(_ => new Ar1Noise(_air, 0.9, 0.15))];
        Array.Fill(_zoneTarget, Ambient);
        var lanes = Stream("lanes");
        for (var i = 0; i < Lanes; i++) _laneOffset[i] = lanes.Normal(0, 0.5);
        _nextDefect = _defects.Exponential(500);
        _slurryIn = In("slurry", PartKind.SlurryLot, MakeLot);
        _rollOut = Out("rolls", PartKind.Roll);
        _slurry = Supplied(_slurryIn, "Litres", 1200, _litresPerRoll, MaxSlurryHours);
        _half = Every(500, SampleHalf);
        _second = Every(1000, SampleZones);
        _twoSeconds = Every(2000, SampleTwoSeconds);
    }

    /// <summary>Drift of the beta gauge in g/m² an hour; the control follows the wrong reading.</summary>
    public double GaugeDrift { get; set; }

    /// <summary>Exhaust air against its nominal flow; 1 when the fans are sound.</summary>
    public double ExhaustFraction { get; set; } = 1;

    /// <summary>Coating pump: slip against the nominal flow; 1 when sound.</summary>
    public double PumpSlip { get; set; } = 1;

    /// <summary>The next splice comes apart.</summary>
    public bool NextSpliceFails { get; set; }

    /// <summary>A heater that no longer heats: 1 to 8; 0 when all are sound.</summary>
    public int DeadHeater { get; set; }

    /// <summary>The speed is published in mm/min, as another make's controller would.</summary>
    public bool SpeedInMillimetres { get; set; }

    /// <inheritdoc/>
    public override string NamespaceUri => "http://jsev.example/UA/Battery/";

    /// <inheritdoc/>
    public override string DisplayName => "涂布 " + Code;

    /// <inheritdoc/>
    public override IEnumerable<Part> InWork => new[] { _slurry.Mounted, _roll }.OfType<Part>();

    /// <inheritdoc/>
    protected override double WantedSpeed => SpeedSetPoint.Value;

    /// <inheritdoc/>
    protected override double ShownSpeed => SpeedInMillimetres ? Speed * 1000 : Speed;

    private static double WetMicrons(double loading) => loading / (ElectrodeLayers.Solids * ElectrodeLayers.SlurryDensity);

    private Part MakeLot() => Context.Parts.Make($"SL-{Dates.PlantDay(Clock.ToSource(Now))}-{Code}-{_rolls:D4}", PartKind.SlurryLot, RecipeId.Value);

    /// <inheritdoc/>
    protected override void OnStarted()
    {
        base.OnStarted();
        _half.Start();
        _second.Start();
        _twoSeconds.Start();
    }

    /// <inheritdoc/>
    protected override bool MayComplete(PackMlState acting)
    {
        _heating |= acting == PackMlState.Starting;
        if (acting != PackMlState.Starting) return base.MayComplete(acting);
        for (var i = 0; i < Zones; i++)
        {
            if (Math.Abs(Ambient + _zones[i].Value - ZoneSetPoint[i].Value) > WarmBand) return false;
        }

        return true;
    }

    /// <inheritdoc/>
    protected override void OnEnded(PackMlState ended)
    {
        _heating = false;
        base.OnEnded(ended);
    }

    /// <inheritdoc/>
    protected override void BeginRoll()
    {
        var day = Dates.PlantDay(Clock.ToSource(Now));
        _roll = Context.Parts.Make($"RL-{day}-{Code}-{++_rolls:D4}", PartKind.Roll, RecipeId.Value);
        PartId.Set(_roll.Id);
        Use(_slurry, _litresPerRoll, _roll, 1);
        SlurryLot.Set(_slurry.Mounted?.Id ?? SlurryLot.Value);
        _loading.Clear();
        _nokIntervals.Clear();
        _nokFrom = double.NaN;
        _nokMetres = 0;
    }

    /// <inheritdoc/>
    protected override void OnWeb(double metres)
    {
        Splice(metres);
        _steadyMetres = IsUpToSpeed ? _steadyMetres + metres : 0;
        // The pump's set value leads the ramp by the pump's own lag, so that the film keeps its thickness while the speed changes.
        var acceleration = (Speed - _lastSpeed) / 0.2;
        _lastSpeed = Speed;
        var wanted = Math.Max(0, Speed + PumpTau * acceleration) / _nominalSpeed * NominalFlow * (SetLoading / ElectrodeLayers.Loading) * (1 + _trim);
        var flow = _pump.Advance(Seconds, wanted);
        _atDie = Speed < 0.5 ? SetLoading : ElectrodeLayers.Loading * (flow * PumpSlip / NominalFlow) * (_nominalSpeed / Speed);
        if (metres > 0) _underWay.Enqueue((Position, _atDie));
        while (_underWay.TryPeek(out var web) && web.Position <= Position - GaugeMetres)
        {
            _atGauge = web.Loading;
            _underWay.Dequeue();
        }

        var running = Speed > 0;
        TensionUnwind.Set(Pull(150, 4, 0.6, running) * SpliceFactor);
        TensionOven.Set(Pull(200, 3, 0.2, running));
        TensionRewind.Set(Pull(120, 3, 0.6, running));
        TensionOff.Evaluate(running ? Math.Abs(TensionUnwind.Value / 150 - 1) * 100 : 0, Seconds);
    }

    // A roller out of round pulls once a turn: the angle is the web's way over the radius.
    private double Pull(double setPoint, double amplitude, double diameter, bool running) => !running
        ? setPoint * 0.5
        : setPoint + amplitude * DeterministicMath.Sin(2 * Position / diameter) + _tension.Normal(0, 1);

    private double SpliceFactor => _spliceFailed ? 0.3 : Seconds < _spliceUntil ? 0.75 : 1;

    private void Splice(double metres)
    {
        _foilLeft -= metres;
        if (_foilLeft <= 0)
        {
            _foilLeft += FoilMetres;
            _spliceUntil = Seconds + 1.5;
            _spliceFailed = NextSpliceFails;
            NextSpliceFails = false;
        }

        SpliceActive.Set(Seconds < _spliceUntil);
        if (PackMl == PackMlState.Held) _spliceFailed = false; // rethreaded
        _nextDefect -= metres;
        if (_nextDefect > 0) return;
        DefectCount.Set(DefectCount.Value + 1);
        _nextDefect = _defects.Exponential(500);
    }

    // The gauge sees web that was coated at full speed.
    private bool IsSteady => _steadyMetres > GaugeMetres;

    private double SetLoading => LoadingSetPoint.Value;

    private double NominalFlow => _nominalSpeed * ElectrodeLayers.Width * WetMicrons(ElectrodeLayers.Loading) / 1000;

    private void SampleHalf()
    {
        var running = Speed > 0;
        _drift += GaugeDrift / 7200;
        var ripple = 0.4 * DeterministicMath.Sin(2 * Math.PI * Seconds / 47);
        var a = running ? Math.Max(0, _atGauge + _drift + ripple + _gauge.Normal(0, 0.5)) : LoadingA.Value;
        var b = running ? Math.Max(0, _atGauge + _drift + ripple + _gauge.Normal(0, 0.5)) : LoadingB.Value;
        LoadingA.Set(a);
        LoadingB.Set(b);
        PumpFlow.Set(_pump.Value);
        WetThickness.Set(running ? WetMicrons(_atDie) + _gauge.Normal(0, 0.4) : WetThickness.Value);
        Gap.Set(GapSetPoint.Value);
        var deviation = IsSteady ? ((a + b) / 2 / SetLoading - 1) * 100 : 0;
        LoadingOff.Evaluate(Math.Abs(deviation), Seconds);
        if (IsSteady) Control((a + b) / 2);
        if (!running) _trim = _integral = 0;
        if (InRoll && running) Note((a + b) / 2);
        for (var i = 0; i < Hoods; i++)
        {
            // What evaporates is what the pump brings; the exhaust thins it.
            var level = HoodShare[i] * _pump.Value / NominalFlow / ExhaustFraction;
            _hoodLevel[i] += (level - _hoodLevel[i]) * 0.03;
        }

        Lel.Set([.. _hoodLevel.Select(l => Math.Max(0, l + _air.Normal(0, 0.1)))]);
        LelHigh.Evaluate(_hoodLevel.Max(), Seconds);
    }

    // PI on the gauge, relative to the set point; slow, as the gauge sees the die 8 m later: the slower the web, the later.
    private void Control(double measured)
    {
        var error = 1 - measured / SetLoading;
        _integral += error * 0.5 * 0.02 * Speed / 60;
        _trim = Math.Clamp(0.1 * error + _integral, -0.1, 0.1);
        _integral = Math.Clamp(_integral, -0.1, 0.1);
    }

    // Web out of tolerance is marked from metre to metre; the slitter's customers cut it out.
    private void Note(double loading)
    {
        if (IsSteady) _loading.Add(loading);
        var bad = Math.Abs(loading / SetLoading - 1) * 100 > LoadingTolerance;
        if (bad && double.IsNaN(_nokFrom)) _nokFrom = Metres;
        if (!bad) CloseInterval();
    }

    private void CloseInterval()
    {
        if (double.IsNaN(_nokFrom)) return;
        _nokIntervals.Add(Math.Round(_nokFrom, 1));
        _nokIntervals.Add(Math.Round(Metres, 1));
        _nokMetres += Metres - _nokFrom;
        _nokFrom = double.NaN;
    }

    private void SampleZones()
    {
        var worst = 0.0;
        for (var i = 0; i < Zones; i++)
        {
            var now = Ambient + _zones[i].Value;
            var wanted = _heating ? ZoneSetPoint[i].Value : Ambient;
            // The oven is heated through in 25 minutes, however hot it is to be; its heaters can't do it in less than five.
            var rate = (ZoneSetPoint[i].Value - Ambient) / (WarmUpSeconds * Math.Max(0.2, Context.WarmUpScale));
            _zoneTarget[i] = wanted < _zoneTarget[i] ? wanted : Math.Min(wanted, Math.Max(_zoneTarget[i], now) + rate);
            var error = _zoneTarget[i] - now;
            var output = ZoneKp * (error + _zoneIntegral[i] / ZoneTi);
            if (output is > 0 and < 100) _zoneIntegral[i] += error;
            else if (output <= 0 == error > 0) _zoneIntegral[i] += error;
            output = _heating ? Math.Clamp(output, 0, 100) : 0;
            if (!_heating) _zoneIntegral[i] = 0;
            _zones[i].Step(DeadHeater == i + 1 ? 0 : output);
            ZoneTemp[i].Set(Ambient + _zones[i].Value + _zoneNoise[i].Next());
            ZoneOutput[i].Set(output);
            worst = Math.Max(worst, Math.Abs(error));
        }

        // While the oven warms up or cools down the deviation says nothing.
        ZoneOff.Evaluate(PackMl is PackMlState.Execute or PackMlState.Held or PackMlState.Suspended ? worst : 0, Seconds);
    }

    private void SampleTwoSeconds()
    {
        if (Speed > 0)
        {
            for (var i = 0; i < Lanes; i++)
            {
                var edge = i is < 2 or >= Lanes - 2 ? 0.97 : 1;
                _profile[i] = (float)(_atGauge * edge + _laneOffset[i] + _gauge.Normal(0, 0.3));
            }

            LoadingProfile.Set(_profile);
        }

        var mean = Ambient + _zones.Average(z => z.Value);
        var speed = Speed / 60;
        Residual.Set(0.2 * DeterministicMath.Exp(-(mean - 115) / 25) * speed * speed * (60 / _nominalSpeed) * (60 / _nominalSpeed));
        SolventHigh.Evaluate(InRoll ? Residual.Value : 0, Seconds);
    }

    /// <inheritdoc/>
    protected override void FinishRoll()
    {
        CloseInterval();
        var roll = _roll!;
        _roll = null;
        // A roll with more than a tenth out of tolerance is not worth slitting.
        var ok = _nokMetres < 0.1 * Metres;
        roll["Metres"] = Metres;
        roll["GoodMetres"] = Metres - _nokMetres;
        roll["Loading"] = _loading.Mean;
        roll["LoadingSigma"] = _loading.Sigma;
        roll[Supply.MadeAt] = Seconds;
        ResultMetres.Set(Metres);
        ResultLoading.Set(_loading.Mean);
        ResultSigma.Set(_loading.Sigma);
        ResultIntervals.Set([.. _nokIntervals]);
        ResultRollId.Set(roll.Id);
        ResultEvaluation.Set(ok ? 1 : 2);
        ResultId.Set($"{Code}-{++_results:D8}");
        Judge(roll, ResultId.Value, ok);
        if (ok)
        {
            _rollOut.Put(roll);
            GoodCount.Set(GoodCount.Value + 1);
        }
        else
        {
            Reject(roll, "loading out of tolerance");
        }

        _nok.Count(ok);
    }

    private void Reject(Part roll, string reason)
    {
        Scrap(roll, reason);
        RejectCount.Set(RejectCount.Value + 1);
    }

    /// <inheritdoc/>
    protected override void Drop()
    {
        if (_roll is not null) Reject(_roll, "given up on the coater");
        _roll = null;
    }
}
