using FloorGateway.Simulators.Engine;
using FloorGateway.Simulators.PackMl;

namespace FloorGateway.Simulators.Equipment;

/// <summary>Signals, alarms and set points of the coater.</summary>
public sealed partial class Coater
{
    public Signal<double> SpeedSetPoint { get; private set; } = null!;
    public Signal<double> LoadingSetPoint { get; private set; } = null!;
    public Signal<double> GapSetPoint { get; private set; } = null!;
    public Signal<double>[] ZoneSetPoint { get; } = new Signal<double>[Zones];

    /// <summary>Areal mass of each side behind the dryer, g/m².</summary>
    public Signal<double> LoadingA { get; private set; } = null!;
    public Signal<double> LoadingB { get; private set; } = null!;

    /// <summary>Areal mass over the width, lane by lane.</summary>
    public Signal<float[]> LoadingProfile { get; private set; } = null!;

    /// <summary>Slurry to one side, l/min.</summary>
    public Signal<double> PumpFlow { get; private set; } = null!;
    public Signal<double> WetThickness { get; private set; } = null!;
    public Signal<double> Gap { get; private set; } = null!;
    public Signal<double> TensionUnwind { get; private set; } = null!;
    public Signal<double> TensionOven { get; private set; } = null!;
    public Signal<double> TensionRewind { get; private set; } = null!;
    public Signal<double>[] ZoneTemp { get; } = new Signal<double>[Zones];

    /// <summary>Heater output, per cent.</summary>
    public Signal<double>[] ZoneOutput { get; } = new Signal<double>[Zones];
    public Signal<double> Residual { get; private set; } = null!;

    /// <summary>Solvent vapour against its lower explosive limit in the four exhaust hoods, per cent.</summary>
    public Signal<double[]> Lel { get; private set; } = null!;
    public Signal<bool> SpliceActive { get; private set; } = null!;
    public Signal<uint> DefectCount { get; private set; } = null!;
    public Signal<string> SlurryLot { get; private set; } = null!;
    public Signal<double> ResultMetres { get; private set; } = null!;
    public Signal<double> ResultLoading { get; private set; } = null!;
    public Signal<double> ResultSigma { get; private set; } = null!;

    /// <summary>Web out of tolerance: from, to, from, to, in metres of the roll.</summary>
    public Signal<double[]> ResultIntervals { get; private set; } = null!;
    public Signal<string> ResultRollId { get; private set; } = null!;

    /// <summary>1 OK, 2 NotOK.</summary>
    public Signal<int> ResultEvaluation { get; private set; } = null!;

    /// <summary>Published last of a result, so a reader of this signal finds the others in place.</summary>
    public Signal<string> ResultId { get; private set; } = null!;

    private LimitAlarm LoadingOff { get; set; } = null!;
    private LimitAlarm LelHigh { get; set; } = null!;
    private LimitAlarm TensionOff { get; set; } = null!;
    private LimitAlarm ZoneOff { get; set; } = null!;
    private LimitAlarm SolventHigh { get; set; } = null!;

    private void Declare()
    {
        SpeedSetPoint = SetPoint("DIE", "WebSpeed", "2X", 5, 80, _nominalSpeed);
        LoadingSetPoint = SetPoint("DIE", "Loading", "GM", 190, 220, ElectrodeLayers.Loading);
        GapSetPoint = SetPoint("DIE", "Gap", "4H", 100, 300, 180);
        LoadingA = Analog("DIE", "Loading.A", "GM", 0, 300, 500, 0.2, 0, "面密度A");
        LoadingB = Analog("DIE", "Loading.B", "GM", 0, 300, 500, 0.2, 0, "面密度B");
        LoadingProfile = FloatArray("DIE", "LoadingProfile", "GM", 0, 300, 2000, 0.2, Lanes);
        PumpFlow = Analog("DIE", "PumpFlow", "L2", 0, 15, 500, 0.02, 0, "泵流量");
        WetThickness = Analog("DIE", "WetThickness", "4H", 0, 300, 500, 0.5, 0, "湿膜厚度");
        Gap = Analog("DIE", "Gap", "4H", 0, 400, 0, 0, 180);
        SlurryLot = Add("DIE", "SlurryLot", "");
        TensionUnwind = Analog("UNWIND", "Tension.Unwind", "NEW", 0, 400, 200, 1, 75, "放卷张力");
        SpliceActive = Add("UNWIND", "SpliceActive", false);
        TensionOven = Analog("OVEN", "Tension.Oven", "NEW", 0, 400, 200, 1, 100);
        for (var i = 0; i < Zones; i++)
        {
            ZoneSetPoint[i] = SetPoint("OVEN", $"Zone{i + 1}", "CEL", 70, 150, ZoneProfile[i]);
            ZoneTemp[i] = Analog("OVEN", $"Zone{i + 1}.Temp", "CEL", 0, 200, 1000, 0.3, Ambient, $"{i + 1}区温度");
            ZoneOutput[i] = Analog("OVEN", $"Zone{i + 1}.Output", "P1", 0, 100, 1000, 0.3, 0);
        }

        Residual = Analog("OVEN", "ResidualSolvent", "P1", 0, 2, 2000, 0.01, 0, "残余溶剂");
        Lel = Add("OVEN", "LEL", new double[Hoods], new() { Unit = "P1", Low = 0, High = 100, SamplingMs = 500, Deadband = 0.2, Length = Hoods, DisplayName = "可燃气浓度" });
        TensionRewind = Analog("REWIND", "Tension.Rewind", "NEW", 0, 400, 200, 1, 60, "收卷张力");
        DefectCount = Add("REWIND", "DefectCount", 0u);
        ResultMetres = Analog("DIE", "Result.Metres", "LM", 0, 10_000, 0, 0, 0);
        ResultLoading = Analog("DIE", "Result.LoadingMean", "GM", 0, 300, 0, 0, 0);
        ResultSigma = Analog("DIE", "Result.LoadingSigma", "GM", 0, 50, 0, 0, 0);
        ResultIntervals = Add("DIE", "Result.NokIntervals", Array.Empty<double>(), new() { Unit = "LM", Low = 0, High = 10_000 });
        ResultRollId = Add("DIE", "Result.RollId", "");
        ResultEvaluation = Add("DIE", "Result.Evaluation", 0);
        ResultId = Add("DIE", "Result.Id", "");
        LoadingOff = new(Alarm("DIE", "LOAD_DEV", 2), LoadingTolerance, above: true, 10, 0.3);
        LelHigh = new(Alarm("OVEN", "LEL_HI", 1), 25, above: true, 1, 2);
        TensionOff = new(Alarm("UNWIND", "TENS", 2), 30, above: true, 1);
        ZoneOff = new(Alarm("OVEN", "ZONE_DEV", 3), 6, above: true, 120, 1);
        SolventHigh = new(Alarm("OVEN", "SOLV", 2), 0.5, above: true, 20);
    }
}
