using FloorGateway.Simulators.Engine;
using FloorGateway.Simulators.PackMl;

namespace FloorGateway.Simulators.Equipment;

/// <summary>Signals, alarms and methods of the joining robot.</summary>
public sealed partial class JoiningRobot
{
    /// <summary>Angles of the six axes.</summary>
    public Signal<double[]> AxisPosition { get; private set; } = null!;
    public Signal<double> SpeedOverride { get; private set; } = null!;
    public Signal<double[]> MotorTemp { get; private set; } = null!;
    public Signal<string> TaskProgramName { get; private set; } = null!;

    /// <summary>Peak of the last rivet's setting force.</summary>
    public Signal<double> RivetForce { get; private set; } = null!;
    public Signal<double> HeadHeight { get; private set; } = null!;
    public Signal<double> WeldCurrent { get; private set; } = null!;
    public Signal<double> AdhesiveFlow { get; private set; } = null!;

    /// <summary>Joints since the die was changed.</summary>
    public Signal<uint> ToolStrokes { get; private set; } = null!;

    /// <summary>Travel of the last rivet, mm, at the points of <see cref="CurveForce"/>.</summary>
    public Signal<float[]> CurveTravel { get; private set; } = null!;
    public Signal<float[]> CurveForce { get; private set; } = null!;
    public Signal<string> ResultBody { get; private set; } = null!;
    public Signal<string> ResultJoint { get; private set; } = null!;
    public Signal<string> ResultTechnology { get; private set; } = null!;

    /// <summary>1 OK, 2 NotOK.</summary>
    public Signal<int> ResultEvaluation { get; private set; } = null!;

    /// <summary>Published last of a result.</summary>
    public Signal<string> ResultId { get; private set; } = null!;

    /// <summary>Seconds of each bead in which no adhesive comes; 0 when sound.</summary>
    public double BeadSkip { get; set; }

    /// <summary>Head height that a worn punch adds, mm; 0 when sound.</summary>
    public double PunchWear { get; set; }

    /// <summary>The motors' fan stands still.</summary>
    public bool FanFailed { get; set; }

    private AlarmBit RivetOut { get; set; } = null!;
    private AlarmBit Nok3 { get; set; } = null!;
    private AlarmBit Collision { get; set; } = null!;
    private LimitAlarm Nozzle { get; set; } = null!;
    private LimitAlarm MotorHot { get; set; } = null!;

    private void Declare()
    {
        AxisPosition = Add("ROBOT", "Axis.ActualPosition", _axes, new() { Unit = "DD", Low = -185, High = 185, SamplingMs = 100, Deadband = 0.1, Length = Axes, DisplayName = "轴位置" });
        SpeedOverride = Analog("ROBOT", "SpeedOverride", "P1", 0, 100, 1000, 1, 100, "速度倍率");
        MotorTemp = Add("ROBOT", "Motor.Temp", _motors.Select(m => m.Value).ToArray(), new() { Unit = "CEL", Low = 0, High = 150, SamplingMs = 5000, Deadband = 1, Length = Axes, DisplayName = "电机温度" });
        TaskProgramName = Add("ROBOT", "TaskProgramName", RecipeId.Value);
        RivetForce = Analog("TOOL", "Rivet.Force", "B47", 0, 80, 0, 0, 0, "铆接力");
        HeadHeight = Analog("TOOL", "Rivet.HeadHeight", "MMT", -2, 2, 0, 0, 0, "钉头高度");
        WeldCurrent = Analog("TOOL", "Weld.Current", "B22", 0, 15, 0, 0, 0, "焊接电流");
        AdhesiveFlow = Analog("TOOL", "Adhesive.Flow", "41", 0, 400, 200, 2, 0, "涂胶流量");
        ToolStrokes = Add("TOOL", "ToolStrokes", 0u);
        CurveTravel = Add("TOOL", "RivetCurve.x", Array.Empty<float>(), new() { Unit = "MMT", Low = 0, High = 6 });
        CurveForce = Add("TOOL", "RivetCurve.f", Array.Empty<float>(), new() { Unit = "B47", Low = 0, High = 80 });
        ResultBody = Add("ROBOT", "Result.BodyId", "");
        ResultJoint = Add("ROBOT", "Result.JointId", "");
        ResultTechnology = Add("ROBOT", "Result.Technology", "");
        ResultEvaluation = Add("ROBOT", "Result.Evaluation", 0);
        ResultId = Add("ROBOT", "Result.Id", "");
        RivetOut = Alarm("TOOL", "RIV_OUT", 2, latched: true);
        Nozzle = new(Alarm("TOOL", "NOZ", 2), 0.6, above: false, 0.5, 0.05);
        MotorHot = new(Alarm("ROBOT", "MT_HI", 3), 90, above: true, 60, 3);
        Nok3 = Alarm("ROBOT", "NOK3", 2, latched: true);
        Collision = Alarm("ROBOT", "COLLISION", 1, latched: true);
        AddRemoteMethod("SelectProgram", [new("name", SignalType.String, "BODY-A or BODY-B")], SelectProgram);
    }

    private MethodOutcome SelectProgram(SignalValue[] arguments)
    {
        var name = arguments[0].AsString;
        if (PackMl != PackMlState.Idle) return MethodOutcome.WrongState($"{Code}: SelectProgram needs state Idle, the state is {PackMl}.");
        if (!AtHome) return MethodOutcome.WrongState($"{Code}: SelectProgram needs the robot at home.");
        if (name is not ("BODY-A" or "BODY-B")) return new(MethodOutcome.BadInvalidArgument, $"{Code} has no program {name}; it has BODY-A, BODY-B.");
        RecipeId.Set(name);
        TaskProgramName.Set(name);
        return MethodOutcome.Good;
    }

    private bool AtHome => _axes.AsSpan().SequenceEqual(_poses[0]);
}
