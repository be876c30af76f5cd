using System.Net.Http.Json;
using System.Text.Json.Nodes;
using FloorGateway.TestKit;

namespace EndToEnd.Tests.Peers;

/// <summary>The product as a user runs it: a process of its own, from the command line.</summary>
internal static class GatewayProcess
{
    private static readonly HttpClient Http = new() { Timeout = TimeSpan.FromSeconds(10) };

    public static ForeignProcess Start(params string[] arguments) =>
        ForeignProcess.Start("dotnet", ["exec", Path.Combine(AppContext.BaseDirectory, "FloorGateway.dll"), .. arguments]);

    /// <summary>Runs to the end and gives the exit code and all that was printed.</summary>
    public static async Task<(int ExitCode, string Output)> RunAsync(params string[] arguments)
    {
        await using var process = Start(arguments);
        var code = await process.WaitForExitAsync(TimeSpan.FromMinutes(5));
        return (code, process.Output);
    }

    public static async Task<JsonNode> GetAsync(int httpPort, string path) =>
        (await Http.GetFromJsonAsync<JsonNode>($"http://127.0.0.1:{httpPort}{path}"))!;

    /// <summary>Asks the API until <paramref name="isSo"/> holds.</summary>
    public static async Task<JsonNode> WaitForAsync(int httpPort, string path, Func<JsonNode, bool> isSo, ForeignProcess process, TimeSpan atMost)
    {
        using var limit = new CancellationTokenSource(atMost);
        JsonNode? last = null;
        while (!limit.IsCancellationRequested && !process.HasExited)
        {
            try
            {
                last = await GetAsync(httpPort, path);
                if (isSo(last))
                    return last;
            }
            catch (HttpRequestException e) when (e.StatusCode is null)
            {
                // Not listening yet.
            }

            await Task.Delay(200, CancellationToken.None);
        }

        throw new TimeoutException($"GET {path} never gave what was waited for.\nLast answer: {last}\nThe gateway printed:\n{process.Output}");
    }
}
