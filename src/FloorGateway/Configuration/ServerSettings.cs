namespace FloorGateway.Configuration;

/// <summary>One OPC UA server to read from.</summary>
public sealed record ServerSettings
{
    /// <summary>Its name in this configuration, in the ledger and in the logs.</summary>
    public required string Name { get; init; }

    /// <summary>Endpoint, <c>opc.tcp://host:port[/path]</c>.</summary>
    public required string Url { get; init; }

    public SecuritySettings Security { get; init; } = new();

    /// <summary>Null = anonymous, unless there is a <see cref="UserCertificate"/>.</summary>
    public UserSettings? User { get; init; }

    /// <summary>The user's certificate and its key, in place of name and password.</summary>
    public UserCertificateSettings? UserCertificate { get; init; }

    /// <summary>Who logs in, for tables and logs.</summary>
    public string Login => User?.Name ?? (UserCertificate is { } own ? Path.GetFileName(own.CertificateFile) : "anonymous");

    /// <summary>How often the server sends what has changed.</summary>
    public TimeSpan PublishingInterval { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>Standard of the tags that give none.</summary>
    public TimeSpan SamplingInterval { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>Standard of the tags that give none: values the server keeps per tag between two publishes.</summary>
    public int QueueSize { get; init; } = 10;

    /// <summary>How long the server keeps session and subscriptions of a gateway it no longer hears.</summary>
    public TimeSpan SessionTimeout { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>Longest silence of the server before the connection counts as broken.</summary>
    public TimeSpan KeepAlive { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Longest wait for the answer to one request.</summary>
    public TimeSpan RequestTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>First wait before a new attempt to connect; it doubles up to <see cref="ReconnectMax"/>.</summary>
    public TimeSpan ReconnectMin { get; init; } = TimeSpan.FromSeconds(1);

    public TimeSpan ReconnectMax { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Further endpoints with the same nodes: the gateway moves to one of them when this one fails or says that it does badly (ServiceLevel).</summary>
    public IReadOnlyList<string> Redundant { get; init; } = [];

    /// <summary>What the server can take beyond what it says itself.</summary>
    public ServerLimitSettings Limits { get; init; } = new();

    /// <summary>Written beside an insecure choice for a server on another machine.</summary>
    public bool AllowInsecure { get; init; }

    public ConfigSource Source { get; init; } = ConfigSource.Defaults;
}

/// <summary>Limits of a small server; 0 = only what the server itself says.</summary>
public sealed record ServerLimitSettings
{
    public int ItemsPerSubscription { get; init; } = 10_000;

    public int Subscriptions { get; init; }

    /// <summary>Monitored items created in one call.</summary>
    public int ItemsPerCall { get; init; }

    public int PublishRequests { get; init; }

    /// <summary>No tag is sampled faster.</summary>
    public TimeSpan Sampling { get; init; }
}

/// <summary>Absolute paths of a user's certificate (DER or PEM) and its RSA key (PEM without a password).</summary>
public sealed record UserCertificateSettings(string CertificateFile, string KeyFile);

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
