using System.Runtime.InteropServices;
using FloorGateway.Model.Samples;

namespace FloorGateway.Pipeline.Journal;

public sealed partial class SampleJournal
{
    // A block is what damage costs and what a reader holds in memory; beyond this size larger blocks compress no better.
    private const int MaxBlockSamples = 16 << 10;

    private readonly BlockEncoder encoder = new();
    private readonly TotalsTable working = new();
    private readonly List<PendingAppend> group = [];
    private readonly List<int> touched = [];
    private readonly Lock flushGate = new();
    private int namesWritten;
    private volatile bool dirty;

    private void Start()
    {
        writer = Task.Run(WriteAllAsync);
        maintenance = Task.Run(MaintainAsync);
        StartPacking();
    }

    private async Task WriteAllAsync()
    {
        while (await queue.Reader.WaitToReadAsync())
        {
            group.Clear();
            var samples = 0;
            while (samples < MaxBlockSamples * 4 && queue.Reader.TryRead(out var item))
            {
                group.Add(item);
                samples += item.Samples.Length;
            }

            var error = TryCommit(group);
            if (error is null)
                Complete(group, null);
            else
                await RecoverAsync(error);
        }
    }

    private static void Complete(List<PendingAppend> items, Exception? error)
    {
        foreach (var item in items)
            item.Complete(error);
    }

    /// <summary>Encodes and writes; on failure nothing has happened.</summary>
    private Exception? TryCommit(List<PendingAppend> items)
    {
        try
        {
            if (tail.Offset >= options.SegmentBytes || owedSegment != 0)
                RollSegment();
            Commit(items);
            return null;
        }
        catch (Exception e)
        {
            working.CopyFrom(committed);
            TryCutUnfinished();
            string path;
            lock (gate)
                path = segments[^1].Path;
            // While it is full, that was said once.
            if (!JournalFull.Is(e))
                LogWriteFailed(e.Message, path);
            // What all feeds have passed makes room for the next attempt.
            if (e is IOException or UnauthorizedAccessException)
                ApplyRetention(pressed: true);
            return e as IOException ?? new IOException($"the journal could not append to {path}: {e.Message}", e);
        }
    }

    /// <summary>What a failed write left behind the tail must never be taken for blocks after a restart.</summary>
    private void TryCutUnfinished()
    {
        try
        {
            if (active is not null)
                RandomAccess.SetLength(active, tail.Offset);
        }
        catch (IOException)
        {
            // The next write goes to the same place; recovery cuts what may remain.
        }
    }

    private void Commit(List<PendingAppend> items)
    {
        encoder.Clear();
        var sequence = tail.Sequence;
        var now = time.GetUtcNow().UtcTicks;
        var known = ((IJournalView)this).ServerNames;
        working.EnsureCount(known.Count);
        var firstNew = namesWritten;
        if (known.Count > firstNew)
            EncodeServers(firstNew, known, sequence, now);
        for (var i = 0; i < items.Count;)
        {
            i = items[i].Kind switch
            {
                AppendKind.Gap => EncodeGaps(items, i, sequence, now),
                AppendKind.Marks => EncodeMarks(i, sequence, now),
                _ => EncodeSamples(items, i, ref sequence, now),
            };
        }

        if (encoder.Length == 0)
            return;
        disk.Write(active!, encoder.Written, tail.Offset);
        dirty = true;
        if (options.FlushInterval <= TimeSpan.Zero)
            FlushIfDirty();
        namesWritten = known.Count;
        Publish(tail with { Offset = tail.Offset + encoder.Length, Sequence = sequence });
    }

    private void Publish(JournalPosition to)
    {
        lock (gate)
        {
            committed.CopyFrom(working);
            tail = to;
            segments[^1].Length = to.Offset;
            foreach (var signal in signals)
                signal.Set();
        }
    }

    /// <summary>Twice: until the next segment, names stand nowhere else, and one damaged byte must not make all that follows nameless.</summary>
    private void EncodeServers(int first, IReadOnlyList<string?> known, long sequence, long now)
    {
        touched.Clear();
        for (var i = first; i < known.Count; i++)
            touched.Add(i);
        for (var copy = 0; copy < 2; copy++)
        {
            encoder.Begin();
            WriteTouchedTotals();
            encoder.WriteNames(first, known);
            encoder.End(BlockKind.Servers, sequence, now, now);
        }
    }

    private int EncodeGaps(List<PendingAppend> items, int start, long sequence, long now)
    {
        touched.Clear();
        var end = start;
        for (; end < items.Count && items[end].Kind == AppendKind.Gap; end++)
        {
            working.Of(items[end].Server).Gaps++;
            Touch(items[end].Server);
        }

        encoder.Begin();
        WriteTouchedTotals();
        encoder.WriteGapCount(end - start);
        for (var i = start; i < end; i++)
            encoder.WriteGap(items[i].Gap!);
        encoder.End(BlockKind.Gaps, sequence, now, now);
        return end;
    }

    private int EncodeMarks(int start, long sequence, long now)
    {
        touched.Clear();
        var marks = Volatile.Read(ref alive);
        for (var server = 0; server < Math.Min(marks.Length, working.Count); server++)
        {
            var ticks = Volatile.Read(ref marks[server].Ticks);
            ref var totals = ref working.Of(server);
            if (ticks == 0 || Later(totals.LastComplete, ticks, now) == totals.LastComplete || Volatile.Read(ref marks[server].Held))
                continue;
            totals.LastComplete = ticks;
            Touch(server);
        }

        if (touched.Count > 0)
        {
            encoder.Begin();
            WriteTouchedTotals();
            encoder.End(BlockKind.Marks, sequence, now, now);
        }

        return start + 1;
    }

    /// <summary>Puts a run of batches into blocks: as many as fit one, and a batch too large for one into several.</summary>
    private int EncodeSamples(List<PendingAppend> items, int start, ref long sequence, long now)
    {
        var end = start;
        var total = 0;
        for (; end < items.Count && items[end].Kind == AppendKind.Samples && (end == start || total + items[end].Samples.Length <= MaxBlockSamples); end++)
            total += items[end].Samples.Length;
        if (end == start + 1 && total > MaxBlockSamples)
        {
            var item = items[start];
            for (var at = 0; at < total; at += MaxBlockSamples)
                EncodeBlock(items, start, end, item.Samples.Slice(at, Math.Min(MaxBlockSamples, total - at)), at == 0, ref sequence, now);
            return end;
        }

        EncodeBlock(items, start, end, null, true, ref sequence, now);
        return end;
    }

    private void EncodeBlock(List<PendingAppend> items, int start, int end, ReadOnlyMemory<Sample>? part, bool first, ref long sequence, long now)
    {
        touched.Clear();
        var marks = Volatile.Read(ref alive);
        var survey = new Survey();
        for (var i = start; i < end; i++)
        {
            var item = items[i];
            var samples = part ?? item.Samples;
            var complete = survey.Add(samples.Span);
            ref var totals = ref working.Of(item.Server);
            // Suppressed samples count with the first part of a batch that fills several blocks.
            totals.Received += first ? item.Counts.Received - (item.Samples.Length - samples.Length) : samples.Length;
            totals.SuppressedDeadband += first ? item.Counts.SuppressedDeadband : 0;
            totals.SuppressedDuplicate += first ? item.Counts.SuppressedDuplicate : 0;
            totals.Journaled += samples.Length;
            if (!Volatile.Read(ref marks[item.Server].Held))
                totals.LastComplete = complete == 0 ? totals.LastComplete : Later(totals.LastComplete, complete, now);
            Touch(item.Server);
        }

        encoder.Begin();
        WriteTouchedTotals();
        if (survey.Count == 0)
        {
            encoder.End(BlockKind.Marks, sequence, now, now);
            return;
        }

        encoder.BeginSamples(survey.Unit, survey.Min);
        for (var i = start; i < end; i++)
            encoder.WriteSamples((part ?? items[i].Samples).Span);
        encoder.End(BlockKind.Samples, sequence, survey.Min, survey.Max);
        sequence += survey.Count;
    }

    /// <summary>The later of two moments, unless the one before has not come yet: then the clock was set back, and what it said no longer counts.</summary>
    private static long Later(long before, long next, long now) => next > before || before > now ? next : before;

    private void Touch(int server)
    {
        if (!touched.Contains(server))
            touched.Add(server);
    }

    private void WriteTouchedTotals() => encoder.WriteTotals(CollectionsMarshal.AsSpan(touched), working.Items);

    private void FlushIfDirty()
    {
        lock (flushGate)
        {
            if (!dirty || active is null)
                return;
            // Cleared first: what is written meanwhile must be flushed again.
            dirty = false;
            try
            {
                disk.Flush(active);
            }
            catch
            {
                dirty = true;
                throw;
            }
        }
    }

    /// <summary>What a block's header must say of its samples.</summary>
    private struct Survey()
    {
        public int Count;
        public long Min = long.MaxValue;
        public long Max = long.MinValue;
        public int Unit = SampleCode.TimeUnits.Length - 1;

        /// <summary>Adds samples and gives the receive time up to which they make their server complete; 0 = they say nothing about it.</summary>
        public long Add(ReadOnlySpan<Sample> samples)
        {
            long complete = 0;
            Count += samples.Length;
            foreach (ref readonly var sample in samples)
            {
                Min = Math.Min(Min, sample.ReceiveTime);
                Max = Math.Max(Max, sample.ReceiveTime);
                while (Unit > 0 && sample.SourceTime % SampleCode.TimeUnits[Unit] != 0)
                    Unit--;
                // Values fetched later say nothing about what is still missing.
                if (sample.Origin is not (SampleOrigin.Backfill or SampleOrigin.Replay) && sample.ReceiveTime > complete)
                    complete = sample.ReceiveTime;
            }

            return complete;
        }
    }
}
