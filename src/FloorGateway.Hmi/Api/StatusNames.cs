namespace FloorGateway.Hmi.Api;

/// <summary>Names of the OPC UA status codes that operators meet (Part 6, annex A.2); the others are shown in hexadecimal.</summary>
internal static class StatusNames
{
    private static readonly Dictionary<uint, string> Names = new()
    {
        [0x0000] = "Good",
        [0x00A2] = "GoodEntryInserted",
        [0x00A3] = "GoodEntryReplaced",
        [0x0096] = "GoodLocalOverride",
        [0x00E0] = "GoodDependentValueChanged",
        [0x4000] = "Uncertain",
        [0x408F] = "UncertainNoCommunicationLastUsableValue",
        [0x4090] = "UncertainLastUsableValue",
        [0x4091] = "UncertainSubstituteValue",
        [0x4092] = "UncertainInitialValue",
        [0x4093] = "UncertainSensorNotAccurate",
        [0x4094] = "UncertainEngineeringUnitsExceeded",
        [0x4095] = "UncertainSubNormal",
        [0x8000] = "Bad",
        [0x8001] = "BadUnexpectedError",
        [0x8002] = "BadInternalError",
        [0x8005] = "BadCommunicationError",
        [0x8007] = "BadDecodingError",
        [0x800A] = "BadTimeout",
        [0x800B] = "BadServiceUnsupported",
        [0x800D] = "BadServerNotConnected",
        [0x801F] = "BadUserAccessDenied",
        [0x8031] = "BadNoCommunication",
        [0x8032] = "BadWaitingForInitialData",
        [0x8033] = "BadNodeIdInvalid",
        [0x8034] = "BadNodeIdUnknown",
        [0x803A] = "BadNotReadable",
        [0x803C] = "BadOutOfRange",
        [0x803E] = "BadNotFound",
        [0x8074] = "BadTypeMismatch",
        [0x8089] = "BadConfigurationError",
        [0x808A] = "BadNotConnected",
        [0x808B] = "BadDeviceFailure",
        [0x808C] = "BadSensorFailure",
        [0x808D] = "BadOutOfService",
        [0x809B] = "BadNoData",
        [0x80AE] = "BadConnectionClosed",
        [0x80B1] = "BadNoDataAvailable",
    };

    /// <summary>The name of a status code; its low 16 bits (limits, overflow) do not count.</summary>
    public static string Of(uint status) => Names.TryGetValue(status >> 16, out var name) ? name : $"0x{status:X8}";
}
