using FloorGateway.Simulators.Engine;
using FloorGateway.Simulators.Flow;
using FloorGateway.Simulators.Numerics;
using FloorGateway.Simulators.PackMl;

namespace FloorGateway.Simulators.Equipment;

/// <summary>Roll test: 0 to 120 km/h in 25 s, coasting, brakes, anti-lock pulses, reverse; 240 s a vehicle.</summary>
public sealed partial class RollTest : PassThroughStation
{
    private const double NominalCycle = 240, AccelerateSeconds = 30, CoastSeconds = 60, BrakeSeconds = 15, AbsSeconds = 10, ReverseSeconds = 25;
    private const double RampSeconds = 25, SpeedLag = 1.5, ReverseSpeed = 10, AbsSpeed = 15;

    // Vehicle and rollers weigh 1,900 kg together; the dynamic tyre radius is 0.30 m and there is a motor on each axle.
    private const double Inertia = 1900, TyreRadius = 0.30, MotorLimit = 400;

    private const double BrakeForce = 4000, BrakeRamp = 6, BrakeScatter = 0.03, ImbalanceLimit = 20, DragLimit = 120;
    private const double AbsHertz = 8, AbsPulseSeconds = 1.5, AbsForce = 3000, KmhPerMs = 3.6;

    private readonly RandomStream _brakes, _drag, _codes;
    private readonly Ar1Noise _steering, _pedalNoise;
    private readonly Sampler _fast, _medium;
    private readonly Pt1 _speed = new(SpeedLag, 0);
    private readonly double[] _force = new double[4], _share = new double[4], _peak = new double[4], _torque = new double[2];
    private readonly bool[] _pulse = new bool[4];
    private double _target, _lastAt, _stepAt, _topSpeed, _dragForce, _acceleration;
    private int _troubleCodes;

    /// <param name="code">RT01 to RT03.</param>
    /// <param name="context">Seed, clock and sink.</param>
    public RollTest(string code, UnitContext context)
        : base(code, $"LXE/JSH/EOL/L01/{code}", PartKind.Vehicle, ["STANDARD-120", "SHORT-60"], context)
    {
        _brakes = Stream("brakes");
        _drag = Stream("drag");
        _codes = Stream("codes");
        _steering = new(Stream("steering"), 0.9, 0.8);
        _pedalNoise = new(Stream("pedal"), 0.8, 0.5);
        Declare();
        Cycle
            .Add(1, () => 25, Centre)
            .Add(2, () => 15, () => Clamped.Set(true))
            .Add(3, () => AccelerateSeconds, Accelerate, interruptible: false)
            .Add(4, () => CoastSeconds, BeginStep, interruptible: false)
            .Add(5, () => BrakeSeconds, BeginStep, interruptible: false)
            .Add(6, () => AbsSeconds, TestAntiLock, interruptible: false)
            .Add(7, () => ReverseSeconds, Reverse, interruptible: false)
            .Add(8, () => Remainder(10), Release);
        _fast = Every(50, SampleFast);
        _medium = Every(100, SampleMedium);
    }

    /// <summary>How much less the front left brake gives, per cent; 0 when sound.</summary>
    public double WeakBrake { get; set; }

    /// <summary>The speed control overshoots by this share; 0 when sound.</summary>
    public double SpeedOvershoot { get; set; }

    /// <summary>The status word comes with its two bytes exchanged.</summary>
    public bool SwapsStatusBytes { get; set; }

    /// <inheritdoc/>
    public override string NamespaceUri => "http://jsev.example/UA/Vehicle/";

    /// <inheritdoc/>
    public override string DisplayName => "转毂 " + Code;

    private double TopSpeed => RecipeId.Value == "SHORT-60" ? 60 : 120;

    private void Centre()
    {
        Take(NominalCycle);
        _dragForce = Math.Max(40, _drag.Normal(70, 8));
        _troubleCodes = _codes.Chance(0.008) ? 1 + _codes.Index(3) : 0;
        _dtc.Set(false);
        DriverPresent.Set(true);
        (_topSpeed, _target) = (0, 0);
        Array.Clear(_peak);
        SetStatus();
    }

    private void Accelerate()
    {
        BeginStep();
        _speed.Reset(Seconds, 0);
        _fast.Start();
        _medium.Start();
    }

    private void BeginStep()
    {
        (_stepAt, _lastAt) = (Seconds, Seconds);
        if (Cycle.Current == 5) DrawBrakes();
        SetStatus();
    }

    // Left and right of an axle differ by N(0, 3 %) of the force.
    private void DrawBrakes()
    {
        for (var axle = 0; axle < 2; axle++)
        {
            var difference = _brakes.Normal(0, BrakeScatter);
            _share[2 * axle] = (1 + difference / 2) * (axle == 0 ? 1 - WeakBrake / 100 : 1);
            _share[2 * axle + 1] = 1 - difference / 2;
        }
    }

    // One wheel after the other; the pump lets the pressure off and on eight times a second.
    private void TestAntiLock()
    {
        BeginStep();
        _target = AbsSpeed;
        var halfPeriods = (int)(AbsPulseSeconds * AbsHertz * 2);
        for (var wheel = 0; wheel < 4; wheel++)
        {
            var (at, pulsing) = (1.5 + wheel * 2, wheel);
            for (var i = 0; i < halfPeriods; i++)
            {
                var on = i % 2 == 0;
                InThisCycle(at + i / (2 * AbsHertz), () => Pulse(pulsing, on));
            }
        }
    }

    private void Pulse(int wheel, bool on)
    {
        _pulse[wheel] = on;
        AbsPulse[wheel].Set(on);
    }

    private void Reverse()
    {
        BeginStep();
        _target = -ReverseSpeed;
    }

    private void Release()
    {
        BeginStep();
        ToStandstill();
        DragForce.Set(_dragForce);
        if (_dragForce > DragLimit) Fail("DRAG");
        BrakeImbalance.Set(ImbalanceOf(0));
        RearImbalance.Set(ImbalanceOf(2));
        DtcCount.Set((ushort)_troubleCodes);
        if (_troubleCodes > 0) Fail(_dtc);
        if (BrakeImbalance.Value > ImbalanceLimit) Fail(_imbalance);
    }

    private double ImbalanceOf(int left)
    {
        var larger = Math.Max(_peak[left], _peak[left + 1]);
        return larger > 0 ? 100 * Math.Abs(_peak[left] - _peak[left + 1]) / larger : 0;
    }

    /// <inheritdoc/>
    protected override void OnJudge()
    {
        Clamped.Set(false);
        DriverPresent.Set(false);
        ResultTopSpeed.Set(_topSpeed);
        ResultForces.Set(_peak);
        ResultCodes.Set([.. Enumerable.Range(0, _troubleCodes).Select(i => $"C1A{20 + i:D2}")]);
    }

    /// <inheritdoc/>
    protected override void ToRest()
    {
        ToStandstill();
        Clamped.Set(false);
        DriverPresent.Set(false);
    }

    private void ToStandstill()
    {
        _fast.Stop();
        _medium.Stop();
        _target = 0;
        _speed.Reset(Seconds, 0);
        Array.Clear(_force);
        Array.Clear(_torque);
        for (var wheel = 0; wheel < 4; wheel++) Pulse(wheel, false);
        Speed.Set(0);
        RollerForce.Set(_force);
        MotorTorque.Set(_torque);
        PedalPos.Set(0);
        SteerAngle.Set(0);
        _overspeed.Evaluate(0, Seconds);
        SetStatus();
    }

    private void SampleFast()
    {
        var step = Seconds - _lastAt;
        _lastAt = Seconds;
        Array.Clear(_force);
        switch (Cycle.Current)
        {
            case 3: _target = TopSpeed * Math.Min(1, (Seconds - _stepAt) / RampSeconds) * (1 + SpeedOvershoot); break;
            case 4: _target = Math.Max(0, _target - _dragForce / Inertia * KmhPerMs * step); break;
            case 5: Brake(step); break;
            case 6: BrakeInPulses(); break;
            default: break;
        }

        var before = _speed.Value;
        var speed = _speed.Advance(Seconds, _target);
        _acceleration = step > 0 ? (speed - before) / KmhPerMs / step : 0;
        _topSpeed = Math.Max(_topSpeed, speed);
        Speed.Set(speed);
        RollerForce.Set(_force);
        _overspeed.Evaluate(speed, Seconds);
    }

    // The brakes are applied slowly; what they take from vehicle and rollers together is the force over the inertia.
    private void Brake(double step)
    {
        if (_target <= 0) return;
        var applied = BrakeForce * Math.Min(1, (Seconds - _stepAt) / BrakeRamp);
        var sum = 0.0;
        for (var i = 0; i < 4; i++)
        {
            _force[i] = applied * _share[i];
            _peak[i] = Math.Max(_peak[i], _force[i]);
            sum += _force[i];
        }

        _target = Math.Max(0, _target - (sum + _dragForce) / Inertia * KmhPerMs * step);
    }

    private void BrakeInPulses()
    {
        for (var i = 0; i < 4; i++) _force[i] = _pulse[i] ? AbsForce * _share[i] : 0;
    }

    // The motors drive in steps 3 and 7; at the brakes and the anti-lock test the rollers do.
    private void SampleMedium()
    {
        var isDriven = Cycle.Current is 3 or 7;
        var torque = isDriven ? (Inertia * _acceleration + (_speed.Value < 0 ? -_dragForce : _dragForce)) * TyreRadius / 2 : 0;
        torque = Math.Clamp(torque, -MotorLimit, MotorLimit);
        (_torque[0], _torque[1]) = (torque, torque);
        MotorTorque.Set(_torque);
        PedalPos.Set(isDriven ? Math.Clamp(Math.Abs(torque) / MotorLimit * 100 + _pedalNoise.Next(), 0, 100) : 0);
        SteerAngle.Set(_steering.Next());
    }

    // Bits 0 to 3 step, 4 clamped, 8 driver present, 12 rollers driven, 13 test running.
    private void SetStatus()
    {
        var step = Cycle.Current;
        var word = (ushort)(step | (Clamped.Value ? 1 << 4 : 0) | (DriverPresent.Value ? 1 << 8 : 0) | (step is 5 or 6 ? 1 << 12 : 0) | (step is >= 3 and <= 7 ? 1 << 13 : 0));
        StatusWord.Set(SwapsStatusBytes ? (ushort)(word << 8 | word >> 8) : word);
    }
}
