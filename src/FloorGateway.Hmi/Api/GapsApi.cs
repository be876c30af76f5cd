using FloorGateway.Model.Gaps;
using FloorGateway.Model.History;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace FloorGateway.Hmi.Api;

/// <summary><c>GET /api/gaps?from=&amp;to=&amp;limit=</c>: what is known to be missing and why, the newest first; the last 24 hours without a range.</summary>
internal static class GapsApi
{
    private static readonly TimeSpan DefaultSpan = TimeSpan.FromHours(24);

    public static async Task<IResult> GetAsync(HttpRequest request, HmiOptions options, TimeProvider clock, CancellationToken cancel)
    {
        var query = new Query(request, "from", "to", "limit");
        var to = query.Time("to", clock.GetUtcNow());
        var from = query.Time("from", to - TimeSpan.FromTicks(Math.Min(DefaultSpan.Ticks, to.UtcTicks)));
        var limit = query.Number("limit", options.DefaultLimit, 1, options.MaxLimit);
        if (from >= to)
            query.Fail("from", $"from ({from:O}) is not before to ({to:O}); exchange them");
        if (query.Problem is not null)
            return query.Problem;
        if (request.HttpContext.RequestServices.GetService<IHistory>() is not { } history)
            return Problems.Of(StatusCodes.Status404NotFound, "There is no history", "this gateway stores no history itself; add a feed of type history to its configuration");
        try
        {
            var gaps = await history.ReadGapsAsync(from.UtcTicks, to.UtcTicks, cancel);
            return TypedResults.Ok(new { Gaps = gaps.Reverse().Take(limit).Select(Gap), More = gaps.Count > limit });
        }
        catch (HistoryException trouble)
        {
            return Problems.Of(StatusCodes.Status503ServiceUnavailable, "The history can't answer now", trouble.Message);
        }
    }

    private static object Gap(GapRecord gap) =>
        new { gap.Server, gap.Tag, From = Time(gap.From), To = Time(gap.To), Seconds = Math.Round((gap.To - gap.From) / (double)TimeSpan.TicksPerSecond, 3), gap.Cause };

    // A clock that is wrong may have given a time before all calendars.
    private static DateTime Time(long ticks) => new(Math.Clamp(ticks, 0, DateTime.MaxValue.Ticks), DateTimeKind.Utc);
}
