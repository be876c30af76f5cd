using System.Runtime.CompilerServices;
using FloorGateway.Model.Ledger;
using FloorGateway.Model.Ports;
using FloorGateway.Model.Tags;
using FloorGateway.Pipeline.Journal;
using Microsoft.Extensions.Logging;

namespace FloorGateway.Pipeline.Feeds;

/// <summary>
/// Carries the journal to one destination: in order, at least once, at the destination's pace. The cursor moves only when the destination has acknowledged; samples
/// that it refuses for good are found by halving the batch and put aside.
/// </summary>
public sealed partial class FeedRunner : IAsyncDisposable
{
    private readonly IFeedDestination destination;
    private readonly FeedOptions options;
    private readonly FeedCursor cursor;
    private readonly SampleJournal journal;
    private readonly DeadLetterFile deadLetters;
    private readonly TimeProvider time;
    private readonly ILogger logger;
    private readonly CancellationTokenSource stopping = new();

    // Guards what the ledger shows and the cursor file.
    private readonly Lock gate = new();
    private readonly Lock saveGate = new();
    private JournalReader reader;
    private FeedProgress progress;
    private FeedStretch current = new();
    private FeedStretch ahead = new();
    private long oldestWaiting;
    private string state = "Running";
    private string? lastError;
    private bool dirty;
    private readonly List<(JournalPosition Target, TaskCompletionSource Done)> drains = [];
    private volatile bool draining;
    private Task loop = Task.CompletedTask;

    /// <param name="destination">Disposed with the feed.</param>
    /// <param name="options">How to follow.</param>
    /// <param name="cursor">Where the feed stood; owned by the feed from here on.</param>
    /// <param name="journal">What is followed.</param>
    /// <param name="catalog">Names for the dead-letter file.</param>
    /// <param name="deadLetterFile">Path of the dead-letter file.</param>
    /// <param name="time">Clock of waits.</param>
    /// <param name="logger">Told of trouble and recovery.</param>
    public FeedRunner(
        IFeedDestination destination, FeedOptions options, FeedCursor cursor, SampleJournal journal, ITagCatalog catalog, string deadLetterFile, TimeProvider time, ILogger<FeedRunner> logger)
    {
        (this.destination, this.options, this.cursor, this.journal, this.time, this.logger) = (destination, options, cursor, journal, time, logger);
        deadLetters = new DeadLetterFile(deadLetterFile, catalog, time, options.DeadLetterBytes);
        progress = cursor.Saved ?? Begin();
        if (cursor.Saved is null)
            cursor.Save(progress, toDisk: true);
        reader = journal.CreateReader(progress.Position, progress.LastReceive);
    }

    /// <summary>The destination's name.</summary>
    public string Name => destination.Name;

    /// <summary>The first segment that must stay for this feed, a crash at this moment included.</summary>
    public long FirstSegmentNeeded
    {
        get
        {
            lock (saveGate)
                return cursor.Saved!.Value.Position.Segment;
        }
    }

    /// <summary>Begins to deliver.</summary>
    public void Start() => loop = Task.Run(RunAsync);

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
            var waiting = tailSequence - at.Position.Sequence;
            var lag = waiting == 0 || oldestWaiting == 0 ? TimeSpan.Zero : TimeSpan.FromTicks(Math.Max(0, time.GetUtcNow().UtcTicks - oldestWaiting));
            return new FeedLedger(Name, tailSequence - at.Start, at.Delivered, at.Refused, waiting, at.Expired, lag, state, lastError);
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

        reader.Wake();
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

            cursor.Save(now, toDisk);
        }
    }

    /// <summary>Stops delivering, writes the cursor and disposes the destination.</summary>
    public async ValueTask DisposeAsync()
    {
        if (stopping.IsCancellationRequested)
            return;
        await stopping.CancelAsync();
        reader.Wake();
        await loop;
        SetState("Stopped", lastError);
        try
        {
            SaveProgress(toDisk: true);
        }
        finally
        {
            reader.Dispose();
            current.Dispose();
            ahead.Dispose();
            cursor.Dispose();
            stopping.Dispose();
            await destination.DisposeAsync();
        }
    }

    private FeedProgress Begin()
    {
        if (cursor.Damaged)
            LogCursorDamaged(Name);
        // A cursor that can't be read: everything once more rather than something not at all.
        var at = options.StartAt == FeedStart.Head || cursor.Damaged ? journal.Head : journal.Tail;
        return new FeedProgress(at, at.Sequence, 0, 0, 0, 0);
    }

    /// <summary>Reads the next stretch; where the last one was not full, some time is given to the samples to gather.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask FillAsync(bool full, CancellationToken cancel)
    {
        if (options.Linger > TimeSpan.Zero && !full && !draining)
            await Task.Delay(options.Linger, time, cancel);
        current.Fill(reader, destination.MaxBatch);
    }

    private async Task RunAsync()
    {
        var isAhead = false;
        var full = false;
        var cancel = stopping.Token;
        while (!cancel.IsCancellationRequested)
        {
            try
            {
                if (isAhead)
                    (current, ahead, isAhead) = (ahead, current, false);
                else
                    await FillAsync(full, cancel);
                full = current.Read.Samples == destination.MaxBatch;
                if (current.Read.IsEmpty)
                {
                    Acknowledge(current, 0, 0, 0, finished: true);
                    await reader.WaitAsync();
                    continue;
                }

                SetWaiting(current);
                var delivering = DeliverAsync(current, cancel);
                try
                {
                    // Only a full batch says that more is waiting.
                    if (!delivering.IsCompleted && full)
                    {
                        ahead.Fill(reader, destination.MaxBatch);
                        isAhead = !ahead.Read.IsEmpty;
                    }
                }
                finally
                {
                    // Also where reading on failed: a delivery left to itself would move the cursor under the next one.
                    await delivering;
                }
            }
            catch (OperationCanceledException) when (cancel.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                // The journal or the dead-letter file can't be used: nothing is lost by going back to the cursor.
                isAhead = false;
                if (!await TryRestartAsync(e, cancel))
                    return;
            }
        }
    }
}
