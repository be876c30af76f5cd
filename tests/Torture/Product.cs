using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using FloorGateway.TestKit;

namespace Torture;

/// <summary>The product's program, as a user runs it.</summary>
internal static class Product
{
    private static readonly HttpClient Http = new(new SocketsHttpHandler { UseProxy = false }) { Timeout = TimeSpan.FromSeconds(10) };

    public static ForeignProcess Start(params string[] arguments) => Start(arguments, null);

    public static ForeignProcess Start(string[] arguments, IReadOnlyDictionary<string, string>? environment) =>
        ForeignProcess.Start("dotnet", ["exec", Path.Combine(AppContext.BaseDirectory, "FloorGateway.dll"), .. arguments], environment: environment);

    /// <summary>Asks a running gateway's API again and again until it is so.</summary>
    /// <exception cref="TimeoutException">It never was.</exception>
    /// <exception cref="InvalidOperationException">The gateway has ended.</exception>
    public static async Task<JsonNode> WaitForAsync(int port, string path, Func<JsonNode, bool> isSo, TimeSpan atMost, ForeignProcess gateway)
    {
        JsonNode? last = null;
        using var limit = new CancellationTokenSource(atMost);
        while (!limit.IsCancellationRequested)
        {
            last = await TryGetAsync(port, path) ?? last;
            if (last is not null && isSo(last))
                return last;
            if (gateway.HasExited)
                throw new InvalidOperationException($"the gateway ended by itself with {gateway.ExitCode}:\n{gateway.Output}");
            await Task.Delay(200, CancellationToken.None);
        }

        throw new TimeoutException($"GET {path} never gave what was waited for in {atMost.TotalSeconds} s.\nLast answer: {last}\n{gateway.Output}");
    }

    private static async Task<JsonNode?> TryGetAsync(int port, string path)
    {
        try
        {
            return await Http.GetFromJsonAsync<JsonNode>($"http://127.0.0.1:{port}{path}");
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException or JsonException)
        {
            // It does not run, or is just being killed.
            return null;
        }
    }
}
