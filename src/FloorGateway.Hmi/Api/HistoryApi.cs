using System.Text;
using System.Text.Json;
using FloorGateway.Model.History;
using FloorGateway.Model.Tags;
using FloorGateway.Model.Values;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace FloorGateway.Hmi.Api;

/// <summary>
/// <c>GET /api/history?path=&amp;from=&amp;to=&amp;buckets=</c> gives minimum, maximum, mean, first and last of each bucket of one tag; with <c>weighted=true</c> the
/// time-weighted means instead, with <c>states=true</c> how long it held each value, with <c>last=true</c> its newest sample before <c>to</c>, with <c>raw=true</c>
/// (and <c>limit</c>) the samples as they are stored, with <c>format=csv</c> all of them as CSV.
/// </summary>
internal static class HistoryApi
{
    public static async Task<IResult> GetAsync(HttpRequest request, ITagCatalog catalog, HmiOptions options, TimeProvider clock, CancellationToken cancel)
    {
        var query = new Query(request, "path", "from", "to", "buckets", "raw", "limit", "weighted", "states", "last", "format");
        var path = query.Required("path", "LXE/JSH/CAS/L01/DC01/PRESS/Shot.Velocity");
        var to = query.Time("to", clock.GetUtcNow());
        var from = query.Time("from", to - TimeSpan.FromTicks(Math.Min(options.DefaultSpan.Ticks, to.UtcTicks)));
        var raw = query.Flag("raw");
        var buckets = query.Number("buckets", options.DefaultBuckets, 1, options.MaxBuckets);
        var limit = query.Number("limit", options.DefaultLimit, 1, options.MaxLimit);
        var (weighted, states, last) = (query.Flag("weighted"), query.Flag("states"), query.Flag("last"));
        var csv = query.Text("format") is { } format && (format == "csv" || Fail("format", $"format is '{format}'; give csv, or leave it out for JSON"));
        if (new[] { raw, weighted, states, last, csv }.Count(wanted => wanted) > 1)
            query.Fail("raw", "raw, weighted, states, last and format=csv are different questions; ask one");
        if ((states || last || csv) && query.Text("buckets") is not null)
            query.Fail("buckets", "only means are asked for in buckets; leave buckets out");
        if (raw && query.Text("buckets") is not null)
            query.Fail("buckets", "raw=true gives samples as they are stored; leave buckets out, or leave raw out");
        if (!raw && query.Text("limit") is not null)
            query.Fail("limit", "limit belongs to raw samples; add raw=true, or leave limit out and give buckets");
        if (from >= to)
            query.Fail("from", $"from ({from:O}) is not before to ({to:O}); exchange them");
        if (query.Problem is not null)
            return query.Problem;
        if (request.HttpContext.RequestServices.GetService<IHistory>() is not { } history)
            return Problems.Of(StatusCodes.Status404NotFound, "There is no history", "this gateway stores no history itself; add a feed of type history to its configuration");
        if (!catalog.TryFind(path, out var tag))
            return Problems.Of(StatusCodes.Status404NotFound, "There is no such tag", $"no tag has the path '{path}'; /api/tags lists them", "path");

        // The last value holds until now, not into the future.
        var until = Math.Min(to.UtcTicks, Math.Max(clock.GetUtcNow().UtcTicks, from.UtcTicks + 1));
        try
        {
            return await AnswerAsync();
        }
        catch (HistoryException trouble)
        {
            return Problems.Of(StatusCodes.Status503ServiceUnavailable, "The history can't answer now", trouble.Message);
        }

        bool Fail(string name, string detail)
        {
            query.Fail(name, detail);
            return false;
        }

        async Task<IResult> AnswerAsync()
        {
            if (csv)
                return TypedResults.Stream(body => WriteCsvAsync(body, history, path, from.UtcTicks, to.UtcTicks, cancel), "text/csv; charset=utf-8", "history.csv");
            if (last)
            {
                var point = await history.ReadLastAsync(path, to.UtcTicks - 1, cancel);
                return Json(writer => WriteLast(writer, point));
            }

            if (states)
            {
                var durations = await history.ReadStatesAsync(path, from.UtcTicks, until, cancel);
                return Json(writer => WriteStates(writer, durations));
            }

            if (weighted)
            {
                var means = await history.ReadTimeWeightedAsync(path, from.UtcTicks, until, buckets, cancel);
                return Json(writer => WriteWeighted(writer, means));
            }

            if (raw)
            {
                // One more than asked for tells whether there are more.
                var points = await history.ReadRawAsync(path, from.UtcTicks, to.UtcTicks, limit + 1, cancel);
                return Json(writer => WriteRaw(writer, points, limit));
            }

            var found = await history.ReadBucketsAsync(path, from.UtcTicks, to.UtcTicks, buckets, cancel);
            return Json(writer => WriteBuckets(writer, found));
        }

        IResult Json(Action<Utf8JsonWriter> write) => TypedResults.Stream(body => WriteAsync(body, tag, from, to, write), "application/json");
    }

    private static async Task WriteCsvAsync(Stream body, IHistory history, string path, long from, long to, CancellationToken cancel)
    {
        await using var text = new StreamWriter(body, new UTF8Encoding(false), leaveOpen: true);
        await HistoryCsv.WriteAsync(history, [path], from, to, text, cancel);
    }

    private static void WriteLast(Utf8JsonWriter writer, HistoryPoint? point)
    {
        writer.WritePropertyName("last");
        if (point is { } found)
            WritePoint(writer, found);
        else
            writer.WriteNullValue();
    }

    private static void WriteStates(Utf8JsonWriter writer, IReadOnlyList<StateDuration> states)
    {
        writer.WriteStartArray("states");
        foreach (var state in states)
        {
            writer.WriteStartObject();
            writer.WritePropertyName("value");
            TagValueJson.Write(writer, state.Value);
            writer.WriteNumber("seconds", state.Ticks / (double)TimeSpan.TicksPerSecond);
            writer.WriteNumber("entries", state.Entries);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static void WriteWeighted(Utf8JsonWriter writer, IReadOnlyList<TimeWeightedBucket> buckets)
    {
        writer.WriteStartArray("buckets");
        foreach (var bucket in buckets)
        {
            writer.WriteStartObject();
            writer.WriteString("time", new DateTime(bucket.Start, DateTimeKind.Utc));
            WriteNumber(writer, "mean", bucket.Mean);
            writer.WriteNumber("goodSeconds", bucket.GoodTicks / (double)TimeSpan.TicksPerSecond);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static async Task WriteAsync(Stream body, TagDefinition tag, DateTimeOffset from, DateTimeOffset to, Action<Utf8JsonWriter> write)
    {
        await using var writer = new Utf8JsonWriter(body);
        writer.WriteStartObject();
        writer.WriteString("path", tag.Path);
        writer.WriteString("unit", tag.UnitSymbol ?? tag.UnitCode);
        writer.WriteString("from", from.UtcDateTime);
        writer.WriteString("to", to.UtcDateTime);
        write(writer);
        writer.WriteEndObject();
    }

    private static void WriteRaw(Utf8JsonWriter writer, IReadOnlyList<HistoryPoint> points, int limit)
    {
        writer.WriteBoolean("more", points.Count > limit);
        writer.WriteStartArray("points");
        foreach (var point in points.Take(limit))
            WritePoint(writer, point);
        writer.WriteEndArray();
    }

    private static void WritePoint(Utf8JsonWriter writer, HistoryPoint point)
    {
        writer.WriteStartObject();
        writer.WriteString("time", new DateTime(point.SourceTime, DateTimeKind.Utc));
        writer.WritePropertyName("value");
        TagValueJson.Write(writer, point.Value);
        TagJson.WriteQuality(writer, point.Status);
        writer.WriteEndObject();
    }

    private static void WriteBuckets(Utf8JsonWriter writer, IReadOnlyList<HistoryBucket> buckets)
    {
        writer.WriteStartArray("buckets");
        foreach (var bucket in buckets)
        {
            writer.WriteStartObject();
            writer.WriteString("time", new DateTime(bucket.Start, DateTimeKind.Utc));
            WriteNumber(writer, "min", bucket.Min);
            WriteNumber(writer, "max", bucket.Max);
            WriteNumber(writer, "mean", bucket.Mean);
            WriteNumber(writer, "first", bucket.First);
            WriteNumber(writer, "last", bucket.Last);
            writer.WriteNumber("count", bucket.Count);
            writer.WriteNumber("notGood", bucket.NotGood);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    // A bucket without good numbers (NaN), or with infinities, has none to draw.
    private static void WriteNumber(Utf8JsonWriter writer, string name, double value)
    {
        if (double.IsFinite(value))
            writer.WriteNumber(name, value);
        else
            writer.WriteNull(name);
    }
}
