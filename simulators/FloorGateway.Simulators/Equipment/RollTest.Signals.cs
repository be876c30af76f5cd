using FloorGateway.Simulators.Engine;
using FloorGateway.Simulators.PackMl;

namespace FloorGateway.Simulators.Equipment;

/// <summary>Signals, alarms and methods of the roll test.</summary>
public sealed partial class RollTest
{
    private static readonly string[] Wheels = ["FL", "FR", "RL", "RR"];

    private AlarmBit _imbalance = null!, _dtc = null!;
    private LimitAlarm _overspeed = null!;

    /// <summary>Negative in reverse, km/h.</summary>
    public Signal<double> Speed { get; private set; } = null!;

    /// <summary>Front left, front right, rear left, rear right, N.</summary>
    public Signal<double[]> RollerForce { get; private set; } = null!;

    /// <summary>Front and rear axle, N·m at the wheels.</summary>
    public Signal<double[]> MotorTorque { get; private set; } = null!;

    /// <summary>Difference of the front brakes against the stronger, per cent; judged.</summary>
    public Signal<double> BrakeImbalance { get; private set; } = null!;

    /// <summary>The same of the rear brakes; shown only.</summary>
    public Signal<double> RearImbalance { get; private set; } = null!;
    public Signal<double> DragForce { get; private set; } = null!;

    /// <summary>Anti-lock valves by wheel, in the order of the forces.</summary>
    public IReadOnlyList<Signal<bool>> AbsPulse { get; private set; } = [];
    public Signal<double> SteerAngle { get; private set; } = null!;
    public Signal<double> PedalPos { get; private set; } = null!;
    public Signal<ushort> DtcCount { get; private set; } = null!;
    public Signal<ushort> StatusWord { get; private set; } = null!;
    public Signal<bool> Clamped { get; private set; } = null!;

    /// <summary>Driver or driving robot is ready; an interlock of the bench.</summary>
    public Signal<bool> DriverPresent { get; private set; } = null!;
    public Signal<double> ResultTopSpeed { get; private set; } = null!;

    /// <summary>Largest brake force of each wheel.</summary>
    public Signal<double[]> ResultForces { get; private set; } = null!;
    public Signal<string[]> ResultCodes { get; private set; } = null!;

    private void Declare()
    {
        var main = MainSubUnit;
        Speed = Analog(main, "Speed", "KMH", -20, 150, 50, 0.2, 0, "车速");
        RollerForce = Add(main, "RollerForce", new double[4], new() { Unit = "NEW", Low = 0, High = 5000, SamplingMs = 50, Deadband = 20, Length = 4, DisplayName = "制动力" });
        MotorTorque = Add(main, "MotorTorque", new double[2], new() { Unit = "NU", Low = -400, High = 400, SamplingMs = 100, Deadband = 2, Length = 2, DisplayName = "电机扭矩" });
        BrakeImbalance = Analog(main, "BrakeImbalance", "P1", 0, 100, 0, 0, 0, "制动不平衡");
        RearImbalance = Analog(main, "BrakeImbalanceRear", "P1", 0, 100, 0, 0, 0);
        DragForce = Analog(main, "DragForce", "NEW", 0, 300, 0, 0, 0);
        AbsPulse = [.. Wheels.Select(wheel => Add(main, "AbsPulse." + wheel, false))];
        SteerAngle = Analog(main, "SteerAngle", "DD", -540, 540, 100, 0.5, 0);
        PedalPos = Analog(main, "PedalPos", "P1", 0, 100, 100, 0.5, 0);
        DtcCount = Add(main, "DtcCount", (ushort)0);
        StatusWord = Add(main, "StatusWord", (ushort)0);
        Clamped = Add(main, "Clamped", false);
        DriverPresent = Add(main, "DriverPresent", false);
        ResultTopSpeed = Analog(main, "Result.TopSpeed", "KMH", 0, 150, 0, 0, 0);
        ResultForces = Add(main, "Result.BrakeForce", new double[4], new() { Unit = "NEW", Low = 0, High = 5000, Length = 4 });
        ResultCodes = Add(main, "Result.Dtc", Array.Empty<string>());
        _imbalance = Alarm(main, "IMBAL", 2, latched: true);
        _dtc = Alarm(main, "DTC", 3);
        _overspeed = new(Alarm(main, "OVERSPD", 1, latched: true), 135, above: true, 0.2);
        AddStartMethod(
            "StartTest",
            "vin",
            new("profile", SignalType.String, "STANDARD-120 or SHORT-60"),
            () => DriverIsReady ? null : "neither a driver nor the driving robot is ready",
            profile => profile.AsString is "STANDARD-120" or "SHORT-60" ? profile.AsString : null);
    }

    /// <summary>A driver sits in the vehicle at the bench, or the driving robot is ready.</summary>
    public bool DriverIsReady { get; set; } = true;
}
