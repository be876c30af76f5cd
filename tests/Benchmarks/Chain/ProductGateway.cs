using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using FloorGateway.TestKit;

namespace Benchmarks.Chain;

/// <summary>The product as a user runs it: <c>run --config</c>, journal on disk, MQTT and InfluxDB feeds, pages.</summary>
internal sealed class ProductGateway : IGatewayUnderTest
{
    private static readonly HttpClient Http = new() { Timeout = TimeSpan.FromSeconds(10) };
    private readonly TempDirectory folder = new();
    private readonly int port = Ports.Free();
    private readonly ForeignProcess process;

    private ProductGateway(PlantSurroundings plant, ChainOptions options, int qos)
    {
        File.WriteAllText(folder["gateway.yaml"], Configuration(plant, options, qos));
        process = ForeignProcess.Start(
            "dotnet", ["exec", Path.Combine(AppContext.BaseDirectory, "FloorGateway.dll"), "run", "--config", folder["gateway.yaml"]], environment: new Dictionary<string, string> { ["BENCH_TOKEN"] = "none" });
    }

    public int ProcessId => process.Id;

    public static async Task<ProductGateway> StartAsync(PlantSurroundings plant, ChainOptions options, int qos)
    {
        var gateway = new ProductGateway(plant, options, qos);
        await gateway.process.WaitForPortAsync(gateway.port);
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while ((await gateway.CountAsync()).Delivered < options.Variables)
        {
            if (limit.IsCancellationRequested || gateway.process.HasExited)
                throw new TimeoutException($"the gateway delivers nothing. It printed:\n{gateway.process.Output}");
            await Task.Delay(100, CancellationToken.None);
        }

        return gateway;
    }

    public async Task<(long Delivered, long Waiting)> CountAsync()
    {
        var ledger = (await Http.GetFromJsonAsync<JsonNode>($"http://127.0.0.1:{port}/api/ledger"))!;
        if (!(bool)ledger["closes"]!)
            throw new InvalidOperationException($"the ledger does not close: {ledger["differences"]}");
        var feeds = ledger["feeds"]!.AsArray();
        // The pages listen before the pipeline has started.
        if (feeds.Count == 0)
            return (0, 0);
        return (feeds.Min(f => (long)f!["delivered"]!), feeds.Max(f => (long)f!["waiting"]!));
    }

    public async ValueTask DisposeAsync()
    {
        process.Terminate();
        await process.WaitForExitAsync(TimeSpan.FromSeconds(30));
        await process.DisposeAsync();
        folder.Dispose();
    }

    private string Configuration(PlantSurroundings plant, ChainOptions options, int qos)
    {
        var text = new StringBuilder($$"""
            gateway:
              id: bench
              site: LXE/JSH
              data: {{folder["data"]}}
              http: {port: {{port}}}
            servers:
              load:
                url: "{{plant.SourceUrl}}"
                security: {policy: None, mode: None}
                publishingInterval: 100ms
                samplingInterval: 0s
                queueSize: 1000
            units:
              - {path: LXE/JSH/BEN/L01/BENCH/UNIT, type: Bench, server: load}
            feeds:
              uns: {type: mqtt, url: "{{plant.BrokerUrl}}", qos: {{qos}}}
              influx: {type: influxdb, url: "{{plant.SinkUrl}}", version: 2, organization: bench, bucket: bench, tokenEnv: BENCH_TOKEN}
              history: {type: history, enabled: false}
            equipmentTypes:
              Bench:
                namespace: {{LoadSource.Namespace}}
                node: "s={signal}"
                tags:

            """);
        for (var i = 0; i < options.Variables; i++)
            text.Append($"      {LoadSource.NameOf(i)}: {{type: Double, unit: MTS}}\n");
        return text.ToString();
    }
}
