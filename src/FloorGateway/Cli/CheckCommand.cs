using FloorGateway.Configuration;
using FloorGateway.Configuration.Loading;
using FloorGateway.Historian.Influx;
using Spectre.Console;

namespace FloorGateway.Cli;

/// <summary><c>floorgateway check</c>: all errors, or a short table of what the gateway would do.</summary>
public static class CheckCommand
{
    // A terminal narrower than this breaks the tables' lines; a pipe has no width at all.
    private const int TableWidth = 120;

    /// <summary>Errors go to <paramref name="error"/> and give <see cref="ExitCodes.BadConfiguration"/>.</summary>
    public static int Execute(CheckOptions options, TextWriter output, TextWriter error)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(error);
        var result = new ConfigurationLoader().Load(options.ConfigFile);
        Report(result, options.ConfigFile, error);
        if (!result.IsValid)
            return ExitCodes.BadConfiguration;
        Show(result.Configuration, output);
        return ExitCodes.Ok;
    }

    /// <summary>Prints every error and warning, and a last line with their number where there are errors.</summary>
    public static void Report(ConfigurationResult result, string file, TextWriter error)
    {
        ArgumentNullException.ThrowIfNull(result);
        ArgumentNullException.ThrowIfNull(error);
        foreach (var found in result.Errors.Concat(result.Warnings))
            error.WriteLine(found);
        if (!result.IsValid)
            error.WriteLine($"{file}: {Count(result.Errors.Count, "error")}; nothing was started");
    }

    private static void Show(GatewayConfiguration configuration, TextWriter output)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(output), Ansi = AnsiSupport.No, ColorSystem = ColorSystemSupport.NoColors });
        console.Profile.Width = TableWidth;
        var gateway = configuration.Gateway;
        output.WriteLine($"{gateway.Id}: {Count(configuration.Tags.Count, "tag")} of {Count(configuration.Units.Count, "unit")}; data in {gateway.DataFolder}");

        var servers = Table("server", "url", "security", "login", "units", "tags");
        foreach (var server in configuration.Servers)
        {
            servers.AddRow(
                Cells(
                    server.Name,
                    server.Url,
                    server.Security.Policy == SecurityPolicyChoice.None ? "none" : $"{server.Security.Policy} {server.Security.Mode}",
                    server.Login,
                    $"{configuration.Units.Count(u => u.Server == server.Name)}",
                    $"{configuration.Tags.Count(t => t.Server == server.Name)}"));
        }

        console.Write(servers);
        var feeds = Table("feed", "to", "how");
        foreach (var feed in configuration.Feeds)
            feeds.AddRow(Cells(feed.Name, Destination(feed, gateway), How(feed)));
        console.Write(feeds);
        ShowCardinality(configuration, output);
        if (gateway.Http.Enabled)
            output.WriteLine($"pages on http://{gateway.Http.Bind}:{Port(gateway.Http.Port)}");
        if (configuration.Broker is { } broker)
            output.WriteLine($"embedded broker on {(broker.Tls is null ? "mqtt" : "mqtts")}://{broker.Bind}:{Port(broker.Port)}");
        var journal = configuration.Journal;
        output.WriteLine($"journal keeps {Quantities.Format(journal.MaxAge)} or {Quantities.Format(journal.MaxSize)}, whichever comes first");
        foreach (var choice in configuration.InsecureChoices)
            output.WriteLine($"insecure: {choice}");
    }

    /// <summary>What an InfluxDB has to index: its memory goes with series, and version 3 has a limit of columns.</summary>
    private static void ShowCardinality(GatewayConfiguration configuration, TextWriter output)
    {
        var influx = configuration.Feeds.OfType<InfluxFeedSettings>().ToArray();
        if (influx.Length == 0)
            return;
        var cardinality = InfluxCardinality.Of(configuration.Tags.Select(t => (t.EquipmentType, t.UnitPath, t.Signal, t.Kind)));
        output.WriteLine($"InfluxDB: {cardinality}");
        foreach (var table in cardinality.Wide(influx.Any(f => f.Version == 3)))
            output.WriteLine($"InfluxDB: {table}");
    }

    private static string Count(int number, string what) => number == 1 ? $"1 {what}" : $"{number} {what}s";

    private static string Port(int port) => port == 0 ? "(any free port)" : $"{port}";

    private static string Destination(FeedSettings feed, GatewaySettings gateway) => feed switch
    {
        MqttFeedSettings mqtt => mqtt.Url.OriginalString,
        InfluxFeedSettings influx => influx.Url.OriginalString,
        _ => gateway.DataFolder,
    };

    private static string How(FeedSettings feed) => feed switch
    {
        MqttFeedSettings mqtt => $"MQTT {(mqtt.Version == 3 ? "3.1.1" : "5")}, qos {mqtt.Qos}{(mqtt.Retain ? ", retained" : "")}",
        InfluxFeedSettings { Version: 1 } influx => $"InfluxDB 1, database {influx.Database}",
        InfluxFeedSettings { Version: 2 } influx => $"InfluxDB 2, {influx.Organization}/{influx.Bucket}",
        InfluxFeedSettings influx => $"InfluxDB {influx.Version}, database {influx.Database}",
        HistoryFeedSettings history => $"embedded history, {Quantities.Format(history.Retention)}{(history.MaxSize is { } size ? $" or {Quantities.Format(size)}" : "")}",
        _ => feed.Type,
    };

    private static Table Table(params string[] columns)
    {
        var table = new Table { Border = TableBorder.Simple };
        foreach (var column in columns)
            table.AddColumn(column);
        return table;
    }

    private static string[] Cells(params string[] texts) => [.. texts.Select(Markup.Escape)];
}
