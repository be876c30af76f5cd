using System.Text.Json.Nodes;
using FloorGateway.TestKit;
using FloorGateway.TestKit.Foreign;

namespace Benchmarks.Chain;

/// <summary>peers/gateway.mjs: node-opcua, mqtt.js, line protocol, nothing on disk.</summary>
internal sealed class HandMadeGateway : IGatewayUnderTest
{
    private readonly ForeignProcess process;
    private int marks;

    private HandMadeGateway(ForeignProcess process) => this.process = process;

    public int ProcessId => process.Id;

    public static async Task<HandMadeGateway> StartAsync(PlantSurroundings plant, ChainOptions options, int qos)
    {
        var gateway = new HandMadeGateway(NodePeer.Start(
            "tests/Benchmarks/peers/gateway.mjs",
            "--opcua", plant.SourceUrl, "--variables", $"{options.Variables}", "--mqtt", plant.BrokerUrl, "--qos", $"{qos}", "--influx", $"{plant.SinkUrl}write?db=bench"));
        await gateway.process.WaitForLineAsync("READY", TimeSpan.FromSeconds(60));
        return gateway;
    }

    public async Task<(long Delivered, long Waiting)> CountAsync()
    {
        marks++;
        await process.WriteLineAsync($"mark {marks}");
        var line = await process.WaitForLineAsync($"MARK {marks} ");
        var count = JsonNode.Parse(line[line.IndexOf('{', StringComparison.Ordinal)..])!;
        if ((long)count["failed"]! > 0)
            throw new InvalidOperationException($"the database refused what the hand-made gateway sent: {line}");
        // Lines go out once a second or every 5,000: what is published and not yet posted is on its way, not behind.
        var published = (long)count["published"]!;
        return (published, (long)count["received"]! - published);
    }

    public async ValueTask DisposeAsync()
    {
        // It has nothing to lose; its goodbye is not waited for.
        await process.DisposeAsync();
    }
}
