using FloorGateway.Simulators.Engine;
using FloorGateway.Simulators.PackMl;

namespace FloorGateway.Simulators.Equipment;

/// <summary>Signals, alarms and methods of the fast-charge test.</summary>
public sealed partial class FastChargeTest
{
    private AlarmBit _tooSlow = null!;
    private LimitAlarm _pinHot = null!, _cellHot = null!, _deviates = null!;

    public Signal<double> Voltage { get; private set; } = null!;
    public Signal<double> Current { get; private set; } = null!;

    /// <summary>What the vehicle's battery management asks for.</summary>
    public Signal<double> DemandCurrent { get; private set; } = null!;
    public Signal<double> Soc { get; private set; } = null!;
    public Signal<double> PackTempMax { get; private set; } = null!;
    public Signal<double> PackTempMin { get; private set; } = null!;
    public Signal<double[]> PinTemp { get; private set; } = null!;
    public Signal<double> Energy { get; private set; } = null!;
    public Signal<double> Insulation { get; private set; } = null!;

    /// <summary>0 Idle, 1 Plug, 2 Handshake, 3 Insulation, 4 Precharge, 5 Charge, 6 Taper, 7 End, 8 Fault.</summary>
    public Signal<int> Phase { get; private set; } = null!;
    public Signal<bool> PlugLocked { get; private set; } = null!;
    public Signal<double> MaxCurrent { get; private set; } = null!;
    public Signal<bool> ResultFull { get; private set; } = null!;
    public Signal<double> ResultMinutes { get; private set; } = null!;
    public Signal<double> ResultEnergy { get; private set; } = null!;
    public Signal<double> ResultPeakPower { get; private set; } = null!;
    public Signal<double> ResultTemperatureRise { get; private set; } = null!;

    /// <summary>Times of the last charge's points; the three curves carry one timestamp.</summary>
    public Signal<float[]> CurveT { get; private set; } = null!;
    public Signal<float[]> CurveI { get; private set; } = null!;
    public Signal<float[]> CurveV { get; private set; } = null!;

    private void Declare()
    {
        var main = MainSubUnit;
        MaxCurrent = SetPoint(main, "MaxCurrent", "AMP", 50, 720, 720);
        Voltage = Analog(main, "Voltage", "VLT", 0, 1000, 200, 0.5, 0, "充电电压");
        Current = Analog(main, "Current", "AMP", 0, 800, 200, 1, 0, "充电电流");
        DemandCurrent = Analog(main, "DemandCurrent", "AMP", 0, 800, 200, 1, 0, "需求电流");
        Soc = Analog(main, "Soc", "P1", 0, 100, 1000, 0.1, 0, "荷电状态");
        PackTempMax = Analog(main, "PackTempMax", "CEL", -40, 100, 1000, 0.2, Ambient);
        PackTempMin = Analog(main, "PackTempMin", "CEL", -40, 100, 1000, 0.2, Ambient);
        PinTemp = Add(main, "PinTemp", new[] { Ambient, Ambient }, new() { Unit = "CEL", Low = -40, High = 150, SamplingMs = 500, Deadband = 0.5, Length = 2, DisplayName = "端子温度" });
        Energy = Analog(main, "Energy", "KWH", 0, 150, 1000, 0.1, 0, "充电电量");
        Insulation = Analog(main, "Insulation", "B75", 0, 200, 5000, 0.5, 40, "绝缘电阻");
        Phase = Add(main, "Phase", 0);
        PlugLocked = Add(main, "PlugLocked", false);
        ResultFull = Add(main, "Result.FullCurve", false);
        ResultMinutes = Analog(main, "Result.Minutes", "MIN", 0, 60, 0, 0, 0);
        ResultEnergy = Analog(main, "Result.Energy", "KWH", 0, 150, 0, 0, 0);
        ResultPeakPower = Analog(main, "Result.PeakPower", "KWT", 0, 800, 0, 0, 0);
        ResultTemperatureRise = Analog(main, "Result.TemperatureRise", "KEL", -40, 60, 0, 0, 0);
        CurveT = AddCurve("Curve.t", "SEC", 0, 3600);
        CurveI = AddCurve("Curve.i", "AMP", 0, 800);
        CurveV = AddCurve("Curve.v", "VLT", 0, 1000);
        _tooSlow = Alarm(main, "SLOW", 3);
        _pinHot = new(Alarm(main, "PIN_HI", 1, latched: true), 90, above: true, 2, 3);
        _cellHot = new(Alarm(main, "CELL_HI", 1, latched: true), 55, above: true, 2, 2);
        _deviates = new(Alarm(main, "CURR_DEV", 3), 20, above: true, 3);
        AddStartMethod("StartTest", "vin", new("profile", SignalType.String, "LINE, QUICK or FULL-10-80"), Unmet, profile => profile.AsString is Line or Quick or Full ? profile.AsString : null);
        AddRemoteMethod("StopCharge", [], StopCharge);
    }

    private Signal<float[]> AddCurve(string name, string unit, double low, double high) =>
        Add(MainSubUnit, name, Array.Empty<float>(), new() { Unit = unit, Low = low, High = high, DisplayName = "充电曲线" });

    private string? Unmet() =>
        Part is not null ? "a vehicle is in the bay"
        : !PlugCanLock ? "the plug does not lock"
        : Insulation.Value < InsulationLimit ? "the insulation was too low" : null;

    // The charge ends early and the test says nothing about the vehicle.
    private MethodOutcome StopCharge(SignalValue[] arguments)
    {
        if (Cycle.Current is not (5 or 6)) return MethodOutcome.WrongState($"{Code}: StopCharge needs a charge in progress, the phase is {(ChargePhase)Phase.Value}.");
        _isStopped = true;
        CannotDecide("STOPPED");
        return MethodOutcome.Good;
    }
}
