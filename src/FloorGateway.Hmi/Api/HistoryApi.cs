using System.Text.Json;
using FloorGateway.Model.History;
using FloorGateway.Model.Tags;
using FloorGateway.Model.Values;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace FloorGateway.Hmi.Api;

/// <summary><c>GET /api/history?path=&amp;from=&amp;to=&amp;buckets=</c> or <c>&amp;raw=true&amp;limit=</c>: stored samples of one tag.</summary>
internal static class HistoryApi
{
    public static async Task<IResult> GetAsync(HttpRequest request, ITagCatalog catalog, HmiOptions options, TimeProvider clock, CancellationToken cancel)
    {
        var query = new Query(request, "path", "from", "to", "buckets", "raw", "limit");
        var path = query.Required("path", "LXE/JSH/CAS/L01/DC01/PRESS/Shot.Velocity");
        var to = query.Time("to", clock.GetUtcNow());
        var from = query.Time("from", to - TimeSpan.FromTicks(Math.Min(options.DefaultSpan.Ticks, to.UtcTicks)));
        var raw = query.Flag("raw");
        var buckets = query.Number("buckets", options.DefaultBuckets, 1, options.MaxBuckets);
        var limit = query.Number("limit", options.DefaultLimit, 1, options.MaxLimit);
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

        if (raw)
        {
            // One more than asked for tells whether there are more.
            var points = await history.ReadRawAsync(path, from.UtcTicks, to.UtcTicks, limit + 1, cancel);
            return TypedResults.Stream(body => WriteAsync(body, tag, from, to, writer => WriteRaw(writer, points, limit)), "application/json");
        }

        var found = await history.ReadBucketsAsync(path, from.UtcTicks, to.UtcTicks, buckets, cancel);
        return TypedResults.Stream(body => WriteAsync(body, tag, from, to, writer => WriteBuckets(writer, found)), "application/json");
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
        {
            writer.WriteStartObject();
            writer.WriteString("time", new DateTime(point.SourceTime, DateTimeKind.Utc));
            writer.WritePropertyName("value");
            TagValueJson.Write(writer, point.Value);
            TagJson.WriteQuality(writer, point.Status);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
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
