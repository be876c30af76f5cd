using FloorGateway.Simulators.Engine;
using FloorGateway.Simulators.Flow;
using FloorGateway.Simulators.Numerics;
using FloorGateway.Simulators.PackMl;

namespace FloorGateway.Simulators.Equipment;

/// <summary>Calibration of the Level 3 sensors: a front camera, four surround cameras, five radars and a lidar, one after the other; 420 s a vehicle.</summary>
public sealed partial class AdasCalibration : PassThroughStation
{
    private const double NominalCycle = 420, IterationSeconds = 4.5, RideHeightNominal = 160, RideHeightTolerance = 8, ThrustLimit = 0.1, CrossCheckLimit = 0.1;
    private const uint AllSensors = (1u << 11) - 1, RedundancyBit = 1u << 16, TimeoutBit = 1u << 31;
    private const string ReleasedSoftware = "L3-2027.03.1";

    private readonly RandomStream _geometry, _angles, _faults;
    private readonly Ar1Noise _light;
    private readonly Sampler _slow;
    private readonly SensorChannel[] _sensors;
    private readonly Queue<SensorChannel> _waiting = new();
    private uint _mask = AllSensors, _status;
    private string _software = ReleasedSoftware;
    private double _floor, _thrust;
    private int _step;

    /// <param name="code">ADAS01 to ADAS04.</param>
    /// <param name="context">Seed, clock and sink.</param>
    public AdasCalibration(string code, UnitContext context)
        : base(code, $"LXE/JSH/EOL/L01/{code}", PartKind.Vehicle, ["L3-FULL", "L3-PARTIAL"], context)
    {
        _geometry = Stream("geometry");
        _angles = Stream("angles");
        _faults = Stream("faults");
        _light = new(Stream("light"), 0.99, 40);
        _sensors = Declare();
        Cycle
            .Add(1, () => 60, Centre)
            .Add(2, () => 60, MeasureGeometry)
            .Add(3, () => 1e5, () => Calibrate(3))
            .Add(4, () => 1e5, () => Calibrate(4))
            .Add(5, () => 1e5, () => Calibrate(5))
            .Add(6, () => 30, CrossCheck)
            .Add(7, () => 40, Write)
            .Add(8, () => Remainder(10), Verify);
        _slow = Every(1000, SampleSlow);
    }

    /// <summary>The sensor with this number (0 front camera, 1 to 4 surround cameras, 5 to 9 radars, 10 lidar) sits on a bent bracket; null when all are sound.</summary>
    public int? BentBracket { get; set; }

    /// <summary>The vehicle's control unit does not answer.</summary>
    public bool EcuTimesOut { get; set; }

    /// <summary>Tilt that the bay's floor gains against its survey, degrees an hour; 0 when firm.</summary>
    public double FloorDrift { get; set; }

    /// <summary>Lamps that fail take this share of the light; 0 when all burn.</summary>
    public double LampLoss { get; set; }

    /// <summary>The next vehicles come with the previous software.</summary>
    public bool WrongSoftware { get; set; }

    /// <inheritdoc/>
    public override string NamespaceUri => "http://jsev.example/UA/Vehicle/";

    /// <inheritdoc/>
    public override string DisplayName => "智驾标定 " + Code;

    /// <inheritdoc/>
    protected override void OnStarted()
    {
        base.OnStarted();
        _slow.Start();
    }

    private void Centre()
    {
        Take(NominalCycle);
        _mask = RecipeId.Value == "L3-PARTIAL" ? _mask : AllSensors;
        _status = 0;
        EcuStatus.Set(0);
        Iteration.Set(0);
        DssadReady.Set(false);
        RedundancyOk.Set(false);
        _software = WrongSoftware || _faults.Chance(0.001) ? "L3-2026.11.4" : ReleasedSoftware;
        var bent = BentBracket ?? (_faults.Chance(0.002) ? _faults.Index(_sensors.Length) : -1);
        foreach (var sensor in _sensors) sensor.Draw(_angles, isBent: sensor.Number == bent);
    }

    private void MeasureGeometry()
    {
        var heights = new double[4];
        for (var i = 0; i < 4; i++) heights[i] = RideHeightNominal + _geometry.Normal(0, 2.2);
        _thrust = _geometry.Normal(0, 0.025);
        RideHeight.Set(heights);
        ThrustAngle.Set(_thrust);
        TargetDistance.Set(1500 + _geometry.Normal(0, 0.5));
        SwVersion.Set(_software);
        if (heights.Any(h => Math.Abs(h - RideHeightNominal) > RideHeightTolerance)) Fail("RIDE_HEIGHT");
        if (Math.Abs(_thrust) > ThrustLimit) Fail("THRUST");
        if (_software != ReleasedSoftware) Fail(_softwareMismatch);
    }

    // The sensors of a step are calibrated one after the other; the step ends with the last.
    private void Calibrate(int step)
    {
        _step = step;
        _waiting.Clear();
        foreach (var sensor in _sensors)
        {
            if (sensor.Step == step && (_mask >> sensor.Number & 1) != 0) _waiting.Enqueue(sensor);
        }

        Iteration.Set(0);
        Iterate();
    }

    // A frozen step finishes the iteration it is in and goes on with the next after the thaw.
    private void Iterate() => InThisCycle(IterationSeconds, () =>
    {
        if (Cycle.Current != _step) return;
        if (Cycle.IsAtRest)
        {
            Iterate();
            return;
        }

        if (_waiting.TryPeek(out var sensor))
        {
            if (EcuTimesOut) GiveUpOn(sensor);
            else Correct(sensor);
        }

        if (_waiting.Count > 0 || Cycle.IsAtRest) Iterate();
        else Cycle.Finish();
    });

    private void Correct(SensorChannel sensor)
    {
        sensor.Alignment.Iterate(_angles);
        Iteration.Set(sensor.Alignment.Iterations);
        sensor.Show();
        if (!sensor.Alignment.IsDone) return;
        _waiting.Dequeue();
        if (sensor.Alignment.HasConverged)
        {
            _status |= 1u << sensor.Number;
            EcuStatus.Set(_status);
        }
        else Fail(_notConverged);
    }

    private void GiveUpOn(SensorChannel sensor)
    {
        _waiting.Dequeue();
        _status |= TimeoutBit;
        EcuStatus.Set(_status);
        Fail("ECU_TIMEOUT");
    }

    // The lidar's pitch against the axle geometry shows a floor that has moved; the sensors alone would follow it.
    private void CrossCheck()
    {
        var tilt = Math.Abs(_floor) + Math.Abs(_thrust) * 0.1;
        if (tilt > CrossCheckLimit) Fail("CROSS_CHECK");
    }

    private void Write()
    {
        var sound = !_faults.Chance(0.0005);
        RedundancyOk.Set(sound);
        if (sound) _status |= RedundancyBit;
        else Fail("REDUNDANCY");
        EcuStatus.Set(_status);
    }

    private void Verify() => DssadReady.Set(IsSoundSoFar);

    /// <inheritdoc/>
    protected override void OnJudge()
    {
        var angles = new double[_sensors.Length * 3];
        for (var i = 0; i < angles.Length; i++) angles[i] = _sensors[i / 3].Alignment.Errors[i % 3];
        FinalAngles.Set(angles);
        ResultSoftware.Set(_software);
        Checksum.Set(ChecksumOf(Part!.Id, _software, angles));
    }

    /// <inheritdoc/>
    protected override void ToRest()
    {
        _waiting.Clear();
        Iteration.Set(0);
    }

    private void SampleSlow()
    {
        _floor += FloorDrift / 3600;
        Lux.Set((600 + _light.Next()) * (1 - LampLoss));
        _luxLow.Evaluate(Lux.Value, Seconds);
    }

    // FNV-1a over the record as the vehicle keeps it: angles in ten-thousandths of a degree.
    private static uint ChecksumOf(string vin, string software, double[] angles)
    {
        var hash = 0x811C_9DC5u;
        foreach (var c in vin + software) hash = (hash ^ c) * 0x0100_0193u;
        foreach (var angle in angles) hash = (hash ^ unchecked((uint)(int)Math.Round(angle * 10_000))) * 0x0100_0193u;
        return hash;
    }
}
