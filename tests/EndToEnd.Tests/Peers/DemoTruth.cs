using System.Globalization;
using System.Text.Json;
using FloorGateway.Model.Samples;
using FloorGateway.Model.Values;

namespace EndToEnd.Tests.Peers;

/// <summary>What the simulated equipment says it produced: path → its changes in order, each as one line of text that a stored point can be compared with.</summary>
internal static class DemoTruth
{
    public static async Task<Dictionary<string, List<string>>> ReadAsync(string folder)
    {
        var produced = new Dictionary<string, List<string>>(StringComparer.Ordinal);
        await foreach (var line in File.ReadLinesAsync(Assert.Single(Directory.GetFiles(folder, "truth-*.jsonl"))))
        {
            using var json = JsonDocument.Parse(line);
            var change = json.RootElement;
            // Lines with an event tell of the run and its faults.
            if (!change.TryGetProperty("path", out var name))
                continue;
            var path = name.GetString()!;
            if (!produced.TryGetValue(path, out var of))
                produced[path] = of = [];
            var time = change.GetProperty("time").GetDateTime().ToUniversalTime();
            of.Add(Line(time, change.GetProperty("status").GetUInt32(), Text(change.GetProperty("value"), change.GetProperty("type").GetString()!)));
        }

        return produced;
    }

    public static string Line(long ticks, uint status, in TagValue value) => Line(new DateTime(ticks, DateTimeKind.Utc), status, Text(value));

    /// <summary>The time in a line, UTC ticks.</summary>
    public static long Ticks(string line) => DateTime.ParseExact(line[..28], "O", CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind).Ticks;

    private static string Line(DateTime time, uint status, string value) => $"{time:O} {status:X8} {value}";

    private static string Text(JsonElement value, string type) => value.ValueKind switch
    {
        JsonValueKind.Array => $"[{string.Join("; ", value.EnumerateArray().Select(item => Text(item, type.Replace("Array", "", StringComparison.Ordinal))))}]",
        JsonValueKind.True or JsonValueKind.False => value.GetBoolean().ToString(),
        JsonValueKind.Number => Number(value.GetDouble(), type.StartsWith("Float", StringComparison.Ordinal)),
        JsonValueKind.String when type == "DateTime" => Time(value.GetDateTime().ToUniversalTime()),
        _ => value.GetString() ?? "null",
    };

    private static string Text(in TagValue value) => value.Kind switch
    {
        ValueKind.Array => $"[{string.Join("; ", value.AsArray()!.Cast<object?>().Select(Element))}]",
        ValueKind.Boolean => value.AsBoolean().ToString(),
        ValueKind.DateTime => Time(value.AsDateTime()),
        ValueKind.String => value.AsString()!,
        ValueKind.Null => "null",
        _ => value.TryGetDouble(out var number) ? Number(number, value.Kind == ValueKind.Single) : value.ToString(),
    };

    private static string Element(object? item) => item switch
    {
        float number => Number(number, single: true),
        string text => text,
        null => "null",
        IConvertible number => Number(number.ToDouble(CultureInfo.InvariantCulture), single: false),
        _ => item.ToString()!,
    };

    private static string Number(double value, bool single) => (single ? (float)value : value).ToString("R", CultureInfo.InvariantCulture);

    private static string Time(DateTime value) => value.ToString("O", CultureInfo.InvariantCulture);
}
