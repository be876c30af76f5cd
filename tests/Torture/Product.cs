using System.Net.Http.Json;
using System.Text.Json.Nodes;
using FloorGateway.TestKit;

namespace Torture;

/// <summary>The product's program, as a user runs it.</summary>
internal static class Product
{
    private static readonly HttpClient Http = new(new SocketsHttpHandler { UseProxy = false }) { Timeout = TimeSpan.FromSeconds(10) };

    public static ForeignProcess Start(params string[] arguments) =>
        ForeignProcess.Start("dotnet", ["exec", Path.Combine(AppContext.BaseDirectory, "FloorGateway.dll"), .. arguments]);

    /// <summary>Asks the API; null where nobody answers.</summary>
    public static async Task<JsonNode?> TryGetAsync(int port, string path)
    {
        try
        {
            return await Http.GetFromJsonAsync<JsonNode>($"http://127.0.0.1:{port}{path}");
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException)
        {
            return null;
        }
    }

    /// <summary>Asks again and again until it is so.</summary>
    /// <exception cref="TimeoutException">It never was.</exception>
    public static async Task<JsonNode> WaitForAsync(int port, string path, Func<JsonNode, bool> isSo, TimeSpan atMost, Func<string> more)
    {
        JsonNode? last = null;
        using var limit = new CancellationTokenSource(atMost);
        while (!limit.IsCancellationRequested)
        {
            last = await TryGetAsync(port, path) ?? last;
            if (last is not null && isSo(last))
                return last;
            await Task.Delay(200, CancellationToken.None);
        }

        throw new TimeoutException($"GET {path} never gave what was waited for in {atMost.TotalSeconds} s.\nLast answer: {last}\n{more()}");
    }
}
