namespace FloorGateway.TestKit.Foreign;

/// <summary>A real mosquitto on a loopback port of its own, with its persistence in a folder of its own, so that it can be killed and come back.</summary>
public sealed class MosquittoBroker : IAsyncDisposable
{
    private readonly TempDirectory folder = new();
    private ForeignProcess? process;

    private MosquittoBroker(int port) => Port = port;

    public int Port { get; }

    public string Url => $"mqtt://127.0.0.1:{Port}";

    /// <param name="extraConfiguration">Lines added to mosquitto.conf.</param>
    public static async Task<MosquittoBroker> StartAsync(params string[] extraConfiguration)
    {
        var broker = new MosquittoBroker(Ports.Free());
        File.WriteAllLines(
            broker.folder["mosquitto.conf"],
            [
                $"listener {broker.Port} 127.0.0.1",
                "persistence true",
                $"persistence_location {broker.folder.Path}/",
                "autosave_interval 1",
                "max_queued_messages 0",
                "user root",
                .. extraConfiguration.Any(line => line.StartsWith("allow_anonymous", StringComparison.Ordinal)) ? (string[])[] : ["allow_anonymous true"],
                .. extraConfiguration,
            ]);
        await broker.StartAgainAsync();
        return broker;
    }

    public async Task StartAgainAsync()
    {
        process = ForeignProcess.Start("/usr/sbin/mosquitto", ["-c", folder["mosquitto.conf"]]);
        await process.WaitForPortAsync(Port);
    }

    /// <summary>Stops as a service manager would: persistence is written.</summary>
    public async Task StopAsync()
    {
        process!.Terminate();
        await process.WaitForExitAsync();
    }

    public Task KillAsync() => process!.KillAsync();

    public async ValueTask DisposeAsync()
    {
        if (process is not null)
            await process.DisposeAsync();
        folder.Dispose();
    }
}
