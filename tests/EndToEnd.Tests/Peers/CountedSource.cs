using System.Text.Json;
using FloorGateway.TestKit;
using FloorGateway.TestKit.Foreign;

namespace EndToEnd.Tests.Peers;

/// <summary>What the source produced: per signal the number and sum of all values, and the times (ms since 1970) of all rounds.</summary>
internal sealed record Truth(long Changes, Dictionary<string, long> Count, Dictionary<string, double> Sum, long[] Ticks)
{
    public static Truth Parse(string line) => JsonSerializer.Deserialize<Truth>(line[line.IndexOf('{', StringComparison.Ordinal)..], JsonSerializerOptions.Web)!;
}

/// <summary>A node-opcua server with counted value changes.</summary>
internal sealed class CountedSource : IAsyncDisposable
{
    public const string User = "gateway";
    public const string Password = "only-for-this-test";
    private readonly TempDirectory pki = new();
    private readonly ForeignProcess process;
    private int runs;

    private CountedSource(int port, int variables, double rate)
    {
        Variables = variables;
        process = NodePeer.Start(
            "tests/Interop.Tests/peers/opcua-source.mjs",
            "--port", $"{port}", "--variables", $"{variables}", "--rate", $"{rate}", "--pki", pki.Path, "--user", User, "--password", Password);
        Url = $"opc.tcp://127.0.0.1:{port}/UA/Source";
    }

    public string Url { get; }

    public int Variables { get; }

    public static async Task<CountedSource> StartAsync(int variables, double rate)
    {
        var source = new CountedSource(Ports.Free(), variables, rate);
        await source.process.WaitForLineAsync("READY", TimeSpan.FromSeconds(90));
        return source;
    }

    /// <summary>Starts changing values without waiting for the end.</summary>
    public Task StartChangesAsync(TimeSpan length) => process.WriteLineAsync($"run {length.TotalSeconds}");

    /// <summary>Waits for the end of the last run and gives the truth.</summary>
    public async Task<Truth> FinishAsync(TimeSpan atMost)
    {
        if (++runs > 1)
            throw new InvalidOperationException("one run per source");
        return Truth.Parse(await process.WaitForLineAsync("DONE", atMost));
    }

    public async ValueTask DisposeAsync()
    {
        await process.DisposeAsync();
        pki.Dispose();
    }
}
