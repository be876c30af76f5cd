using System.Globalization;
using System.Text;
using FloorGateway.Model.Ledger;
using FloorGateway.Model.Status;
using Microsoft.AspNetCore.Http;

namespace FloorGateway.Hmi.Api;

/// <summary><c>GET /metrics</c>: ledger, feeds, connections and conditions in Prometheus' text format. By server and feed only: a plant has too many tags for labels.</summary>
internal static class MetricsApi
{
    private const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    public static IResult Get(IGatewayStatus gateway, ILedger ledger, TimeProvider clock)
    {
        var text = new StringBuilder();
        Write(text, ledger.Snapshot());
        Write(text, gateway, clock.GetUtcNow());
        return TypedResults.Text(text.ToString(), ContentType);
    }

    private static void Write(StringBuilder text, LedgerSnapshot ledger)
    {
        Family(text, "ledger_closes", "gauge", "1 while every sum of the ledger closes.", [("", ledger.Closes ? 1 : 0)]);
        Family(text, "journaled_samples_total", "counter", "Samples appended to the journal.", [("", ledger.Journaled)]);
        Family(text, "server_received_samples_total", "counter", "Samples received from a server.", ledger.Servers.Select(s => (Label("server", s.Server), (double)s.Received)));
        Family(
            text, "server_suppressed_samples_total", "counter", "Samples not journaled, by reason.",
            ledger.Servers.SelectMany(s => ((string Labels, double Value)[])[($"{Label("server", s.Server)},reason=\"deadband\"", s.SuppressedDeadband), ($"{Label("server", s.Server)},reason=\"duplicate\"", s.SuppressedDuplicate)]));
        Family(text, "server_journaled_samples_total", "counter", "Samples of a server in the journal.", ledger.Servers.Select(s => (Label("server", s.Server), (double)s.Journaled)));
        Family(text, "server_gaps_total", "counter", "Gap records about a server.", ledger.Servers.Select(s => (Label("server", s.Server), (double)s.Gaps)));
        Feeds(text, ledger, "feed_journaled_samples_total", "counter", "Samples journaled since the feed was added.", f => f.Journaled);
        Feeds(text, ledger, "feed_delivered_samples_total", "counter", "Samples that the destination has acknowledged.", f => f.Delivered);
        Feeds(text, ledger, "feed_withheld_samples_total", "counter", "Samples that the feed's configuration withholds.", f => f.Withheld);
        Feeds(text, ledger, "feed_expired_samples_total", "counter", "Samples that left the journal before they were delivered.", f => f.Expired);
        Feeds(text, ledger, "feed_refused_samples", "gauge", "Samples in the dead-letter file.", f => f.Refused);
        Feeds(text, ledger, "feed_waiting_samples", "gauge", "Samples not yet acknowledged.", f => f.Waiting);
        Feeds(text, ledger, "feed_backlog_samples", "gauge", "Waiting samples that are caught up beside the live ones.", f => f.Backlog);
        Feeds(text, ledger, "feed_lag_seconds", "gauge", "Age of the oldest waiting sample.", f => f.Lag.TotalSeconds);
        Feeds(text, ledger, "feed_live_lag_seconds", "gauge", "Age of the oldest waiting sample outside the backlog.", f => f.LiveLag.TotalSeconds);
        Feeds(text, ledger, "feed_up", "gauge", "1 while the feed delivers.", f => f.State == "Running" ? 1 : 0);
    }

    private static void Write(StringBuilder text, IGatewayStatus gateway, DateTimeOffset now)
    {
        Family(text, "uptime_seconds", "gauge", "Time since the gateway was started.", [(Label("gateway", gateway.GatewayId), Math.Max(0, (now - gateway.Started).TotalSeconds))]);
        Family(text, "server_connected", "gauge", "1 while a server is connected.", gateway.Connections.Select(c => (Label("server", c.Server), c.State == "Connected" ? 1.0 : 0)));
        Family(text, "server_bad_tags", "gauge", "Tags that a server can't give.", gateway.Connections.Select(c => (Label("server", c.Server), (double)c.BadTags.Count)));
        Family(
            text, "conditions", "gauge", "Conditions that are active, by name and priority (1 is the most urgent).",
            gateway.Conditions.GroupBy(c => (c.Name, c.Priority)).Select(g => ($"{Label("name", g.Key.Name)},priority=\"{g.Key.Priority}\"", (double)g.Count())));
    }

    private static void Feeds(StringBuilder text, LedgerSnapshot ledger, string name, string type, string help, Func<FeedLedger, double> value) =>
        Family(text, name, type, help, ledger.Feeds.Select(f => (Label("feed", f.Feed), value(f))));

    private static void Family(StringBuilder text, string name, string type, string help, IEnumerable<(string Labels, double Value)> rows)
    {
        text.Append(CultureInfo.InvariantCulture, $"# HELP floorgateway_{name} {help}\n# TYPE floorgateway_{name} {type}\n");
        foreach (var (labels, value) in rows)
            text.Append(CultureInfo.InvariantCulture, $"floorgateway_{name}{(labels.Length > 0 ? "{" + labels + "}" : "")} {value}\n");
    }

    private static string Label(string name, string value) =>
        $"{name}=\"{value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal)}\"";
}
