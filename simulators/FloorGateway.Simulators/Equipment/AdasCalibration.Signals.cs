using FloorGateway.Simulators.Engine;
using FloorGateway.Simulators.Numerics;
using FloorGateway.Simulators.PackMl;

namespace FloorGateway.Simulators.Equipment;

/// <summary>Signals, alarms and methods of the sensor calibration.</summary>
public sealed partial class AdasCalibration
{
    private AlarmBit _notConverged = null!, _softwareMismatch = null!;
    private LimitAlarm _luxLow = null!;

    /// <summary>Iterations of the sensor in work.</summary>
    public Signal<int> Iteration { get; private set; } = null!;
    public Signal<double> TargetDistance { get; private set; } = null!;
    public Signal<double[]> RideHeight { get; private set; } = null!;
    public Signal<double> ThrustAngle { get; private set; } = null!;
    public Signal<double> Lux { get; private set; } = null!;

    /// <summary>Bits 0 to 10: sensor calibrated; 16: dual supply of brake and steering is sound; 31: the control unit did not answer.</summary>
    public Signal<uint> EcuStatus { get; private set; } = null!;
    public Signal<string> SwVersion { get; private set; } = null!;

    /// <summary>Brake and steering have both of their supplies.</summary>
    public Signal<bool> RedundancyOk { get; private set; } = null!;

    /// <summary>The data recorder for automated driving is ready.</summary>
    public Signal<bool> DssadReady { get; private set; } = null!;

    /// <summary>Yaw, pitch and roll error left, sensor by sensor.</summary>
    public Signal<double[]> FinalAngles { get; private set; } = null!;
    public Signal<string> ResultSoftware { get; private set; } = null!;

    /// <summary>Over VIN, software and angles, so that a copy of the record can be checked years later.</summary>
    public Signal<uint> Checksum { get; private set; } = null!;

    /// <summary>The alignments of the vehicle in work, in the order of the mask's bits.</summary>
    public IReadOnlyList<SensorAlignment> Alignments => [.. _sensors.Select(s => s.Alignment)];

    private SensorChannel[] Declare()
    {
        var main = MainSubUnit;
        Iteration = Add(main, "Iteration", 0, new() { DisplayName = "迭代次数" });
        TargetDistance = Analog(main, "TargetDistance", "MMT", 0, 10_000, 0, 0, 1500, "靶距");
        RideHeight = Add(main, "RideHeight", Enumerable.Repeat(RideHeightNominal, 4).ToArray(), new() { Unit = "MMT", Low = 100, High = 220, Length = 4, DisplayName = "车高" });
        ThrustAngle = Analog(main, "ThrustAngle", "DD", -2, 2, 0, 0, 0);
        Lux = Analog(main, "Lux", "LUX", 0, 2000, 1000, 5, 600, "照度");
        EcuStatus = Add(main, "EcuStatus", 0u);
        SwVersion = Add(main, "SwVersion", "");
        RedundancyOk = Add(main, "RedundancyOk", false);
        DssadReady = Add(main, "DssadReady", false);
        FinalAngles = Add(main, "Result.Angles", new double[33], new() { Unit = "DD", Low = -5, High = 5, Length = 33 });
        ResultSoftware = Add(main, "Result.SwVersion", "");
        Checksum = Add(main, "Result.Checksum", 0u);
        _notConverged = Alarm(main, "CONV", 2, latched: true);
        _softwareMismatch = Alarm(main, "SW_MISM", 2, latched: true);
        _luxLow = new(Alarm(main, "LUX", 3), 350, above: false, 5, 30);
        AddStartMethod("StartCalibration", "vin", new("sensorMask", SignalType.UInt32, "bit 0 front camera, 1 to 4 surround, 5 to 9 radar, 10 lidar"), () => null, Choose);
        string[] names = ["CAM1", "SURR1", "SURR2", "SURR3", "SURR4", "RADAR1", "RADAR2", "RADAR3", "RADAR4", "RADAR5", "LIDAR1"];
        return [.. names.Select((name, number) => new SensorChannel(this, name, number))];
    }

    private string? Choose(SignalValue mask)
    {
        var wanted = (uint)mask.AsInt64;
        if (wanted is 0 or > AllSensors) return null;
        _mask = wanted;
        return wanted == AllSensors ? "L3-FULL" : "L3-PARTIAL";
    }

    /// <summary>One sensor's signals and the alignment of the vehicle in work.</summary>
    private sealed class SensorChannel
    {
        private readonly Signal<double>[] _angles;
        private readonly double _limit;

        public SensorChannel(AdasCalibration bay, string name, int number)
        {
            Number = number;
            (Step, _limit) = number < 5 ? (3, 0.05) : number < 10 ? (4, 0.10) : (5, 0.03);
            string[] angles = ["Yaw", "Pitch", "Roll"];
            _angles = [.. angles.Select(a => bay.Analog(name, a, "DD", -5, 5, 0, 0, 0))];
            Alignment = SensorAlignment.Draw(_limit, new RandomStream(0, name));
        }

        public int Number { get; }

        public int Step { get; }

        public SensorAlignment Alignment { get; private set; }

        public void Draw(RandomStream random, bool isBent)
        {
            Alignment = SensorAlignment.Draw(_limit, random, isBent);
            Show();
        }

        public void Show()
        {
            for (var i = 0; i < 3; i++) _angles[i].Set(Alignment.Errors[i]);
        }
    }
}
