using System.Text;

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

    /// <summary>Which times the server is asked for with each value.</summary>
    public TimestampsChoice Timestamps { get; init; } = TimestampsChoice.Both;

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

    /// <summary>How the server's texts are read that are not UTF-8, as the standard wants them; null = they are errors.</summary>
    public Encoding? TextEncoding { get; init; }

    /// <summary>Whether the units that the server names are compared with the configuration's.</summary>
    public bool CheckUnits { get; init; } = true;

    /// <summary>Whether structures become records by the server's type definitions.</summary>
    public bool DecodeStructures { get; init; } = true;

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

/// <summary>Which times come with each value.</summary>
public enum TimestampsChoice
{
    /// <summary>The server's stands in where it knows no source time.</summary>
    Both,

    /// <summary>A quarter less to send and to decrypt; where the server knows no source time, the time of arrival stands in.</summary>
    Source,
}
