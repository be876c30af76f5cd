using FloorGateway.Simulators.Engine;
using FloorGateway.Simulators.PackMl;

namespace FloorGateway.Simulators.Equipment;

/// <summary>Signals, alarms and methods of the dry room.</summary>
public sealed partial class DryRoom
{
    public Signal<double> SupplySetPoint { get; private set; } = null!;
    public Signal<double[]> DewPoint { get; private set; } = null!;
    public Signal<double> SupplyDewPoint { get; private set; } = null!;
    public Signal<double> Temp { get; private set; } = null!;
    public Signal<double> DiffPressure { get; private set; } = null!;
    public Signal<ushort> People { get; private set; } = null!;

    /// <summary>People that are let in at most.</summary>
    public Signal<ushort> OccupancyLimit { get; private set; } = null!;

    /// <summary>True while open.</summary>
    public Signal<bool> DoorInner { get; private set; } = null!;

    /// <summary>True while open.</summary>
    public Signal<bool> DoorOuter { get; private set; } = null!;
    public Signal<double> H2S { get; private set; } = null!;
    public Signal<double> RegenTemp { get; private set; } = null!;
    public Signal<double> WheelSpeed { get; private set; } = null!;
    public Signal<double> AirFlow { get; private set; } = null!;
    public Signal<double> Particles { get; private set; } = null!;

    /// <summary>The lines in the room are asked to hold, so that nothing more is exposed.</summary>
    public Signal<bool> HoldRequest { get; private set; } = null!;

    /// <summary>Minutes below -55 °C, to -50, to -45 and above, of what was in the room.</summary>
    public Signal<double[]> ResultExposure { get; private set; } = null!;
    public Signal<string> ResultLot { get; private set; } = null!;

    /// <summary>1 OK, 2 NotOK.</summary>
    public Signal<int> ResultEvaluation { get; private set; } = null!;

    /// <summary>Published last of a result, so a reader of this signal finds the others in place.</summary>
    public Signal<string> ResultId { get; private set; } = null!;

    private LimitAlarm DewHigh { get; set; } = null!;
    private LimitAlarm DewTooHigh { get; set; } = null!;
    private LimitAlarm GasHigh { get; set; } = null!;
    private LimitAlarm PressureLow { get; set; } = null!;
    private LimitAlarm DoorsOpen { get; set; } = null!;
    private LimitAlarm RegenLow { get; set; } = null!;

    private void Declare()
    {
        var main = MainSubUnit;
        SupplySetPoint = SetPoint(main, "SupplyDewPoint", "CEL", -65, -45, -60);
        DewPoint = Add(main, "DewPoint", Enumerable.Repeat(-56.0, Sensors).ToArray(), new()
        {
            Unit = "CEL", Low = -80, High = 20, SamplingMs = 2000, Deadband = 0.2, Length = Sensors, DisplayName = "露点",
        });
        SupplyDewPoint = Analog(main, "SupplyDewPoint", "CEL", -80, 20, 2000, 0.1, -60, "送风露点");
        Temp = Analog(main, "Temp", "CEL", 0, 50, 2000, 0.1, 22, "室温");
        DiffPressure = Analog(main, "DiffPressure", "PAL", -50, 100, 2000, 0.5, 22, "压差");
        People = Add(main, "People", (ushort)UsualPeople, new() { DisplayName = "人数" });
        OccupancyLimit = Add(main, "OccupancyLimit", (ushort)14);
        DoorInner = Add(main, "DoorInner", false);
        DoorOuter = Add(main, "DoorOuter", false);
        H2S = Analog(main, "H2S", "59", 0, 50, 2000, 0.05, 0, "硫化氢");
        RegenTemp = Analog(main, "RegenTemp", "CEL", 0, 250, 2000, 0.5, 180, "再生温度");
        WheelSpeed = Analog(main, "WheelSpeed", "RPM", 0, 1, 2000, 0.005, 0.1, "转轮转速");
        AirFlow = Analog(main, "AirFlow", "MQH", 0, 250_000, 2000, 500, 180_000, "风量");
        Particles = Analog(main, "Particles", "C86", 0, 1_000_000, 2000, 100, 3000, "粒子数", resolution: 1);
        HoldRequest = Add(main, "HoldRequest", false);
        ResultExposure = Add(main, "Result.Exposure", new double[4], new() { Unit = "MIN", Low = 0, High = 1000, Length = 4 });
        ResultLot = Add(main, "Result.LotId", "");
        ResultEvaluation = Add(main, "Result.Evaluation", 0);
        ResultId = Add(main, "Result.Id", "");
        DewHigh = new(Alarm(main, "DP_HI", 2), _limit, above: true, 120, 1);
        DewTooHigh = new(Alarm(main, "DP_HH", 1), _highLimit, above: true, 60, 1);
        GasHigh = new(Alarm(main, "H2S", 1), 5, above: true, 2);
        PressureLow = new(Alarm(main, "DPRES", 3), 8, above: false, 30);
        DoorsOpen = new(Alarm(main, "DOORS", 2), 0.5, above: true, 10);
        RegenLow = new(Alarm(main, "REGEN", 3), 165, above: false, 600);
        AddRemoteMethod("SetOccupancyLimit", [new("n", SignalType.UInt16, "0 to 30 people")], SetOccupancyLimit);
    }
}
