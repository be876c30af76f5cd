using System.Text.Json;

namespace FloorGateway.TestKit.Foreign;

/// <summary>A real InfluxDB 1.x (<c>influxd</c>) on loopback ports of its own, with its data in a folder of its own, so that it can be killed and come back.</summary>
public sealed class InfluxServer : IAsyncDisposable
{
    private readonly TempDirectory folder = new();
    private readonly HttpClient http = new(new SocketsHttpHandler { UseProxy = false });
    private ForeignProcess? process;

    private InfluxServer(int port) => Port = port;

    public int Port { get; }

    public Uri Url => new($"http://127.0.0.1:{Port}");

    /// <summary>Of the server that was started last.</summary>
    public int ProcessId => process!.Id;

    /// <summary>Everything the server printed since it was started last.</summary>
    public string Output => process?.Output ?? "";

    /// <param name="httpConfiguration">Lines added to the <c>[http]</c> section of its configuration, e.g. <c>max-body-size = 4096</c>.</param>
    public static Task<InfluxServer> StartAsync(params string[] httpConfiguration) => StartAsync([], httpConfiguration);

    /// <param name="dataConfiguration">Lines added to the <c>[data]</c> section of its configuration, e.g. <c>cache-snapshot-memory-size = "512m"</c>.</param>
    /// <param name="httpConfiguration">Lines added to the <c>[http]</c> section.</param>
    public static async Task<InfluxServer> StartAsync(IReadOnlyList<string> dataConfiguration, IReadOnlyList<string> httpConfiguration)
    {
        var server = new InfluxServer(Ports.Free());
        File.WriteAllLines(
            server.folder["influxdb.conf"],
            [
                "reporting-disabled = true",
                $"bind-address = \"127.0.0.1:{Ports.Free()}\"",
                "[meta]",
                $"dir = '{server.folder["meta"]}'",
                "[data]",
                $"dir = '{server.folder["data"]}'",
                $"wal-dir = '{server.folder["wal"]}'",
                "query-log-enabled = false",
                .. dataConfiguration,
                "[monitor]",
                "store-enabled = false",
                "[http]",
                $"bind-address = \"127.0.0.1:{server.Port}\"",
                "log-enabled = false",
                .. httpConfiguration,
            ]);
        await server.StartAgainAsync();
        return server;
    }

    public async Task StartAgainAsync()
    {
        if (process is not null)
            await process.DisposeAsync();
        process = ForeignProcess.Start("/usr/bin/influxd", ["-config", folder["influxdb.conf"]]);
        await process.WaitForPortAsync(Port);
    }

    /// <summary>Stops as a service manager would.</summary>
    public async Task StopAsync()
    {
        process!.Terminate();
        await process.WaitForExitAsync();
    }

    public Task KillAsync() => process!.KillAsync();

    /// <summary>Runs InfluxQL and gives all rows of all series, each as column name to value (with the series' tags and its name under <c>name</c>).</summary>
    /// <exception cref="InvalidOperationException">The server refuses it, with its words.</exception>
    public async Task<IReadOnlyList<IReadOnlyDictionary<string, JsonElement>>> QueryAsync(string database, string query)
    {
        using var response = await http.PostAsync(
            new Uri(Url, "/query"),
            new FormUrlEncodedContent([new("db", database), new("q", query), new("epoch", "ns")]));
        var text = await response.Content.ReadAsStringAsync();
        var answer = JsonDocument.Parse(text).RootElement;
        var rows = new List<IReadOnlyDictionary<string, JsonElement>>();
        if (answer.TryGetProperty("error", out _) || text.Contains("\"error\":", StringComparison.Ordinal))
            throw new InvalidOperationException($"{query}: {text}");
        foreach (var result in answer.GetProperty("results").EnumerateArray())
        {
            if (!result.TryGetProperty("series", out var all))
                continue;
            foreach (var series in all.EnumerateArray())
            {
                var columns = series.GetProperty("columns").EnumerateArray().Select(c => c.GetString()!).ToArray();
                if (!series.TryGetProperty("values", out var values))
                    continue;
                foreach (var row in values.EnumerateArray())
                {
                    var named = new Dictionary<string, JsonElement>();
                    if (series.TryGetProperty("name", out var name))
                        named["name"] = name;
                    if (series.TryGetProperty("tags", out var tags))
                    {
                        foreach (var tag in tags.EnumerateObject())
                            named[tag.Name] = tag.Value;
                    }

                    for (var i = 0; i < columns.Length; i++)
                        named[columns[i]] = row[i];
                    rows.Add(named);
                }
            }
        }

        return rows;
    }

    public async ValueTask DisposeAsync()
    {
        http.Dispose();
        if (process is not null)
            await process.DisposeAsync();
        folder.Dispose();
    }
}
