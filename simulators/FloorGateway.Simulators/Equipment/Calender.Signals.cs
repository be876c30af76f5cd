using FloorGateway.Simulators.Engine;
using FloorGateway.Simulators.PackMl;

namespace FloorGateway.Simulators.Equipment;

/// <summary>Signals, alarms and methods of the calender and slitter.</summary>
public sealed partial class Calender
{
    public Signal<double> ForceSetPoint { get; private set; } = null!;
    public Signal<double> RollTempSetPoint { get; private set; } = null!;

    /// <summary>Force of the press rolls over the width of the web, N/mm.</summary>
    public Signal<double> LineForce { get; private set; } = null!;
    public Signal<double> ForceDrive { get; private set; } = null!;
    public Signal<double> ForceOperator { get; private set; } = null!;
    public Signal<double> GapDrive { get; private set; } = null!;
    public Signal<double> GapOperator { get; private set; } = null!;
    public Signal<double[]> RollTemp { get; private set; } = null!;
    public Signal<double> Density { get; private set; } = null!;
    public Signal<double> Thickness { get; private set; } = null!;
    public Signal<double> Tension { get; private set; } = null!;
    public Signal<double[]> SlitWidth { get; private set; } = null!;
    public Signal<double> BurrHeight { get; private set; } = null!;
    public Signal<double> KnifeLife { get; private set; } = null!;
    public Signal<double> EdgeWave { get; private set; } = null!;
    public Signal<string> ParentRoll { get; private set; } = null!;

    /// <summary>The four daughter coils, drive side first.</summary>
    public Signal<string[]> ResultCoils { get; private set; } = null!;
    public Signal<string> ResultRoll { get; private set; } = null!;
    public Signal<double> ResultThickness { get; private set; } = null!;
    public Signal<double> ResultSigma { get; private set; } = null!;

    /// <summary>1 OK, 2 NotOK.</summary>
    public Signal<int> ResultEvaluation { get; private set; } = null!;

    /// <summary>Published last of a result, so a reader of this signal finds the others in place.</summary>
    public Signal<string> ResultId { get; private set; } = null!;

    private LimitAlarm ThicknessOff { get; set; } = null!;
    private LimitAlarm ForceDifference { get; set; } = null!;
    private AlarmBit Burr { get; set; } = null!;

    private void Declare()
    {
        var main = MainSubUnit;
        ForceSetPoint = SetPoint(main, "LineForce", "F47", 500, 2500, 1800);
        RollTempSetPoint = SetPoint(main, "RollTemp", "CEL", 25, 140, 100);
        LineForce = Analog(main, "LineForce", "F47", 0, 3000, 100, 5, 0, "线压力");
        ForceDrive = Analog(main, "LineForce.DS", "F47", 0, 3000, 100, 20, 0);
        ForceOperator = Analog(main, "LineForce.OS", "F47", 0, 3000, 100, 20, 0);
        GapDrive = Analog(main, "Gap.DS", "4H", 0, 1000, 500, 0.5, 0, "辊缝");
        GapOperator = Analog(main, "Gap.OS", "4H", 0, 1000, 500, 0.5, 0);
        RollTemp = Add(main, "RollTemp", new double[] { 25, 25 }, new() { Unit = "CEL", Low = 0, High = 200, SamplingMs = 5000, Deadband = 0.2, Length = 2, DisplayName = "辊温" });
        Density = Analog(main, "Density", "23", 0, 5, 500, 0.005, 0, "压实密度");
        Thickness = Analog(main, "Thickness", "4H", 0, 400, 500, 0.2, 0, "极片厚度");
        Tension = Analog(main, "Tension", "NEW", 0, 400, 200, 1, 90, "张力");
        SlitWidth = Add(main, "SlitWidth", new double[Coils], new() { Unit = "MMT", Low = 0, High = 700, SamplingMs = 5000, Deadband = 0.01, Length = Coils, DisplayName = "分切宽度" });
        BurrHeight = Analog(main, "BurrHeight", "4H", 0, 50, 5000, 0.05, 0, "毛刺");
        KnifeLife = Analog(main, "KnifeLife", "LM", 0, 500_000, 5000, 1, 0, "刀具里程");
        EdgeWave = Analog(main, "EdgeWave", "MMT", 0, 10, 5000, 0.02, 0);
        ParentRoll = Add(main, "ParentRoll", "");
        ResultCoils = Add(main, "Result.CoilIds", Array.Empty<string>());
        ResultRoll = Add(main, "Result.RollId", "");
        ResultThickness = Analog(main, "Result.ThicknessMean", "4H", 0, 400, 0, 0, 0);
        ResultSigma = Analog(main, "Result.ThicknessSigma", "4H", 0, 50, 0, 0, 0);
        ResultEvaluation = Add(main, "Result.Evaluation", 0);
        ResultId = Add(main, "Result.Id", "");
        ThicknessOff = new(Alarm(main, "THK", 2), ThicknessTolerance, above: true, 5, 0.5);
        ForceDifference = new(Alarm(main, "FORCE_DIFF", 2), 5, above: true, 3);
        Burr = Alarm(main, "BURR", 2);
        AddRemoteMethod("ChangeKnife", [], ChangeKnife);
    }
}
