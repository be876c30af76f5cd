using FloorGateway.Simulators.Numerics;

namespace FloorGateway.Simulators.Equipment;

/// <summary>
/// A pack at the fast charger: what it asks for, and how voltage, state of charge and temperature follow the current. 720 A to 45 %, falling linearly to 500 A at 80 %
/// for the pack of 150 Ah (S120); currents in proportion for the one of 140 Ah (L110), so both take the same time.
/// </summary>
public sealed class FastChargeCurve
{
    private const double Cells = 216, ResistanceAt25 = 0.091, HeatCapacity = 550e3, Cooling = 25e3, TaperFrom = 0.45, TaperTo = 0.80, TaperCurrent = 500.0 / 720;

    private static readonly Curve Ocv = new(
        [0, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1],
        [2.75, 3.35, 3.45, 3.55, 3.61, 3.65, 3.70, 3.79, 3.90, 4.00, 4.10, 4.22]);

    private readonly double _capacity;

    /// <param name="model">S120 or L110.</param>
    /// <param name="soc">State of charge at the start, 0 to 1.</param>
    /// <param name="temperature">Pack temperature at the start, °C.</param>
    public FastChargeCurve(string model, double soc, double temperature)
    {
        _capacity = model == "L110" ? 140 : 150;
        MaxCurrent = 720 * _capacity / 150;
        Soc = soc;
        Temperature = temperature;
    }

    /// <summary>Largest current the pack takes, A.</summary>
    public double MaxCurrent { get; }

    /// <summary>State of charge, 0 to 1.</summary>
    public double Soc { get; private set; }

    /// <summary>Mean temperature, °C.</summary>
    public double Temperature { get; private set; }

    /// <summary>Voltage at the last step's current, V.</summary>
    public double Voltage { get; private set; }

    /// <summary>Energy charged, kWh.</summary>
    public double Energy { get; private set; }

    /// <summary>Largest power so far, kW.</summary>
    public double PeakPower { get; private set; }

    /// <summary>True when the request falls with the state of charge.</summary>
    public bool IsTapering => Soc >= TaperFrom;

    /// <summary>What the battery management asks for at the present state of charge, A.</summary>
    public double Demand => MaxCurrent * (1 - (1 - TaperCurrent) * Math.Clamp((Soc - TaperFrom) / (TaperTo - TaperFrom), 0, 1));

    /// <summary>A step at a current, A.</summary>
    /// <param name="current">Current during the step.</param>
    /// <param name="seconds">Length of the step.</param>
    /// <param name="coolantFlow">Share of the cooling that works.</param>
    public void Advance(double current, double seconds, double coolantFlow = 1)
    {
        var resistance = ResistanceAt25 * DeterministicMath.Exp(-0.01 * (Temperature - 25));
        Soc += current * seconds / 3600 / _capacity;
        Voltage = Cells * Ocv.At(Soc) + current * resistance;
        Energy += Voltage * current * seconds / 3.6e6;
        PeakPower = Math.Max(PeakPower, Voltage * current / 1000);
        // The cooling runs with the charge at its full power, also where a small current heats less than it takes.
        var heat = current * current * resistance - (current > 0 ? Cooling * coolantFlow : 0);
        Temperature += heat * seconds / HeatCapacity;
    }
}
