using System.IO.Compression;
using System.Text;
using FloorGateway.Historian.Influx.LineProtocol;
using FloorGateway.Model.Ports;
using Microsoft.Extensions.Logging;

namespace FloorGateway.Historian.Influx;

/// <summary>Sends bodies of line protocol and says what the answers mean. For several threads at a time.</summary>
internal sealed partial class InfluxSender(InfluxOptions options, TimeProvider clock, ILogger logger, HttpMessageHandler? handler) : IDisposable
{
    // A server's error message is a line or two, or 100 refused lines with their text; a proxy's page may be anything.
    private const int MaxMessageChars = 256 * 1024;

    private readonly HttpClient http = InfluxRequests.Client(options, handler);
    private readonly Uri writeUrl = InfluxRequests.WriteUrl(options);
    private long bytesSent;

    public long BytesSent => Volatile.Read(ref bytesSent);

    public void Dispose() => http.Dispose();

    public async Task<InfluxAnswer> SendAsync(InfluxBody body, CancellationToken cancel)
    {
        var bytes = body.Text.Written;
        if (options.Gzip)
        {
            body.Zipped.Clear();
            await using (var zip = new GZipStream(new LineBufferStream(body.Zipped), CompressionLevel.Fastest))
                zip.Write(bytes.Span);
            bytes = body.Zipped.Written;
        }

        using var request = new HttpRequestMessage(HttpMethod.Post, writeUrl) { Content = new ReadOnlyMemoryContent(bytes) };
        request.Content.Headers.ContentType = new("text/plain") { CharSet = "utf-8" };
        if (options.Gzip)
            request.Content.Headers.ContentEncoding.Add("gzip");
        Interlocked.Add(ref bytesSent, bytes.Length);
        return await AskAsync(request, cancel);
    }

    /// <summary>Null once the database is made, else why it is not.</summary>
    public async ValueTask<DeliveryResult?> CreateDatabaseAsync(CancellationToken cancel)
    {
        var query = new KeyValuePair<string, string>("q", InfluxRequests.CreateDatabase(options.Database!));
        using var request = new HttpRequestMessage(HttpMethod.Post, InfluxRequests.QueryUrl(options)) { Content = new FormUrlEncodedContent([query]) };
        var answer = await AskAsync(request, cancel);
        if (answer.Result.Outcome == DeliveryOutcome.Delivered)
        {
            LogDatabaseMade(options.Name, options.Database!, options.Url);
            return null;
        }

        return DeliveryResult.Retry($"database '{options.Database}' could not be made: {answer.Result.Reason}", answer.Result.RetryAfter);
    }

    private async Task<InfluxAnswer> AskAsync(HttpRequestMessage request, CancellationToken cancel)
    {
        try
        {
            using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancel);
            var message = response.IsSuccessStatusCode ? "" : await ReadMessageAsync(response, cancel);
            return InfluxAnswer.Of(response.StatusCode, message, RetryAfter(response), options);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return new(DeliveryResult.Retry($"InfluxDB at {options.Url} did not answer within {options.Timeout.TotalSeconds:0.#} s"));
        }
        catch (Exception trouble) when (trouble is HttpRequestException or IOException)
        {
            return new(DeliveryResult.Retry($"InfluxDB at {options.Url} can't be reached: {(trouble.InnerException ?? trouble).Message}"));
        }
    }

    private static async Task<string> ReadMessageAsync(HttpResponseMessage response, CancellationToken cancel)
    {
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(cancel), Encoding.UTF8);
        var message = new char[MaxMessageChars];
        var length = await reader.ReadBlockAsync(message, cancel);
        return length > 0 ? new(message, 0, length) : response.ReasonPhrase ?? "";
    }

    private TimeSpan? RetryAfter(HttpResponseMessage response)
    {
        var wait = response.Headers.RetryAfter switch
        {
            { Delta: { } delta } => delta,
            { Date: { } date } => date - clock.GetUtcNow(),
            _ => (TimeSpan?)null,
        };
        return wait > TimeSpan.Zero ? wait : null;
    }
}
