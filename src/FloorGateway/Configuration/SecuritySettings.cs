namespace FloorGateway.Configuration;

/// <summary>OPC UA message security of one server.</summary>
public sealed record SecuritySettings
{
    public SecurityPolicyChoice Policy { get; init; } = SecurityPolicyChoice.Basic256Sha256;

    public SecurityModeChoice Mode { get; init; } = SecurityModeChoice.SignAndEncrypt;

    /// <summary>Trusts whatever certificate the server shows: for a first look at a machine, not for a plant.</summary>
    public bool AutoAccept { get; init; }

    /// <summary>Whether the server's certificate must name the host that is dialled.</summary>
    public bool CheckHostName { get; init; } = true;

    /// <summary>Refuses a certificate of a CA whose revocation list is missing or out of date; otherwise that is noted in the log.</summary>
    public bool RequireRevocationLists { get; init; }

    /// <summary>Written beside a policy that rests on SHA-1, for equipment that speaks nothing better.</summary>
    public bool AllowDeprecated { get; init; }

    /// <summary>True for a policy that rests on SHA-1.</summary>
    public bool IsDeprecated => Policy is SecurityPolicyChoice.Basic128Rsa15 or SecurityPolicyChoice.Basic256;

    public ConfigSource Source { get; init; } = ConfigSource.Defaults;
}

/// <summary>Security policies by their last URI part (OPC UA Part 7). The last two rest on SHA-1, are broken, and need <c>allowDeprecated</c>.</summary>
public enum SecurityPolicyChoice
{
    None,
    Basic256Sha256,
    Aes128_Sha256_RsaOaep,
    Aes256_Sha256_RsaPss,
    Basic128Rsa15,
    Basic256,
}

/// <summary>OPC UA Part 4, 7.20.</summary>
public enum SecurityModeChoice
{
    None,
    Sign,
    SignAndEncrypt,
}
