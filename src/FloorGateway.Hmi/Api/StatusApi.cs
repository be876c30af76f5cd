using System.Reflection;
using FloorGateway.Hmi.Health;
using FloorGateway.Model.Ledger;
using FloorGateway.Model.Status;
using Microsoft.AspNetCore.Http;

namespace FloorGateway.Hmi.Api;

/// <summary><c>GET /api/ledger</c>, <c>/api/ledger/tags?prefix=</c>, <c>/api/status</c> and <c>/healthz</c>.</summary>
internal static class StatusApi
{
    private static readonly string Version = typeof(StatusApi).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "";

    public static IResult GetLedger(HttpRequest request, ILedger ledger)
    {
        var query = new Query(request);
        if (query.Problem is not null)
            return query.Problem;
        var snapshot = ledger.Snapshot();
        return TypedResults.Ok(new
        {
            snapshot.Closes,
            snapshot.Differences,
            snapshot.Journaled,
            Servers = snapshot.Servers.Select(s => new { s.Server, s.Received, s.SuppressedDeadband, s.SuppressedDuplicate, s.Journaled, s.Gaps, s.Difference }),
            Feeds = snapshot.Feeds.Select(Feed),
        });
    }

    public static IResult GetTagLedger(HttpRequest request, ILedger ledger)
    {
        var query = new Query(request, "prefix");
        if (query.Problem is not null)
            return query.Problem;
        var prefix = query.Text("prefix") ?? "";
        return TypedResults.Ok(new
        {
            Tags = ledger.Tags().Where(t => t.Tag.StartsWith(prefix, StringComparison.Ordinal)).Select(t => new { t.Tag, t.Server, t.Received, t.Suppressed, t.Journaled, t.NotGood }),
        });
    }

    public static IResult GetStatus(HttpRequest request, IGatewayStatus gateway, ILedger ledger, HmiOptions options, TimeProvider clock)
    {
        var query = new Query(request);
        if (query.Problem is not null)
            return query.Problem;
        var snapshot = ledger.Snapshot();
        var now = clock.GetUtcNow();
        return TypedResults.Ok(new
        {
            gateway.GatewayId,
            Version,
            Time = now,
            gateway.Started,
            UptimeSeconds = Math.Round((now - gateway.Started).TotalSeconds, 1),
            Health = HealthReport.Of(gateway, snapshot, options),
            Connections = gateway.Connections.Select(c => new { c.Server, c.Url, c.State, c.Detail, c.Security, c.Since, c.Tags, c.BadTags, ClockOffsetSeconds = c.ClockOffset is { } offset ? Math.Round(offset.TotalSeconds, 3) : (double?)null }),
            Feeds = snapshot.Feeds.Select(Feed),
            gateway.Conditions,
            gateway.InsecureChoices,
        });
    }

    public static IResult GetHealth(IGatewayStatus gateway, ILedger ledger, HmiOptions options)
    {
        var report = HealthReport.Of(gateway, ledger.Snapshot(), options);
        return TypedResults.Json(report, statusCode: report.Problems.Count > 0 ? StatusCodes.Status503ServiceUnavailable : StatusCodes.Status200OK);
    }

    private static object Feed(FeedLedger f) => new { f.Feed, f.Journaled, f.Delivered, f.Refused, f.Withheld, f.Waiting, f.Backlog, f.Expired, f.Difference, LagSeconds = Math.Round(f.Lag.TotalSeconds, 3), LiveLagSeconds = Math.Round(f.LiveLag.TotalSeconds, 3), f.State, f.LastError };
}
