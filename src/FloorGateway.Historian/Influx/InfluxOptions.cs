using FloorGateway.Historian.Influx.LineProtocol;

namespace FloorGateway.Historian.Influx;

/// <summary>Which of InfluxDB's write APIs the server is spoken to with.</summary>
public enum InfluxApi
{
    /// <summary><c>POST /write?db=</c>: InfluxDB 1.x, VictoriaMetrics.</summary>
    V1,

    /// <summary><c>POST /api/v2/write?org=&amp;bucket=</c>: InfluxDB 2.x, Cloud, 3.x (where the bucket is the database) and VictoriaMetrics.</summary>
    V2,

    /// <summary><c>POST /api/v3/write_lp?db=</c>: InfluxDB 3. Names the lines that it refuses, so that no good sample has to be sent twice.</summary>
    V3,
}

/// <summary>One InfluxDB feed.</summary>
public sealed record InfluxOptions
{
    /// <summary>The feed's name in the configuration.</summary>
    public string Name { get; init; } = "influxdb";

    /// <summary>Base URL, e.g. <c>https://influx.plant.example:8086</c>; a path in front of the API's own is kept.</summary>
    public required Uri Url { get; init; }

    public InfluxApi Api { get; init; } = InfluxApi.V2;

    /// <summary>v1 and v3: database. Required there.</summary>
    public string? Database { get; init; }

    /// <summary>v1: retention policy; null = the database's default.</summary>
    public string? RetentionPolicy { get; init; }

    /// <summary>v1: make the database when the server says that it does not exist.</summary>
    public bool CreateDatabase { get; init; }

    /// <summary>v1: user name for the Authorization header; null = none. Never put in the URL, where servers and proxies would log it.</summary>
    public string? Username { get; init; }

    /// <summary>v1: password.</summary>
    public string? Password { get; init; }

    /// <summary>v2: organization (name or id). Required there.</summary>
    public string? Org { get; init; }

    /// <summary>v2: bucket (name or id). Required there.</summary>
    public string? Bucket { get; init; }

    /// <summary>v2 and v3: API token; null = none.</summary>
    public string? Token { get; init; }

    /// <summary>v3: the server acknowledges before it has the samples on its disk. Faster, but a crash of the server then loses what the ledger counts as delivered.</summary>
    public bool NoSync { get; init; }

    /// <summary>v3: good lines are kept where others of the request are refused; off, the server keeps none of them and they are sent again.</summary>
    public bool AcceptPartial { get; init; } = true;

    /// <summary>How samples are written as line protocol.</summary>
    public LineProtocolOptions Lines { get; init; } = new();

    /// <summary>Compress request bodies: line protocol shrinks to a tenth.</summary>
    public bool Gzip { get; init; } = true;

    /// <summary>Samples in one delivery at most. 5,000 is what InfluxData recommends; bigger brings little and costs memory on both sides.</summary>
    public int MaxBatch { get; init; } = 5000;

    /// <summary>
    /// Samples of what waited through an outage that are sorted by series and acknowledged together. The more of a series comes at once, the less the server works for each
    /// point; 256 Ki are a packed block of the journal, 48 s of a plant, and some 60 MB here. 0 = between the live samples, unsorted, <see cref="MaxBatch"/> at a time.
    /// </summary>
    public int MaxBacklogBatch { get; init; } = 256 << 10;

    /// <summary>Requests under way at a time with what waited. Enough that the server never waits for the next; live samples have a connection of their own beside them.</summary>
    public int BacklogRequests { get; init; } = 3;

    /// <summary>Bytes of uncompressed line protocol in one request at most; a bigger delivery becomes several requests. Below v3's 10 MB limit.</summary>
    public int MaxBodyBytes { get; init; } = 4 * 1024 * 1024;

    /// <summary>From request to answer; after it the batch is retried.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>PEM file with the authorities that sign the server's certificate; null = the system's.</summary>
    public string? CaFile { get; init; }

    /// <summary>PEM file with the client certificate (and its key, unless <see cref="ClientKeyFile"/> is given); null = none.</summary>
    public string? ClientCertificateFile { get; init; }

    /// <summary>PEM file with the client certificate's key.</summary>
    public string? ClientKeyFile { get; init; }

    /// <summary>Go through the proxy of the environment. Off: a plant's historian is on the plant's network.</summary>
    public bool UseProxy { get; init; }

    /// <summary>Everything that keeps these options from working, in words; empty = fine.</summary>
    public IReadOnlyList<string> Validate()
    {
        var found = new List<string>();
        if (!Url.IsAbsoluteUri || Url.Scheme is not ("http" or "https"))
            found.Add($"{Name}: url '{Url}' must begin with http:// or https://");
        else if (Url.UserInfo.Length > 0 || Url.Query.Length > 0)
            found.Add($"{Name}: url must hold no login and no query; use username/password or token, database or org/bucket");
        if (Api != InfluxApi.V2 && string.IsNullOrEmpty(Database))
            found.Add($"{Name}: api {(Api == InfluxApi.V1 ? "v1" : "v3")} needs database");
        if (Api == InfluxApi.V2 && string.IsNullOrEmpty(Bucket))
            found.Add($"{Name}: api v2 needs bucket (for InfluxDB 3: the database)");
        if (Api != InfluxApi.V1 && CreateDatabase)
            found.Add($"{Name}: createDatabase works with api v1 only; make a bucket with the influx tool (InfluxDB 3 makes its databases itself)");
        if (Api != InfluxApi.V3 && (NoSync || !AcceptPartial))
            found.Add($"{Name}: noSync and acceptPartial belong to api v3");
        if (MaxBatch is < 1 or > 1_000_000)
            found.Add($"{Name}: maxBatch is {MaxBatch}; give 1 to 1000000");
        if (MaxBacklogBatch is < 0 or > 4_000_000)
            found.Add($"{Name}: maxBacklogBatch is {MaxBacklogBatch}; give 0 to 4000000");
        if (BacklogRequests is < 1 or > 16)
            found.Add($"{Name}: backlogRequests is {BacklogRequests}; give 1 to 16");
        if (MaxBodyBytes < 1024)
            found.Add($"{Name}: maxBodyBytes is {MaxBodyBytes}; give at least 1024");
        if (Timeout <= TimeSpan.Zero)
            found.Add($"{Name}: timeout must be above zero");
        foreach (var (key, file) in new[] { ("caFile", CaFile), ("clientCertificateFile", ClientCertificateFile), ("clientKeyFile", ClientKeyFile) })
        {
            if (file is not null && !File.Exists(file))
                found.Add($"{Name}: {key} '{file}' does not exist");
        }

        return found;
    }

    /// <summary>Insecure choices in these options, in words for the status page; empty = none.</summary>
    public IReadOnlyList<string> InsecureChoices =>
        Url.IsAbsoluteUri && Url.Scheme == "http" && !Url.IsLoopback ? [$"feed {Name} writes to {Url.Host} without TLS: {(Token ?? Password) switch { null => "values", _ => "values and the login" }} can be read on the network"] : [];
}
