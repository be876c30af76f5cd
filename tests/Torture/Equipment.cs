using System.Globalization;
using System.Text.Json;
using FloorGateway.TestKit;

namespace Torture;

/// <summary>One simulated server in a process of its own, with a truth file for each of its lives.</summary>
internal sealed class Equipment(string server, string unit, string folder, int seed) : IAsyncDisposable
{
    // The log is written through about once a second; after a kill its last second is missing.
    private static readonly TimeSpan FlushSlack = TimeSpan.FromSeconds(3);

    private readonly List<(string File, long Until)> lives = [];
    private ForeignProcess? process;

    public string Server => server;

    public string Unit => unit;

    public int Port { get; } = Ports.Free();

    public string Url => $"opc.tcp://127.0.0.1:{Port}";

    public async Task StartAsync()
    {
        var file = Path.Combine(folder, $"{server}-{lives.Count}.jsonl");
        lives.Add((file, long.MaxValue));
        process = Product.Start(
            "simulate", "run", "--profile", "demo", "--unit", unit, "--opcua", $"{Port}", "--scale", "5", "--seed", $"{seed + lives.Count}",
            "--data", Path.Combine(folder, $"simulator-{server}"), "--record", file);
        await process.WaitForPortAsync(Port);
    }

    public async Task KillAsync()
    {
        await process!.KillAsync();
        lives[^1] = lives[^1] with { Until = DateTime.UtcNow.Ticks };
    }

    /// <summary>Ends production; the truth is complete then.</summary>
    public async Task StopAsync()
    {
        process!.Terminate();
        await process.WaitForExitAsync();
        lives[^1] = lives[^1] with { Until = DateTime.UtcNow.Ticks };
    }

    /// <summary>All that was produced: path and source time.</summary>
    public IEnumerable<(string Path, long Ticks)> Truth()
    {
        foreach (var (file, _) in lives)
        {
            foreach (var line in File.ReadLines(file))
            {
                if (TryParse(line) is { } change)
                    yield return change;
            }
        }
    }

    /// <summary>Stretches of which the truth says nothing because its log was killed: what was produced there is not known.</summary>
    public IReadOnlyList<(long From, long To)> Unknown()
    {
        var stretches = new List<(long From, long To)>();
        foreach (var (file, until) in lives)
        {
            var last = File.ReadLines(file).Select(TryParse).LastOrDefault(c => c is not null)?.Ticks ?? 0;
            stretches.Add((last == 0 ? until - TimeSpan.FromMinutes(1).Ticks : last - FlushSlack.Ticks, until + FlushSlack.Ticks));
        }

        return stretches;
    }

    public async ValueTask DisposeAsync()
    {
        if (process is not null)
            await process.DisposeAsync();
    }

    private static (string Path, long Ticks)? TryParse(string line)
    {
        try
        {
            using var json = JsonDocument.Parse(line);
            return json.RootElement.TryGetProperty("path", out var path)
                ? (path.GetString()!, DateTime.Parse(json.RootElement.GetProperty("time").GetString()!, CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind).ToUniversalTime().Ticks)
                : null;
        }
        catch (JsonException)
        {
            // The line that the kill cut.
            return null;
        }
    }
}
