using FloorGateway.Configuration.Loading;
using FloorGateway.Configuration.Sections;
using FloorGateway.Configuration.Validation;

namespace FloorGateway.Configuration;

/// <summary>Loads a configuration and reports everything that is wrong with it at once.</summary>
/// <param name="files">Where files come from.</param>
/// <param name="environment">Gives an environment variable's value, or null; secrets come from there.</param>
public sealed class ConfigurationLoader(IConfigurationFiles files, Func<string, string?> environment)
{
    private const string DefaultHistory = "history";

    /// <summary>Reads from the disk, with the process's environment.</summary>
    public ConfigurationLoader()
        : this(new DiskFiles(), Environment.GetEnvironmentVariable)
    {
    }

    /// <summary>Loads a file with all it includes. Never throws for what a file says.</summary>
    public ConfigurationResult Load(string path)
    {
        var errors = new Diagnostics();
        var context = new LoadingContext(files, environment, errors);
        var documents = new DocumentSet(path, context);
        var configuration = Read(documents, context, path);
        // Checks across sections make sense only of sections that could be read; each check copes with what is missing.
        foreach (var check in Checks.All)
            check(configuration, errors);
        configuration = configuration with { InsecureChoices = InsecureChoices.Check(configuration, errors) };
        return new ConfigurationResult(errors.HasErrors ? null : configuration, errors.Errors, errors.Warnings);
    }

    private static GatewayConfiguration Read(DocumentSet documents, LoadingContext context, string path)
    {
        var servers = new OrderedDictionary<string, ServerSettings>();
        foreach (var (name, node) in documents.Entries("servers"))
            servers[name.Value] = ServerSection.Read(name.Value, new MapReader(node, ServerSection.Server, context.Errors), context);
        var types = new EquipmentTypeTable(documents.Entries("equipmentTypes"), context.Errors);
        var tags = new List<ConfiguredTag>();
        var unitSection = new UnitSection(types, servers, context.Errors);
        var units = documents.Units.SelectMany(node => unitSection.ReadAll(node, tags)).ToList();
        return new GatewayConfiguration
        {
            Gateway = ReadGateway(documents, context, path),
            Broker = documents.Single("broker") is { } broker ? BrokerSection.Read(new MapReader(broker, BrokerSection.Broker, context.Errors), context) : null,
            Journal = documents.Single("journal") is { } journal ? GatewaySection.ReadJournal(new MapReader(journal, GatewaySection.Journal, context.Errors)) : new JournalSettings(),
            Servers = [.. servers.Values],
            EquipmentTypes = types.ToSettings(),
            Units = units,
            Tags = tags,
            Feeds = ReadFeeds(documents, context),
        };
    }

    private static GatewaySettings ReadGateway(DocumentSet documents, LoadingContext context, string path)
    {
        if (documents.Single("gateway") is { } node)
            return GatewaySection.Read(new MapReader(node, GatewaySection.Gateway, context.Errors), context);
        // A file that could not be read at all has said so already.
        if (!context.Errors.HasErrors)
            context.Errors.Error(new SourcePosition(path, 1, 1), "section 'gateway' is missing", "add gateway: {id: edge-01, data: ./data}");
        return new GatewaySettings();
    }

    private static List<FeedSettings> ReadFeeds(DocumentSet documents, LoadingContext context)
    {
        var feeds = new List<FeedSettings>();
        SourcePosition? history = null;
        foreach (var (name, node) in documents.Entries("feeds"))
        {
            var feed = FeedSection.Read(name.Value, node, context, out var type);
            if (feed is not null)
                feeds.Add(feed);
            if (type != "history")
                continue;
            if (history is { } first)
                context.Errors.Error(name.At, $"'{name.Value}' is a second embedded history", $"keep one; the first is at {first}");
            history ??= name.At;
        }

        if (history is null && feeds.FirstOrDefault(f => f.Name == DefaultHistory) is { } taken)
            context.Errors.Error(taken.Source.At, $"the name '{DefaultHistory}' is kept for the embedded history", "give this feed another name");
        else if (history is null)
            feeds.Add(new HistoryFeedSettings { Name = DefaultHistory, Batch = FeedSection.DefaultHistoryBatch, InOrder = true });
        return feeds;
    }
}
