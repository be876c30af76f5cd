using FloorGateway.Model.Ledger;
using FloorGateway.Model.Tags;
using FloorGateway.Pipeline.Feeds;
using FloorGateway.Pipeline.Journal;

namespace FloorGateway.Pipeline.Ledger;

/// <summary>
/// Draws the ledger from the journal's committed totals and the feeds' cursors. No counter of its own: what it shows is what a kill at this moment would leave.
/// </summary>
public static class LedgerBook
{
    /// <summary>Name under which samples stand whose block was lost with its counts (power cut, damage): received and journaled, by a server no longer known.</summary>
    public const string LostName = "(lost from the journal)";

    /// <summary>The ledger of a data folder, as its files tell it: of a gateway that is stopped, or beside one that runs (then up to a second old).</summary>
    /// <param name="dataFolder">The gateway's data folder.</param>
    /// <exception cref="DirectoryNotFoundException">There is no journal in it.</exception>
    /// <exception cref="IOException">A file can't be read.</exception>
    public static LedgerSnapshot Read(string dataFolder)
    {
        // Cursors first: they only follow, so the journal read after them is never behind them.
        var feeds = new List<(string Name, FeedProgress Progress)>();
        var unreadable = new List<FeedLedger>();
        var folder = Path.Combine(dataFolder, "feeds");
        if (Directory.Exists(folder))
        {
            foreach (var file in Directory.EnumerateFiles(folder, "*.cursor").Order(StringComparer.Ordinal))
            {
                var name = Path.GetFileNameWithoutExtension(file);
                if (FeedCursor.Read(file) is { } progress)
                    feeds.Add((name, progress));
                else
                    unreadable.Add(new FeedLedger(name, 0, 0, 0, 0, 0, TimeSpan.Zero, "Damaged", "its cursor can't be read: it is not counted here, and delivers what is in the journal once more at its next start"));
            }
        }

        var journal = JournalFolder.Open(Path.Combine(dataFolder, "journal"));
        var totals = journal.Totals;
        var names = journal.ServerNames;
        var furthest = feeds.Count == 0 ? 0 : feeds.Max(f => f.Progress.Position.Sequence);
        var tail = Math.Max(journal.Tail.Sequence, furthest);
        var servers = Enumerable.Range(0, totals.Count).Select(i => (i < names.Count && names[i] is { } name ? name : $"(unnamed {i})", totals[i]));
        return new LedgerSnapshot(Lines(servers, tail), tail, [.. feeds.Select(f => Line(f.Name, f.Progress, tail)), .. unreadable]);
    }

    /// <summary>The ledger by tag of a data folder, of every tag that has had a sample.</summary>
    /// <param name="dataFolder">The gateway's data folder.</param>
    /// <param name="catalog">Names of the tags.</param>
    /// <exception cref="IOException">A file can't be read, or the counts are damaged.</exception>
    public static IReadOnlyList<TagLedger> ReadTags(string dataFolder, ITagCatalog catalog)
    {
        var journal = JournalFolder.Open(Path.Combine(dataFolder, "journal"));
        var file = Path.Combine(dataFolder, "tags.counts");
        using var tally = TagTally.Load(file, out var damaged) ?? new TagTally(journal.Head);
        if (damaged)
            throw new IOException($"{file} is damaged; the gateway begins to count by tag anew at its next start, and at once where it is deleted");
        using var reader = journal.CreateReader(tally.Position);
        tally.ReadOn(reader);
        return tally.Draw(catalog);
    }

    internal static LedgerSnapshot Draw(SampleJournal journal, IReadOnlyList<FeedRunner> feeds)
    {
        // Feeds first: they only follow, so the tail read after them is never behind them.
        var progress = feeds.Select(f => f.Progress).ToArray();
        var (servers, tail) = journal.Totals();
        return new LedgerSnapshot(Lines(servers, tail.Sequence), tail.Sequence, feeds.Select((f, i) => f.Ledger(progress[i], tail.Sequence)).ToArray());
    }

    private static List<ServerLedger> Lines(IEnumerable<(string Server, ServerTotals Totals)> servers, long tail)
    {
        var lines = new List<ServerLedger>();
        long sum = 0;
        foreach (var (name, t) in servers)
        {
            lines.Add(new ServerLedger(name, t.Received, t.SuppressedDeadband, t.SuppressedDuplicate, t.Journaled, t.Gaps));
            sum += t.Journaled;
        }

        if (sum < tail)
            lines.Add(new ServerLedger(LostName, tail - sum, 0, 0, tail - sum, 0));
        return lines;
    }

    private static FeedLedger Line(string name, in FeedProgress at, long tail) =>
        new(name, tail - at.Start, at.Delivered, at.Refused, tail - at.Position.Sequence + at.Backlog, at.Expired, TimeSpan.Zero, "", null) { Withheld = at.Withheld, Backlog = at.Backlog };
}
