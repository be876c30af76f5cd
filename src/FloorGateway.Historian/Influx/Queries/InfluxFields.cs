using System.Collections.Concurrent;
using System.Text.Json;
using FloorGateway.Model.Tags;

namespace FloorGateway.Historian.Influx.Queries;

/// <summary>The types of fields, which never change once a server has them.</summary>
internal sealed class InfluxFields
{
    private readonly ConcurrentDictionary<(string Measurement, string Field), string> types = [];

    /// <summary><c>float</c>, <c>integer</c>, <c>unsigned</c>, <c>string</c> or <c>boolean</c>; null = the server has no such field yet.</summary>
    public async ValueTask<string?> TypeAsync(InfluxQueryClient client, TagDefinition tag, CancellationToken cancel)
    {
        var key = (InfluxQl.Measurement(tag), InfluxQl.Field(tag));
        if (types.TryGetValue(key, out var known))
            return known;
        await AllAsync(client, key.Item1, cancel);
        return types.GetValueOrDefault(key);
    }

    /// <summary>All fields of a measurement as the server has them now.</summary>
    public async ValueTask<IReadOnlyList<string>> AllAsync(InfluxQueryClient client, string measurement, CancellationToken cancel)
    {
        var found = new List<string>();
        using var answer = await client.AskAsync(cancel, InfluxQl.FieldKeys(measurement));
        foreach (var series in answer.Series)
        {
            var (name, type) = (series.Column("fieldKey"), series.Column("fieldType"));
            if (name < 0 || type < 0 || series.Rows.ValueKind != JsonValueKind.Array)
                continue;
            foreach (var row in series.Rows.EnumerateArray())
            {
                found.Add(row[name].GetString()!);
                types[(measurement, found[^1])] = row[type].GetString()!;
            }
        }

        return found;
    }
}
