using System.Text.Json;
using FloorGateway.Hmi.Live;
using FloorGateway.Model.Ports;
using FloorGateway.Model.Tags;
using Microsoft.AspNetCore.Http;

namespace FloorGateway.Hmi.Api;

/// <summary><c>GET /api/tags?prefix=</c>: every active tag with its latest sample.</summary>
internal static class TagsApi
{
    // Between these the response is flushed, so that a plant's 60,000 tags do not pile up in memory.
    private const int FlushEvery = 32 * 1024;

    public static IResult Get(HttpRequest request, ITagCatalog catalog, ILiveTags live, LiveChanges changes, TimeProvider clock)
    {
        var query = new Query(request, "prefix");
        var prefix = query.Text("prefix") ?? "";
        return query.Problem ?? TypedResults.Stream(body => WriteAsync(body, catalog, live, changes, clock, prefix), "application/json");
    }

    private static async Task WriteAsync(Stream body, ITagCatalog catalog, ILiveTags live, LiveChanges changes, TimeProvider clock, string prefix)
    {
        await using var writer = new Utf8JsonWriter(body);
        writer.WriteStartObject();
        writer.WriteString("time", clock.GetUtcNow().UtcDateTime);
        // Read before the values: who asks for what came after it misses nothing.
        writer.WriteString("version", changes.Mark());
        writer.WriteStartArray("tags");
        for (var id = 0; id < catalog.Count; id++)
        {
            var tag = catalog[id];
            if (!tag.Active || !tag.Path.StartsWith(prefix, StringComparison.Ordinal))
                continue;
            writer.WriteStartObject();
            TagJson.WriteDefinition(writer, tag);
            TagJson.WriteSample(writer, live.TryGet(id, out var sample) ? sample : null);
            writer.WriteEndObject();
            if (writer.BytesPending > FlushEvery)
                await writer.FlushAsync();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }
}
