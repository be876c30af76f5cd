namespace FloorGateway.OpcUa.Security;

/// <summary>What a <see cref="CertificateValidator"/> lets pass.</summary>
public sealed record CertificateRules
{
    /// <summary>
    /// Accepts peers nobody trusted. For tests and demonstrations only: it leaves encryption without knowing to whom.
    /// Every use is logged as a warning.
    /// </summary>
    public bool AutoAcceptUntrusted { get; init; }

    /// <summary>Whether a server's certificate must name the host that was dialled.</summary>
    public bool CheckHostName { get; init; } = true;

    /// <summary>
    /// Whether a certificate issued by a CA is refused when that CA's revocation list is missing or out of date. Off: it is noted in the log. A
    /// plant network without a way to its CA would otherwise stop on the day the list ends; certificates on a list are refused in any case.
    /// </summary>
    public bool RequireRevocationLists { get; init; }

    /// <summary>Difference between the plant's clocks that validity checks forgive.</summary>
    public TimeSpan ClockSkew { get; init; } = TimeSpan.FromMinutes(5);
}
