namespace FloorGateway.Simulators.Engine;

/// <summary>How a method call ended: an OPC UA status code (0 is Good) and, for a refusal, the reason in words.</summary>
public readonly record struct MethodOutcome(uint Status, string Reason)
{
    /// <summary>BadInvalidState: a precondition on state or mode is not met.</summary>
    public const uint BadInvalidState = 0x80AF_0000;

    /// <summary>BadOutOfRange: the value lies outside the permitted range.</summary>
    public const uint BadOutOfRange = 0x803C_0000;

    /// <summary>BadInvalidArgument: an argument names nothing known here.</summary>
    public const uint BadInvalidArgument = 0x80AB_0000;

    /// <summary>BadUserAccessDenied: the key at the machine does not allow remote commands.</summary>
    public const uint BadUserAccessDenied = 0x801F_0000;

    /// <summary>BadMethodInvalid: the unit has no such method.</summary>
    public const uint BadMethodInvalid = 0x8075_0000;

    /// <summary>The call was accepted.</summary>
    public static MethodOutcome Good { get; } = new(0, "");

    /// <summary>True when accepted.</summary>
    public bool IsGood => Status == 0;

    /// <summary>A refusal for the unit's state.</summary>
    public static MethodOutcome WrongState(string reason) => new(BadInvalidState, reason);
}
