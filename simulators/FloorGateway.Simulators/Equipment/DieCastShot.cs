using FloorGateway.Simulators.Numerics;

namespace FloorGateway.Simulators.Equipment;

/// <summary>
/// The plunger's movement and the metal pressure of one shot, as functions of the time since the plunger started:
/// speed rises from 0.05 to 0.35 m/s over the first 200 mm and stays there to 620 mm; then 400 m/s² up to the fast speed
/// until the cavity is full; then the pressure is intensified from 15 MPa with a lag of 12 ms and held 25 s.
/// </summary>
public sealed class DieCastShot
{
    private const double RampEndMm = 200, SlowEndMm = 620, StartSpeed = 0.05, SlowSpeed = 0.35, Acceleration = 400;
    private const double SlowPressure = 2, FillPressure = 15, IntensificationTau = 0.012, HoldSeconds = 25;

    // Speed is linear in time over the ramp, so 200 mm take 200 / mean(0.05, 0.35) = 1.0 s.
    private const double RampSeconds = RampEndMm / 1000 / ((StartSpeed + SlowSpeed) / 2);
    private const double SlowSeconds = RampSeconds + (SlowEndMm - RampEndMm) / 1000 / SlowSpeed;

    /// <param name="fastSpeed">Speed reached in the fast phase, m/s.</param>
    /// <param name="impactMm">Stroke at which the cavity is full, mm.</param>
    /// <param name="pressure">Pressure after intensification, MPa.</param>
    public DieCastShot(double fastSpeed, double impactMm, double pressure)
    {
        FastSpeed = fastSpeed;
        ImpactMm = impactMm;
        Pressure = pressure;
        _accelerationSeconds = (fastSpeed - SlowSpeed) / Acceleration;
        _accelerationMm = (SlowSpeed + fastSpeed) / 2 * _accelerationSeconds * 1000;
        ImpactSeconds = SlowSeconds + _accelerationSeconds + (impactMm - SlowEndMm - _accelerationMm) / 1000 / fastSpeed;
    }

    private readonly double _accelerationSeconds;
    private readonly double _accelerationMm;

    /// <summary>Speed in the fast phase, m/s.</summary>
    public double FastSpeed { get; }

    /// <summary>Stroke at which the cavity is full, mm.</summary>
    public double ImpactMm { get; }

    /// <summary>Pressure after intensification, MPa.</summary>
    public double Pressure { get; }

    /// <summary>From plunger start to the full cavity, s.</summary>
    public double ImpactSeconds { get; }

    /// <summary>From plunger start to the stroke of 250 mm at which the vacuum valve opens, s.</summary>
    public static double VacuumStartSeconds => RampSeconds + 0.050 / SlowSpeed;

    /// <summary>From plunger start to the start of the fast phase, s.</summary>
    public static double FastStartSeconds => SlowSeconds;

    /// <summary>Stroke in mm.</summary>
    public double Position(double t)
    {
        if (t <= 0) return 0;
        if (t < RampSeconds) return (StartSpeed * t + (SlowSpeed - StartSpeed) * t * t / (2 * RampSeconds)) * 1000;
        if (t < SlowSeconds) return RampEndMm + SlowSpeed * (t - RampSeconds) * 1000;
        var fast = t - SlowSeconds;
        if (fast < _accelerationSeconds) return SlowEndMm + (SlowSpeed * fast + Acceleration * fast * fast / 2) * 1000;
        return t < ImpactSeconds ? SlowEndMm + _accelerationMm + FastSpeed * (fast - _accelerationSeconds) * 1000 : ImpactMm;
    }

    /// <summary>Plunger speed in m/s.</summary>
    public double Velocity(double t)
    {
        if (t <= 0 || t >= ImpactSeconds) return 0;
        if (t < RampSeconds) return StartSpeed + (SlowSpeed - StartSpeed) * t / RampSeconds;
        return t < SlowSeconds ? SlowSpeed : Math.Min(FastSpeed, SlowSpeed + Acceleration * (t - SlowSeconds));
    }

    /// <summary>Metal pressure in MPa.</summary>
    public double MetalPressure(double t)
    {
        if (t <= 0 || t >= ImpactSeconds + HoldSeconds) return 0;
        if (t < SlowSeconds) return SlowPressure;
        return t < ImpactSeconds
            ? FillPressure
            : FillPressure + (Pressure - FillPressure) * (1 - DeterministicMath.Exp(-(t - ImpactSeconds) / IntensificationTau));
    }
}
