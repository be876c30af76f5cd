using FloorGateway.Simulators.Engine;
using FloorGateway.Simulators.Numerics;

namespace FloorGateway.Simulators.Equipment;

/// <summary>
/// Pressure-decay leak test of one volume: filled, left to settle while the gas takes the wall's temperature, then measured. What leaks out lowers the pressure by Q/V;
/// what the gas warms or cools changes it in proportion, less what a reference volume cancels.
/// </summary>
internal sealed class LeakCircuit
{
    private const double FillTau = 3, SettleTau = 15;

    // cm³/min at standard pressure as Pa·m³/s.
    private const double PerMinute = 101_325.0 / 60e6;

    private readonly LeakTest _test;
    private readonly List<float> _curve = [];
    private double _leak, _pressure, _startPressure;

    public LeakCircuit(LeakTest test) => _test = test;

    /// <summary>What the last measurement showed, cm³/min; 0 before the first.</summary>
    public double MeasuredLeak { get; private set; }

    public double Limit => _test.Limit;

    /// <summary>True when the gas does not reach the volume: then nothing settles and nothing leaks.</summary>
    public bool HoseIsBlocked { get; set; }

    /// <summary>Pressure through the last settling and measurement, one point a second.</summary>
    public float[] Curve => [.. _curve];

    public double Pressure => _pressure;

    /// <summary>A volume with this leak, cm³/min.</summary>
    public void Begin(double leak)
    {
        _leak = leak;
        _pressure = 0;
        _curve.Clear();
    }

    /// <summary>Pressure after so many seconds of filling.</summary>
    public void Fill(double seconds) => _pressure = _test.Pressure * (1 - DeterministicMath.Exp(-seconds / FillTau));

    /// <summary>Pressure after so many seconds of settling and measuring.</summary>
    /// <param name="seconds">Since the valve closed.</param>
    /// <param name="thermal">What temperature adds to the pressure, Pa.</param>
    /// <param name="noise">Noise of the gauge, Pa.</param>
    public void Hold(double seconds, double thermal, double noise)
    {
        _pressure = HoseIsBlocked
            ? _test.Pressure
            : _test.Pressure - _leak * PerMinute / _test.Volume * seconds + _test.Settling * DeterministicMath.Exp(-seconds / SettleTau) + thermal + noise;
    }

    /// <summary>Keeps a point of the curve.</summary>
    public void Keep() => _curve.Add((float)_pressure);

    /// <summary>The measurement begins.</summary>
    public void Mark() => _startPressure = _pressure;

    /// <summary>The measurement ends: the drop less the settling that is known, as a leak. A gauge does not show less than none.</summary>
    public void Evaluate()
    {
        var settled = HoseIsBlocked ? 0 : _test.Settling * (DeterministicMath.Exp(-_test.SettleSeconds / SettleTau) - DeterministicMath.Exp(-(_test.SettleSeconds + _test.MeasureSeconds) / SettleTau));
        var drop = _startPressure - _pressure - settled;
        MeasuredLeak = Math.Max(0, drop / _test.MeasureSeconds * _test.Volume / PerMinute);
    }

    public void Vent() => _pressure = 0;
}

/// <summary>What a leak test is made of.</summary>
/// <param name="Volume">m³.</param>
/// <param name="Pressure">Over atmosphere, Pa.</param>
/// <param name="Limit">Permitted leak, cm³/min.</param>
/// <param name="Settling">Pressure that is lost while the gas takes the wall's temperature, Pa.</param>
/// <param name="FillSeconds">Length of the filling.</param>
/// <param name="SettleSeconds">Length of the settling.</param>
/// <param name="MeasureSeconds">Length of the measurement.</param>
internal sealed record LeakTest(double Volume, double Pressure, double Limit, double Settling, double FillSeconds, double SettleSeconds, double MeasureSeconds);
