namespace FloorGateway.Pipeline.Journal;

/// <summary>Looks at a journal's folder without opening it for writing: for inspection, also beside a running gateway.</summary>
public sealed class JournalFolder : IJournalView
{
    private readonly List<SegmentInfo> segments;
    private readonly List<JournalDamage> damages = [];
    private readonly SegmentScan scan = new();

    private JournalFolder(string folder)
    {
        segments = SegmentInfo.List(folder);
        using var source = new BlockSource();
        foreach (var segment in segments)
            SegmentScan.TryReadStart(segment, source);
        var first = segments.FindLastIndex(s => s.Created != 0);
        for (var i = Math.Max(first, 0); i < segments.Count; i++)
            scan.Scan(segments[i]);
    }

    /// <summary>The segment files, oldest first.</summary>
    public IReadOnlyList<SegmentInfo> Segments => segments;

    /// <summary>What readers made here found damaged.</summary>
    public IReadOnlyList<JournalDamage> Damages => damages;

    public IReadOnlyList<string?> ServerNames => scan.Names;

    /// <summary>Totals by server number as of the end.</summary>
    public IReadOnlyList<ServerTotals> Totals => scan.Totals.Items.ToArray();

    public JournalPosition Tail => segments.Count == 0 ? default : new(segments[^1].Number, scan.SoundLength, scan.NextSequence);

    public JournalPosition Head => segments.Count == 0 ? default : new(segments[0].Number, 0, segments[0].FirstSequence);

    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    public static JournalFolder Open(string folder) => new(folder);

    /// <summary>A reader over what was there when the folder was opened.</summary>
    public JournalReader CreateReader(JournalPosition from) => new(this, from, 0, null, null);

    SegmentInfo? IJournalView.SegmentFrom(long number)
    {
        var index = segments.FindIndex(s => s.Number >= number);
        if (index < 0)
            return null;
        var segment = segments[index];
        // The gateway beside us may have packed it since.
        if (!segment.Packed && !File.Exists(segment.Path) && new FileInfo(SegmentInfo.PackedPathOf(segment.Path)) is { Exists: true } packed && SegmentInfo.TryParse(packed, out var found))
        {
            found!.Created = segment.Created;
            segments[index] = segment = found;
        }

        return segment;
    }

    void IJournalView.ReportDamage(JournalDamage damage) => damages.Add(damage);
}
