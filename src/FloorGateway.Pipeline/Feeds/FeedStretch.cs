using FloorGateway.Model.Gaps;
using FloorGateway.Model.Samples;
using FloorGateway.Pipeline.Journal;

namespace FloorGateway.Pipeline.Feeds;

/// <summary>Which way samples go to a destination.</summary>
internal enum FeedLaneKind
{
    Live,

    /// <summary>What was left behind to be live at once.</summary>
    Backlog,

    /// <summary>Dead letters that are sent again.</summary>
    DeadLetters,
}

/// <summary>A piece of the journal read for one delivery, in memory that is used again.</summary>
internal sealed class FeedStretch(FeedLaneKind kind, FeedFilter? filter, JournalPosition? end = null) : IDisposable
{
    // Where each sample that passed the filter stood in what was read.
    private int[] offsets = [];
    private List<long>? sequences;

    public FeedLaneKind Kind => kind;

    /// <summary>What passed the filter.</summary>
    public SampleBatch Samples { get; } = new(1024);

    public List<GapRecord> Gaps { get; } = [];

    public JournalRead Read { get; private set; }

    /// <summary>Receive time of the first sample read; 0 where none was.</summary>
    public long FirstReceive { get; private set; }

    /// <summary>Receive time of the last sample read when this stretch was filled.</summary>
    public long LastReceive { get; private set; }

    /// <summary>Samples counted as withheld by now.</summary>
    public int Withheld { get; set; }

    /// <summary>Dead letters: delivered by now, and not yet in the feed's progress.</summary>
    public int Redelivered { get; set; }

    /// <summary>Dead letters: lines that it was made of.</summary>
    public int Lines { get; private set; }

    public void Fill(JournalReader reader, int most)
    {
        Clear();
        Read = reader.Read(Samples, Gaps, most);
        LastReceive = reader.LastReceive;
        if (end is { } last && Read.End.Sequence > last.Sequence)
            Clip(last);
        FirstReceive = Samples.Count > 0 ? Samples[0].ReceiveTime : 0;
        if (kind == FeedLaneKind.Backlog)
            MarkReplayed();
        if (filter is null)
            return;
        if (offsets.Length < Samples.Count)
            offsets = new int[Math.Max(Samples.Count, most)];
        Samples.Truncate(filter.Apply(Samples.Samples, offsets));
    }

    /// <summary>A stretch whose samples are all gone.</summary>
    public void FillLost(in FeedHole hole, IEnumerable<GapRecord> gaps)
    {
        Clear();
        Gaps.AddRange(gaps);
        (FirstReceive, LastReceive) = (0, hole.LastReceive);
        Read = new JournalRead(hole.From, hole.To, hole.To.Sequence, 0, hole.Samples, Gaps.Count);
    }

    /// <summary>Dead letters, with the sequence numbers they once had.</summary>
    public void FillLetters(IEnumerable<DeadLetter> letters, int lines)
    {
        Clear();
        sequences ??= [];
        sequences.Clear();
        Lines = lines;
        foreach (var letter in letters)
        {
            if (letter.Gap is { } gap)
            {
                Gaps.Add(gap);
                continue;
            }

            Samples.Add(letter.Sample);
            sequences.Add(letter.Sequence);
        }

        MarkReplayed();
        (FirstReceive, LastReceive) = (0, 0);
        Read = new JournalRead(default, default, sequences.Count > 0 ? sequences[0] : 0, Samples.Count, 0, Gaps.Count);
    }

    /// <summary>Where a sample that passed stood in what was read; behind all of it for one past the last.</summary>
    public int RawOffset(int index) => filter is null || kind == FeedLaneKind.DeadLetters ? index : index < Samples.Count ? offsets[index] : Read.Samples;

    /// <summary>Journal sequence number of a sample that passed.</summary>
    public long SequenceOf(int index) => kind == FeedLaneKind.DeadLetters ? sequences![index] : Read.FirstSequence + RawOffset(index);

    public void Dispose() => Samples.Dispose();

    private void Clear()
    {
        Samples.Clear();
        Gaps.Clear();
        (Withheld, Redelivered, Lines) = (0, 0, 0);
    }

    /// <summary>A packed segment has larger blocks: the one in which a hole ends goes on behind it.</summary>
    private void Clip(JournalPosition last)
    {
        var kept = (int)Math.Clamp(last.Sequence - Read.FirstSequence, 0, Samples.Count);
        Samples.Truncate(kept);
        Read = Read with
        {
            End = last,
            FirstSequence = Math.Min(Read.FirstSequence, last.Sequence),
            Samples = kept,
            Skipped = Math.Clamp(last.Sequence - Read.Start.Sequence, 0, Read.Skipped),
        };
        LastReceive = kept > 0 ? Samples[kept - 1].ReceiveTime : LastReceive;
    }

    private void MarkReplayed()
    {
        foreach (ref var sample in Samples.Samples)
        {
            // A fetched one says already that it is from the past, and where it was had.
            if (sample.Origin != SampleOrigin.Backfill)
                sample.Origin = SampleOrigin.Replay;
        }
    }
}
