using System.Collections.Frozen;
using System.Runtime.CompilerServices;
using FloorGateway.Model.Gaps;
using FloorGateway.Model.Ledger;
using FloorGateway.Model.Ports;
using FloorGateway.Model.Samples;
using FloorGateway.Model.Status;
using FloorGateway.Model.Tags;
using FloorGateway.Pipeline.Conditions;
using FloorGateway.Pipeline.Feeds;
using FloorGateway.Pipeline.Journal;
using FloorGateway.Pipeline.Ledger;
using FloorGateway.Pipeline.Normalisation;
using FloorGateway.Pipeline.Tags;
using Microsoft.Extensions.Logging;

namespace FloorGateway.Pipeline;

/// <summary>
/// From raw samples to acknowledged deliveries: catalog, normalisation, journal, live tags, feeds and ledger put together. Open it, add the feeds (their destinations
/// can use the catalog), start it, give it to the connectors; stop the connectors before it.
/// </summary>
public sealed partial class GatewayPipeline : ISampleSink, ILedger, IAsyncDisposable
{
    private readonly PipelineOptions options;
    private readonly TimeProvider time;
    private readonly ILoggerFactory loggers;
    private readonly ILogger logger;
    private readonly TagCatalog catalog;
    private readonly LiveTags live;
    private readonly FrozenDictionary<string, ServerLane> lanes;
    private readonly ILookup<string, (TagDefinition Tag, TagNormalisation Options)> byServer;
    private readonly List<(IFeedDestination Destination, FeedOptions Options)> planned = [];
    private readonly CancellationTokenSource stopping = new();
    private SampleJournal? journal;
    private FileStream? folderLock;
    private readonly ConditionBook conditions;
    private Task saving = Task.CompletedTask;
    private Task releasing = Task.CompletedTask;
    private TagCounts? tagCounts;
    private LedgerWatch? watch;
    private volatile bool accepting;

    private GatewayPipeline(PipelineOptions options, TimeProvider time, ILoggerFactory loggers, FileStream folderLock)
    {
        (this.options, this.time, this.loggers, this.folderLock) = (options, time, loggers, folderLock);
        logger = loggers.CreateLogger<GatewayPipeline>();
        var catalogFile = Path.Combine(options.DataFolder, "tags.catalog");
        CheckNamed(catalogFile, options.Journal?.Folder ?? Path.Combine(options.DataFolder, "journal"));
        catalog = TagCatalog.Open(catalogFile, options.Tags.Select(t => t.Definition), loggers.CreateLogger<TagCatalog>());
        live = new LiveTags(catalog.Count);
        conditions = new ConditionBook(loggers.CreateLogger<ConditionBook>());
        var warnings = new List<string>();
        byServer = options.Tags.ToLookup(t => t.Definition.Server, t => (catalog.TryFind(t.Definition.Path, out var tag) ? tag : t.Definition, t.Normalisation), StringComparer.Ordinal);
        lanes = byServer.Select(g => g.Key).Concat(options.Servers).Distinct(StringComparer.Ordinal).ToFrozenDictionary(
            server => server,
            server => new ServerLane(server, NewNormaliser(server, conditions)),
            StringComparer.Ordinal);
        foreach (var lane in lanes.Values)
            warnings.AddRange(lane.Normaliser.Warnings);
        RestoreCounters();
        foreach (var tag in options.Tags.Where(t => t.IsClockOffset))
        {
            if (catalog.TryFind(tag.Definition.Path, out var known))
                clocks.Add(new ClockTag(lanes[known.Server], known.Id));
        }

        foreach (var warning in warnings)
            LogTagWarning(warning);
        Warnings = warnings;
    }

    /// <summary>All tags by id and path.</summary>
    public ITagCatalog Catalog => catalog;

    /// <summary>The latest sample of every tag.</summary>
    public ILiveTags LiveTags => live;

    /// <summary>Options that could not be honoured as written, in words.</summary>
    public IReadOnlyList<string> Warnings { get; }

    /// <summary>What is wrong at present with what the servers send, and with keeping it, the most urgent first.</summary>
    public IReadOnlyList<GatewayCondition> Conditions => journal?.Trouble is { } full
        ? [new GatewayCondition("JournalFull", 1, "journal", "", full.Since, $"The journal can't take more: {full.Message}. Nothing is read from the equipment until it can; free disk space, or repair the slow feed's destination"), .. conditions.Active]
        : conditions.Active;

    /// <summary>How far the server's source times are ahead of the gateway's clock; null = not known.</summary>
    public TimeSpan? ClockOffset(string server) => lanes.TryGetValue(server, out var lane) ? lane.Normaliser.ClockOffset : null;

    /// <summary>What opening the journal found; null before <see cref="StartAsync"/>.</summary>
    public JournalRecovery? Recovery => journal?.Recovery;

    /// <summary>Opens the data folder and gives ids to the tags. Nothing runs yet.</summary>
    /// <exception cref="IOException">The folder can't be used, or another gateway uses it.</exception>
    /// <exception cref="ArgumentException">The tags collide.</exception>
    public static GatewayPipeline Open(PipelineOptions options, TimeProvider time, ILoggerFactory loggers)
    {
        Directory.CreateDirectory(options.DataFolder);
        var file = Path.Combine(options.DataFolder, "in-use.lock");
        FileStream held;
        try
        {
            held = new FileStream(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException e)
        {
            throw new IOException($"the data folder {options.DataFolder} is used by another gateway, or can't be written: {e.Message}", e);
        }

        try
        {
            return new GatewayPipeline(options, time, loggers, held);
        }
        catch
        {
            held.Dispose();
            throw;
        }
    }

    /// <summary>Opens journal and cursors, repairs what a kill left, and starts the feeds.</summary>
    /// <exception cref="IOException">The data folder can't be used.</exception>
    public Task StartAsync(CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        var folder = Path.Combine(options.DataFolder, "feeds");
        Directory.CreateDirectory(folder);
        var journalOptions = options.Journal ?? new JournalOptions { Folder = Path.Combine(options.DataFolder, "journal") };
        journal = SampleJournal.Open(journalOptions, time, loggers.CreateLogger<SampleJournal>(), Furthest(folder, journalOptions.Folder));
        foreach (var lane in lanes.Values.OrderBy(l => l.Name, StringComparer.Ordinal))
            lane.Number = journal.RegisterServer(lane.Name);
        foreach (var (destination, feedOptions) in planned)
            StartFeed(destination, feedOptions);
        if (clocks.Count > 0)
            ownNumber = journal.RegisterServer(OwnServer);
        journal.SetNeeded(FirstSegmentNeeded);
        foreach (var feed in feeds)
            feed.Start();
        var counts = tagCounts = TagCounts.Open(CountsPath, journal, catalog, time, loggers.CreateLogger<TagCounts>());
        watch = new LedgerWatch(() => [.. Snapshot().Differences, .. counts.Differences()], conditions, time, loggers.CreateLogger<LedgerWatch>());
        saving = Task.Run(SaveCursorsAsync, CancellationToken.None);
        if (lanes.Values.Any(l => l.Normaliser.Debounced is not null))
            releasing = Task.Run(ReleaseDebouncedAsync, CancellationToken.None);
        accepting = true;
        LogStarted(catalog.Count, lanes.Count, feeds.Length);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    /// <remarks>After an exception the batch's samples are half normalised and the journal holds none or all of them: read them from the source again.</remarks>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    public async ValueTask AppendAsync(string server, SampleBatch batch, CancellationToken cancel)
    {
        var lane = Lane(server);
        await lane.EnterAsync();
        try
        {
            var received = batch.Count;
            if (received == 0)
                return;
            lane.NoteReceived(batch.Samples);
            var result = lane.Normaliser.Run(batch.Samples);
            batch.Truncate(result.Kept);
            var released = lane.Normaliser.Released;
            if (released.Count > 0)
                batch.AddRange(released.Samples);
            await Running().AppendAsync(lane.Number, batch.Memory, new BatchCounts(received, result.SuppressedDeadband - released.Count, result.SuppressedDuplicate), cancel);
            live.Update(batch.Samples);
            lane.Normaliser.Commit();
            tagCounts?.Count(lane.Received, batch.Samples);
        }
        catch
        {
            // The source will give these samples again: they must not be taken for duplicates of what never reached the journal.
            lane.Normaliser.Reset();
            throw;
        }
        finally
        {
            lane.Leave();
        }
    }

    /// <inheritdoc/>
    public ValueTask AppendGapAsync(GapRecord gap, CancellationToken cancel) => Running().AppendGapAsync(gap, cancel);

    /// <inheritdoc/>
    public long? LastComplete(string server) => journal?.LastComplete(server);

    /// <inheritdoc/>
    public long? CountReceived(string server) => journal?.CountReceived(Lane(server).Number);

    /// <inheritdoc/>
    public void MarkAlive(string server, long utcTicks)
    {
        if (accepting)
            journal!.MarkAlive(Lane(server).Number, utcTicks);
    }

    /// <inheritdoc/>
    public void HoldComplete(string server, bool hold)
    {
        if (accepting)
            journal!.HoldComplete(Lane(server).Number, hold);
    }

    /// <inheritdoc/>
    public LedgerSnapshot Snapshot() => journal is null ? new LedgerSnapshot([], 0, []) : LedgerBook.Draw(journal, feeds);

    /// <inheritdoc/>
    public IReadOnlyList<TagLedger> Tags() => tagCounts?.Draw() ?? [];

    /// <summary>Waits until every feed has delivered what is journaled by now.</summary>
    /// <returns>The feeds that had not when the time was over.</returns>
    public async Task<IReadOnlyList<string>> DrainAsync(TimeSpan timeout)
    {
        var all = feeds;
        var drained = await Task.WhenAll(all.Select(f => f.DrainAsync(timeout)));
        return [.. all.Where((_, i) => !drained[i]).Select(f => f.Name)];
    }

    /// <summary>Takes no more samples, drains the feeds, writes cursors and closes the journal. The connectors must have stopped.</summary>
    public async Task StopAsync(CancellationToken cancel)
    {
        if (!accepting)
            return;
        await ReleaseAllAsync();
        accepting = false;
        if (!cancel.IsCancellationRequested)
        {
            foreach (var late in await DrainAsync(options.DrainTimeout))
                LogNotDrained(late, options.DrainTimeout);
        }

        await DisposeAsync();
    }

    /// <summary>Stops without draining: what was not delivered waits in the journal.</summary>
    public async ValueTask DisposeAsync()
    {
        if (stopping.IsCancellationRequested)
            return;
        accepting = false;
        await stopping.CancelAsync();
        await saving;
        await releasing;
        SaveCounters();
        own.Dispose();
        if (watch is not null)
            await watch.DisposeAsync();
        if (tagCounts is not null)
            await CloseAsync("tags.counts", tagCounts);
        // At once, so that their goodbyes to dead destinations don't add up, and each for itself: one that fails must not cost the others their cursors.
        await Task.WhenAll(feeds.Select(feed => CloseAsync(feed.Name, feed)));
        if (journal is not null)
            await CloseAsync("journal", journal);
        if (folderLock is not null)
            await folderLock.DisposeAsync();
        folderLock = null;
        stopping.Dispose();
    }

    /// <summary>Without the catalog the journal's samples would go out under whatever tags get their numbers now.</summary>
    private static void CheckNamed(string catalogFile, string journalFolder)
    {
        if (!File.Exists(catalogFile) && !File.Exists(catalogFile + TagCatalog.CopyExtension) && Directory.Exists(journalFolder) && Directory.EnumerateFiles(journalFolder, "*.journal").Any())
            throw new IOException($"{catalogFile} is missing, but {journalFolder} holds samples that only it can name; put it back from a copy, or move the journal and the feeds' cursors away");
    }

    private async Task CloseAsync(string name, IAsyncDisposable part)
    {
        try
        {
            await part.DisposeAsync();
        }
        catch (Exception e)
        {
            LogNotClosed(name, e.Message);
        }
    }

    /// <summary>The furthest that any feed or the counts by tag have come: a power cut may have taken that end of the journal, and it must not be written anew with other samples.</summary>
    private JournalPosition Furthest(string folder, string journalFolder)
    {
        JournalPosition furthest = default;
        foreach (var file in Directory.EnumerateFiles(folder, "*.cursor"))
        {
            if (FeedCursor.Read(file) is { } progress)
                Reach(progress.Position);
        }

        // Counts beside a journal that was moved away are of that one.
        using (var tally = Directory.Exists(journalFolder) && Directory.EnumerateFiles(journalFolder, "*" + SegmentInfo.Extension).Any() ? TagTally.Load(CountsPath, out _) : null)
        {
            if (tally is not null)
                Reach(tally.Position);
        }

        return furthest;

        void Reach(JournalPosition at)
        {
            var sequence = Math.Max(furthest.Sequence, at.Sequence);
            furthest = (at.Segment, at.Offset).CompareTo((furthest.Segment, furthest.Offset)) > 0 ? at with { Sequence = sequence } : furthest with { Sequence = sequence };
        }
    }

    private ServerLane Lane(string server) =>
        lanes.TryGetValue(server, out var lane) ? lane : throw new ArgumentException($"server '{server}' is not in the configuration", nameof(server));

    private SampleJournal Running() => accepting && journal is not null ? journal : throw new InvalidOperationException("the pipeline is not running");

    private async Task SaveCursorsAsync()
    {
        using var timer = new PeriodicTimer(options.CursorInterval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stopping.Token))
            {
                SaveCounters();
                await StoreClocksAsync();
                foreach (var feed in feeds)
                {
                    try
                    {
                        feed.SaveProgress(toDisk: false);
                    }
                    catch (IOException e)
                    {
                        LogCursorNotSaved(feed.Name, e.Message);
                    }
                }
            }
        }
        catch (OperationCanceledException)
        {
            // Asked to stop; the feeds write their cursors themselves when they are disposed.
        }
    }

    [LoggerMessage(1540, LogLevel.Information, "Pipeline runs: {Tags} tags of {Servers} servers, {Feeds} feeds")]
    private partial void LogStarted(int tags, int servers, int feeds);

    [LoggerMessage(1541, LogLevel.Warning, "{Warning}")]
    private partial void LogTagWarning(string warning);

    [LoggerMessage(1542, LogLevel.Warning, "Feed {Feed} had not delivered everything after {Timeout}; the rest waits in the journal")]
    private partial void LogNotDrained(string feed, TimeSpan timeout);

    [LoggerMessage(1543, LogLevel.Error, "The cursor of feed {Feed} can't be written: {Message}. After a kill its last samples would be delivered again")]
    private partial void LogCursorNotSaved(string feed, string message);

    [LoggerMessage(1544, LogLevel.Error, "{Part} did not close properly: {Message}. What it had not written is done again after the next start")]
    private partial void LogNotClosed(string part, string message);
}
