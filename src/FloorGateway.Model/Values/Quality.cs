namespace FloorGateway.Model.Values;

/// <summary>The three words of quality every consumer knows.</summary>
public enum Quality : byte
{
    Good = 0,
    Uncertain = 1,
    Bad = 2,
}

/// <summary>Reads quality from an OPC UA status code (Part 4, 7.39: severity is the top two bits). The gateway keeps the code and maps it only at its edges.</summary>
public static class StatusQuality
{
    public const uint Good = 0;

    /// <summary>Uncertain without a nearer reason.</summary>
    public const uint Uncertain = 0x40000000;

    /// <summary>UncertainEngineeringUnitsExceeded: over- or under-range.</summary>
    public const uint UncertainEngineeringUnitsExceeded = 0x40940000;

    public const uint UncertainLastUsableValue = 0x40900000;

    /// <summary>BadSensorFailure: the raw value says that the sensor is broken.</summary>
    public const uint BadSensorFailure = 0x808C0000;

    /// <summary>BadDecodingError: the raw value could not be understood as the configuration says.</summary>
    public const uint BadDecodingError = 0x80070000;

    public const uint BadOutOfRange = 0x803C0000;

    public const uint BadNoCommunication = 0x80310000;

    /// <summary>00 = Good, 01 = Uncertain, anything else = Bad.</summary>
    public static Quality Of(uint status) => (status >> 30) switch
    {
        0 => Quality.Good,
        1 => Quality.Uncertain,
        _ => Quality.Bad,
    };

    public static bool IsGood(uint status) => status >> 30 == 0;

    public static bool IsBad(uint status) => status >> 31 != 0;
}
