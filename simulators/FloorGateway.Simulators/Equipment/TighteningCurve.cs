using FloorGateway.Simulators.Numerics;

namespace FloorGateway.Simulators.Equipment;

/// <summary>What can go wrong with a screw.</summary>
public enum JointFault
{
    None,

    /// <summary>The thread binds: more than 15 N·m before 360°.</summary>
    CrossThread,

    /// <summary>The thread gives way: torque falls before the target.</summary>
    Stripped,

    /// <summary>The joint slips once; the angle comes out too large.</summary>
    Slip,

    /// <summary>The screw was tight already: no run-down, total angle below 30°.</summary>
    ReHit,
}

/// <summary>
/// Torque over angle of one tightening at 1 ms: run-down of 900° at 300 r/min, then at 30 r/min seating over 10° up to
/// the snug torque (0.3 of target) and the elastic rise; above the yield torque the gradient falls by e each 25°.
/// </summary>
public sealed class TighteningCurve
{
    private const double RunDownAngle = 900, RunDownSpeed = 1800, TightenSpeed = 180, SeatAngle = 10, YieldLength = 25, GradientWindow = 5;
    private const double StepSeconds = 0.001;
    private readonly List<float> _torque = [], _angle = [];

    private TighteningCurve()
    {
    }

    /// <summary>Torque in N·m, one point a millisecond.</summary>
    public IReadOnlyList<float> Torque => _torque;

    /// <summary>Angle in degrees, one point a millisecond.</summary>
    public IReadOnlyList<float> Angle => _angle;

    /// <summary>Torque at shut-off, N·m.</summary>
    public double FinalTorque { get; private set; }

    /// <summary>Angle from the snug torque to shut-off, degrees; 0 when it was not reached.</summary>
    public double FinalAngle { get; private set; }

    /// <summary>Gradient of the elastic rise, N·m per degree.</summary>
    public double Gradient { get; private set; }

    /// <summary>Duration in seconds.</summary>
    public double Seconds => _torque.Count * StepSeconds;

    /// <summary>Draws one tightening.</summary>
    /// <param name="process">Target and strategy.</param>
    /// <param name="fault">What goes wrong.</param>
    /// <param name="random">Scatter of shut-off torque, angle and friction.</param>
    public static TighteningCurve Draw(TighteningProcess process, JointFault fault, RandomStream random)
    {
        var curve = new TighteningCurve();
        var snug = 0.3 * process.Target;
        var final = random.Normal(process.Target, 0.012 * process.Target);
        var rise = random.Normal(52.5, 3);
        var k = curve.Gradient = process.StopsAtYield ? 1.2 * random.Normal(1, 0.03) : (final - snug) / rise;
        if (fault == JointFault.CrossThread) curve.BindThread(random);
        else if (fault == JointFault.ReHit) curve.Rise(0, snug, final, 4 * k, process, fault, random);
        else
        {
            var seat = curve.RunDown(random.Normal(RunDownAngle, 8), random);
            curve.Rise(seat, snug, final, k, process, fault, random);
        }

        return curve;
    }

    private double RunDown(double until, RandomStream random)
    {
        var angle = 0.0;
        for (; angle < until; angle += RunDownSpeed * StepSeconds) Add(0.8 + random.Uniform(-0.2, 0.2), angle);
        return until;
    }

    private void BindThread(RandomStream random)
    {
        var start = random.Uniform(120, 240);
        RunDown(start, random);
        var torque = 0.8;
        for (var angle = start; torque <= 15; angle += TightenSpeed * StepSeconds)
        {
            torque += 0.15 * TightenSpeed * StepSeconds;
            Add(torque, angle);
        }

        FinalTorque = torque;
    }

    // From the seat on: snug ramp, elastic rise, and where the process goes that far, yield.
    private void Rise(double seat, double snug, double final, double k, TighteningProcess process, JointFault fault, RandomStream random)
    {
        const double step = TightenSpeed * StepSeconds;
        for (var a = 0.0; a < SeatAngle; a += step) Add(0.8 + (snug - 0.8) * a / SeatAngle, seat + a);
        var snugAngle = seat + SeatAngle;
        var breakTorque = process.Target * random.Uniform(0.5, 0.8);
        var (torque, offset, yieldAt, falling, flat) = (snug, 0.0, double.NaN, 0.0, 0.0);
        for (var a = 0.0; ; a += step)
        {
            var slope = k;
            if (torque >= process.YieldTorque)
            {
                if (double.IsNaN(yieldAt)) yieldAt = a;
                slope = k * DeterministicMath.Exp(-(a - yieldAt) / YieldLength);
            }

            if (fault == JointFault.Stripped && (torque >= breakTorque || falling > 0))
            {
                slope = -0.6;
                falling += step;
            }
            else if (fault == JointFault.Slip && torque >= breakTorque && offset < 24)
            {
                slope = -0.2;
                offset += step;
            }

            flat = slope < 0.5 * k && fault != JointFault.Slip ? flat + step : 0;
            var next = torque + slope * step;
            var atTarget = !process.StopsAtYield && next >= final;
            if (atTarget)
            {
                // Shut-off falls between two points of the grid.
                a += (final - torque) / slope;
                next = final;
            }

            torque = next;
            Add(torque, snugAngle + a + (atTarget ? 0 : step));
            if (!atTarget && falling < 8 && !(process.StopsAtYield && flat >= GradientWindow)) continue;
            FinalTorque = torque;
            FinalAngle = atTarget ? a : a + step;
            return;
        }
    }

    private void Add(double torque, double angle)
    {
        _torque.Add((float)torque);
        _angle.Add((float)angle);
    }
}

/// <summary>A joining process: what the controller tightens to and what it accepts.</summary>
/// <param name="Id">ProcessId.</param>
/// <param name="Target">Target torque, N·m.</param>
/// <param name="YieldTorque">Torque at which the joint begins to yield, N·m.</param>
/// <param name="StopsAtYield">Shuts off when the gradient stays below half over 5°; else at the target torque.</param>
public sealed record TighteningProcess(string Id, double Target, double YieldTorque, bool StopsAtYield)
{
    /// <summary>Accepted shut-off torque.</summary>
    public (double Low, double High) TorqueWindow => StopsAtYield ? (YieldTorque, 1.35 * YieldTorque) : (0.95 * Target, 1.05 * Target);

    /// <summary>Accepted angle from snug to shut-off, degrees.</summary>
    public (double Low, double High) AngleWindow => StopsAtYield ? (30, 100) : (40.5, 64.5);

    /// <summary>The controller's verdict.</summary>
    public bool Accepts(double torque, double angle) =>
        torque >= TorqueWindow.Low && torque <= TorqueWindow.High && angle >= AngleWindow.Low && angle <= AngleWindow.High;
}
