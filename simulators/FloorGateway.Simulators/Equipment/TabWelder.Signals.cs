using FloorGateway.Simulators.Engine;
using FloorGateway.Simulators.PackMl;

namespace FloorGateway.Simulators.Equipment;

/// <summary>Signals, alarms and methods of the tab welder.</summary>
public sealed partial class TabWelder
{
    private NokRun _nok3 = null!;
    private AlarmBit _score = null!;
    private LimitAlarm _powerDeviation = null!, _sealTemperature = null!;

    /// <summary>A <see cref="LaserState"/>.</summary>
    public Signal<int> Laser { get; private set; } = null!;
    public Signal<double> Power { get; private set; } = null!;
    public Signal<double> Speed { get; private set; } = null!;
    public Signal<double> Focus { get; private set; } = null!;

    /// <summary>How sound the last tab's plasma looked, 0 to 1.</summary>
    public Signal<double> Score { get; private set; } = null!;

    /// <summary>Pull force of a sample, one cell in 250.</summary>
    public Signal<double> PullForce { get; private set; } = null!;
    public Signal<double> SealTemp { get; private set; } = null!;
    public Signal<double> SealPressure { get; private set; } = null!;
    public Signal<double> SealTime { get; private set; } = null!;
    public Signal<double> LensTemp { get; private set; } = null!;
    public Signal<double> FumeFlow { get; private set; } = null!;

    /// <summary>Hours the laser has been on.</summary>
    public Signal<double> LaserHours { get; private set; } = null!;
    public Signal<double> PowerSetPoint { get; private set; } = null!;
    public Signal<float[]> ResultScores { get; private set; } = null!;
    public Signal<double> ResultResistance { get; private set; } = null!;
    public Signal<double> ResultSealTemp { get; private set; } = null!;

    /// <summary>1 OK, 2 NotOK.</summary>
    public Signal<int> ResultEvaluation { get; private set; } = null!;

    /// <summary>Published last of a result.</summary>
    public Signal<string> ResultId { get; private set; } = null!;

    private void Declare()
    {
        var main = MainSubUnit;
        PowerSetPoint = SetPoint(main, "Power", "WTT", 1500, 3500, 2500);
        Laser = Add(main, "LaserSystemState", (int)LaserState.Idle, new() { DisplayName = "激光状态" });
        Power = Analog(main, "LaserPower", "WTT", 0, 4000, 200, 10, 0, "激光功率");
        Speed = Analog(main, "WeldSpeed", "C16", 0, 300, 0, 0, 0, "焊接速度");
        Focus = Analog(main, "Focus", "MMT", -1, 1, 0, 0, 0, "离焦量");
        Score = Analog(main, "PlasmaScore", "C62", 0, 1, 0, 0, 0, "焊接评分");
        PullForce = Analog(main, "PullForce", "NEW", 0, 500, 0, 0, 0, "拉力");
        SealTemp = Analog(main, "SealTemp", "CEL", 0, 250, 500, 0.2, 185, "封头温度");
        SealPressure = Analog(main, "SealPressure", "MPA", 0, 1, 0, 0, 0, "封装压力");
        SealTime = Analog(main, "SealTime", "SEC", 0, 10, 0, 0, 0);
        LensTemp = Analog(main, "LensTemp", "CEL", 0, 120, 500, 0.5, 25, "镜片温度");
        FumeFlow = Analog(main, "FumeFlow", "MQH", 0, 600, 500, 10, 400, "排烟量");
        LaserHours = Analog(main, "LaserHours", "HUR", 0, 100_000, 0, 0.1, 0);
        ResultScores = Add(main, "Result.PlasmaScore", Array.Empty<float>(), new() { Unit = "C62", Low = 0, High = 1 });
        ResultResistance = Analog(main, "JointRes", "B94", 0, 200, 0, 0, 0, "接头电阻");
        ResultSealTemp = Analog(main, "Result.SealTemp", "CEL", 0, 250, 0, 0, 0);
        ResultEvaluation = Add(main, "Result.Evaluation", 0);
        ResultId = Add(main, "Result.Id", "");
        _score = Alarm(main, "SCORE", 2, latched: true);
        _nok3 = new(Alarm(main, "NOK3", 2, latched: true));
        _powerDeviation = new(Alarm(main, "PWR", 2), 4, above: true, 2);
        _sealTemperature = new(Alarm(main, "SEAL_T", 2), 4, above: true, 1);
        AddRemoteMethod("CleanLens", [], CleanLens);
    }
}
