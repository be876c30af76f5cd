using FloorGateway.Model.Ports;
using FloorGateway.Pipeline.Feeds;
using Microsoft.Extensions.Logging;

namespace FloorGateway.Pipeline;

/// <summary>Feeds come and go, also while the pipeline runs.</summary>
public sealed partial class GatewayPipeline
{
    private readonly SemaphoreSlim changingFeeds = new(1, 1);

    // Replaced, never changed: the ledger and retention look at it at any moment.
    private volatile FeedRunner[] feeds = [];

    /// <summary>Adds a feed. Before <see cref="StartAsync"/> it begins with the pipeline, later at once; the destination is disposed with the feed.</summary>
    /// <exception cref="ArgumentException">There is a feed of that name.</exception>
    /// <exception cref="IOException">Its cursor can't be opened.</exception>
    public void AddFeed(IFeedDestination destination, FeedOptions feedOptions)
    {
        changingFeeds.Wait();
        try
        {
            var name = FeedRunner.FileNameOf(destination.Name);
            if (planned.Any(p => FeedRunner.FileNameOf(p.Destination.Name) == name) || feeds.Any(f => FeedRunner.FileNameOf(f.Name) == name))
                throw new ArgumentException($"there is a feed of the name {destination.Name} already; give each its own", nameof(destination));
            if (journal is null)
                planned.Add((destination, feedOptions));
            else if (!accepting)
                throw new InvalidOperationException("the pipeline has stopped");
            else
                StartFeed(destination, feedOptions).Start();
        }
        finally
        {
            changingFeeds.Release();
        }
    }

    /// <summary>
    /// Ends a feed at once. Its cursor stays: added again, it goes on where it was, with gap records for what the journal no longer holds. The journal waits no longer
    /// for it.
    /// </summary>
    /// <returns>False where there is no such feed.</returns>
    public async Task<bool> RemoveFeedAsync(string name)
    {
        await changingFeeds.WaitAsync();
        try
        {
            if (feeds.FirstOrDefault(f => f.Name == name) is not { } feed)
                return false;
            feeds = [.. feeds.Where(f => f != feed)];
            planned.RemoveAll(p => p.Destination.Name == name);
            await CloseAsync(name, feed);
            LogFeedRemoved(name);
            return true;
        }
        finally
        {
            changingFeeds.Release();
        }
    }

    /// <summary>Stops a feed's deliveries, or lets them go on. Its samples wait in the journal meanwhile.</summary>
    /// <returns>False where there is no such feed.</returns>
    public bool PauseFeed(string name, bool paused)
    {
        if (feeds.FirstOrDefault(f => f.Name == name) is not { } feed)
            return false;
        if (paused)
            feed.Pause();
        else
            feed.Resume();
        return true;
    }

    private FeedRunner StartFeed(IFeedDestination destination, FeedOptions feedOptions)
    {
        var folder = Path.Combine(options.DataFolder, "feeds");
        var feed = new FeedRunner(destination, feedOptions, folder, journal!, catalog, time, loggers.CreateLogger<FeedRunner>());
        feeds = [.. feeds, feed];
        return feed;
    }

    private long FirstSegmentNeeded()
    {
        var all = feeds;
        return all.Length == 0 ? long.MaxValue : all.Min(f => f.FirstSegmentNeeded);
    }

    [LoggerMessage(1547, LogLevel.Information, "Feed {Feed} has ended; its cursor stays for the day it is added again")]
    private partial void LogFeedRemoved(string feed);
}
