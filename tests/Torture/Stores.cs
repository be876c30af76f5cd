using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.RegularExpressions;
using FloorGateway.Historian.Sqlite;
using FloorGateway.JournalTools;
using FloorGateway.Model.Samples;
using FloorGateway.Model.Tags;
using FloorGateway.Model.Values;
using FloorGateway.Pipeline.Journal;
using FloorGateway.TestKit.Foreign;

namespace Torture;

/// <summary>Reads what the two stores hold.</summary>
internal static class Stores
{
    public const string Database = "torture";

    private const string GapMeasurement = "floorgateway_gaps";

    private static readonly TimeSpan Slice = TimeSpan.FromMinutes(1);

    private static readonly string[] Levels = ["enterprise", "site", "area", "line", "cell", "unit"];

    /// <summary>What the embedded history holds between two source times, both included, while the gateway writes it or after.</summary>
    public static async Task<Holding> ReadHistoryAsync(string file, long from, long to)
    {
        await using var history = new SqliteHistory(new NoTags(), new SqliteHistoryOptions { Path = file, ReadOnly = true });
        var samples = new Dictionary<SampleKey, SampleSet>();
        foreach (var path in (await history.CountAsync(CancellationToken.None)).Keys)
        {
            foreach (var point in await history.ReadRawAsync(path, from, to + 1, int.MaxValue, CancellationToken.None))
                SampleSet.Add(samples, new SampleKey(path, point.SourceTime), new SampleValue(Text(point.Value), point.Status));
        }

        var gaps = await history.ReadGapsAsync(0, long.MaxValue, CancellationToken.None);
        return new Holding("history", samples, [.. gaps.Select(g => new Gap(g.Server, g.Tag, g.From, g.To, g.Cause))]);
    }

    /// <summary>What is in the journal of a gateway that has stopped. It keeps no gap records: what is missing, the caller knows.</summary>
    public static Holding ReadJournal(string data, IReadOnlyList<Gap> gaps)
    {
        var place = new JournalPlace(data);
        var catalog = place.ReadCatalog();
        var samples = new Dictionary<SampleKey, SampleSet>();
        using var query = new JournalQuery(place.Journal, new JournalRange());
        using var batch = new SampleBatch();
        while (query.TryRead(batch))
        {
            foreach (ref readonly var sample in batch.Samples)
                SampleSet.Add(samples, new SampleKey(catalog[sample.Tag].Path, sample.SourceTime), new SampleValue(Text(sample.Value), sample.Status));
        }

        return new Holding("journal", samples, gaps);
    }

    /// <summary>What InfluxDB holds between two source times, both included.</summary>
    public static async Task<Holding> ReadInfluxAsync(InfluxServer server, long from, long to)
    {
        var parts = new Dictionary<SampleKey, (string? Text, uint? Status)>();
        var fields = (await server.QueryAsync(Database, "SHOW FIELD KEYS")).ToLookup(r => r["name"].GetString()!, r => r["fieldKey"].GetString()!);
        // A row has a column for every field asked for: all of them for the hours of a run would not fit into memory.
        for (var begin = from; begin <= to; begin += Slice.Ticks)
        {
            var where = $"WHERE time >= {Nanoseconds(begin)} AND time < {Nanoseconds(Math.Min(begin + Slice.Ticks, to + 1))} GROUP BY *";
            foreach (var measurement in fields.Where(m => m.Key != GapMeasurement))
            {
                var arrays = measurement.Where(IsElement).Select(f => f[..f.IndexOf('[', StringComparison.Ordinal)]).Distinct().ToList();
                string[] selections = [string.Join(',', measurement.Where(f => !IsElement(f)).Select(f => $"\"{f}\"")), .. arrays.Select(a => $"/^{Regex.Escape(a)}\\[/")];
                foreach (var row in await server.QueryAsync(Database, string.Join(';', selections.Where(s => s.Length > 0).Select(s => $"SELECT {s} FROM \"{measurement.Key}\" {where}"))))
                    AddRow(parts, row);
            }
        }

        var gaps = new List<Gap>();
        foreach (var row in await server.QueryAsync(Database, $"SELECT * FROM {GapMeasurement}"))
        {
            var ticks = Ticks(row["time"]);
            var tag = row.TryGetValue("tag", out var named) && named.ValueKind == JsonValueKind.String && named.GetString()!.Length > 0 ? named.GetString() : null;
            // Seconds as a float are right to a tick.
            gaps.Add(new Gap(row["server"].GetString()!, tag, ticks, ticks + (long)(row["seconds"].GetDouble() * TimeSpan.TicksPerSecond) + 1, row["cause"].GetString()!));
        }

        return new Holding("InfluxDB", parts.ToDictionary(p => p.Key, p => new SampleSet(new SampleValue(p.Value.Text ?? SampleValue.None, p.Value.Status))), gaps);
    }

    private static bool IsElement(string field) => field.Contains('[', StringComparison.Ordinal);

    /// <summary>One row is one time of one unit: a field a signal, its quality, or an element of its array.</summary>
    private static void AddRow(Dictionary<SampleKey, (string? Text, uint? Status)> parts, IReadOnlyDictionary<string, JsonElement> row)
    {
        var ticks = Ticks(row["time"]);
        var unit = string.Join('/', Levels.Select(level => row[level].GetString()));
        var elements = new Dictionary<string, SortedDictionary<int, string>>(StringComparer.Ordinal);
        foreach (var (column, value) in row)
        {
            if (column is "time" or "name" || Levels.Contains(column) || value.ValueKind == JsonValueKind.Null)
                continue;
            if (column.EndsWith(".q", StringComparison.Ordinal))
                Part(column[..^2]) = Part(column[..^2]) with { Status = value.GetUInt32() };
            else if (column.IndexOf('[', StringComparison.Ordinal) is > 0 and var at)
                (elements.TryGetValue(column[..at], out var array) ? array : elements[column[..at]] = [])[int.Parse(column.AsSpan()[(at + 1)..^1], CultureInfo.InvariantCulture)] = JsonText.Of(value);
            else
                Part(column) = Part(column) with { Text = JsonText.Of(value) };
        }

        foreach (var (signal, array) in elements)
            Part(signal) = Part(signal) with { Text = $"[{string.Join(',', array.Values)}]" };

        ref (string? Text, uint? Status) Part(string signal) => ref CollectionsMarshal.GetValueRefOrAddDefault(parts, new SampleKey($"{unit}/{signal}", ticks), out _);
    }

    private static string Text(in TagValue value)
    {
        var bytes = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(bytes))
            TagValueJson.Write(writer, in value);
        using var json = JsonDocument.Parse(bytes.WrittenMemory);
        return JsonText.Of(json.RootElement);
    }

    // Nanoseconds since 1970.
    private static long Ticks(JsonElement time) => DateTime.UnixEpoch.Ticks + (time.GetInt64() / 100);

    private static long Nanoseconds(long ticks) => (Math.Clamp(ticks, DateTime.UnixEpoch.Ticks, DateTime.UnixEpoch.AddYears(200).Ticks) - DateTime.UnixEpoch.Ticks) * 100;

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
