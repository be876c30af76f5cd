using FloorGateway.Configuration;
using FloorGateway.Connectors.OpcUa;
using FloorGateway.Historian.Influx;
using FloorGateway.Historian.Sqlite;
using FloorGateway.Model.History;
using FloorGateway.Model.Status;
using FloorGateway.Model.Tags;
using FloorGateway.Model.Units;
using FloorGateway.Mqtt.Broker;
using FloorGateway.Pipeline;
using FloorGateway.Pipeline.Journal;
using Microsoft.Extensions.Logging;

namespace FloorGateway.Hosting;

/// <summary>One gateway, composed from its configuration: broker, journal, feeds, connectors. Started in that order and stopped in the opposite one.</summary>
internal sealed partial class GatewayRuntime : IGatewayStatus, IAsyncDisposable
{
    private const string Dimensionless = "C62";

    private readonly GatewayConfiguration configuration;
    private readonly TimeProvider time;
    private readonly ILoggerFactory loggers;
    private readonly ILogger logger;
    private readonly OpcUaIdentity identity;
    private readonly MqttBroker? broker;

    // Where trends are read from InfluxDB.
    private readonly InfluxHistory? influx;

    // Replaced, never changed: pages look at it while the gateway starts and stops.
    private OpcUaConnector[] connectors = [];

    private GatewayRuntime(GatewayConfiguration configuration, MqttBroker? broker, TimeProvider time, ILoggerFactory loggers)
    {
        (this.configuration, this.broker, this.time, this.loggers) = (configuration, broker, time, loggers);
        logger = loggers.CreateLogger<GatewayRuntime>();
        Started = time.GetUtcNow();
        identity = new OpcUaIdentity(configuration.Gateway.PkiFolder, loggers);
        Pipeline = GatewayPipeline.Open(
            new PipelineOptions
            {
                DataFolder = configuration.Gateway.DataFolder,
                Tags = [.. configuration.Tags.Select(tag => new PipelineTag(Definition(tag), tag.Normalisation) { IsClockOffset = tag.Node == ConfiguredTag.ClockOffsetNode })],
                Servers = [.. configuration.Servers.Select(s => s.Name)],
                TimeRules = configuration.Gateway.TimeRules,
                Journal = new JournalOptions
                {
                    Folder = Path.Combine(configuration.Gateway.DataFolder, "journal"),
                    SegmentBytes = configuration.Journal.SegmentSize,
                    KeepBytes = configuration.Journal.KeepSize,
                    MaxBytes = configuration.Journal.MaxSize,
                    KeepFor = configuration.Journal.MaxAge,
                    FlushInterval = configuration.Journal.Flush,
                    WhenFull = configuration.Journal.WhenFull == JournalFullChoice.Wait ? JournalFullPolicy.Wait : JournalFullPolicy.EvictOldest,
                },
            },
            time,
            loggers);
        foreach (var feed in configuration.Feeds)
        {
            var destination = FeedDestinations.Create(feed, configuration, Pipeline.Catalog, time, loggers);
            if (destination is SqliteHistory embedded)
                Embedded = embedded;
            Pipeline.AddFeed(destination, FeedDestinations.Options(feed));
        }

        if (configuration.Feeds.OfType<InfluxFeedSettings>().FirstOrDefault(f => f.Name == configuration.Gateway.Http.History) is { } server)
            influx = new InfluxHistory(Pipeline.Catalog, FeedDestinations.Influx(server));
    }

    public GatewayPipeline Pipeline { get; }

    /// <summary>The embedded history; null where the configuration turned it off.</summary>
    public SqliteHistory? Embedded { get; }

    /// <summary>The history that trends are read from; null where there is none.</summary>
    public IHistory? History => influx ?? (IHistory?)Embedded;

    public string GatewayId => configuration.Gateway.Id;

    public DateTimeOffset Started { get; }

    public IReadOnlyList<ConnectionStatus> Connections => [.. Volatile.Read(ref connectors).Select(c => c.Status).Select(s => s with { ClockOffset = Pipeline.ClockOffset(s.Server) })];

    public IReadOnlyList<GatewayCondition> Conditions => [.. Pipeline.Conditions.Concat(Volatile.Read(ref connectors).SelectMany(c => c.Conditions)).OrderBy(c => c.Priority)];

    public IReadOnlyList<string> InsecureChoices => configuration.InsecureChoices;

    /// <summary>Opens the data folder, starts the broker and makes all other parts; they begin with <see cref="StartAsync"/>.</summary>
    /// <exception cref="PortBusyException">The broker's port is taken.</exception>
    /// <exception cref="IOException">The data folder can't be used, or another gateway uses it.</exception>
    public static async Task<GatewayRuntime> OpenAsync(GatewayConfiguration configuration, TimeProvider time, ILoggerFactory loggers, CancellationToken cancel)
    {
        var broker = configuration.Broker is { } settings ? await EmbeddedBroker.StartAsync(settings, time, loggers, cancel) : null;
        try
        {
            return new GatewayRuntime(configuration, broker, time, loggers);
        }
        catch
        {
            if (broker is not null)
                await broker.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts everything. Destinations and servers that are down are no reason to fail: they are tried until they answer.</summary>
    public async Task StartAsync(CancellationToken cancel)
    {
        foreach (var choice in configuration.InsecureChoices)
            LogInsecure(choice.EndsWith("(stays on this machine)", StringComparison.Ordinal) ? LogLevel.Information : LogLevel.Warning, choice);
        await Pipeline.StartAsync(cancel);
        var tags = configuration.Tags.ToLookup(t => t.Server, StringComparer.Ordinal);
        foreach (var server in configuration.Servers)
        {
            var connector = new OpcUaConnector(
                ServerClients.Connector(server, tags[server.Name], Pipeline.Catalog, identity, GatewayId, configuration.Gateway.DataFolder), Pipeline, Pipeline.Catalog, time, loggers);
            Volatile.Write(ref connectors, [.. connectors, connector]);
        }
    }

    /// <summary>Stops reading from the servers. What was received is in the journal.</summary>
    /// <remarks>All at once: servers that no longer answer cost one timeout, not one each, which would use up the time that a service manager grants.</remarks>
    public Task DisconnectAsync() => Task.WhenAll(Interlocked.Exchange(ref connectors, []).Select(connector => connector.DisposeAsync().AsTask()));

    /// <summary>Stops cleanly: no more samples, the feeds drain, cursors and journal are closed.</summary>
    public async ValueTask DisposeAsync()
    {
        await DisconnectAsync();
        await Pipeline.StopAsync(CancellationToken.None);
        await Pipeline.DisposeAsync();
        influx?.Dispose();
        if (broker is not null)
            await broker.DisposeAsync();
        identity.Dispose();
    }

    private static TagDefinition Definition(ConfiguredTag tag) => new()
    {
        Id = -1,
        Path = tag.Path,
        Server = tag.Server,
        EquipmentType = tag.EquipmentType,
        UnitPath = tag.UnitPath,
        Signal = tag.Signal,
        Kind = tag.Kind,
        // C62 says that there is none, and nobody wants to read that.
        UnitCode = tag.UnitCode == Dimensionless ? null : tag.UnitCode,
        UnitSymbol = tag.UnitCode is null or Dimensionless ? null : UnitTable.TryFind(tag.UnitCode, out var unit) ? unit.Symbol : tag.UnitCode,
        Low = tag.Low,
        High = tag.High,
        Description = tag.Description,
        Safety = tag.Safety,
    };

    [LoggerMessage(EventId = 2000, Message = "Insecure by configuration: {Choice}")]
    private partial void LogInsecure(LogLevel level, string choice);
}
