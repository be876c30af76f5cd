using FloorGateway.Pipeline.Journal;

namespace FloorGateway.Pipeline.Feeds;

/// <summary>The journal as it was up to a place: what lies behind it is another's to read.</summary>
internal sealed class BacklogView(IJournalView journal, JournalPosition end) : IJournalView
{
    public JournalPosition Tail => end;

    public IReadOnlyList<string?> ServerNames => journal.ServerNames;

    public SegmentInfo? SegmentFrom(long number) => journal.SegmentFrom(number) is { } found && found.Number <= end.Segment ? found : null;

    public void ReportDamage(JournalDamage damage) => journal.ReportDamage(damage);
}
