using System.Runtime.CompilerServices;
using FloorGateway.Model.Ledger;
using FloorGateway.Model.Ports;
using FloorGateway.Model.Tags;
using FloorGateway.Pipeline.Journal;
using Microsoft.Extensions.Logging;

namespace FloorGateway.Pipeline.Feeds;

/// <summary>
/// Carries the journal to one destination: at least once, at the destination's pace, live samples first and what waited beside them. The cursor moves only when the
/// destination has acknowledged; samples that it refuses for good are found by halving the batch and put aside.
/// </summary>
public sealed partial class FeedRunner : IAsyncDisposable
{
    // Full live batches in a row before the backlog has a turn: a destination that is hardly fast enough still catches up.
    private const int MostLiveTurns = 8;

    private readonly IFeedDestination destination;
    private readonly FeedOptions options;
    private readonly FeedCursor cursor;
    private readonly SampleJournal journal;
    private readonly ITagCatalog catalog;
    private readonly DeadLetterFile deadLetters;
    private readonly TimeProvider time;
    private readonly ILogger logger;
    private readonly CancellationTokenSource stopping = new();

    // What waited goes its own way where the destination takes it beside the rest.
    private readonly bool isBeside;
    private readonly Passage passage = new();
    private readonly Passage backlogPassage;

    // Guards what the ledger shows and the cursor file.
    private readonly Lock gate = new();
    private readonly Lock saveGate = new();
    private volatile FeedLane live;
    private FeedProgress progress;
    private bool holeDone;
    private long oldestWaiting;
    private string state = "Running";
    private string? lastError;
    private bool dirty;
    private readonly List<(JournalPosition Target, TaskCompletionSource Done)> drains = [];
    private volatile bool draining;

    // Set while paused; completed to go on.
    private volatile TaskCompletionSource? resumed;
    private Task loop = Task.CompletedTask;

    /// <param name="destination">Disposed with the feed.</param>
    /// <param name="options">How to follow.</param>
    /// <param name="folder">Folder of the cursor and the dead letters; there already.</param>
    /// <param name="journal">What is followed.</param>
    /// <param name="catalog">Names for filter and dead letters.</param>
    /// <param name="time">Clock of waits.</param>
    /// <param name="logger">Told of trouble and recovery.</param>
    /// <exception cref="IOException">The cursor can't be opened.</exception>
    public FeedRunner(IFeedDestination destination, FeedOptions options, string folder, SampleJournal journal, ITagCatalog catalog, TimeProvider time, ILogger<FeedRunner> logger)
    {
        (this.destination, this.options, this.journal, this.catalog, this.time, this.logger) = (destination, options, journal, catalog, time, logger);
        isBeside = destination.MaxBacklogBatch > 0;
        backlogPassage = isBeside ? new Passage() : passage;
        var name = Path.Combine(folder, FileNameOf(destination.Name));
        replayFile = name + ReplayExtension;
        deadLetters = new DeadLetterFile(name + RefusedExtension, catalog, time, options.DeadLetterBytes);
        cursor = FeedCursor.Open(name + ".cursor");
        progress = cursor.Saved ?? Begin();
        if (progress.Replayed > 0 && !File.Exists(replayFile))
            progress = progress with { Replayed = 0 };
        if (cursor.HalfDamaged)
            LogCursorHalfDamaged(Name);
        if (cursor.Saved is null)
            cursor.Save(progress, toDisk: true);
        if (options.Paused)
            Pause();
        live = NewLive(progress.Position, progress.LastReceive);
        LookForLetters();
    }

    /// <summary>The destination's name.</summary>
    public string Name => destination.Name;

    /// <summary>The first segment that must stay for this feed, a crash at this moment included.</summary>
    public long FirstSegmentNeeded
    {
        get
        {
            lock (saveGate)
                return cursor.Saved!.Value.FirstSegment;
        }
    }

    /// <summary>Begins to deliver.</summary>
    public void Start() => loop = Task.Run(RunAsync);

    /// <summary>Delivers nothing from the next batch on; what comes waits in the journal.</summary>
    public void Pause()
    {
        lock (gate)
            resumed ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    /// <summary>Goes on after <see cref="Pause"/>.</summary>
    public void Resume()
    {
        lock (gate)
        {
            resumed?.TrySetResult();
            resumed = null;
        }
    }

    /// <summary>The feed's line in the ledger. Take it before the journal's tail, so that the feed is never ahead.</summary>
    public FeedProgress Progress
    {
        get
        {
            lock (gate)
                return progress;
        }
    }

    /// <summary>The feed's line in the ledger against a tail read after <see cref="Progress"/>.</summary>
    public FeedLedger Ledger(in FeedProgress at, long tailSequence)
    {
        lock (gate)
        {
            var backlogged = at.Backlog;
            var waiting = tailSequence - at.Position.Sequence;
            var liveLag = waiting == 0 ? TimeSpan.Zero : AgeOf(oldestWaiting);
            var lag = backlogged == 0 ? liveLag : new TimeSpan(Math.Max(liveLag.Ticks, AgeOf(oldestInBacklog).Ticks));
            return new FeedLedger(Name, tailSequence - at.Start, at.Delivered, at.Refused, waiting + backlogged, at.Expired, lag, resumed is null || state == "Stopped" ? state : "Paused", lastError)
            {
                Withheld = at.Withheld, Backlog = backlogged, LiveLag = liveLag,
            };
        }
    }

    /// <summary>Waits until everything journaled so far has been acknowledged or put aside.</summary>
    /// <returns>False where the time was over first.</returns>
    public async Task<bool> DrainAsync(TimeSpan timeout)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (gate)
        {
            drains.Add((journal.Tail, done));
            draining = true;
            CheckDrains();
        }

        live.Wake();
        try
        {
            await done.Task.WaitAsync(timeout, time);
            return true;
        }
        catch (TimeoutException)
        {
            lock (gate)
            {
                drains.RemoveAll(d => d.Done == done);
                draining = drains.Count > 0;
            }

            return false;
        }
    }

    /// <summary>Writes the cursor where it has moved. Called at an interval and at the end.</summary>
    public void SaveProgress(bool toDisk)
    {
        LookForLetters();
        lock (saveGate)
        {
            FeedProgress now;
            lock (gate)
            {
                if (!dirty)
                    return;
                dirty = false;
                now = progress;
            }

            try
            {
                cursor.Save(now, toDisk);
            }
            catch
            {
                // The disk is full, perhaps: the next call tries again, also where the feed has not moved on.
                lock (gate)
                    dirty = true;
                throw;
            }
        }
    }

    /// <summary>Stops delivering, writes the cursor and disposes the destination.</summary>
    public async ValueTask DisposeAsync()
    {
        if (stopping.IsCancellationRequested)
            return;
        await stopping.CancelAsync();
        live.Wake();
        await loop;
        await catchingUp.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        SetState("Stopped", lastError);
        try
        {
            SaveProgress(toDisk: true);
        }
        finally
        {
            if (catchUpTimer is not null)
                await catchUpTimer.DisposeAsync();
            live.Dispose();
            CloseBacklog();
            letters?.Dispose();
            cursor.Dispose();
            stopping.Dispose();
            await destination.DisposeAsync();
        }
    }

    private TimeSpan AgeOf(long receiveTime) => receiveTime == 0 ? TimeSpan.Zero : TimeSpan.FromTicks(Math.Max(0, time.GetUtcNow().UtcTicks - receiveTime));

    private FeedProgress Begin()
    {
        if (cursor.Damaged)
            LogCursorDamaged(Name);
        // A cursor that can't be read: everything once more rather than something not at all.
        var at = options.StartAt == FeedStart.Head || cursor.Damaged ? journal.Head : journal.Tail;
        return new FeedProgress(at, at.Sequence, 0, 0, 0, 0);
    }

    private FeedLane NewLive(JournalPosition from, long lastReceive) => new(journal.CreateReader(from, lastReceive), FeedLaneKind.Live, NewFilter());

    private FeedFilter? NewFilter() => options.Filter.IsEmpty ? null : new FeedFilter(catalog, options.Filter);

    /// <summary>Reads the next live stretch; where the last one was not full and nothing waits, some time is given to the samples to gather.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask FillLiveAsync(bool full, CancellationToken cancel)
    {
        if (options.Linger > TimeSpan.Zero && !live.IsAhead && !full && !draining && (isBeside || Progress.Holes.Length == 0))
            await Task.Delay(options.Linger, time, cancel);
        live.Fill(destination.MaxBatch);
    }

    private async Task RunAsync()
    {
        var full = false;
        var turns = 0;
        var cancel = stopping.Token;
        while (!cancel.IsCancellationRequested)
        {
            try
            {
                if (isBeside)
                    await CatchUpBesideAsync(cancel);
                await FillLiveAsync(full, cancel);
                full = live.Current.Read.Samples == destination.MaxBatch;
                var isEmpty = live.Current.Read.IsEmpty;
                if (isEmpty)
                    Acknowledge(live.Current, 0, 0, 0, finished: true);
                else if (TryJump())
                    continue;
                else
                    await DeliverWhileReadingAsync(live, full, destination.MaxBatch, cancel);
                turns = full ? turns + 1 : MostLiveTurns;
                if (turns >= MostLiveTurns)
                {
                    turns = 0;
                    isEmpty &= isBeside || !await TryCatchUpAsync(cancel);
                    isEmpty &= !await TryReplayLettersAsync(cancel);
                }

                if (isEmpty)
                    await live.WaitAsync();
            }
            catch (OperationCanceledException) when (cancel.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                // The journal or the dead-letter file can't be used: nothing is lost by going back to the cursor.
                if (!await TryRestartAsync(e, cancel))
                    return;
            }
        }
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask DeliverWhileReadingAsync(FeedLane lane, bool full, int most, CancellationToken cancel)
    {
        SetWaiting(lane.Current);
        var delivering = DeliverAsync(lane.Current, cancel);
        try
        {
            // Only a full batch says that more is waiting.
            if (!delivering.IsCompleted && full)
                lane.ReadAhead(most);
        }
        finally
        {
            // Also where reading on failed: a delivery left to itself would move the cursor under the next one.
            await delivering;
        }
    }
}
