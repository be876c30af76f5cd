using System.Text.Json;
using FloorGateway.TestKit.Foreign;

namespace EndToEnd.Tests.Peers;

/// <summary>What the two databases hold: signal → time (ms since 1970) → value.</summary>
internal static class Stores
{
    private const string Database = "plant";

    public static async Task<Dictionary<string, Dictionary<long, double>>> PointsAsync(this InfluxServer server)
    {
        var points = new Dictionary<string, Dictionary<long, double>>();
        foreach (var row in await server.QueryAsync(Database, "SELECT * FROM /^[^f].*/"))
        {
            var time = row["time"].GetInt64() / 1_000_000;
            foreach (var (column, value) in row)
            {
                if (IsSignal(column) && value.ValueKind == JsonValueKind.Number)
                    Of(points, column).Add(time, value.GetDouble());
            }
        }

        return points;
    }

    /// <summary>The gap records as the feed wrote them.</summary>
    public static async Task<IReadOnlyList<Gap>> GapsAsync(this InfluxServer server) =>
    [
        .. (await server.QueryAsync(Database, "SELECT * FROM floorgateway_gaps")).Select(row => new Gap(
            DateTimeOffset.FromUnixTimeMilliseconds(row["time"].GetInt64() / 1_000_000),
            DateTimeOffset.FromUnixTimeMilliseconds(row["to"].GetInt64()),
            row["cause"].GetString()!)),
    ];

    public static async Task<Dictionary<string, Dictionary<long, double>>> PointsAsync(this VictoriaMetricsServer server)
    {
        var points = new Dictionary<string, Dictionary<long, double>>();
        foreach (var series in await server.ExportAsync("{__name__=~\".*_V[0-9]+\"}"))
        {
            // A metric's name is measurement_field.
            var held = Of(points, series.Name[(series.Name.LastIndexOf('_') + 1)..]);
            for (var i = 0; i < series.Values.Length; i++)
                held.Add(series.Timestamps[i], series.Values[i]);
        }

        return points;
    }

    private static bool IsSignal(string name) => name.Length == 5 && name[0] == 'V' && name.AsSpan(1).IndexOfAnyExceptInRange('0', '9') < 0;

    private static Dictionary<long, double> Of(Dictionary<string, Dictionary<long, double>> points, string signal)
    {
        if (!points.TryGetValue(signal, out var held))
            points[signal] = held = [];
        return held;
    }
}
