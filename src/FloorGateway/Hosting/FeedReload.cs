using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using FloorGateway.Configuration;
using FloorGateway.Model.Ports;

namespace FloorGateway.Hosting;

/// <summary>
/// Feeds follow the configuration file while the gateway runs: when it is saved, feeds that were added, taken out, paused or changed are so a moment later. Everything
/// else is read at the start only.
/// </summary>
internal sealed partial class FeedReload(string file, GatewayRuntime runtime, GatewayConfiguration configuration, TimeProvider time, ILoggerFactory loggers) : IAsyncDisposable
{
    // A person saves a file and looks; and looking at a file's time costs nothing.
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    // Two settings are the same where everything but their place in the file is.
    private static readonly JsonSerializerOptions WithoutPlaces = new() { TypeInfoResolver = new DefaultJsonTypeInfoResolver { Modifiers = { LeaveOutPlaces } } };

    private readonly ILogger logger = loggers.CreateLogger<FeedReload>();
    private readonly CancellationTokenSource stopping = new();
    private IReadOnlyList<FeedSettings> running = configuration.Feeds;
    private Task loop = Task.CompletedTask;

    /// <summary>Begins to watch.</summary>
    public void Start() => loop = Task.Run(RunAsync);

    /// <summary>Reads the file and changes the feeds; a file with errors changes nothing.</summary>
    public async Task ReloadAsync()
    {
        var loaded = new ConfigurationLoader().Load(file);
        if (!loaded.IsValid)
        {
            LogRefused(file, string.Join("; ", loaded.Errors));
            return;
        }

        var wanted = loaded.Configuration.Feeds;
        var kept = new List<FeedSettings>();
        foreach (var old in running)
        {
            var now = wanted.FirstOrDefault(f => f.Name == old.Name);
            var isSame = now is not null && TextOf(now) == TextOf(old);
            if (!isSame && now is not null && TextOf(now with { Paused = old.Paused }) == TextOf(old))
            {
                // Paused or resumed, and nothing else.
                runtime.Pipeline.PauseFeed(old.Name, now.Paused);
                LogChanged(old.Name, now.Paused ? "paused" : "resumed");
                kept.Add(now);
                continue;
            }

            if (!isSame && old is not HistoryFeedSettings && now is not HistoryFeedSettings)
            {
                await runtime.Pipeline.RemoveFeedAsync(old.Name);
                continue;
            }

            if (!isSame)
                LogNeedsRestart(old.Name);
            kept.Add(old);
        }

        foreach (var added in wanted.Where(f => kept.All(k => k.Name != f.Name)))
        {
            if (added is HistoryFeedSettings)
            {
                LogNeedsRestart(added.Name);
                continue;
            }

            IFeedDestination? destination = null;
            try
            {
                destination = FeedDestinations.Create(added, loaded.Configuration, runtime.Pipeline.Catalog, time, loggers);
                runtime.Pipeline.AddFeed(destination, FeedDestinations.Options(added));
                kept.Add(added);
                LogChanged(added.Name, running.Any(f => f.Name == added.Name) ? "begun again with its new settings" : "added");
            }
            catch (Exception e) when (e is IOException or ArgumentException or InvalidOperationException or UnauthorizedAccessException)
            {
                LogNotAdded(added.Name, e.Message);
                if (destination is not null)
                    await destination.DisposeAsync();
            }
        }

        running = kept;
    }

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        await loop;
        stopping.Dispose();
    }

    private async Task RunAsync()
    {
        using var timer = new PeriodicTimer(Interval, time);
        var seen = Stamp();
        try
        {
            while (await timer.WaitForNextTickAsync(stopping.Token))
            {
                if (Stamp() is var now && now == seen)
                    continue;
                seen = now;
                try
                {
                    await ReloadAsync();
                }
                catch (Exception e) when (!stopping.IsCancellationRequested)
                {
                    LogRefused(file, e.Message);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // Asked to stop.
        }
    }

    private (DateTime Written, long Length) Stamp()
    {
        var info = new FileInfo(file);
        return info.Exists ? (info.LastWriteTimeUtc, info.Length) : default;
    }

    // In memory only: secrets are among it.
    private static string TextOf(FeedSettings feed) => JsonSerializer.Serialize(feed, feed.GetType(), WithoutPlaces);

    private static void LeaveOutPlaces(JsonTypeInfo type)
    {
        for (var i = type.Properties.Count - 1; i >= 0; i--)
        {
            if (type.Properties[i].PropertyType == typeof(ConfigSource))
                type.Properties.RemoveAt(i);
        }
    }

    [LoggerMessage(2030, LogLevel.Information, "Feed {Feed} is {What}, as the configuration says now")]
    private partial void LogChanged(string feed, string what);

    [LoggerMessage(2031, LogLevel.Error, "{File} was changed and can't be used, so the feeds stay as they are: {Errors}")]
    private partial void LogRefused(string file, string errors);

    [LoggerMessage(2032, LogLevel.Warning, "Feed {Feed} is the embedded history: what was changed about it needs a restart")]
    private partial void LogNeedsRestart(string feed);

    [LoggerMessage(2033, LogLevel.Error, "Feed {Feed} could not be added: {Message}. Tried again when the configuration is saved the next time")]
    private partial void LogNotAdded(string feed, string message);
}
