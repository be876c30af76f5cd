using System.Globalization;
using FloorGateway.OpcUa.Types;

namespace FloorGateway.Simulators.Faults;

/// <summary>The status codes of F4, by name or number.</summary>
internal static class FaultStatus
{
    public const uint NoCommunication = StatusCodes.BadNoCommunication;

    private static readonly Dictionary<string, uint> Names = new(StringComparer.OrdinalIgnoreCase)
    {
        ["bad"] = StatusCodes.Bad,
        ["uncertain"] = StatusCodes.Uncertain,
        ["BadSensorFailure"] = StatusCodes.BadSensorFailure,
        ["BadDeviceFailure"] = StatusCodes.BadDeviceFailure,
        ["BadNotConnected"] = StatusCodes.BadNotConnected,
        ["BadOutOfService"] = StatusCodes.BadOutOfService,
        ["BadNoCommunication"] = StatusCodes.BadNoCommunication,
        ["UncertainLastUsableValue"] = StatusCodes.UncertainLastUsableValue,
        ["UncertainSensorNotAccurate"] = StatusCodes.UncertainSensorNotAccurate,
        ["UncertainEngineeringUnitsExceeded"] = StatusCodes.UncertainEngineeringUnitsExceeded,
        ["UncertainSubNormal"] = StatusCodes.UncertainSubNormal,
    };

    /// <summary>The words that may be written.</summary>
    public static IReadOnlyList<string> Words { get; } = [.. Names.Keys];

    /// <summary>The code of a word, or of a number such as 0x808C0000 that is Bad or Uncertain; null for others.</summary>
    public static uint? Find(string text)
    {
        if (Names.TryGetValue(text, out var code)) return code;
        return text.StartsWith("0x", StringComparison.OrdinalIgnoreCase) && uint.TryParse(text.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out code) && code >> 30 != 0
            ? code
            : null;
    }
}
