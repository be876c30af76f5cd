using FloorGateway.Simulators.Engine;
using FloorGateway.Simulators.PackMl;

namespace FloorGateway.Simulators.Equipment;

/// <summary>Signals, alarms and methods of the grading station.</summary>
public sealed partial class GradingStation
{
    private AlarmBit _kRate = null!, _probe = null!;

    public Signal<float[]> Ocv { get; private set; } = null!;

    /// <summary>Resistance at 1 kHz, mΩ.</summary>
    public Signal<float[]> Acir { get; private set; } = null!;
    public Signal<float[]> Thickness { get; private set; } = null!;

    /// <summary>Self-discharge, mV/h (no UNECE code).</summary>
    public Signal<float[]> KValue { get; private set; } = null!;
    public Signal<float[]> ShellVoltage { get; private set; } = null!;

    /// <summary>1 A, 2 B, 3 C, 4 reject.</summary>
    public Signal<int[]> Grades { get; private set; } = null!;
    public Signal<string[]> CellIds { get; private set; } = null!;
    public Signal<double> TestTemp { get; private set; } = null!;
    public Signal<uint> ProbeCycles { get; private set; } = null!;

    /// <summary>Difference of two readings of the reference cell, mΩ.</summary>
    public Signal<double> Repeat { get; private set; } = null!;

    /// <summary>The mean capacity that grades refer to.</summary>
    public Signal<double> CapacityMean { get; private set; } = null!;

    /// <summary>The tray at which a lot was put on hold; empty when none is.</summary>
    public Signal<string> HeldLot { get; private set; } = null!;

    /// <summary>Published last of a result.</summary>
    public Signal<string> ResultTray { get; private set; } = null!;

    private void Declare()
    {
        var main = MainSubUnit;
        const int n = FormationCells.Count;
        CellIds = Add(main, "CellIds", Array.Empty<string>());
        Ocv = FloatArray(main, "Ocv", "VLT", 0, 5, 0, 0, n, resolution: AgeingRoom.OcvResolution);
        Acir = FloatArray(main, "Acir", "E45", 0, 10, 0, 0, n);
        Thickness = FloatArray(main, "Thickness", "MMT", 0, 30, 0, 0, n);
        KValue = FloatArray(main, "KValue", null, -1, 10, 0, 0, n);
        ShellVoltage = FloatArray(main, "ShellVoltage", "VLT", 0, 5, 0, 0, n);
        Grades = Add(main, "Grade", new int[n], new() { Length = n, DisplayName = "等级" });
        TestTemp = Analog(main, "TestTemp", "CEL", 0, 60, 5000, 0.1, 25, "测试温度");
        ProbeCycles = Add(main, "ProbeCycles", 0u);
        Repeat = Analog(main, "ProbeRepeat", "E45", 0, 1, 0, 0, 0);
        CapacityMean = Analog(main, "CapacityMean", "AMH", 0, 100, 0, 0, 0);
        HeldLot = Add(main, "HeldLot", "");
        ResultTray = Add(main, "Result.TrayId", "");
        _kRate = Alarm(main, "K_RATE", 2);
        _probe = Alarm(main, "PROBE", 3);
        AddRemoteMethod("ReleaseLot", [new("lotId", SignalType.String, "as shown in HeldLot")], ReleaseLot);
    }
}
