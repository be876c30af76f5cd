using System.Net.WebSockets;
using System.Text.Json;

namespace FloorGateway.TestKit.Foreign;

/// <summary>A real headless Chromium with one page, driven over its DevTools protocol. One call at a time.</summary>
public sealed class ChromiumPage : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly TempDirectory profile = new();
    private readonly ClientWebSocket socket = new();
    private ForeignProcess? browser;
    private int lastId;

    private ChromiumPage()
    {
    }

    /// <summary>Starts the browser and opens a page.</summary>
    public static async Task<ChromiumPage> OpenAsync(Uri url, int width = 1680, int height = 1000)
    {
        var page = new ChromiumPage();
        page.browser = ForeignProcess.Start(
            "/usr/bin/chromium",
            ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run", $"--user-data-dir={page.profile.Path}", "--remote-debugging-port=0", $"--window-size={width},{height}", "about:blank"]);
        var line = await page.browser.WaitForLineAsync("DevTools listening on ", Patience);
        var port = new Uri(line[line.IndexOf("ws://", StringComparison.Ordinal)..]).Port;
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        using var targets = JsonDocument.Parse(await http.GetStringAsync(new Uri($"http://127.0.0.1:{port}/json/list")));
        var target = targets.RootElement.EnumerateArray().First(t => t.GetProperty("type").GetString() == "page");
        page.socket.Options.Proxy = null;
        await page.socket.ConnectAsync(new(target.GetProperty("webSocketDebuggerUrl").GetString()!), CancellationToken.None);
        await page.CallAsync("Page.navigate", new { url });
        return page;
    }

    /// <summary>Goes to another page; nothing of the one before is there any more when this completes.</summary>
    /// <param name="url">Where to.</param>
    /// <param name="width">Of the page, CSS pixels.</param>
    /// <param name="height">Of the page, CSS pixels.</param>
    public async Task GoAsync(Uri url, int width = 1680, int height = 1000)
    {
        await CallAsync("Page.navigate", new { url = "about:blank" });
        await WaitUntilAsync("document.URL == 'about:blank'");
        await CallAsync("Emulation.setDeviceMetricsOverride", new { width, height, deviceScaleFactor = 1, mobile = false });
        await CallAsync("Page.navigate", new { url });
        await WaitUntilAsync("document.URL != 'about:blank'");
    }

    /// <summary>The value of a JavaScript expression; a promise is awaited.</summary>
    /// <exception cref="InvalidOperationException">The script threw, with its words.</exception>
    public async Task<JsonElement> EvaluateAsync(string script)
    {
        var answer = await CallAsync("Runtime.evaluate", new { expression = script, awaitPromise = true, returnByValue = true });
        if (answer.TryGetProperty("exceptionDetails", out var thrown))
            throw new InvalidOperationException($"{script}: {thrown}");
        return answer.GetProperty("result").TryGetProperty("value", out var value) ? value : default;
    }

    /// <summary>Waits until an expression is true; while the page loads it may as well throw.</summary>
    /// <exception cref="TimeoutException">With the page's text.</exception>
    public async Task WaitUntilAsync(string script)
    {
        var deadline = System.Diagnostics.Stopwatch.StartNew();
        while (deadline.Elapsed < Patience)
        {
            try
            {
                if ((await EvaluateAsync($"!!({script})")).ValueKind == JsonValueKind.True)
                    return;
            }
            catch (InvalidOperationException)
            {
                // Not there yet.
            }

            await Task.Delay(50);
        }

        throw new TimeoutException($"never true: {script}. The page reads:\n{await EvaluateAsync("document.body.innerText")}");
    }

    /// <summary>Saves what is seen as PNG.</summary>
    public async Task ScreenshotAsync(string path) =>
        await File.WriteAllBytesAsync(path, (await CallAsync("Page.captureScreenshot", new { format = "png" })).GetProperty("data").GetBytesFromBase64());

    public async ValueTask DisposeAsync()
    {
        socket.Dispose();
        if (browser is not null)
            await browser.DisposeAsync();
        profile.Dispose();
    }

    private async Task<JsonElement> CallAsync(string method, object parameters)
    {
        using var limit = new CancellationTokenSource(Patience);
        var id = ++lastId;
        await socket.SendAsync(JsonSerializer.SerializeToUtf8Bytes(new { id, method, @params = parameters }), WebSocketMessageType.Text, true, limit.Token);
        while (true)
        {
            using var message = new MemoryStream();
            var buffer = new byte[64 * 1024];
            WebSocketReceiveResult part;
            do
            {
                part = await socket.ReceiveAsync(buffer, limit.Token);
                message.Write(buffer, 0, part.Count);
            }
            while (!part.EndOfMessage);
            var answer = JsonDocument.Parse(message.ToArray()).RootElement;
            if (answer.TryGetProperty("id", out var to) && to.GetInt32() == id)
                return answer.TryGetProperty("result", out var result) ? result : throw new InvalidOperationException($"{method}: {answer}");
        }
    }
}
