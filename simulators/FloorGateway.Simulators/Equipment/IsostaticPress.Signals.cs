using FloorGateway.Simulators.Engine;
using FloorGateway.Simulators.PackMl;

namespace FloorGateway.Simulators.Equipment;

/// <summary>Signals and alarms of the isostatic press.</summary>
public sealed partial class IsostaticPress
{
    public Signal<double> PressureSetPoint { get; private set; } = null!;
    public Signal<double> TempSetPoint { get; private set; } = null!;
    public Signal<double> HoldSetPoint { get; private set; } = null!;
    public Signal<double> Pressure { get; private set; } = null!;
    public Signal<double> FluidTemp { get; private set; } = null!;
    public Signal<double> Piston { get; private set; } = null!;

    /// <summary>Hard-wired to the pressure: opens below 0.1 MPa; shown only.</summary>
    public Signal<bool> DoorLocked { get; private set; } = null!;
    public Signal<uint> VesselCycles { get; private set; } = null!;
    public Signal<double> RelDensity { get; private set; } = null!;
    public Signal<double> ThicknessReduction { get; private set; } = null!;
    public Signal<string> BatchId { get; private set; } = null!;
    public Signal<bool> BagLeak { get; private set; } = null!;
    public Signal<double> PumpFlow { get; private set; } = null!;
    public Signal<double> HoldTimer { get; private set; } = null!;
    public Signal<string[]> ResultCells { get; private set; } = null!;
    public Signal<double> ResultPressure { get; private set; } = null!;
    public Signal<double> ResultTemp { get; private set; } = null!;
    public Signal<double> ResultHold { get; private set; } = null!;
    public Signal<double> ResultDensity { get; private set; } = null!;
    public Signal<string> ResultBatch { get; private set; } = null!;

    /// <summary>1 OK, 2 NotOK (a bag leaked), 3 NotDecidable (the pressure was not held).</summary>
    public Signal<int> ResultEvaluation { get; private set; } = null!;

    /// <summary>Published last of a result, so a reader of this signal finds the others in place.</summary>
    public Signal<string> ResultId { get; private set; } = null!;

    private LimitAlarm PressureOff { get; set; } = null!;
    private LimitAlarm PressureHigh { get; set; } = null!;
    private LimitAlarm TempOff { get; set; } = null!;
    private AlarmBit CyclesOver { get; set; } = null!;

    private void Declare()
    {
        var main = MainSubUnit;
        PressureSetPoint = SetPoint(main, "Pressure", "MPA", 300, 500, 500);
        TempSetPoint = SetPoint(main, "Temp", "CEL", 60, 95, 85);
        HoldSetPoint = SetPoint(main, "Hold", "SEC", 120, 900, 360);
        Pressure = Analog(main, "Pressure", "MPA", 0, 600, 1000, 0.05, 0, "压力");
        FluidTemp = Analog(main, "FluidTemp", "CEL", 0, 120, 1000, 0.2, RoomTemp, "介质温度");
        Piston = Analog(main, "Piston", "MMT", 0, 600, 1000, 0.5, 0, "活塞位置");
        DoorLocked = Add(main, "DoorLocked", false);
        VesselCycles = Add(main, "VesselCycles", 0u);
        RelDensity = Analog(main, "RelDensity", "P1", 0, 100, 1000, 0.05, 75, "相对密度");
        ThicknessReduction = Analog(main, "ThicknessReduction", "P1", 0, 20, 0, 0, 0);
        BatchId = Add(main, "BatchId", "");
        BagLeak = Add(main, "BagLeak", false);
        PumpFlow = Analog(main, "PumpFlow", "L2", 0, 60, 1000, 0.5, 0, "泵流量");
        HoldTimer = Analog(main, "HoldTimer", "SEC", 0, 1000, 1000, 0, 0, "保压时间");
        ResultCells = Add(main, "Result.CellIds", Array.Empty<string>());
        ResultPressure = Analog(main, "Result.PressureMean", "MPA", 0, 600, 0, 0, 0);
        ResultTemp = Analog(main, "Result.TempMean", "CEL", 0, 120, 0, 0, 0);
        ResultHold = Analog(main, "Result.HoldSeconds", "SEC", 0, 1000, 0, 0, 0);
        ResultDensity = Analog(main, "Result.RelDensity", "P1", 0, 100, 0, 0, 0);
        ResultBatch = Add(main, "Result.BatchId", "");
        ResultEvaluation = Add(main, "Result.Evaluation", 0);
        ResultId = Add(main, "Result.Id", "");
        PressureOff = new(Alarm(main, "P_DEV", 2), 5, above: true, 5, 1);
        PressureHigh = new(Alarm(main, "P_HI", 1, latched: true), 520, above: true, 0);
        TempOff = new(Alarm(main, "TEMP", 3), 4, above: true, 60);
        CyclesOver = Alarm(main, "CYC", 4);
    }
}
