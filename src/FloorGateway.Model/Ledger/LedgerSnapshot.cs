namespace FloorGateway.Model.Ledger;

/// <summary>What one server sent and what became of it. Closes when Received = SuppressedDeadband + SuppressedDuplicate + Journaled.</summary>
public sealed record ServerLedger(string Server, long Received, long SuppressedDeadband, long SuppressedDuplicate, long Journaled, long Gaps)
{
    public long Difference => Received - SuppressedDeadband - SuppressedDuplicate - Journaled;
}

/// <summary>What one feed was to deliver and what became of it. Closes when Journaled = Delivered + Refused + Withheld + Waiting + Expired.</summary>
/// <param name="Feed">Name in the configuration.</param>
/// <param name="Journaled">Samples appended since the feed was added.</param>
/// <param name="Delivered">Acknowledged by the destination.</param>
/// <param name="Refused">Refused for good and kept in the dead-letter file.</param>
/// <param name="Waiting">Not yet acknowledged.</param>
/// <param name="Expired">Removed by retention before they were delivered; each stretch is named by a gap record.</param>
/// <param name="Lag">Age of the oldest waiting sample.</param>
/// <param name="State">Running, Retrying, Paused, Stopped.</param>
/// <param name="LastError">Why the last delivery failed; null after a success.</param>
public sealed record FeedLedger(string Feed, long Journaled, long Delivered, long Refused, long Waiting, long Expired, TimeSpan Lag, string State, string? LastError)
{
    /// <summary>Not sent because the feed's configuration says so: other tags, deadband, minimum interval, part of an aggregate.</summary>
    public long Withheld { get; init; }

    /// <summary>Part of <see cref="Waiting"/> that is caught up beside the live samples, marked as replay.</summary>
    public long Backlog { get; init; }

    /// <summary>Age of the oldest sample that waits and is not part of the backlog: how far behind screens are.</summary>
    public TimeSpan LiveLag { get; init; }

    public long Difference => Journaled - Delivered - Refused - Withheld - Waiting - Expired;
}

/// <summary>The whole ledger at one moment.</summary>
public sealed record LedgerSnapshot(IReadOnlyList<ServerLedger> Servers, long Journaled, IReadOnlyList<FeedLedger> Feeds)
{
    /// <summary>All sums close: each server, the journal over all servers, each feed.</summary>
    public bool Closes => Differences.Count == 0;

    /// <summary>Each sum that does not close, in words.</summary>
    public IReadOnlyList<string> Differences
    {
        get
        {
            var found = new List<string>();
            foreach (var server in Servers.Where(s => s.Difference != 0))
                found.Add($"server {server.Server}: received {server.Received} but {server.Received - server.Difference} accounted for");
            var journaled = Servers.Sum(s => s.Journaled);
            if (journaled != Journaled)
                found.Add($"journal: holds {Journaled} samples but the servers account for {journaled}");
            foreach (var feed in Feeds.Where(f => f.Difference != 0))
                found.Add($"feed {feed.Feed}: {feed.Journaled} journaled but {feed.Journaled - feed.Difference} accounted for");
            return found;
        }
    }
}

/// <summary>What became of one tag's samples since the tag's counts began. Suppressed ones of the last seconds before a kill are not known by tag.</summary>
/// <param name="Tag">The tag's path.</param>
/// <param name="Server">The server that gives it.</param>
/// <param name="Suppressed">Received, but not journaled: too small a change, a duplicate, or still held by a debounce.</param>
/// <param name="Journaled">In the journal.</param>
/// <param name="NotGood">Those of the journaled whose quality is not good.</param>
public sealed record TagLedger(string Tag, string Server, long Suppressed, long Journaled, long NotGood)
{
    public long Received => Suppressed + Journaled;
}

/// <summary>Where screens and commands read the ledger.</summary>
public interface ILedger
{
    LedgerSnapshot Snapshot();

    /// <summary>The ledger by tag, of every tag that has had a sample; empty where nobody counts by tag.</summary>
    IReadOnlyList<TagLedger> Tags() => [];
}
