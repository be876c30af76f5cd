using FloorGateway.Simulators.Engine;
using FloorGateway.Simulators.Flow;
using FloorGateway.Simulators.Identification;
using FloorGateway.Simulators.Numerics;
using FloorGateway.Simulators.PackMl;

namespace FloorGateway.Simulators.Equipment;

/// <summary>Calender and slitter: a coated roll is pressed between two heated rolls to 3.5 g/cm³ and cut into four coils.</summary>
public sealed partial class Calender : WebLine
{
    private const int Coils = 4;
    private const double RunSpeed = 60, PressRoll = 0.8, ForceTau = 0.4, RollTau = 600, FoilMicrons = 12, NominalThickness = 131, RawCounts = 27_648, RawRange = 2500;
    private const double SlitMillimetres = 320, KnifeWearPerKilometre = 9.0 / 150, BurrLimit = 10, ThicknessTolerance = 3;

    private readonly RandomStream _gauge, _force, _knife;
    private readonly Sampler _tenth, _half, _slow;
    private readonly Pt1 _line = new(ForceTau, 0);
    private readonly Pt1[] _rolls;
    private readonly RunningStatistics _thickness = new();
    private readonly Inlet _rollIn;
    private readonly Outlet _coilsOut;
    private readonly NokRun _nok;
    private double _loading = ElectrodeLayers.Loading, _knifeMetres, _nokMetres;
    private bool _heating;
    private uint _serial, _results;
    private Part? _roll;

    /// <param name="code">CAL01 to CAL08.</param>
    /// <param name="context">Seed, clock and sink.</param>
    public Calender(string code, UnitContext context)
        : base(code, $"LXE/JSH/ELE/L01/{code}", code, ElectrodeLayers.First(ElectrodeLayers.OfMachine(code, ElectrodeLayers.CoatingPlan)), new(60, 15), ElectrodeLayers.RollMetres, context)
    {
        _gauge = Stream("gauge");
        _force = Stream("force");
        _knife = Stream("knife");
        Declare();
        // What a short warm-up leaves out has been done before the run.
        var begin = RollTempSetPoint.Value + (25 - RollTempSetPoint.Value) * context.WarmUpScale;
        _rolls = [new(RollTau, begin), new(RollTau, begin)];
        _nok = new(Alarm(MainSubUnit, "NOK3", 2, latched: true));
        _rollIn = In("rolls", PartKind.Roll, MakeRoll);
        _coilsOut = Out("coils", PartKind.Coil, Coils);
        _tenth = Every(100, SampleForce);
        _half = Every(500, SampleThickness);
        _slow = Every(5000, SampleSlow);
    }

    /// <summary>Metres the knives have cut since they were changed.</summary>
    public double KnifeMetres
    {
        get => _knifeMetres;
        set => _knifeMetres = value;
    }

    /// <summary>More force on the drive side than on the operator's, per cent of the mean; 0 when the rolls are parallel.</summary>
    public double Skew { get; set; }

    /// <summary>Error of the thickness gauge, µm.</summary>
    public double GaugeOffset { get; set; }

    /// <summary>The force is published as the converter's raw counts (27,648 for 2,500 N/mm).</summary>
    public bool ForceInRawCounts { get; set; }

    /// <inheritdoc/>
    public override string NamespaceUri => "http://jsev.example/UA/Battery/";

    /// <inheritdoc/>
    public override string DisplayName => "辊压分切 " + Code;

    /// <inheritdoc/>
    public override IEnumerable<Part> InWork => _roll is null ? [] : [_roll];

    /// <inheritdoc/>
    protected override double WantedSpeed => RunSpeed;

    private Part MakeRoll() => Context.Parts.Make($"RL-{Dates.PlantDay(Clock.ToSource(Now))}-{Code}-{_serial:D4}", PartKind.Roll, RecipeId.Value);

    /// <inheritdoc/>
    protected override void OnStarted()
    {
        base.OnStarted();
        _tenth.Start();
        _half.Start();
        _slow.Start();
    }

    /// <inheritdoc/>
    protected override bool MayComplete(PackMlState acting)
    {
        _heating |= acting == PackMlState.Starting;
        return acting == PackMlState.Starting
            ? Array.TrueForAll(_rolls, r => Math.Abs(r.Value - RollTempSetPoint.Value) < 5)
            : base.MayComplete(acting);
    }

    /// <inheritdoc/>
    protected override void OnExecute()
    {
        // The fitter who was called for the burr has brought new knives.
        if (Burr.IsActive && Context.Operator) NewKnives();
        base.OnExecute();
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
        _roll = _rollIn.Take();
        _serial++;
        PartId.Set(_roll.Id);
        ParentRoll.Set(_roll.Id);
        _loading = double.IsNaN(_roll["Loading"]) ? ElectrodeLayers.Loading : _roll["Loading"];
        _thickness.Clear();
        _nokMetres = 0;
    }

    /// <inheritdoc/>
    protected override void OnWeb(double metres)
    {
        _knifeMetres += metres;
        Tension.Set(Speed > 0 ? 180 + 3 * DeterministicMath.Sin(2 * Position / 0.6) + _force.Normal(0, 1) : 90);
    }

    /// <summary>Density of the pressed coating at a line force in N/mm, g/cm³.</summary>
    public static double DensityAt(double force) => 3.7 - 1.5 * DeterministicMath.Exp(-force / 900);

    // A press roll out of round changes the force once a turn.
    private void SampleForce()
    {
        var force = _line.Advance(Seconds, Speed > 0 ? ForceSetPoint.Value : 0);
        var now = force * (1 + 0.01 * DeterministicMath.Sin(2 * Position / PressRoll));
        LineForce.Set(ForceInRawCounts ? Math.Round(now / RawRange * RawCounts) : now);
        ForceDrive.Set(now * (1 + Skew / 200));
        ForceOperator.Set(now * (1 - Skew / 200));
        ForceDifference.Evaluate(force > 100 ? Math.Abs(Skew) : 0, Seconds);
    }

    private void SampleThickness()
    {
        if (Speed == 0)
        {
            ThicknessOff.Evaluate(0, Seconds);
            return;
        }

        var density = DensityAt(_line.Value);
        var thickness = 2 * (_loading + _gauge.Normal(0, 0.3)) / density + FoilMicrons + GaugeOffset;
        Density.Set(density + _gauge.Normal(0, 0.003));
        Thickness.Set(thickness);
        // The gap is what the pressed web leaves before it springs back.
        GapDrive.Set((thickness - 6) * (1 - Skew / 400));
        GapOperator.Set((thickness - 6) * (1 + Skew / 400));
        var off = Math.Abs(thickness - NominalThickness);
        if (IsUpToSpeed) _thickness.Add(thickness);
        if (InRoll && off > ThicknessTolerance) _nokMetres += Speed / 120;
        ThicknessOff.Evaluate(IsUpToSpeed ? off : 0, Seconds);
    }

    private void SampleSlow()
    {
        for (var i = 0; i < _rolls.Length; i++) _rolls[i].Advance(Seconds, _heating ? RollTempSetPoint.Value : 25);
        RollTemp.Set([_rolls[0].Value + _force.Normal(0, 0.1), _rolls[1].Value + _force.Normal(0, 0.1)]);
        KnifeLife.Set(_knifeMetres);
        if (Speed == 0) return;
        var burr = 3 + KnifeWearPerKilometre * _knifeMetres / 1000;
        BurrHeight.Set(burr + _knife.Normal(0, 0.1));
        EdgeWave.Set(Math.Max(0, _knife.Normal(0.4, 0.1)));
        SlitWidth.Set([.. Enumerable.Range(0, Coils).Select(_ => SlitMillimetres + Math.Clamp(_knife.Normal(0, 0.03), -0.1, 0.1))]);
        Burr.Set(burr > BurrLimit);
    }

    /// <inheritdoc/>
    protected override void FinishRoll()
    {
        var roll = _roll!;
        _roll = null;
        var ok = _nokMetres < 0.1 * Metres;
        var ids = new string[Coils];
        var coils = new Part[Coils];
        for (var i = 0; i < Coils; i++)
        {
            ids[i] = $"{roll.Id}-{i + 1}";
            coils[i] = Context.Parts.Make(ids[i], PartKind.Coil, roll.Model);
            coils[i]["Metres"] = (double.IsNaN(roll["GoodMetres"]) ? Metres : roll["GoodMetres"]) - _nokMetres;
            coils[i]["Loading"] = _loading;
            coils[i]["Thickness"] = _thickness.Mean;
            coils[i][Supply.MadeAt] = Seconds;
            Link(roll, coils[i], i + 1);
        }

        Context.Parts.End(roll, PartFate.Consumed);
        ResultCoils.Set(ids);
        ResultRoll.Set(roll.Id);
        ResultThickness.Set(_thickness.Mean);
        ResultSigma.Set(_thickness.Sigma);
        ResultEvaluation.Set(ok ? 1 : 2);
        ResultId.Set($"{Code}-{++_results:D8}");
        foreach (var coil in coils)
        {
            Judge(coil, ResultId.Value, ok);
            if (ok) _coilsOut.Put(coil);
            else Scrap(coil, "thickness out of tolerance");
        }

        if (ok) GoodCount.Set(GoodCount.Value + Coils);
        else RejectCount.Set(RejectCount.Value + Coils);
        _nok.Count(ok);
    }

    /// <inheritdoc/>
    protected override void Drop()
    {
        if (_roll is null) return;
        Scrap(_roll, "given up on the calender");
        RejectCount.Set(RejectCount.Value + Coils);
        _roll = null;
    }

    private MethodOutcome ChangeKnife(SignalValue[] arguments)
    {
        if (PackMl is not (PackMlState.Stopped or PackMlState.Held or PackMlState.Idle))
            return MethodOutcome.WrongState($"{Code}: ChangeKnife needs the web at rest, state Stopped, Idle or Held; the state is {PackMl}.");
        NewKnives();
        return MethodOutcome.Good;
    }

    private void NewKnives()
    {
        _knifeMetres = 0;
        KnifeLife.Set(0);
        Burr.Set(false);
    }
}
