using System.Collections.Immutable;
using FloorGateway.Model.Gaps;
using FloorGateway.Pipeline.Journal;

namespace FloorGateway.Pipeline.Feeds;

/// <summary>Being live at once, and catching up beside it.</summary>
public sealed partial class FeedRunner
{
    private FeedLane? backlog;
    private ITimer? catchUpTimer;
    private Task catchingUp = Task.CompletedTask;

    // The oldest hole has grown since its lane was opened.
    private bool reopen;
    private long nextCatchUp;
    private long oldestInBacklog;

    /// <summary>
    /// Leaves behind what waits where it is old and much: the live lane goes on at the tail, and a hole remembers the rest. False where all is well, or no hole is left to
    /// remember it with.
    /// </summary>
    private bool TryJump()
    {
        var stretch = live.Current;
        if (options.LiveAfter is not { } after || stretch.Read.Samples < destination.MaxBatch || time.GetUtcNow().UtcTicks - stretch.FirstReceive < after.Ticks)
            return false;
        JournalPosition tail;
        long left;
        lock (gate)
        {
            tail = journal.Tail;
            left = tail.Sequence - progress.Position.Sequence;
            if (left < 2L * destination.MaxBatch || !TryLeaveBehind(tail))
                return false;
            progress = progress with { Position = tail, LastReceive = time.GetUtcNow().UtcTicks };
            (oldestInBacklog, oldestWaiting) = (oldestInBacklog == 0 ? stretch.FirstReceive : oldestInBacklog, 0);
            dirty = true;
        }

        var before = live;
        live = NewLive(tail, time.GetUtcNow().UtcTicks);
        before.Dispose();
        LogJumped(Name, left);
        return true;
    }

    /// <summary>Under <see cref="gate"/>.</summary>
    private bool TryLeaveBehind(JournalPosition tail)
    {
        var holes = progress.Holes;
        if (holes.Length > 0 && holes[^1].To == progress.Position)
        {
            // Nothing was delivered since: the same outage. The lane that reads the hole knows its old end.
            progress = progress with { Holes = holes.SetItem(holes.Length - 1, holes[^1] with { To = tail }) };
            reopen |= holes.Length == 1;
            return true;
        }

        if (holes.Length == FeedCursor.MaxHoles)
            return false;
        progress = progress with { Holes = holes.Add(new FeedHole(progress.Position, tail, progress.LastReceive)) };
        return true;
    }

    /// <summary>Sees to it that what waits is on its way beside the live samples, and throws what hindered that.</summary>
    private async ValueTask CatchUpBesideAsync(CancellationToken cancel)
    {
        if (!catchingUp.IsCompleted)
            return;
        await catchingUp;
        catchingUp = Progress.Holes.Length > 0 && IsCatchUpDue() ? Task.Run(() => CatchUpAsync(cancel), CancellationToken.None) : Task.CompletedTask;
    }

    private async Task CatchUpAsync(CancellationToken cancel)
    {
        try
        {
            while (!cancel.IsCancellationRequested && await TryCatchUpAsync(cancel))
            {
            }
        }
        finally
        {
            // The loop looks after what comes next: another hole, or trouble.
            live.Wake();
        }
    }

    /// <summary>Delivers the next batch of the oldest hole, where there is one and its rate lets it.</summary>
    private async ValueTask<bool> TryCatchUpAsync(CancellationToken cancel)
    {
        if (!TryTakeHole(out var hole) || !IsCatchUpDue())
            return false;
        var most = MostOfBacklog;
        backlog ??= new FeedLane(new JournalReader(new BacklogView(journal, hole.To), hole.From, hole.LastReceive, null, null), FeedLaneKind.Backlog, NewFilter(), hole.To);
        backlog.Fill(most);
        var stretch = backlog.Current;
        if (stretch.Read.IsEmpty)
        {
            // At its end, or retention has taken all that was left of it.
            stretch.FillLost(hole, hole.Samples > 0 ? Lost(hole) : []);
            await DeliverAsync(stretch, cancel);
        }
        else
        {
            var full = stretch.Read.Samples == most;
            await DeliverWhileReadingAsync(backlog, full, most, cancel);
        }

        Spend(stretch.Read.Samples);
        return true;
    }

    // A rate is kept by pauses between batches: none may stand for more than a second of it.
    private int MostOfBacklog => !isBeside ? destination.MaxBatch
        : options.CatchUpRate > 0 ? Math.Clamp(options.CatchUpRate, 1, destination.MaxBacklogBatch)
        : destination.MaxBacklogBatch;

    private bool TryTakeHole(out FeedHole hole)
    {
        bool grown;
        lock (gate)
        {
            (grown, reopen) = (reopen, false);
            hole = progress.Holes.Length > 0 ? progress.Holes[0] : default;
            if (progress.Holes.Length == 0)
                return false;
        }

        if (grown)
            CloseBacklog();
        return true;
    }

    /// <summary>Under <see cref="gate"/>.</summary>
    private void PassInHole(JournalPosition to, long lastReceive)
    {
        var holes = progress.Holes;
        var hole = holes[0] with { From = to, LastReceive = lastReceive };
        if (to.Sequence < hole.To.Sequence || (to.Segment, to.Offset).CompareTo((hole.To.Segment, hole.To.Offset)) < 0)
        {
            progress = progress with { Holes = holes.SetItem(0, hole) };
            return;
        }

        progress = progress with { Holes = holes.RemoveAt(0) };
        holeDone = true;
        oldestInBacklog = 0;
    }

    /// <summary>Gap records for a hole of which the journal holds nothing any more. Whose samples they were is gone with it.</summary>
    private IEnumerable<GapRecord> Lost(FeedHole hole)
    {
        var until = time.GetUtcNow().UtcTicks;
        foreach (var name in ((IJournalView)journal).ServerNames)
        {
            if (name is not null)
            {
                yield return new GapRecord
                {
                    Server = name,
                    From = hole.LastReceive == 0 ? until : hole.LastReceive,
                    To = until,
                    Cause = $"{hole.Samples} samples, of this server or others, are no longer in the journal: its size limit was reached before they were delivered",
                };
            }
        }
    }

    private void CloseBacklog()
    {
        backlog?.Dispose();
        backlog = null;
    }

    private bool IsCatchUpDue()
    {
        if (options.CatchUpRate <= 0)
            return true;
        var now = time.GetTimestamp();
        if (now >= nextCatchUp)
            return true;
        // The loop may be waiting for live samples when the time has come.
        catchUpTimer ??= time.CreateTimer(_ => live.Wake(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        catchUpTimer.Change(time.GetElapsedTime(now, nextCatchUp) + TimeSpan.FromMilliseconds(1), Timeout.InfiniteTimeSpan);
        return false;
    }

    private void Spend(int samples)
    {
        if (holeDone)
        {
            holeDone = false;
            CloseBacklog();
            if (Progress.Holes.Length == 0)
                LogCaughtUp(Name);
        }

        if (options.CatchUpRate > 0)
            nextCatchUp = time.GetTimestamp() + (long)((double)samples / options.CatchUpRate * time.TimestampFrequency);
    }
}
