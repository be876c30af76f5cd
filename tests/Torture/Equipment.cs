using System.Globalization;
using System.Text;
using System.Text.Json;
using FloorGateway.TestKit;

namespace Torture;

/// <summary>One simulated server in a process of its own, with a truth file for each of its lives.</summary>
internal sealed class Equipment(string server, string unit, string folder, int seed) : IAsyncDisposable
{
    private readonly List<Life> lives = [];
    private ForeignProcess? process;

    public string Server => server;

    public string Unit => unit;

    public int Port { get; } = Ports.Free();

    public string Url => $"opc.tcp://127.0.0.1:{Port}";

    public async Task StartAsync()
    {
        var file = Path.Combine(folder, $"{server}-{lives.Count}.jsonl");
        // Written through: a change stands in the truth before a client can see it, also where the equipment is killed.
        process = Product.Start(
            "simulate", "run", "--profile", "demo", "--unit", unit, "--opcua", $"{Port}", "--scale", "5", "--seed", $"{seed + lives.Count}",
            "--data", Path.Combine(folder, $"simulator-{server}"), "--record", file, "--write-through");
        lives.Add(new Life(file));
        await process.WaitForPortAsync(Port);
    }

    public Task KillAsync() => process!.KillAsync();

    /// <summary>Ends production; the truth is complete then.</summary>
    public async Task StopAsync()
    {
        process!.Terminate();
        await process.WaitForExitAsync();
    }

    /// <summary>What was produced since the last call, in order.</summary>
    public IReadOnlyList<(SampleKey Key, SampleValue Value)> ReadOn()
    {
        var changes = new List<(SampleKey, SampleValue)>();
        foreach (var life in lives)
            life.ReadOn(changes);
        return changes;
    }

    public async ValueTask DisposeAsync()
    {
        if (process is not null)
            await process.DisposeAsync();
    }

    /// <summary>A truth file that is read as it grows.</summary>
    private sealed class Life(string file)
    {
        private long at;

        public void ReadOn(List<(SampleKey Key, SampleValue Value)> changes)
        {
            if (!File.Exists(file))
                return;
            using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            if (stream.Length == at)
                return;
            stream.Position = at;
            var bytes = new byte[stream.Length - at];
            stream.ReadExactly(bytes);
            // The last line may still be on its way; after a kill it stays half, and nobody has seen what it says.
            var whole = Array.LastIndexOf(bytes, (byte)'\n') + 1;
            at += whole;
            foreach (var line in Encoding.UTF8.GetString(bytes, 0, whole).Split('\n', StringSplitOptions.RemoveEmptyEntries))
            {
                using var json = JsonDocument.Parse(line);
                var root = json.RootElement;
                if (!root.TryGetProperty("path", out var path))
                    continue;
                var ticks = DateTime.Parse(root.GetProperty("time").GetString()!, CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind).ToUniversalTime().Ticks;
                changes.Add((new SampleKey(path.GetString()!, ticks), new SampleValue(JsonText.Of(root.GetProperty("value")), root.GetProperty("status").GetUInt32())));
            }
        }
    }
}
