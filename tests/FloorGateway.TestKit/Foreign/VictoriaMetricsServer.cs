using System.Text.Json;

namespace FloorGateway.TestKit.Foreign;

/// <summary>One series out of VictoriaMetrics.</summary>
/// <param name="Name"><c>measurement_field</c>.</param>
/// <param name="Labels">The line's tags.</param>
/// <param name="Values">In time order.</param>
/// <param name="Timestamps">Milliseconds since 1970.</param>
public sealed record VictoriaMetricsSeries(string Name, IReadOnlyDictionary<string, string> Labels, double[] Values, long[] Timestamps);

/// <summary>
/// A real VictoriaMetrics on a loopback port of its own: takes InfluxDB's v1 and v2 write requests. It keeps numbers only, milliseconds only, and drops
/// in silence what lies more than two days ahead of its clock.
/// </summary>
public sealed class VictoriaMetricsServer : IAsyncDisposable
{
    private readonly TempDirectory folder = new();
    private readonly HttpClient http = new(new SocketsHttpHandler { UseProxy = false });
    private ForeignProcess? process;

    private VictoriaMetricsServer(int port) => Port = port;

    public int Port { get; }

    public Uri Url => new($"http://127.0.0.1:{Port}");

    /// <summary>Everything the server printed since it was started last; it says here what it dropped.</summary>
    public string Output => process?.Output ?? "";

    public static async Task<VictoriaMetricsServer> StartAsync(params string[] extraArguments)
    {
        var server = new VictoriaMetricsServer(Ports.Free());
        await server.StartAgainAsync(extraArguments);
        return server;
    }

    public async Task StartAgainAsync(params string[] extraArguments)
    {
        if (process is not null)
            await process.DisposeAsync();
        process = ForeignProcess.Start(
            "/usr/bin/victoria-metrics",
            [
                $"-httpListenAddr=127.0.0.1:{Port}",
                $"-storageDataPath={folder["data"]}",
                "-retentionPeriod=100y",
                "-dedup.minScrapeInterval=1ms",
                "-memory.allowedBytes=64MB",
                .. extraArguments,
            ]);
        await process.WaitForPortAsync(Port);
    }

    /// <summary>Makes everything written so far visible to queries.</summary>
    public async Task FlushAsync()
    {
        using var response = await http.GetAsync(new Uri(Url, "/internal/force_flush"));
        response.EnsureSuccessStatusCode();
    }

    /// <summary>All raw samples of the series that a selector matches, e.g. <c>{__name__=~"DieCastCell_.*"}</c>.</summary>
    public async Task<IReadOnlyList<VictoriaMetricsSeries>> ExportAsync(string selector)
    {
        await FlushAsync();
        var text = await http.GetStringAsync(new Uri(Url, $"/api/v1/export?match[]={Uri.EscapeDataString(selector)}&start=0&end=4102444800"));
        var found = new List<VictoriaMetricsSeries>();
        foreach (var line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            using var json = JsonDocument.Parse(line);
            var labels = json.RootElement.GetProperty("metric").EnumerateObject().ToDictionary(p => p.Name, p => p.Value.GetString()!);
            labels.Remove("__name__", out var name);
            found.Add(new(
                name ?? "",
                labels,
                [.. json.RootElement.GetProperty("values").EnumerateArray().Select(v => v.ValueKind == JsonValueKind.Number ? v.GetDouble() : double.NaN)],
                [.. json.RootElement.GetProperty("timestamps").EnumerateArray().Select(v => v.GetInt64())]));
        }

        return found;
    }

    public Task KillAsync() => process!.KillAsync();

    /// <summary>Stops as a service manager would.</summary>
    public async Task StopAsync()
    {
        process!.Terminate();
        await process.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        http.Dispose();
        if (process is not null)
            await process.DisposeAsync();
        folder.Dispose();
    }
}
