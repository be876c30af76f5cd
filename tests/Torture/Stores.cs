using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using FloorGateway.Historian.Sqlite;
using FloorGateway.Model.Tags;
using FloorGateway.TestKit.Foreign;

namespace Torture;

/// <summary>Reads what the two stores hold.</summary>
internal static class Stores
{
    public const string Database = "torture";

    private static readonly string[] Levels = ["enterprise", "site", "area", "line", "cell", "unit"];

    public static async Task<Holding> ReadHistoryAsync(string file)
    {
        await using var history = new SqliteHistory(new NoTags(), new SqliteHistoryOptions { Path = file });
        var samples = new HashSet<(string, long)>();
        foreach (var path in (await history.CountAsync(CancellationToken.None)).Keys)
        {
            foreach (var point in await history.ReadRawAsync(path, 0, long.MaxValue, int.MaxValue, CancellationToken.None))
                samples.Add((path, point.SourceTime));
        }

        var gaps = await history.ReadGapsAsync(0, long.MaxValue, CancellationToken.None);
        return new Holding("history", samples, [.. gaps.Select(g => new Gap(g.Server, g.Tag, g.From, g.To, g.Cause))]);
    }

    public static async Task<Holding> ReadInfluxAsync(InfluxServer server)
    {
        var samples = new HashSet<(string, long)>();
        var gaps = new List<Gap>();
        foreach (var row in await server.QueryAsync(Database, "SELECT * FROM /.*/"))
        {
            var ticks = Ticks(row["time"]);
            if (row["name"].GetString() == "floorgateway_gaps")
            {
                var tag = row.TryGetValue("tag", out var named) && named.ValueKind == JsonValueKind.String && named.GetString()!.Length > 0 ? named.GetString() : null;
                gaps.Add(new Gap(row["server"].GetString()!, tag, ticks, ticks + (long)(row["seconds"].GetDouble() * TimeSpan.TicksPerSecond) + 1, row["cause"].GetString()!));
                continue;
            }

            var unit = string.Join('/', Levels.Select(level => row[level].GetString()));
            foreach (var (column, value) in row)
            {
                if (column is "time" or "name" || Levels.Contains(column) || value.ValueKind == JsonValueKind.Null)
                    continue;
                samples.Add(($"{unit}/{SignalOf(column)}", ticks));
            }
        }

        return new Holding("InfluxDB", samples, gaps);
    }

    /// <summary>A field is a signal, its quality, or an element of its array.</summary>
    private static string SignalOf(string column)
    {
        var name = column.EndsWith(".q", StringComparison.Ordinal) ? column[..^2] : column;
        return name.IndexOf('[', StringComparison.Ordinal) is > 0 and var at ? name[..at] : name;
    }

    // Nanoseconds since 1970.
    private static long Ticks(JsonElement time) => DateTime.UnixEpoch.Ticks + (time.GetInt64() / 100);

    private sealed class NoTags : ITagCatalog
    {
        public int Count => 0;

        public TagDefinition this[int id] => throw new ArgumentOutOfRangeException(nameof(id));

        public bool TryFind(string path, [NotNullWhen(true)] out TagDefinition? tag)
        {
            tag = null;
            return false;
        }
    }
}
