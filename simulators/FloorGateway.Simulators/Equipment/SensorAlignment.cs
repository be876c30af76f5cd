using FloorGateway.Simulators.Numerics;

namespace FloorGateway.Simulators.Equipment;

/// <summary>The angles of one driver-assistance sensor while it is calibrated: each iteration leaves 35 % of the error and adds what the target's measurement adds.</summary>
public sealed class SensorAlignment
{
    /// <summary>Iterations after which a sensor is given up.</summary>
    public const int MaxIterations = 6;

    private const double Remaining = 0.35, MeasurementNoise = 0.01, StartSigma = 0.6;

    // A sensor on a bent bracket sits at its adjustment's end: it hardly follows.
    private const double RemainingWhenBent = 0.97, BentStart = 2.5;

    private readonly double _remaining;
    private readonly double[] _errors;

    private SensorAlignment(double[] errors, double limit, double remaining)
    {
        _errors = errors;
        Limit = limit;
        _remaining = remaining;
    }

    /// <summary>Permitted error of each angle, degrees: 0.05 for cameras, 0.10 for radars, 0.03 for the lidar.</summary>
    public double Limit { get; }

    /// <summary>Iterations done.</summary>
    public int Iterations { get; private set; }

    /// <summary>Yaw, pitch and roll error, degrees.</summary>
    public IReadOnlyList<double> Errors => _errors;

    /// <summary>True when every angle is within the limit.</summary>
    public bool HasConverged => Math.Abs(_errors[0]) < Limit && Math.Abs(_errors[1]) < Limit && Math.Abs(_errors[2]) < Limit;

    /// <summary>True when nothing more is done for it.</summary>
    public bool IsDone => HasConverged || Iterations >= MaxIterations;

    /// <summary>A sensor as it comes from the line.</summary>
    public static SensorAlignment Draw(double limit, RandomStream random, bool isBent = false)
    {
        ArgumentNullException.ThrowIfNull(random);
        double[] errors = [random.Normal(0, StartSigma), random.Normal(0, StartSigma), random.Normal(0, StartSigma)];
        if (isBent) errors[0] += BentStart;
        return new(errors, limit, isBent ? RemainingWhenBent : Remaining);
    }

    /// <summary>Measures and corrects once.</summary>
    public void Iterate(RandomStream random)
    {
        ArgumentNullException.ThrowIfNull(random);
        Iterations++;
        for (var i = 0; i < _errors.Length; i++) _errors[i] = _remaining * _errors[i] + random.Normal(0, MeasurementNoise);
    }
}
