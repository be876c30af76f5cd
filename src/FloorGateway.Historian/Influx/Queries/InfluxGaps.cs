using FloorGateway.Historian.Influx.LineProtocol;
using FloorGateway.Model.Gaps;

namespace FloorGateway.Historian.Influx.Queries;

/// <summary>Reads gap records back. There are few: all that begin before the range's end are looked at.</summary>
internal static class InfluxGaps
{
    public static async ValueTask<IReadOnlyList<GapRecord>> ReadAsync(InfluxQueryClient client, long from, long to, CancellationToken cancel)
    {
        var found = new List<GapRecord>();
        using var answer = await client.AskAsync(cancel, $"SELECT \"cause\",\"seconds\" FROM {InfluxQl.Name(LineProtocolWriter.GapMeasurement)} WHERE time < {InfluxQl.Nanoseconds(to)} GROUP BY \"server\",\"tag\"");
        foreach (var series in answer.Series)
        {
            var (cause, seconds) = (series.Column("cause"), series.Column("seconds"));
            foreach (var row in series.Rows.EnumerateArray())
            {
                var begin = InfluxQl.Ticks(row[0].GetInt64());
                var end = begin + (long)Math.Round(row[seconds].GetDouble() * TimeSpan.TicksPerSecond);
                if (end < from)
                    continue;
                found.Add(new GapRecord
                {
                    Server = series.Tags.GetValueOrDefault("server") ?? "",
                    Tag = series.Tags.GetValueOrDefault("tag") is { Length: > 0 } tag ? tag : null,
                    From = begin,
                    To = end,
                    Cause = row[cause].GetString() ?? "",
                });
            }
        }

        return [.. found.OrderBy(g => g.From).ThenBy(g => g.Server, StringComparer.Ordinal).ThenBy(g => g.Tag, StringComparer.Ordinal)];
    }
}
