using System.Diagnostics.CodeAnalysis;
using FloorGateway.Model.Gaps;
using FloorGateway.Model.Samples;

namespace FloorGateway.Pipeline.Journal;

/// <summary>What one segment holds, every byte of it looked at.</summary>
public sealed record SegmentReport
{
    /// <summary>The file.</summary>
    public required SegmentInfo Segment { get; init; }

    /// <summary>Samples that can be read.</summary>
    public long Samples { get; set; }

    /// <summary>Sound blocks.</summary>
    public int Blocks { get; set; }

    /// <summary>Distinct tags.</summary>
    public int Tags { get; set; }

    /// <summary>Gap records.</summary>
    public int Gaps { get; set; }

    /// <summary>Smallest receive time of a sample, UTC ticks; 0 = there is none.</summary>
    public long From { get; set; }

    /// <summary>Greatest receive time of a sample, UTC ticks.</summary>
    public long To { get; set; }

    /// <summary>Sequence numbers that are missing before and in the segment.</summary>
    public long Missing { get; set; }

    /// <summary>Bytes at the end of the newest segment that are no block yet: one is being written, or a kill cut it short and the next start takes it off.</summary>
    public long Unfinished { get; set; }

    /// <summary>What can't be read.</summary>
    public IReadOnlyList<JournalDamage> Damages { get; set; } = [];
}

/// <summary>Reads a journal's folder from its first byte to its last: every checksum, every value. Changes nothing; a gateway may be running beside it.</summary>
public sealed class JournalInspector
{
    private readonly JournalFolder folder;
    private readonly BlockDecoder decoder = new();
    private readonly List<string?> names = [];
    private readonly HashSet<int> tags = [];
    private readonly TotalsTable totals = new();
    private long expected = -1;

    // The segment looked at before, where nothing in it is damaged.
    private SegmentInfo? before;

    private JournalInspector(JournalFolder folder) => this.folder = folder;

    /// <summary>Looks at the segments one after the other, oldest first.</summary>
    /// <param name="path">The journal's folder.</param>
    /// <exception cref="IOException">The folder or a file can't be read.</exception>
    public static IEnumerable<SegmentReport> Inspect(string path)
    {
        var inspector = new JournalInspector(JournalFolder.Open(path));
        IJournalView view = inspector.folder;
        foreach (var segment in inspector.folder.Segments.ToArray())
        {
            // Asked for again: it may have been packed, or have gone, since the folder was listed.
            if (view.SegmentFrom(segment.Number) is { } present && present.Number == segment.Number && inspector.TryLook(present, out var report))
                yield return report;
        }
    }

    private bool TryLook(SegmentInfo segment, [NotNullWhen(true)] out SegmentReport? report)
    {
        report = null;
        try
        {
            report = Look(segment);
            return true;
        }
        catch (FileNotFoundException)
        {
            // Retention was here.
            return false;
        }
    }

    private SegmentReport Look(SegmentInfo segment)
    {
        var report = new SegmentReport { Segment = segment };
        var damages = new List<JournalDamage>();
        tags.Clear();
        var tail = folder.Tail;
        var limit = segment.Number == tail.Segment && !segment.Packed ? tail.Offset : segment.Length;
        if (!segment.Packed)
            report.Unfinished = segment.Length - limit;
        using var source = new BlockSource();
        source.Open(segment);
        for (long offset = 0; ;)
        {
            var start = offset;
            var status = source.Read(ref offset, limit, out var header, out var reason);
            if (status == BlockReadStatus.End)
                break;
            if (status == BlockReadStatus.Block && start == 0 && header.Kind == BlockKind.Servers && CutBefore(header, source.Payload) is { } cut)
                damages.Add(cut);
            if (status == BlockReadStatus.Block && !TryTake(report, header, source.Payload, out reason))
                status = BlockReadStatus.Damaged;
            if (status == BlockReadStatus.Damaged)
                damages.Add(new JournalDamage(Path.GetFileName(segment.Path), source.FileOffset, source.FileLength, reason!));
        }

        report.Tags = tags.Count;
        report.Damages = damages;
        before = damages.Count == 0 ? segment : null;
        return report;
    }

    /// <summary>A segment that was cut at a block's end looks whole; the totals that the next one begins with tell.</summary>
    private JournalDamage? CutBefore(in BlockHeader header, ReadOnlySpan<byte> payload)
    {
        if (before is not { } segment)
            return null;
        var begins = new TotalsTable();
        try
        {
            new BlockDecoder().Begin(header, payload, begins);
        }
        catch (Exception e) when (e is InvalidDataException or IndexOutOfRangeException or ArgumentException)
        {
            return null;
        }

        var (samples, gaps, differs) = (0L, 0L, false);
        for (var i = 0; i < begins.Count; i++)
        {
            samples += begins[i].Journaled - totals[i].Journaled;
            gaps += begins[i].Gaps - totals[i].Gaps;
            differs |= begins[i] != totals[i];
        }

        return differs ? new JournalDamage(Path.GetFileName(segment.Path), segment.Length, 0, $"its end is cut off: {samples} samples and {gaps} gap records are missing before the next segment") : null;
    }

    private bool TryTake(SegmentReport report, in BlockHeader header, ReadOnlySpan<byte> payload, out string? reason)
    {
        reason = null;
        try
        {
            decoder.Begin(header, payload, totals);
            if (header.Kind == BlockKind.Servers)
            {
                decoder.ReadNames(payload, names);
            }
            else if (header.Kind == BlockKind.Gaps)
            {
                var gaps = new List<GapRecord>();
                decoder.ReadGaps(payload, gaps);
                report.Gaps += gaps.Count;
            }
            else
            {
                ReadSamples(payload);
            }
        }
        catch (Exception e) when (e is InvalidDataException or IndexOutOfRangeException or ArgumentException)
        {
            decoder.Abandon();
            reason = $"a block of {header.SampleCount} samples makes no sense: {e.Message}";
            return false;
        }

        report.Blocks++;
        if (expected >= 0 && header.FirstSequence > expected)
            report.Missing += header.FirstSequence - expected;
        expected = Math.Max(expected, header.FirstSequence + header.SampleCount);
        if (header.SampleCount == 0)
            return true;
        report.Samples += header.SampleCount;
        report.From = report.From == 0 ? header.MinReceiveTime : Math.Min(report.From, header.MinReceiveTime);
        report.To = Math.Max(report.To, header.MaxReceiveTime);
        return true;
    }

    private void ReadSamples(ReadOnlySpan<byte> payload)
    {
        using var piece = new SampleBatch(1024);
        while (decoder.Remaining > 0)
        {
            piece.Clear();
            decoder.ReadSamples(payload, piece, 1024);
            foreach (ref readonly var sample in piece.Samples)
                tags.Add(sample.Tag);
        }
    }
}
