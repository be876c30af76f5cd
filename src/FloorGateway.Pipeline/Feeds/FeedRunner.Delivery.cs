using System.Runtime.CompilerServices;
using FloorGateway.Model.Gaps;
using FloorGateway.Model.Ports;

namespace FloorGateway.Pipeline.Feeds;

public sealed partial class FeedRunner
{
    private readonly Stack<Part> work = new();

    /// <summary>Delivers a stretch whole, or in the parts that its refused samples cut it into; completes when every sample is acknowledged or put aside.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask DeliverAsync(FeedStretch stretch, CancellationToken cancel)
    {
        work.Clear();
        if (stretch.Read.Samples == 0 && stretch.Gaps.Count == 0)
        {
            Acknowledge(stretch, 0, 0, 0, finished: true);
            return;
        }

        work.Push(new Part(0, stretch.Read.Samples, 0, stretch.Gaps.Count));
        while (work.TryPop(out var part))
        {
            var refusal = await TryDeliverAsync(stretch, part, cancel);
            if (refusal is null)
                Acknowledge(stretch, part.Samples, part.From + part.Samples, 0, work.Count == 0);
            else if (!Split(part))
                PutAside(stretch, part, refusal);
        }
    }

    /// <summary>Null once delivered, else why the destination refuses it for good. Tries for as long as it takes.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<string?> TryDeliverAsync(FeedStretch stretch, Part part, CancellationToken cancel)
    {
        IReadOnlyList<GapRecord> gaps = part.Gaps == stretch.Gaps.Count ? stretch.Gaps : part.Gaps == 0 ? [] : stretch.Gaps.GetRange(part.GapsFrom, part.Gaps);
        var batch = new FeedBatch(stretch.Read.FirstSequence + part.From, stretch.Samples.Memory.Slice(part.From, part.Samples), gaps);
        for (var attempt = 1; ; attempt++)
        {
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
                    return null;
                case DeliveryOutcome.Rejected:
                    SetState("Running", result.Reason ?? "refused without a reason");
                    return result.Reason ?? "refused without a reason";
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

    /// <summary>Puts the halves of a refused part on the pile, first half on top. False where it stands alone.</summary>
    private bool Split(Part part)
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

    private void PutAside(FeedStretch stretch, Part part, string refusal)
    {
        if (part.Samples == 0)
        {
            deadLetters.Append(stretch.Gaps[part.GapsFrom], refusal);
            Acknowledge(stretch, 0, part.From, 0, work.Count == 0);
        }
        else
        {
            deadLetters.Append(stretch.Samples[part.From], stretch.Read.FirstSequence + part.From, refusal);
            Acknowledge(stretch, 0, part.From + 1, 1, work.Count == 0);
        }

        LogRefused(Name, refusal);
        // At once, so that a kill doesn't put the same sample aside twice.
        SaveProgress(toDisk: false);
    }

    /// <summary>Moves the cursor over the first <paramref name="passed"/> samples of a stretch, or behind all of it.</summary>
    private void Acknowledge(FeedStretch stretch, int delivered, int passed, int refused, bool finished)
    {
        lock (gate)
        {
            var read = stretch.Read;
            var to = finished ? read.End : read.Start with { Sequence = read.FirstSequence + passed };
            if (to == progress.Position)
                return;
            // What was missing before the stretch is passed with its first acknowledgement, and only then.
            var expired = to.Sequence - progress.Position.Sequence - delivered - refused;
            progress = progress with
            {
                Position = to,
                Delivered = progress.Delivered + delivered,
                Refused = progress.Refused + refused,
                Expired = progress.Expired + expired,
                LastReceive = finished ? stretch.LastReceive : passed > 0 ? stretch.Samples[passed - 1].ReceiveTime : progress.LastReceive,
            };
            oldestWaiting = finished || passed >= stretch.Samples.Count ? 0 : stretch.Samples[passed].ReceiveTime;
            dirty = true;
            CheckDrains();
        }
    }

    private void SetWaiting(FeedStretch stretch)
    {
        lock (gate)
            oldestWaiting = stretch.Samples.Count > 0 ? stretch.Samples[0].ReceiveTime : 0;
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
        var at = progress.Position;
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

        var from = Progress;
        reader.Dispose();
        reader = journal.CreateReader(from.Position, from.LastReceive);
        return true;
    }

    /// <summary>Samples and gap records of a stretch that are delivered together.</summary>
    private readonly record struct Part(int From, int Samples, int GapsFrom, int Gaps);
}
