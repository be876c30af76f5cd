using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using FloorGateway.TestKit;
using FloorGateway.TestKit.Foreign;

namespace Interop.Tests;

/// <summary>A script below peers/ that answers JSON requests line by line.</summary>
public sealed class JsonPeer : IAsyncDisposable
{
    private static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(120);
    private readonly ForeignProcess process;
    private int lastId;

    private JsonPeer(ForeignProcess process) => this.process = process;

    public string Output => process.Output;

    public static Task<JsonPeer> StartAsync(string script, params string[] arguments) => StartAsync(NodePeer.Start($"tests/Interop.Tests/peers/{script}", arguments));

    /// <summary>Any other program that speaks so.</summary>
    public static async Task<JsonPeer> StartAsync(ForeignProcess process)
    {
        try
        {
            await process.WaitForLineAsync("READY", AnswerLimit);
            return new JsonPeer(process);
        }
        catch
        {
            await process.DisposeAsync();
            throw;
        }
    }

    /// <summary>Asks with the members of all the arguments together, and waits for the answer.</summary>
    /// <exception cref="PeerException">The peer says that it failed.</exception>
    public async Task<JsonElement> AskAsync(string what, params IEnumerable<object?> arguments)
    {
        var id = Interlocked.Increment(ref lastId).ToString(CultureInfo.InvariantCulture);
        var request = new JsonObject();
        foreach (var part in arguments.Where(a => a is not null))
        {
            foreach (var (name, value) in JsonSerializer.SerializeToNode(part)!.AsObject())
                request[name] = value?.DeepClone();
        }

        request["id"] = JsonValue.Create(id);
        request["do"] = JsonValue.Create(what);
        await process.WriteLineAsync(request.ToJsonString());
        var line = await process.WaitForLineAsync($"REPLY {id} ", AnswerLimit);
        var json = JsonDocument.Parse(line[line.IndexOfAny(['{', '['])..]).RootElement;
        return line.StartsWith($"REPLY {id} OK", StringComparison.Ordinal)
            ? json
            : throw new PeerException(json.GetProperty("message").GetString()!, json.TryGetProperty("status", out var status) ? status.GetString() : null);
    }

    public Task KillAsync() => process.KillAsync();

    public ValueTask DisposeAsync() => process.DisposeAsync();
}

/// <summary>What a foreign peer says went wrong.</summary>
public sealed class PeerException(string message, string? status) : Exception(message)
{
    /// <summary>The OPC UA service result by name, where there was one.</summary>
    public string? Status { get; } = status;
}
