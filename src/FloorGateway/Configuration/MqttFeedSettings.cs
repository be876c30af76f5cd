namespace FloorGateway.Configuration;

/// <summary>A unified namespace: one JSON message per sample, topic = tag path.</summary>
public sealed record MqttFeedSettings : FeedSettings
{
    public override string Type => "mqtt";

    /// <summary><c>mqtt://host:port</c> or <c>mqtts://host:port</c>.</summary>
    public required Uri Url { get; init; }

    /// <summary>Null = none.</summary>
    public UserSettings? User { get; init; }

    /// <summary>Null = the gateway's id and the feed's name.</summary>
    public string? ClientId { get; init; }

    /// <summary>0, 1 or 2. At 0 the ledger counts what was handed to the socket, not what arrived.</summary>
    public int Qos { get; init; } = 1;

    /// <summary>The broker keeps the latest value for those who subscribe later.</summary>
    public bool Retain { get; init; } = true;

    /// <summary>5 or 3 (3.1.1).</summary>
    public int Version { get; init; } = 5;

    /// <summary>Put before every topic; empty = none.</summary>
    public string TopicPrefix { get; init; } = "";

    public TimeSpan KeepAlive { get; init; } = TimeSpan.FromSeconds(30);

    public FeedTlsSettings Tls { get; init; } = new();

    /// <summary>Written beside a connection without TLS, or without certificate check, to another machine.</summary>
    public bool AllowInsecure { get; init; }
}

/// <summary>TLS of an outgoing connection.</summary>
public sealed record FeedTlsSettings
{
    /// <summary>Absolute path of the PEM certificates to trust; null = those of the system.</summary>
    public string? CaFile { get; init; }

    /// <summary>Absolute path of the gateway's own PEM certificate; null = none.</summary>
    public string? CertificateFile { get; init; }

    /// <summary>Absolute path of its PEM private key.</summary>
    public string? KeyFile { get; init; }

    /// <summary>Takes any certificate.</summary>
    public bool AutoAccept { get; init; }

    public ConfigSource Source { get; init; } = ConfigSource.Defaults;
}
