namespace FloorGateway.OpcUa.Server;

/// <summary>What guessing passwords costs (OPC 10000-7, "Security Administration"; the standard leaves the figures to the server).</summary>
public sealed record LoginLimits
{
    /// <summary>Failures of one user from one address until that pair is locked. A person mistypes twice; a script does not stop at five.</summary>
    public int MaxFailures { get; init; } = 5;

    /// <summary>How long such a pair stays locked, right password or not: five guesses a minute find nothing, and a person can wait.</summary>
    public TimeSpan LockTime { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Delay of the first refusal; it doubles with each one after that.</summary>
    public TimeSpan FirstDelay { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>Longest delay of a refusal; the channel that asked answers nothing else meanwhile.</summary>
    public TimeSpan MaxDelay { get; init; } = TimeSpan.FromSeconds(4);

    /// <summary>Failures are forgotten after this long without another.</summary>
    public TimeSpan ForgetAfter { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Pairs of user and address, and addresses, that are remembered: about 200 bytes each. The longest untouched give way.</summary>
    public int MaxEntries { get; init; } = 10_000;
}
