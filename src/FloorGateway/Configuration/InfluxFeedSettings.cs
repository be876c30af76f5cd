namespace FloorGateway.Configuration;

/// <summary>InfluxDB, or whatever takes its line protocol.</summary>
public sealed record InfluxFeedSettings : FeedSettings
{
    public override string Type => "influxdb";

    /// <summary>1 (/write), 2 (/api/v2/write) or 3 (/api/v3/write_lp).</summary>
    public int Version { get; init; } = 2;

    /// <summary>Base address, without path.</summary>
    public required Uri Url { get; init; }

    /// <summary>Versions 1 and 3.</summary>
    public string? Database { get; init; }

    /// <summary>Version 1; null = the database's own.</summary>
    public string? RetentionPolicy { get; init; }

    /// <summary>Version 1.</summary>
    public UserSettings? User { get; init; }

    /// <summary>Version 2.</summary>
    public string? Organization { get; init; }

    /// <summary>Version 2.</summary>
    public string? Bucket { get; init; }

    /// <summary>Null = none (version 1 without login).</summary>
    public Secret? Token { get; init; }

    public bool Gzip { get; init; } = true;

    /// <summary>Version 3: acknowledged before the server has it on its disk.</summary>
    public bool NoSync { get; init; }

    /// <summary>Version 3: good lines are kept where others of a request are refused.</summary>
    public bool AcceptPartial { get; init; } = true;

    public InfluxPrecisionChoice Precision { get; init; } = InfluxPrecisionChoice.Ns;

    /// <summary>Makes the database (version 1) at start where it is missing.</summary>
    public bool CreateDatabase { get; init; }

    public InfluxArraysChoice Arrays { get; init; } = InfluxArraysChoice.Elements;

    /// <summary>For https.</summary>
    public FeedTlsSettings Tls { get; init; } = new();

    /// <summary>Longest wait for the answer to one write.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Written beside plain HTTP to another machine.</summary>
    public bool AllowInsecure { get; init; }
}

/// <summary>Time stamps in a write; the gateway's own are 100 ns.</summary>
public enum InfluxPrecisionChoice
{
    Ns,
    Us,
    Ms,
    S,
}

/// <summary>How arrays and structures are written.</summary>
public enum InfluxArraysChoice
{
    /// <summary>One field an element: <c>Voltage[0]</c>.</summary>
    Elements,

    /// <summary>One string field with JSON.</summary>
    Json,
}
