using FloorGateway.Model.Ledger;
using FloorGateway.Pipeline.Feeds;
using FloorGateway.Pipeline.Journal;

namespace FloorGateway.Pipeline.Ledger;

/// <summary>
/// Draws the ledger from the journal's committed totals and the feeds' cursors. No counter of its own: what it shows is what a kill at this moment would leave.
/// </summary>
internal static class LedgerBook
{
    /// <summary>Name under which samples stand whose block was lost with its counts (power cut, damage): received and journaled, by a server no longer known.</summary>
    public const string LostName = "(lost from the journal)";

    public static LedgerSnapshot Draw(SampleJournal journal, IReadOnlyList<FeedRunner> feeds)
    {
        // Feeds first: they only follow, so the tail read after them is never behind them.
        var progress = feeds.Select(f => f.Progress).ToArray();
        var (servers, tail) = journal.Totals();
        var lines = new List<ServerLedger>(servers.Count + 1);
        long sum = 0;
        foreach (var (name, t) in servers)
        {
            lines.Add(new ServerLedger(name, t.Received, t.SuppressedDeadband, t.SuppressedDuplicate, t.Journaled, t.Gaps));
            sum += t.Journaled;
        }

        if (sum < tail.Sequence)
            lines.Add(new ServerLedger(LostName, tail.Sequence - sum, 0, 0, tail.Sequence - sum, 0));
        return new LedgerSnapshot(lines, tail.Sequence, feeds.Select((f, i) => f.Ledger(progress[i], tail.Sequence)).ToArray());
    }
}
