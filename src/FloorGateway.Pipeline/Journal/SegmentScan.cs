namespace FloorGateway.Pipeline.Journal;

/// <summary>Looks through whole segments: totals, names, what is damaged, where the sound part ends.</summary>
internal sealed class SegmentScan
{
    private readonly BlockDecoder decoder = new();

    public TotalsTable Totals { get; } = new();

    public List<string?> Names { get; } = [];

    public List<JournalDamage> Damages { get; } = [];

    /// <summary>Sequence number behind the last sample seen.</summary>
    public long NextSequence { get; private set; }

    /// <summary>Offset of the end of the last sound block of the segment scanned last.</summary>
    public long SoundLength { get; private set; }

    /// <summary>True where the first block of the segment scanned last gave totals and names.</summary>
    public bool StartsWithTotals { get; private set; }

    public void Scan(SegmentInfo segment)
    {
        using var source = new BlockSource();
        source.Open(segment);
        NextSequence = Math.Max(NextSequence, segment.FirstSequence);
        SoundLength = 0;
        StartsWithTotals = false;
        long offset = 0;
        while (true)
        {
            var start = offset;
            var status = source.Read(ref offset, segment.Length, out var header, out var reason);
            if (status == BlockReadStatus.End)
                return;
            if (status == BlockReadStatus.Block && !TryTake(header, source.Payload, out reason))
                status = BlockReadStatus.Damaged;
            if (status == BlockReadStatus.Damaged)
            {
                Damages.Add(new JournalDamage(Path.GetFileName(segment.Path), source.FileOffset, source.FileLength, reason!));
                continue;
            }

            StartsWithTotals |= start == 0 && header.Kind == BlockKind.Servers;
            SoundLength = offset;
            NextSequence = Math.Max(NextSequence, header.FirstSequence + header.SampleCount);
        }
    }

    /// <summary>Where the last sound block ends, as an offset in the rows.</summary>
    public static long EndOf(SegmentInfo segment)
    {
        var scan = new SegmentScan();
        scan.Scan(segment);
        return scan.SoundLength;
    }

    /// <summary>When the segment was begun, and whether its first block gives totals.</summary>
    public static bool TryReadStart(SegmentInfo segment, BlockSource source)
    {
        try
        {
            source.Open(segment);
            long offset = 0;
            if (source.Read(ref offset, segment.Length, out var header, out _) != BlockReadStatus.Block || header.Kind != BlockKind.Servers)
                return false;
            segment.Created = header.MinReceiveTime;
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }

    private bool TryTake(in BlockHeader header, ReadOnlySpan<byte> payload, out string? reason)
    {
        reason = null;
        try
        {
            decoder.Begin(header, payload, Totals);
            if (header.Kind == BlockKind.Servers)
                decoder.ReadNames(payload, Names);
            return true;
        }
        catch (Exception e) when (e is InvalidDataException or IndexOutOfRangeException or ArgumentException)
        {
            reason = $"the block makes no sense: {e.Message}";
            return false;
        }
    }
}
