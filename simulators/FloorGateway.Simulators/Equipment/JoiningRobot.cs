using FloorGateway.Simulators.Engine;
using FloorGateway.Simulators.Flow;
using FloorGateway.Simulators.Identification;
using FloorGateway.Simulators.Numerics;
using FloorGateway.Simulators.PackMl;

namespace FloorGateway.Simulators.Equipment;

/// <summary>
/// Joining robot of the body shop: nine joints and a bead of adhesive per body in 110 s. The first one of the line, RB001, makes the body of a rear
/// and a front casting; the others work on the body it passes on.
/// </summary>
public sealed partial class JoiningRobot : CyclicUnit
{
    private const int Axes = 6, Poses = 12, CurvePoints = 60, DressEvery = 200, DieLife = 20_000;
    private const double NominalCycle = 110, MoveSeconds = 4.5, JointSeconds = 3, BeadSeconds = 20, HeightLimit = 0.3, FlowPerSpeed = 1.2, Ambient = 30;

    // Of 520 joints of a body 220 are rivets, 260 spots and 40 screws; nine of them fall to one robot.
    private static readonly Technology[] Joints =
    [
        Technology.Rivet, Technology.Spot, Technology.Rivet, Technology.Spot, Technology.Screw, Technology.Rivet, Technology.Spot, Technology.Rivet, Technology.Spot,
    ];

    private static readonly double[] AxisLoad = [1.1, 1.3, 1.2, 0.9, 0.8, 0.7];

    private readonly RandomStream _joints, _noise;
    private readonly double[][] _poses = new double[Poses][];
    private readonly double[] _axes, _load = new double[Axes], _motorTemps = new double[Axes];
    private readonly Pt1[] _motors;
    private readonly Pt1 _flow = new(0.15, 0);
    private readonly Sampler _motion, _bead, _slow;
    private readonly Inlet? _rear, _front, _bodies;
    private readonly Outlet _out;

    private double[] _from, _to;
    private double _moved, _moveTime = 1, _cycleStart, _cyclePlanned, _beadStart;
    private int _welds, _nokRun, _bodyNumber, _rears, _fronts;
    private uint _results;
    private bool _jointNok, _bodyOk, _beadNok;
    private Part? _body;

    /// <param name="code">RB001 to RB120.</param>
    /// <param name="context">Seed, clock and sink.</param>
    public JoiningRobot(string code, UnitContext context)
        : base(code, $"LXE/JSH/BDY/{(string.CompareOrdinal(code, "RB060") > 0 ? "L02" : "L01")}/{code}", "ROBOT", ["BODY-A", "BODY-B"], new(120, 12), context)
    {
        _joints = Stream("joints");
        _noise = Stream("noise");
        var taught = Stream("poses");
        _poses[0] = [0, -90, 90, 0, 90, 0];
        for (var i = 1; i < Poses; i++) _poses[i] = [.. Enumerable.Range(0, Axes).Select(_ => taught.Uniform(-100, 100))];
        _axes = [.. _poses[0]];
        _from = _to = _poses[0];
        _motors = [.. Enumerable.Range(0, Axes).Select(_ => new Pt1(1200, 45))];
        if (code == "RB001")
        {
            _rear = In("rear", PartKind.Casting, () => Context.Parts.Make(Castings.Id(Clock.ToSource(Now), "DC01", (uint)++_rears), PartKind.Casting, "R"));
            _front = In("front", PartKind.Casting, () => Context.Parts.Make(Castings.Id(Clock.ToSource(Now), "DC02", (uint)++_fronts), PartKind.Casting, "F"));
        }
        else
        {
            _bodies = In("body", PartKind.Body, MakeBody);
        }

        _out = Out("body", PartKind.Body);
        Declare();
        Cycle.Add(1, () => 6, Load);
        for (var i = 0; i < Joints.Length; i++) AddJoint(i);
        Cycle
            .Add(5, () => MoveSeconds, () => MoveTo(Poses - 2))
            .Add(5, () => BeadSeconds, LayBead, interruptible: false)
            .Add(6, () => MoveSeconds, () => MoveTo(0))
            .Add(7, () => 12, () => _welds = 0, when: () => _welds >= DressEvery)
            .Add(8, () => Math.Max(0.5, _cycleStart + _cyclePlanned - Seconds), ChangeDieWhenDue);
        _motion = Every(100, SampleMotion);
        _bead = Every(200, SampleBead);
        _slow = Every(5000, SampleMotors);
    }

    /// <summary>How a joint is made.</summary>
    public enum Technology
    {
        Rivet = 2,
        Spot = 3,
        Screw = 4,
        Bead = 5,
    }

    /// <inheritdoc/>
    public override string NamespaceUri => "http://jsev.example/UA/Vehicle/";

    /// <inheritdoc/>
    public override string DisplayName => "连接机器人 " + Code;

    /// <inheritdoc/>
    public override IEnumerable<Part> InWork => _body is null ? [] : [_body];

    /// <summary>The robot runs into something: it aborts, and the operator frees it.</summary>
    public void Collide() => Collision.Set(true);

    /// <inheritdoc/>
    protected override void OnStarted()
    {
        base.OnStarted();
        _slow.Start();
    }

    // A robot that stopped on its way drives home before it can be started again.
    protected override bool MayComplete(PackMlState acting)
    {
        if (acting != PackMlState.Resetting || AtHome) return base.MayComplete(acting);
        if (!_motion.IsOn) MoveTo(0);
        return false;
    }

    // A joint that was not OK is made good at the station while it is held, twice at most.
    private void AddJoint(int index)
    {
        var number = (int)Joints[index];
        Cycle.Add(number, () => MoveSeconds, () => MoveTo(index + 1));
        Cycle.Add(number, () => JointSeconds, () => Join(index), interruptible: false);
        for (var again = 0; again < MaxReworks; again++)
            Cycle.Add(number, () => JointSeconds, () => Join(index), interruptible: false, when: () => _jointNok && _body is not null);
    }

    private void Load()
    {
        _cycleStart = Seconds;
        _cyclePlanned = DrawCycle(NominalCycle);
        _bodyOk = true;
        _jointNok = false;
        _body = _bodies is null ? MakeOfCastings() : _bodies.Take();
        PartId.Set(_body.Id);
        TaskProgramName.Set(RecipeId.Value);
    }

    private Part MakeBody() => Context.Parts.Make(Bodies.Id(Clock.ToSource(Now), Code, ++_bodyNumber), PartKind.Body);

    private Part MakeOfCastings()
    {
        var (rear, front) = (_rear!.Take(), _front!.Take());
        var body = MakeBody();
        Consume(rear, body, 1);
        Consume(front, body, 2);
        return body;
    }

    private void Join(int index)
    {
        var technology = Joints[index];
        _jointNok = false;
        ToolStrokes.Set(ToolStrokes.Value + 1);
        if (technology == Technology.Spot)
        {
            // The controller raises the current with the tips' wear; dressing them takes it back.
            WeldCurrent.Set(_joints.Normal(10.5, 0.15) * (1 + 0.03 * _welds++ / 1000));
        }

        if (technology == Technology.Rivet) SetRivet();
        var ok = technology != Technology.Rivet || Math.Abs(HeadHeight.Value) <= HeightLimit;
        InThisCycle(JointSeconds - 0.5, () => Report($"J{index + 1:D2}", technology, ok));
    }

    private void SetRivet()
    {
        var peak = _joints.Normal(55, 1.2);
        var (travel, force) = (new float[CurvePoints], new float[CurvePoints]);
        for (var i = 0; i < CurvePoints; i++)
        {
            var x = 6.0 * i / (CurvePoints - 1);
            travel[i] = (float)x;
            force[i] = (float)((8 + 9 * x) * peak / 62);
        }

        RivetForce.Set(peak);
        CurveTravel.Set(travel);
        CurveForce.Set(force);
        HeadHeight.Set(_joints.Normal(0, 0.08) + 0.004 * ToolStrokes.Value / 1000 + PunchWear);
    }

    private void Report(string joint, Technology technology, bool ok)
    {
        ResultBody.Set(PartId.Value);
        ResultJoint.Set(joint);
        ResultTechnology.Set(technology.ToString());
        ResultEvaluation.Set(ok ? 1 : 2);
        ResultId.Set($"{Code}-{++_results:D8}");
        _jointNok = !ok;
        _nokRun = ok ? 0 : _nokRun + 1;
        if (!ok) Repair($"{technology} {joint}");
        if (technology == Technology.Rivet) RivetOut.Set(!ok);
        Nok3.Set(_nokRun >= 3);
    }

    private void Repair(string joint)
    {
        _bodyOk = false;
        if (_body is null || MayRework(_body, joint)) return;
        _body = null;
        RejectCount.Set(RejectCount.Value + 1);
    }

    private void LayBead()
    {
        MoveTo(Poses - 1, BeadSeconds);
        _beadStart = Seconds;
        _flow.Reset(Seconds, 0);
        _beadNok = false;
        _bead.Start();
    }

    private void SampleBead()
    {
        var t = Seconds - _beadStart;
        if (t >= BeadSeconds)
        {
            EndBead();
            return;
        }

        var wanted = FlowPerSpeed * TcpSpeed(t);
        var skipped = t >= 8 && t < 8 + BeadSkip;
        AdhesiveFlow.Set(_flow.Advance(Seconds, skipped ? 0 : wanted * (1 + _noise.Normal(0, 0.01))));
        if (t > 1) Nozzle.Evaluate(_flow.Value / wanted, Seconds);
        _beadNok |= Nozzle.Bit.IsActive;
    }

    // Along the flange: slower at both ends, mm/s.
    private static double TcpSpeed(double t) => 150 + 100 * DeterministicMath.Sin(Math.PI * t / BeadSeconds);

    private void EndBead()
    {
        _bead.Stop();
        AdhesiveFlow.Set(0);
        if (_beadNok)
        {
            Report("B01", Technology.Bead, false);
            _jointNok = false;
        }

        Nozzle.Evaluate(1, Seconds);
    }

    private void ChangeDieWhenDue()
    {
        if (ToolStrokes.Value >= DieLife) ToolStrokes.Set(0);
    }

    /// <inheritdoc/>
    protected override void OnCycleDone()
    {
        CycleTime.Set(Seconds - _cycleStart);
        if (_body is { } body)
        {
            _body = null;
            Judge(body, ResultId.Value, ok: true, _bodyOk ? "" : "OK after rework");
            GoodCount.Set(GoodCount.Value + 1);
            _out.Put(body);
        }

        if (ContinueAfterCycle()) Cycle.Run();
        else Step.Set(0);
    }

    /// <inheritdoc/>
    protected override void Drop()
    {
        _motion.Stop();
        _bead.Stop();
        AdhesiveFlow.Set(0);
        if (_body is null) return;
        Scrap(_body, "given up");
        _body = null;
        RejectCount.Set(RejectCount.Value + 1);
    }

    private void MoveTo(int pose, double seconds = MoveSeconds)
    {
        _from = [.. _axes];
        _to = _poses[pose];
        _moved = 0;
        _moveTime = seconds;
        _motion.Start();
    }

    // Cosine between two poses: no jerk at either end.
    private void SampleMotion()
    {
        if (Cycle.InCycle && Cycle.IsAtRest) return;
        _moved += 0.1;
        var x = Math.Min(1, _moved / _moveTime);
        var way = (1 - DeterministicMath.Cos(Math.PI * x)) / 2;
        var speed = Math.PI / 2 / _moveTime * DeterministicMath.Sin(Math.PI * x);
        for (var i = 0; i < Axes; i++)
        {
            _axes[i] = _from[i] + (_to[i] - _from[i]) * way;
            var v = (_to[i] - _from[i]) * speed;
            _load[i] += v * v * 0.1;
        }

        AxisPosition.Set(_axes);
        if (x >= 1) _motion.Stop();
    }

    // A motor warms with the mean square of its speed, in (°/s)², over the last five seconds.
    private void SampleMotors()
    {
        SpeedOverride.Set(Mode.Value == 1 ? 100 : 25);
        var hottest = 0.0;
        for (var i = 0; i < Axes; i++)
        {
            _motorTemps[i] = _motors[i].Advance(Seconds, Ambient + 0.14 * AxisLoad[i] * _load[i] / 5 + (FanFailed ? 60 : 0));
            _load[i] = 0;
            hottest = Math.Max(hottest, _motorTemps[i]);
        }

        MotorTemp.Set(_motorTemps);
        MotorHot.Evaluate(hottest, Seconds);
    }
}
