using FloorGateway.Model.Ledger;
using FloorGateway.Model.Status;

namespace FloorGateway.Hmi.Health;

/// <summary>Whether the gateway does its work, and why not.</summary>
/// <param name="Status">healthy, degraded (it works, someone should look) or unhealthy.</param>
/// <param name="Problems">What makes it unhealthy.</param>
/// <param name="Warnings">What someone should look at.</param>
public sealed record HealthReport(string Status, IReadOnlyList<string> Problems, IReadOnlyList<string> Warnings)
{
    /// <summary>
    /// Unhealthy: a server is disconnected, a feed has stopped or its oldest sample waits too long, a sum of the ledger does not close. Degraded: a
    /// server is connecting or degraded or can't give some tags, a feed retries.
    /// </summary>
    public static HealthReport Of(IGatewayStatus gateway, LedgerSnapshot ledger, HmiOptions options)
    {
        List<string> problems = [];
        List<string> warnings = [];
        foreach (var connection in gateway.Connections)
        {
            var because = connection.Detail is null ? "" : $": {connection.Detail}";
            if (connection.State == "Disconnected")
                problems.Add($"server {connection.Server} is disconnected{because}");
            else if (connection.State != "Connected")
                warnings.Add($"server {connection.Server} is {connection.State.ToLowerInvariant()}{because}");
            if (connection.BadTags.Count > 0)
                warnings.Add($"server {connection.Server} can't give {connection.BadTags.Count} of {connection.Tags} tags");
        }

        foreach (var feed in ledger.Feeds)
        {
            var because = feed.LastError is null ? "" : $": {feed.LastError}";
            if (feed.State == "Stopped")
                problems.Add($"feed {feed.Feed} has stopped{because}");
            else if (feed.State == "Paused")
                warnings.Add($"feed {feed.Feed} is paused, {feed.Waiting} samples wait");
            else if (Late(feed) > options.UnhealthyLag)
                problems.Add($"feed {feed.Feed} is {(int)Late(feed).TotalSeconds} s behind, {feed.Waiting} samples wait{because}");
            else if (feed.State != "Running")
                warnings.Add($"feed {feed.Feed} is {feed.State.ToLowerInvariant()}{because}");
            if (feed.Backlog > 0 && feed.State == "Running")
                warnings.Add($"feed {feed.Feed} is live and catches up with {feed.Backlog} older samples beside");
            if (feed.Refused > 0)
                warnings.Add($"feed {feed.Feed} has {feed.Refused} refused samples in its dead-letter file");
            if (feed.Expired > 0)
                warnings.Add($"feed {feed.Feed} has lost {feed.Expired} samples to the journal's retention");
        }

        problems.AddRange(ledger.Differences.Select(difference => $"the ledger does not close: {difference}"));
        // A feed that is live, with older samples beside, does its work.
        static TimeSpan Late(FeedLedger feed) => feed.Backlog > 0 && feed.State == "Running" ? feed.LiveLag : feed.Lag;

        return new(problems.Count > 0 ? "unhealthy" : warnings.Count > 0 ? "degraded" : "healthy", problems, warnings);
    }
}
