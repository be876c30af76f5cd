using FloorGateway.Configuration.Loading;
using FloorGateway.Configuration.Yaml;

namespace FloorGateway.Configuration.Sections;

/// <summary>Reads one entry of <c>feeds</c>; <c>type</c> says which keys it may hold.</summary>
internal static class FeedSection
{
    private const int MaxBatch = 100_000;

    public static readonly Section Mqtt = new(
        "mqtt feed", "type", "enabled", "send", "url", "user", "clientId", "qos", "retain", "version", "topicPrefix", "keepAlive", "tls", "batch", "allowInsecure")
    { Instead = Section.NoInlineSecret("password") };

    public static readonly Section Influx = new(
        "influxdb feed", "type", "enabled", "send", "url", "version", "database", "retentionPolicy", "user", "organization", "bucket", "tokenEnv", "tokenFile", "gzip",
        "precision", "createDatabase", "arrays", "noSync", "acceptPartial", "timeout", "tls", "batch", "allowInsecure")
    { Instead = Section.NoInlineSecret("token", "password") };

    public static readonly Section History = new("history feed", "type", "enabled", "send", "retention", "maxSize", "batch");

    public static readonly Section Tls = new("feed.tls", "caFile", "certificateFile", "keyFile", "autoAccept");

    public static readonly Section InfluxTls = new("feed.tls", "caFile", "certificateFile", "keyFile");

    private static readonly Dictionary<string, Func<string, MapReader, LoadingContext, FeedSettings?>> Readers = new()
    {
        ["mqtt"] = ReadMqtt,
        ["influxdb"] = ReadInflux,
        ["history"] = ReadHistory,
    };

    private static readonly Dictionary<string, Section> Sections = new() { ["mqtt"] = Mqtt, ["influxdb"] = Influx, ["history"] = History };

    /// <summary>Null where the feed is turned off or its type is unknown (which is then an error).</summary>
    /// <param name="name">Name of the feed.</param>
    /// <param name="node">Its mapping.</param>
    /// <param name="context">Files and errors.</param>
    /// <param name="type">The type found, also for a feed that is turned off.</param>
    public static FeedSettings? Read(string name, ConfigNode node, LoadingContext context, out string? type)
    {
        var map = MapReader.AsMap(node, $"feed '{name}'", context.Errors);
        var found = map.Find("type");
        type = (found as ConfigScalar)?.Value ?? (name == "history" ? "history" : null);
        if (type is null)
        {
            context.Errors.Error(node.At, $"feed '{name}' has no type", $"add type: {string.Join(" | ", Readers.Keys)}");
            return null;
        }

        if (!Readers.TryGetValue(type, out var read))
        {
            context.Errors.Error(found!.At, $"unknown feed type '{type}'", Suggestion.Remedy(type, Readers.Keys));
            return null;
        }

        var reader = new MapReader(node, Sections[type], context.Errors);
        var feed = read(name, reader, context);
        return reader.Flag("enabled", true) && feed is not null ? SendSection.Read(feed, reader) : null;
    }

    private static MqttFeedSettings? ReadMqtt(string name, MapReader reader, LoadingContext context)
    {
        var url = Url(reader, "mqtt://127.0.0.1:1883", "mqtt", "mqtts");
        var standard = new MqttFeedSettings { Name = name, Url = null! };
        var feed = new MqttFeedSettings
        {
            Name = name,
            Url = url!,
            User = SecretSection.ReadUser(reader, context),
            ClientId = reader.Text("clientId"),
            Qos = reader.Whole("qos", standard.Qos, 0, 2),
            Retain = reader.Flag("retain", standard.Retain),
            Version = Version(reader, standard.Version, (3, "3.1.1"), (5, "5")),
            TopicPrefix = reader.Text("topicPrefix", ""),
            KeepAlive = reader.Duration("keepAlive", standard.KeepAlive, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(65535)),
            Tls = reader.Map("tls", Tls) is { } tls ? ReadTls(tls, context) with { AutoAccept = tls.Flag("autoAccept") } : standard.Tls,
            Batch = reader.Whole("batch", 4096, 1, MaxBatch),
            AllowInsecure = reader.Flag("allowInsecure"),
            Source = reader.Source,
        };
        return url is null ? null : feed;
    }

    private static InfluxFeedSettings? ReadInflux(string name, MapReader reader, LoadingContext context)
    {
        var url = Url(reader, "http://127.0.0.1:8086", "http", "https");
        var standard = new InfluxFeedSettings { Name = name, Url = null! };
        var feed = new InfluxFeedSettings
        {
            Name = name,
            Url = url!,
            Version = Version(reader, standard.Version, (1, "1"), (2, "2"), (3, "3")),
            Database = reader.Text("database"),
            RetentionPolicy = reader.Text("retentionPolicy"),
            User = SecretSection.ReadUser(reader, context),
            Organization = reader.Text("organization"),
            Bucket = reader.Text("bucket"),
            Token = SecretSection.Read(reader, "token", context),
            Gzip = reader.Flag("gzip", standard.Gzip),
            Precision = reader.Choice("precision", standard.Precision),
            CreateDatabase = reader.Flag("createDatabase"),
            Arrays = reader.Choice("arrays", standard.Arrays),
            NoSync = reader.Flag("noSync"),
            AcceptPartial = reader.Flag("acceptPartial", standard.AcceptPartial),
            Tls = reader.Map("tls", InfluxTls) is { } tls ? ReadTls(tls, context) : standard.Tls,
            Timeout = reader.Duration("timeout", standard.Timeout, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(10)),
            Batch = reader.Whole("batch", 5000, 1, MaxBatch),
            AllowInsecure = reader.Flag("allowInsecure"),
            Source = reader.Source,
        };
        return url is null ? null : feed;
    }

    private static HistoryFeedSettings ReadHistory(string name, MapReader reader, LoadingContext context) => new()
    {
        Name = name,
        Retention = reader.Duration("retention", TimeSpan.FromDays(30), TimeSpan.FromMinutes(1), TimeSpan.FromDays(3650)),
        MaxSize = reader.Node("maxSize") is null ? null : reader.Size("maxSize", 1L << 30, 16L << 20, 1L << 44),
        Batch = reader.Whole("batch", DefaultHistoryBatch, 1, MaxBatch),
        Source = reader.Source,
    };

    /// <summary>Rows of one SQLite transaction: enough that the commit's flush no longer dominates.</summary>
    public const int DefaultHistoryBatch = 10_000;

    private static FeedTlsSettings ReadTls(MapReader reader, LoadingContext context) => new()
    {
        CaFile = context.ExistingFile(reader, "caFile"),
        CertificateFile = context.ExistingFile(reader, "certificateFile"),
        KeyFile = context.ExistingFile(reader, "keyFile"),
        Source = reader.Source,
    };

    private static Uri? Url(MapReader reader, string example, params string[] schemes)
    {
        var written = reader.RequiredText("url", example);
        var url = written.Length == 0 ? null : UrlText.Parse(written, reader.Source["url"], example, reader.Errors, schemes);
        // .NET knows no standard port for these schemes and says -1.
        return url switch
        {
            { Port: -1, Scheme: "mqtt" } => new UriBuilder(url) { Port = 1883 }.Uri,
            { Port: -1, Scheme: "mqtts" } => new UriBuilder(url) { Port = 8883 }.Uri,
            _ => url,
        };
    }

    private static int Version(MapReader reader, int standard, params (int Number, string Written)[] known)
    {
        if (reader.Text("version") is not { } written)
            return standard;
        foreach (var (number, text) in known)
        {
            if (written == text || written == number.ToString(System.Globalization.CultureInfo.InvariantCulture))
                return number;
        }

        reader.Errors.Error(reader.Source["version"], $"version '{written}' is not spoken here", $"write one of: {string.Join(", ", known.Select(k => k.Written))}");
        return standard;
    }
}
