using Benchmarks.Chain;
using FloorGateway.TestKit;
using FloorGateway.TestKit.Foreign;

namespace Benchmarks.Outage;

/// <summary>What is written to: a real InfluxDB 1.x, or a process of its own that answers 204 to everything.</summary>
internal sealed class OutageDatabase : IAsyncDisposable
{
    private readonly InfluxServer? server;
    private readonly ForeignProcess? sink;

    // What the historian's README recommends for a plant.
    private static readonly string[] ForPlant = ["cache-snapshot-memory-size = \"512m\"", "cache-max-memory-size = \"2g\""];

    private OutageDatabase(InfluxServer server, bool isTuned) => (this.server, Url, Name) = (server, server.Url, isTuned ? "influxd with caches for a plant" : "influxd as installed");

    private OutageDatabase(ForeignProcess sink, int port) => (this.sink, Url, Name) = (sink, new Uri($"http://127.0.0.1:{port}"), "a sink");

    public Uri Url { get; }

    public string Name { get; }

    /// <summary>CPU time of its process so far.</summary>
    public TimeSpan Cpu => ProcessCpu.Of(server?.ProcessId ?? sink!.Id);

    public static async Task<OutageDatabase> StartAsync(OutageOptions options)
    {
        if (options.Influxd)
            return new OutageDatabase(await InfluxServer.StartAsync(options.Tuned ? ForPlant : [], []), options.Tuned);
        var port = Ports.Free();
        var sink = ForeignProcess.Start("dotnet", ["exec", typeof(Program).Assembly.Location, "sink", "--port", $"{port}"]);
        await sink.WaitForLineAsync("READY");
        return new OutageDatabase(sink, port);
    }

    public ValueTask DisposeAsync() => server?.DisposeAsync() ?? sink!.DisposeAsync();
}
