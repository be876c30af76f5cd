using FloorGateway.Pipeline.Normalisation;

namespace FloorGateway.Configuration;

/// <summary>The gateway itself.</summary>
public sealed record GatewaySettings
{
    /// <summary>Name of this gateway in topics, certificates and screens: letters, digits, '-', '_' and '.'.</summary>
    public string Id { get; init; } = "floorgateway";

    /// <summary>Absolute path of the folder for journal, history, certificates and dead letters.</summary>
    public string DataFolder { get; init; } = Path.GetFullPath("data");

    /// <summary>Path under which the gateway publishes its own state, e.g. <c>LXE/JSH</c>; empty = directly under its id.</summary>
    public string Site { get; init; } = "";

    /// <summary>Absolute path of the certificate store; see <c>README.md</c>, Certificates.</summary>
    public string PkiFolder { get; init; } = Path.GetFullPath("data/pki");

    /// <summary>When the times of values are believed.</summary>
    public TimeRules TimeRules { get; init; } = new();

    public HttpSettings Http { get; init; } = new();

    public ConfigSource Source { get; init; } = ConfigSource.Defaults;
}

/// <summary>Where the operators' pages are served.</summary>
public sealed record HttpSettings
{
    /// <summary>False: no pages at all.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>IP address to listen on.</summary>
    public string Bind { get; init; } = "127.0.0.1";

    /// <summary>TCP port; 0 = any free port.</summary>
    public int Port { get; init; } = 8080;

    /// <summary>
    /// Names that browsers may ask for beside this machine's own (localhost and the bind address): a page elsewhere whose name is made to
    /// point here (DNS rebinding) is not one of them. Needed where a proxy passes its own name on.
    /// </summary>
    public IReadOnlyList<string> Hosts { get; init; } = [];

    /// <summary>Name of the feed that trends are read from: the embedded history or an InfluxDB; null = the embedded history.</summary>
    public string? History { get; init; }

    /// <summary>Written beside a bind address that other machines can reach: the pages have no login yet.</summary>
    public bool AllowInsecure { get; init; }

    public ConfigSource Source { get; init; } = ConfigSource.Defaults;
}
