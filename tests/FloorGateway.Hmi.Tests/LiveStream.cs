using System.Text.Json;

namespace FloorGateway.Hmi.Tests;

/// <summary>Reads server-sent events as a browser would.</summary>
public sealed class LiveStream : IDisposable
{
    private readonly HttpResponseMessage response;
    private readonly StreamReader reader;

    private LiveStream(HttpResponseMessage response, Stream body)
    {
        this.response = response;
        reader = new(body);
    }

    public static async Task<LiveStream> OpenAsync(HmiHost host, string path, string? lastEventId = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(host.Url, path));
        if (lastEventId is not null)
            request.Headers.Add("Last-Event-ID", lastEventId);
        var response = await host.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal("text/event-stream", response.Content.Headers.ContentType?.MediaType);
        return new(response, await response.Content.ReadAsStreamAsync());
    }

    /// <exception cref="EndOfStreamException">The stream has ended.</exception>
    public async Task<(string Id, JsonElement Data)> NextAsync()
    {
        var fields = new Dictionary<string, string>();
        while (await reader.ReadLineAsync() is { } line)
        {
            if (line.Length == 0)
                return (fields["id"], JsonDocument.Parse(fields["data"]).RootElement);
            var colon = line.IndexOf(": ", StringComparison.Ordinal);
            fields[line[..colon]] = line[(colon + 2)..];
        }

        throw new EndOfStreamException();
    }

    public void Dispose()
    {
        reader.Dispose();
        response.Dispose();
    }
}
