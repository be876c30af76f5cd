namespace FloorGateway.Simulators.Equipment;

/// <summary>Names of the measured properties that a cell carries from station to station.</summary>
public static class CellProperties
{
    /// <summary>Capacity of the discharge in formation, A·h; NaN for a cell that was not formed.</summary>
    public const string Capacity = "Capacity";

    /// <summary>Open-circuit voltage, V; at the end of formation, then as last measured.</summary>
    public const string Ocv = "Ocv";

    /// <summary>Deviation of the ohmic resistance from the mean in standard deviations; a property of the cell, which no station measures as such.</summary>
    public const string Ohmic = "Ohmic";

    /// <summary>Resistance at 1 kHz, mΩ.</summary>
    public const string Acir = "Acir";

    /// <summary>1 for a cell with a micro-short; what the cell is, not what was measured.</summary>
    public const string MicroShort = "MicroShort";

    /// <summary>Self-discharge of the cell, mV/h; what the cell is, not what was measured.</summary>
    public const string SelfDischarge = "SelfDischarge";

    /// <summary>Voltage measured before cold ageing, V.</summary>
    public const string FirstOcv = "FirstOcv";

    /// <summary>Hours between the two voltage measurements.</summary>
    public const string HoursBetween = "HoursBetween";

    /// <summary>1 A, 2 B, 3 C, 4 reject.</summary>
    public const string Grade = "Grade";
}
