using FloorGateway.Model.Gaps;
using FloorGateway.Model.Samples;

namespace FloorGateway.Pipeline.Journal;

/// <summary>
/// Follows the journal from a position on, one caller at a time. Damage and missing segments never throw: what can't be read is counted as skipped and named by gap
/// records.
/// </summary>
public sealed class JournalReader : IDisposable
{
    // A batch of gap records alone; more come with the next read.
    private const int MaxGaps = 1000;

    /// <summary>
    /// How far before the last sample read a gap begins at least. Gaps are by source time, and that is older than the arrival by a publishing interval and the way;
    /// at most, because a value that came hours late says nothing of the others.
    /// </summary>
    private const long LeastLag = TimeSpan.TicksPerSecond, MostLag = TimeSpan.TicksPerMinute;

    // Samples at a piece's end that are asked how old they came.
    private const int AskedForLag = 64;

    private readonly IJournalView view;
    private readonly TailSignal? signal;
    private readonly Action? disposed;
    private readonly BlockSource source = new();
    private readonly BlockDecoder decoder = new();
    private readonly TotalsTable seen = new();
    private readonly List<string?> ignoredNames = [];
    private long segment;
    private long blockOffset;
    private long nextOffset;

    // A block that was read and not entered yet, and where it ends.
    private BlockHeader? held;
    private long heldEnd;
    private long expected;
    private long lastReceive;
    private long lag = LeastLag;
    private bool seenIsWhole;
    private bool jumped;
    private string? lastDamage;

    internal JournalReader(IJournalView view, JournalPosition from, long lastReceive, TailSignal? signal, Action? disposed)
    {
        (this.view, this.signal, this.disposed, this.lastReceive) = (view, signal, disposed, lastReceive);
        (segment, blockOffset, nextOffset, expected) = (from.Segment, from.Offset, from.Offset, from.Sequence);
    }

    /// <summary>Behind everything read: where a new reader would go on.</summary>
    public JournalPosition Position => new(segment, decoder.Remaining > 0 ? blockOffset : nextOffset, expected);

    /// <summary>Receive time (UTC ticks) of the last sample read; 0 = none yet.</summary>
    public long LastReceive => lastReceive;

    /// <summary>Header of the block read last, for inspection.</summary>
    public BlockHeader LastHeader { get; private set; }

    /// <summary>Appends what is there, at most <paramref name="most"/> samples. Sample numbers in one read follow each other: a hole ends the read before it.</summary>
    /// <exception cref="IOException">The disk can't be read. The reader stays usable.</exception>
    public JournalRead Read(SampleBatch into, List<GapRecord> gaps, int most)
    {
        var start = Position;
        var gapsBefore = gaps.Count;
        var read = 0;
        long skipped = 0;
        var first = expected;
        var tail = view.Tail;
        while (read < most && gaps.Count - gapsBefore < MaxGaps)
        {
            if (decoder.Remaining > 0)
            {
                var count = Decode(into, most - read);
                if (read == 0)
                    first = expected - count;
                read += count;
                continue;
            }

            if (!TryNextBlock(tail, out var header))
            {
                // Behind the last block but not at the last number: the end itself was lost.
                if (AtTail(tail) && expected < tail.Sequence && read == 0)
                    skipped += Skip(tail.Sequence, lastReceive, gaps);
                break;
            }

            if (header.FirstSequence > expected)
            {
                if (read > 0)
                {
                    // The hole begins the next read.
                    (held, heldEnd) = (header, nextOffset);
                    nextOffset = blockOffset;
                    break;
                }

                skipped += SkipTo(header, gaps);
            }

            Enter(header, gaps);
        }

        return new JournalRead(start, Position, read == 0 ? expected : first, read, skipped, gaps.Count - gapsBefore);
    }

    /// <summary>Completes when something may have been appended since the last read. Also by <see cref="Wake"/>.</summary>
    public ValueTask WaitAsync() => signal?.WaitAsync() ?? throw new NotSupportedException("this journal is only looked at; nothing is appended to it");

    /// <summary>Ends a wait, now or the next one.</summary>
    public void Wake() => signal?.Set();

    public void Dispose()
    {
        source.Dispose();
        disposed?.Invoke();
    }

    private bool AtTail(in JournalPosition tail) => segment == tail.Segment && nextOffset >= tail.Offset;

    /// <summary>Moves to the next sound block; false at the tail.</summary>
    private bool TryNextBlock(in JournalPosition tail, out BlockHeader header)
    {
        header = default;
        if (held is { } again)
        {
            (header, nextOffset, held) = (again, heldEnd, null);
            return true;
        }

        while (true)
        {
            if (source.Segment is null && !TryOpen())
                return false;
            var limit = segment == tail.Segment ? tail.Offset : source.Segment!.Length;
            blockOffset = nextOffset;
            var status = source.Read(ref nextOffset, limit, out header, out var reason);
            if (status == BlockReadStatus.Block)
            {
                LastHeader = header;
                return true;
            }

            if (status == BlockReadStatus.Damaged)
            {
                Report(reason!);
                continue;
            }

            if (segment >= tail.Segment)
                return false;
            source.Close();
            segment++;
            nextOffset = 0;
        }
    }

    private bool TryOpen()
    {
        while (view.SegmentFrom(segment) is { } found)
        {
            if (found.Number != segment)
            {
                // Retention was here.
                segment = found.Number;
                nextOffset = 0;
                jumped = true;
            }

            try
            {
                source.Open(found);
                return true;
            }
            catch (FileNotFoundException)
            {
                if (view.SegmentFrom(segment) == found)
                {
                    Report("the file is gone");
                    segment++;
                    nextOffset = 0;
                }
            }
        }

        return false;
    }

    private void Enter(in BlockHeader header, List<GapRecord> gaps)
    {
        try
        {
            decoder.Begin(header, source.Payload, seen);
            seenIsWhole |= header.Kind == BlockKind.Servers && blockOffset == 0;
            if (header.Kind == BlockKind.Gaps)
                decoder.ReadGaps(source.Payload, gaps);
            else if (header.Kind == BlockKind.Servers)
                decoder.ReadNames(source.Payload, ignoredNames);
            else if (expected > header.FirstSequence)
                PassOver(expected - header.FirstSequence);
        }
        catch (Exception e) when (IsNonsense(e))
        {
            Abandon(header, e);
        }
    }

    /// <summary>Steps over samples of the entered block that were consumed before.</summary>
    private void PassOver(long count)
    {
        using var scratch = new SampleBatch();
        while (count > 0 && decoder.Remaining > 0)
        {
            var before = decoder.Remaining;
            decoder.ReadSamples(source.Payload, scratch, (int)Math.Min(count, 1024));
            count -= before - decoder.Remaining;
            scratch.Clear();
        }
    }

    private int Decode(SampleBatch into, int most)
    {
        var before = into.Count;
        try
        {
            decoder.ReadSamples(source.Payload, into, most);
        }
        catch (Exception e) when (IsNonsense(e))
        {
            Abandon(LastHeader, e);
        }

        var count = into.Count - before;
        expected += count;
        if (count > 0)
        {
            lastReceive = into[into.Count - 1].ReceiveTime;
            lag = LagOf(into.Samples[^Math.Min(count, AskedForLag)..]);
        }

        return count;
    }

    private static long LagOf(ReadOnlySpan<Sample> samples)
    {
        var most = LeastLag;
        foreach (ref readonly var sample in samples)
        {
            if (sample.Origin == SampleOrigin.Live)
                most = Math.Max(most, sample.ReceiveTime - sample.SourceTime);
        }

        return Math.Min(most, MostLag);
    }

    private static bool IsNonsense(Exception e) => e is InvalidDataException or IndexOutOfRangeException or ArgumentException;

    private void Abandon(in BlockHeader header, Exception e)
    {
        decoder.Abandon();
        Report($"a block of {header.SampleCount} samples makes no sense: {e.Message}");
    }

    private void Report(string reason)
    {
        lastDamage = reason;
        var path = source.Segment?.Path ?? $"segment {segment}";
        var (at, length) = source.Segment is null ? (0, 0) : (source.FileOffset, source.FileLength);
        view.ReportDamage(new JournalDamage(Path.GetFileName(path), at, length, reason));
    }

    /// <summary>Names what is missing before a block. At a segment's start the totals tell whose samples are missing; elsewhere every server may be concerned.</summary>
    private long SkipTo(in BlockHeader header, List<GapRecord> gaps)
    {
        if (header.Kind != BlockKind.Servers || blockOffset != 0 || !seenIsWhole)
            return Skip(header.FirstSequence, header.MinReceiveTime, gaps);
        var start = new TotalsTable();
        try
        {
            new BlockDecoder().Begin(header, source.Payload, start);
        }
        catch (Exception e) when (IsNonsense(e))
        {
            return Skip(header.FirstSequence, header.MinReceiveTime, gaps);
        }

        for (var i = 0; i < start.Count; i++)
            start.Of(i).Journaled -= seen[i].Journaled;
        // Totals that don't explain the hole were lost with it.
        return Skip(header.FirstSequence, header.MinReceiveTime, gaps, start.SumJournaled() == header.FirstSequence - expected ? start : null);
    }

    private long Skip(long to, long until, List<GapRecord> gaps, TotalsTable? missing = null)
    {
        var count = to - expected;
        var names = view.ServerNames;
        for (var i = 0; i < names.Count; i++)
        {
            var own = missing?[i].Journaled;
            if (names[i] is not { } name || own == 0)
                continue;
            var what = own is null ? $"{count} samples, of this server or others," : $"{own} samples";
            var why = lastDamage is not null ? $"the journal is damaged: {lastDamage}"
                : jumped ? "the journal's size limit was reached before they were delivered"
                : "a power cut took the journal's end before it was on the disk";
            gaps.Add(new GapRecord { Server = name, From = (lastReceive == 0 ? until : lastReceive) - lag, To = until, Cause = $"{what} are no longer in the journal: {why}" });
        }

        lastDamage = null;
        jumped = false;
        expected = to;
        return count;
    }
}
