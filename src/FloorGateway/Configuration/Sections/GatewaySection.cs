using FloorGateway.Configuration.Loading;
using FloorGateway.Pipeline.Normalisation;

namespace FloorGateway.Configuration.Sections;

/// <summary>Reads <c>gateway</c> and <c>journal</c>.</summary>
internal static class GatewaySection
{
    public static readonly Section Gateway = new("gateway", "id", "data", "site", "pki", "clock", "http");
    public static readonly Section Clock = new("gateway.clock", "futureTolerance", "skewLimit", "skewDelay");
    public static readonly Section Http = new("gateway.http", "enabled", "bind", "port", "hosts", "history", "allowInsecure");
    public static readonly Section Journal = new("journal", "segmentSize", "maxSize", "keepSize", "maxAge", "flush", "whenFull");

    public static GatewaySettings Read(MapReader reader, LoadingContext context)
    {
        var file = reader.Source.At.File;
        var data = context.Files.Resolve(file, reader.Text("data", "data"));
        return new GatewaySettings
        {
            Id = reader.RequiredText("id", "edge-01"),
            DataFolder = data,
            Site = reader.Text("site", ""),
            PkiFolder = reader.Text("pki") is { } pki ? context.Files.Resolve(file, pki) : Path.Combine(data, "pki"),
            TimeRules = reader.Map("clock", Clock) is { } clock ? ReadClock(clock) : new TimeRules(),
            Http = reader.Map("http", Http) is { } http ? ReadHttp(http) : new HttpSettings { Source = reader.Source },
            Source = reader.Source,
        };
    }

    private static TimeRules ReadClock(MapReader reader)
    {
        var standard = new TimeRules();
        var hour = TimeSpan.FromHours(1);
        return new TimeRules
        {
            FutureTolerance = reader.Duration("futureTolerance", standard.FutureTolerance, TimeSpan.Zero, hour),
            SkewLimit = reader.Duration("skewLimit", standard.SkewLimit, TimeSpan.FromMilliseconds(100), hour),
            SkewDelay = reader.Duration("skewDelay", standard.SkewDelay, TimeSpan.Zero, hour),
        };
    }

    public static JournalSettings ReadJournal(MapReader reader)
    {
        var standard = new JournalSettings();
        var max = reader.Size("maxSize", standard.MaxSize, 8L << 20, 1L << 44);
        return new JournalSettings
        {
            SegmentSize = reader.Size("segmentSize", standard.SegmentSize, 1L << 20, 1L << 30),
            MaxSize = max,
            KeepSize = reader.Size("keepSize", max / 2, 1L << 20, 1L << 44),
            WhenFull = reader.Choice("whenFull", standard.WhenFull),
            MaxAge = reader.Duration("maxAge", standard.MaxAge, TimeSpan.FromMinutes(1), TimeSpan.FromDays(3650)),
            Flush = reader.Duration("flush", standard.Flush, TimeSpan.FromMilliseconds(1), TimeSpan.FromMinutes(1)),
            Source = reader.Source,
        };
    }

    private static HttpSettings ReadHttp(MapReader reader)
    {
        var standard = new HttpSettings();
        return new HttpSettings
        {
            Enabled = reader.Flag("enabled", standard.Enabled),
            Bind = reader.Text("bind", standard.Bind),
            Port = reader.Whole("port", standard.Port, 0, 65535),
            Hosts = [.. reader.Texts("hosts").Select(host => host.Value)],
            History = reader.Text("history"),
            AllowInsecure = reader.Flag("allowInsecure"),
            Source = reader.Source,
        };
    }
}
