using System.Runtime.CompilerServices;
using FloorGateway.Model.Gaps;
using FloorGateway.Model.Ports;

namespace FloorGateway.Pipeline.Feeds;

public sealed partial class FeedRunner
{
    // Both ways to the destination put samples aside.
    private readonly Lock lettersGate = new();
    private long reportedDropped;

    /// <summary>Delivers a stretch whole, or in the parts that its refused samples cut it into; completes when every sample is acknowledged or put aside.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask DeliverAsync(FeedStretch stretch, CancellationToken cancel)
    {
        var way = stretch.Kind == FeedLaneKind.Backlog ? backlogPassage : passage;
        var work = way.Work;
        work.Clear();
        if (stretch.Samples.Count == 0 && stretch.Gaps.Count == 0)
        {
            Acknowledge(stretch, 0, 0, 0, finished: true);
            return;
        }

        var jumped = way.DeliveredTo >= 0 && (stretch.Kind == FeedLaneKind.DeadLetters || stretch.Read.Start.Sequence != way.DeliveredTo);
        var putAside = false;
        work.Push(new Part(0, stretch.Samples.Count, 0, stretch.Gaps.Count, jumped));
        while (work.TryPop(out var part))
        {
            var result = await TryDeliverAsync(stretch, part, cancel);
            if (result.Outcome == DeliveryOutcome.Delivered)
            {
                Acknowledge(stretch, part.Samples, part.From + part.Samples, 0, work.Count == 0);
            }
            else if (NamesRefused(result, part))
            {
                putAside = true;
                PutAside(stretch, part, result.Refused!, work.Count == 0);
            }
            else if (!Split(work, part))
            {
                putAside = true;
                PutAside(stretch, part, result.Reason ?? NoReason, work.Count == 0);
            }
        }

        // What comes after dead letters follows on nothing.
        way.DeliveredTo = stretch.Kind == FeedLaneKind.DeadLetters ? long.MaxValue : stretch.Read.End.Sequence;
        if (putAside)
        {
            lock (lettersGate)
                deadLetters.Sync();
        }
    }

    /// <summary>Delivered, or what the destination refuses for good. Tries for as long as it takes.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<DeliveryResult> TryDeliverAsync(FeedStretch stretch, Part part, CancellationToken cancel)
    {
        IReadOnlyList<GapRecord> gaps = part.Gaps == stretch.Gaps.Count ? stretch.Gaps : part.Gaps == 0 ? [] : stretch.Gaps.GetRange(part.GapsFrom, part.Gaps);
        var first = part.Samples > 0 ? stretch.SequenceOf(part.From) : stretch.Read.FirstSequence;
        var batch = new FeedBatch(first, stretch.Samples.Memory.Slice(part.From, part.Samples), gaps) { Jumped = part.Jumped, IsBacklog = stretch.Kind == FeedLaneKind.Backlog };
        for (var attempt = 1; ; attempt++)
        {
            if (resumed is { } pause)
                await pause.Task.WaitAsync(cancel);
            DeliveryResult result;
            try
            {
                result = await destination.DeliverAsync(batch, cancel);
            }
            catch (ArgumentException e) when (!cancel.IsCancellationRequested)
            {
                // The destination can't take what is in the batch, and won't the next time: one such sample must not hold up all others.
                result = DeliveryResult.Rejected($"it can't be put into the destination's form: {e.Message}");
            }
            catch (Exception e) when (!cancel.IsCancellationRequested)
            {
                result = DeliveryResult.Retry(e.Message);
            }

            switch (result.Outcome)
            {
                case DeliveryOutcome.Delivered:
                    if (lastError is not null && attempt > 1)
                        LogRecovered(Name, attempt);
                    SetState("Running", null);
                    return result;
                case DeliveryOutcome.Rejected:
                    SetState("Running", result.Reason ?? NoReason);
                    return result;
            }

            var wait = WaitBefore(attempt, result.RetryAfter);
            SetState("Retrying", result.Reason ?? "failed without a reason");
            // Once an outage, not once an attempt.
            if (attempt == 1)
                LogRetrying(Name, result.Reason ?? "failed without a reason");
            await Task.Delay(wait, time, cancel);
        }
    }

    private TimeSpan WaitBefore(int attempt, TimeSpan? asked)
    {
        var factor = Math.Pow(2, Math.Min(attempt - 1, 30));
        var own = TimeSpan.FromTicks((long)Math.Min(options.RetryMost.Ticks, options.RetryFirst.Ticks * factor));
        return asked > own ? asked.Value : own;
    }

    /// <summary>True where the destination has named what it refuses, as its contract says: it has stored all the rest.</summary>
    private static bool NamesRefused(in DeliveryResult result, Part part)
    {
        if (result.Refused is not { Count: > 0 } refused)
            return false;
        var before = -1;
        foreach (var one in refused)
        {
            if (one.Index <= before || one.Index >= part.Samples)
                return false;
            before = one.Index;
        }

        return true;
    }

    /// <summary>Puts the halves of a refused part on the pile, first half on top. False where it stands alone.</summary>
    private static bool Split(Stack<Part> work, Part part)
    {
        if (part is { Gaps: > 0, Samples: > 0 })
        {
            work.Push(part with { Gaps = 0 });
            work.Push(part with { Samples = 0 });
            return true;
        }

        if (part.Samples > 1)
        {
            var half = part.Samples / 2;
            work.Push(part with { From = part.From + half, Samples = part.Samples - half });
            work.Push(part with { Samples = half });
            return true;
        }

        if (part.Gaps > 1)
        {
            var half = part.Gaps / 2;
            work.Push(part with { GapsFrom = part.GapsFrom + half, Gaps = part.Gaps - half });
            work.Push(part with { Gaps = half });
            return true;
        }

        return false;
    }

    /// <summary>Puts aside a part that stands alone.</summary>
    private void PutAside(FeedStretch stretch, Part part, string refusal, bool last)
    {
        if (part.Samples == 0)
        {
            lock (lettersGate)
                deadLetters.Append(stretch.Gaps[part.GapsFrom], refusal);
            Acknowledge(stretch, 0, part.From, 0, last);
        }
        else
        {
            lock (lettersGate)
                deadLetters.Append(stretch.Samples[part.From], stretch.SequenceOf(part.From), refusal);
            Acknowledge(stretch, 0, part.From + 1, 1, last);
        }

        LogPutAside(refusal);
    }

    /// <summary>Puts aside what the destination has named of a part; the rest of it is delivered.</summary>
    private void PutAside(FeedStretch stretch, Part part, IReadOnlyList<RefusedSample> refused, bool last)
    {
        foreach (var one in refused)
        {
            var at = part.From + one.Index;
            lock (lettersGate)
                deadLetters.Append(stretch.Samples[at], stretch.SequenceOf(at), one.Reason);
        }

        Acknowledge(stretch, part.Samples - refused.Count, part.From + part.Samples, refused.Count, last);
        LogPutAside(refused[0].Reason);
    }

    private void LogPutAside(string refusal)
    {
        LogRefused(Name, refusal);
        lock (lettersGate)
        {
            if (deadLetters.Dropped > reportedDropped)
                LogLettersDropped(Name, reportedDropped = deadLetters.Dropped, options.DeadLetterBytes);
        }

        // At once, so that a kill doesn't put the same sample aside twice.
        SaveProgress(toDisk: false);
    }

    /// <summary>Moves the cursor over the first <paramref name="passed"/> samples of a stretch, or behind all of it.</summary>
    private void Acknowledge(FeedStretch stretch, int delivered, int passed, int refused, bool finished)
    {
        lock (gate)
        {
            if (stretch.Kind == FeedLaneKind.DeadLetters)
            {
                AcknowledgeLetters(stretch, delivered, finished);
                return;
            }

            var read = stretch.Read;
            var raw = finished ? read.Samples : stretch.RawOffset(passed);
            var to = finished ? read.End : read.Start with { Sequence = read.FirstSequence + raw };
            var from = stretch.Kind == FeedLaneKind.Backlog ? progress.Holes[0].From : progress.Position;
            if (to == from)
                return;
            var withheld = raw - (finished ? stretch.Samples.Count : passed) - stretch.Withheld;
            stretch.Withheld += withheld;
            // What was missing before the stretch is passed with its first acknowledgement, and only then.
            var expired = to.Sequence - from.Sequence - delivered - refused - withheld;
            progress = progress with
            {
                Delivered = progress.Delivered + delivered,
                Refused = progress.Refused + refused,
                Expired = progress.Expired + expired,
                Withheld = progress.Withheld + withheld,
            };
            var oldest = finished || passed >= stretch.Samples.Count ? 0 : stretch.Samples[passed].ReceiveTime;
            if (stretch.Kind == FeedLaneKind.Backlog)
            {
                PassInHole(to, LastReceiveOf(stretch, passed, finished, progress.Holes[0].LastReceive));
                oldestInBacklog = oldest == 0 ? oldestInBacklog : oldest;
            }
            else
            {
                progress = progress with { Position = to, LastReceive = LastReceiveOf(stretch, passed, finished, progress.LastReceive) };
                oldestWaiting = oldest;
            }

            dirty = true;
            CheckDrains();
        }
    }

    private static long LastReceiveOf(FeedStretch stretch, int passed, bool finished, long before) =>
        finished ? stretch.LastReceive : passed > 0 ? stretch.Samples[passed - 1].ReceiveTime : before;

    private void SetWaiting(FeedStretch stretch)
    {
        lock (gate)
        {
            if (stretch.Kind == FeedLaneKind.Live)
                oldestWaiting = stretch.FirstReceive;
            else if (stretch.Kind == FeedLaneKind.Backlog && stretch.FirstReceive != 0)
                oldestInBacklog = stretch.FirstReceive;
        }
    }

    private void SetState(string now, string? error)
    {
        lock (gate)
            (state, lastError) = (now, error);
    }

    /// <summary>Under <see cref="gate"/>.</summary>
    private void CheckDrains()
    {
        if (!draining)
            return;
        // What is left behind counts: the feed has come as far as its oldest hole.
        var at = progress.Holes.Length > 0 ? progress.Holes[0].From : progress.Position;
        for (var i = drains.Count - 1; i >= 0; i--)
        {
            var (to, done) = drains[i];
            if (at.Segment < to.Segment || (at.Segment == to.Segment && (at.Offset < to.Offset || at.Sequence < to.Sequence)))
                continue;
            drains.RemoveAt(i);
            done.TrySetResult();
        }

        draining = drains.Count > 0;
    }

    private async Task<bool> TryRestartAsync(Exception e, CancellationToken cancel)
    {
        SetState("Retrying", e.Message);
        LogRestarted(Name, e.Message);
        try
        {
            await Task.Delay(options.RetryFirst, time, cancel);
        }
        catch (OperationCanceledException)
        {
            return false;
        }

        // What waits and is on its way beside goes on: it has a reader of its own.
        if (catchingUp.IsCompleted)
        {
            catchingUp = Task.CompletedTask;
            CloseBacklog();
        }

        var from = Progress;
        // Also a new filter: the old one has seen samples that were not delivered.
        var before = live;
        live = NewLive(from.Position, from.LastReceive);
        before.Dispose();
        return true;
    }

    private const string NoReason = "refused without a reason";

    /// <summary>One way to the destination, on which one delivery is under way at a time.</summary>
    private sealed class Passage
    {
        public Stack<Part> Work { get; } = new();

        /// <summary>Number behind the last sample given to the destination; -1 = none yet.</summary>
        public long DeliveredTo { get; set; } = -1;
    }

    /// <summary>Samples and gap records of a stretch that are delivered together.</summary>
    private readonly record struct Part(int From, int Samples, int GapsFrom, int Gaps, bool Jumped);
}
