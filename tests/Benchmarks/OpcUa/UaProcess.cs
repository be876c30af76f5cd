using System.Text.Json;
using System.Text.Json.Nodes;
using FloorGateway.TestKit;
using FloorGateway.TestKit.Foreign;

namespace Benchmarks.OpcUa;

/// <summary>A server or a client of the benchmark, ours or node-opcua's, in a process of its own.</summary>
internal sealed class UaProcess : IAsyncDisposable
{
    private readonly ForeignProcess process;
    private int marks;

    private UaProcess(ForeignProcess process) => this.process = process;

    public int Id => process.Id;

    public static Task<UaProcess> OursAsync(params string[] arguments) =>
        ReadyAsync(ForeignProcess.Start("dotnet", ["exec", typeof(UaProcess).Assembly.Location, .. arguments]));

    public static Task<UaProcess> NodeAsync(string script, params string[] arguments) => ReadyAsync(NodePeer.Start($"tests/Benchmarks/peers/{script}", arguments));

    /// <summary>What a client has counted so far.</summary>
    public async Task<UaMark> MarkAsync()
    {
        marks++;
        await process.WriteLineAsync($"mark {marks}");
        var line = await process.WaitForLineAsync($"MARK {marks} ");
        return JsonNode.Parse(line[line.IndexOf('{', StringComparison.Ordinal)..])!.Deserialize<UaMark>(JsonSerializerOptions.Web)!;
    }

    /// <summary>Tells the process to do something.</summary>
    public Task SendAsync(string line) => process.WriteLineAsync(line);

    public ValueTask DisposeAsync() => process.DisposeAsync();

    private static async Task<UaProcess> ReadyAsync(ForeignProcess process)
    {
        await process.WaitForLineAsync("READY", TimeSpan.FromSeconds(300));
        return new UaProcess(process);
    }
}

/// <summary>A client's counters.</summary>
/// <param name="Received">Value changes.</param>
/// <param name="Allocated">Bytes since the start; 0 where the runtime does not tell.</param>
/// <param name="WorkingSet">Bytes.</param>
/// <param name="Overflowed">Values whose status tells of others that were lost before them.</param>
/// <param name="Gaps">Interruptions that could not be made good.</param>
internal sealed record UaMark(long Received, long Allocated, long WorkingSet, long Overflowed = 0, long Gaps = 0);
