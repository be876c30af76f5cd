using FloorGateway.Simulators.Numerics;

namespace FloorGateway.Simulators.Equipment;

/// <summary>
/// The 36 cells of a tray: open-circuit voltage over state of charge, an effective resistance of 2 mΩ that scatters with
/// the ohmic one, self-heating, and a first charge of which 88 % stays. Stepped in equal steps.
/// </summary>
public sealed class FormationCells
{
    /// <summary>Channels of a tray.</summary>
    public const int Count = 36;

    private const double EffectiveResistance = 0.002, HeatCapacity = 1000, HeatLoss = 0.25, ResistanceSigmaLog = 0.04;

    private readonly double[] _soc = new double[Count], _capacity = new double[Count], _resistance = new double[Count], _leak = new double[Count];
    private readonly double[] _stored = new double[Count], _temperature = new double[Count], _current = new double[Count], _held = new double[Count];
    private readonly double[] _charged = new double[Count], _discharged = new double[Count];
    private bool _firstCharge = true;

    /// <summary>Open-circuit voltage over state of charge.</summary>
    public static Curve OpenCircuitVoltage { get; } = new(
        [0, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1],
        [2.75, 3.35, 3.45, 3.55, 3.61, 3.65, 3.70, 3.79, 3.90, 4.00, 4.10, 4.22]);

    /// <summary>Draws the cells of a tray, not yet charged.</summary>
    public FormationCells(FormationProgram program, double temperature, RandomStream random)
    {
        for (var i = 0; i < Count; i++)
        {
            _capacity[i] = random.Normal(program.Capacity.Mean, program.Capacity.Sigma);
            // Ohmic 0.80 mΩ with 4 % scatter; the effective 2 mΩ scale with it.
            _resistance[i] = EffectiveResistance * random.LogNormal(1, ResistanceSigmaLog);
            _temperature[i] = temperature;
            _held[i] = double.NaN;
            if (random.Chance(0.005)) _capacity[i] *= 0.96;
            if (random.Chance(0.002))
            {
                MicroShort[i] = true;
                _leak[i] = 0.05;
            }

            OtherReject[i] = random.Chance(program.OtherRejects);
        }
    }

    /// <summary>Cells that discharge themselves.</summary>
    public bool[] MicroShort { get; } = new bool[Count];

    /// <summary>Cells that other inspection will reject.</summary>
    public bool[] OtherReject { get; } = new bool[Count];

    /// <summary>True capacity of a cell, A·h.</summary>
    public double Capacity(int i) => _capacity[i];

    /// <summary>State of charge, 0 to 1.</summary>
    public double Soc(int i) => _soc[i];

    /// <summary>Charge put in during the first charge, A·h.</summary>
    public double Charged(int i) => _charged[i];

    /// <summary>Charge taken out, A·h.</summary>
    public double Discharged(int i) => _discharged[i];

    /// <summary>Charge stored, A·h (the Capacity signal).</summary>
    public double Stored(int i) => _stored[i];

    /// <summary>Cell temperature, °C.</summary>
    public double Temperature(int i) => _temperature[i];

    /// <summary>Channel current, A; positive charges.</summary>
    public double Current(int i) => _current[i];

    /// <summary>Terminal resistance, mΩ.</summary>
    public double Resistance(int i) => _resistance[i] * 1000;

    /// <summary>Terminal voltage at the channel's current, or the voltage the channel holds.</summary>
    public double Voltage(int i) => double.IsNaN(_held[i]) ? VoltageAt(i, _current[i]) : _held[i];

    /// <summary>Terminal voltage the cell would have at a current.</summary>
    public double VoltageAt(int i, double current) => OpenCircuitVoltage.At(_soc[i]) + current * _resistance[i];

    /// <summary>Deviation of a cell's ohmic resistance from the mean, in standard deviations.</summary>
    public double ResistanceDeviation(int i) => DeterministicMath.Log(_resistance[i] / EffectiveResistance) / ResistanceSigmaLog;

    /// <summary>Sets a channel's current; with <paramref name="heldVoltage"/> the channel regulates the voltage.</summary>
    public void Drive(int i, double current, double heldVoltage = double.NaN)
    {
        _current[i] = current;
        _held[i] = heldVoltage;
        // From the first discharge on nothing is lost any more.
        if (current < 0) _firstCharge = false;
    }

    /// <summary>Adds heat of a reaction inside a cell.</summary>
    public void Warm(int i, double kelvin) => _temperature[i] += kelvin;

    /// <summary>Lets the present currents flow for a while.</summary>
    public void Step(double seconds, double ambient)
    {
        var decay = DeterministicMath.Exp(-seconds * HeatLoss / HeatCapacity);
        for (var i = 0; i < Count; i++)
        {
            var current = _current[i];
            var ampereHours = current * seconds / 3600;
            var kept = current > 0 && _firstCharge ? ampereHours * FormationProgram.FirstChargeEfficiency : ampereHours;
            _soc[i] = Math.Clamp(_soc[i] + (kept - _leak[i] * seconds / 3600) / _capacity[i], 0, 1);
            _stored[i] += kept;
            if (current < 0) _discharged[i] -= ampereHours;
            else if (_firstCharge) _charged[i] += ampereHours;
            var target = ambient + current * current * _resistance[i] / HeatLoss;
            _temperature[i] = target + (_temperature[i] - target) * decay;
        }
    }
}
