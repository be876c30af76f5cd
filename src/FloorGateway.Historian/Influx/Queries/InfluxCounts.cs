using System.Text.Json;
using FloorGateway.Historian.Influx.LineProtocol;
using FloorGateway.Model.Tags;

namespace FloorGateway.Historian.Influx.Queries;

/// <summary>
/// Counts stored samples: the values, and of the bad ones, which have no value, the qualities. Where a bad quality stands beside a value, two samples had one time
/// and count once.
/// </summary>
internal static class InfluxCounts
{
    // Questions of one request, which go in its URL.
    private const int Questions = 8;

    public static async ValueTask<IReadOnlyDictionary<string, long>> ReadAsync(InfluxQueryClient client, InfluxFields fields, ITagCatalog catalog, CancellationToken cancel)
    {
        var counts = new Dictionary<string, long>(StringComparer.Ordinal);
        var paths = new Dictionary<string, string>(StringComparer.Ordinal);
        var qualities = new HashSet<(string Measurement, string Field, string Quality)>();
        for (var id = 0; id < catalog.Count; id++)
        {
            var tag = catalog[id];
            var measurement = InfluxQl.Measurement(tag);
            paths[Key(measurement, LineProtocolSeries.TagsOf(tag).Select(t => (t.Key, LineProtocolText.KeyHeld(t.Value))), InfluxQl.Field(tag))] = tag.Path;
            qualities.Add((measurement, InfluxQl.Field(tag), InfluxQl.QualityField(tag)));
        }

        foreach (var measurement in qualities.GroupBy(q => q.Measurement, StringComparer.Ordinal))
        {
            var held = (await fields.AllAsync(client, measurement.Key, cancel)).ToHashSet(StringComparer.Ordinal);
            var from = InfluxQl.Name(measurement.Key);
            var questions = new List<(string Question, string Field, int Sign)>();
            foreach (var (_, field, quality) in measurement)
            {
                var (value, status) = (InfluxQl.Name(field), InfluxQl.Name(quality));
                if (held.Contains(field))
                    questions.Add(($"SELECT count({value}) AS n FROM {from} GROUP BY *", field, 1));
                if (!held.Contains(quality))
                    continue;
                questions.Add(($"SELECT count({status}) AS n FROM {from} WHERE {status} >= {InfluxQl.Bad} GROUP BY *", field, 1));
                if (held.Contains(field))
                    questions.Add(($"SELECT count({value}) AS n FROM {from} WHERE {status} >= {InfluxQl.Bad} GROUP BY *", field, -1));
            }

            foreach (var some in questions.Chunk(Questions))
            {
                using var answer = await client.AskAsync(cancel, [.. some.Select(q => q.Question)]);
                foreach (var series in answer.Series)
                {
                    var (_, field, sign) = some[series.Statement];
                    if (!paths.TryGetValue(Key(measurement.Key, series.Tags.Select(t => (t.Key, t.Value)), field), out var path))
                        continue;
                    foreach (var row in series.Rows.EnumerateArray().Where(r => r[1].ValueKind == JsonValueKind.Number))
                        counts[path] = counts.GetValueOrDefault(path) + (sign * row[1].GetInt64());
                }
            }
        }

        return counts;
    }

    private static string Key(string measurement, IEnumerable<(string Key, string Value)> tags, string field) =>
        string.Join('\n', [measurement, .. tags.Where(t => t.Value.Length > 0).OrderBy(t => t.Key, StringComparer.Ordinal).Select(t => $"{t.Key}={t.Value}"), field]);
}
