using FloorGateway.TestKit;

namespace Benchmarks.Chain;

/// <summary>What stands around a gateway: equipment, broker (mosquitto) and database, each a process of its own on loopback.</summary>
internal sealed class PlantSurroundings : IAsyncDisposable
{
    private readonly int sourcePort = Ports.Free();
    private readonly int brokerPort = Ports.Free();
    private readonly int sinkPort = Ports.Free();
    private readonly TempDirectory folder = new();
    private readonly List<ForeignProcess> processes = [];

    public string SourceUrl => $"opc.tcp://127.0.0.1:{sourcePort}";

    public string BrokerUrl => $"mqtt://127.0.0.1:{brokerPort}";

    public string SinkUrl => $"http://127.0.0.1:{sinkPort}/";

    public static async Task<PlantSurroundings> StartAsync(ChainOptions options)
    {
        var plant = new PlantSurroundings();
        await File.WriteAllLinesAsync(
            plant.folder["mosquitto.conf"],
            [$"listener {plant.brokerPort} 127.0.0.1", "allow_anonymous true", "persistence false", "max_queued_messages 0", $"max_inflight_messages {options.ReceiveMaximum}", "log_type error", "user root"]);
        var source = plant.Start("dotnet", "exec", typeof(Program).Assembly.Location, "source", "--port", $"{plant.sourcePort}", "--variables", $"{options.Variables}", "--rate", $"{options.Rate}", "--cycle", $"{LoadSource.FastCycle}");
        var sink = plant.Start("dotnet", "exec", typeof(Program).Assembly.Location, "sink", "--port", $"{plant.sinkPort}");
        await plant.Start("/usr/sbin/mosquitto", "-c", plant.folder["mosquitto.conf"]).WaitForPortAsync(plant.brokerPort);
        await source.WaitForLineAsync("READY");
        await sink.WaitForLineAsync("READY");
        return plant;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var process in processes)
            await process.DisposeAsync();
        folder.Dispose();
    }

    private ForeignProcess Start(string file, params string[] arguments)
    {
        var process = ForeignProcess.Start(file, arguments);
        processes.Add(process);
        return process;
    }
}
