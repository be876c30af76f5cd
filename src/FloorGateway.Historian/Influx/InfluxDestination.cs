using System.IO.Compression;
using System.Text;
using FloorGateway.Historian.Influx.LineProtocol;
using FloorGateway.Model.Ports;
using FloorGateway.Model.Tags;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace FloorGateway.Historian.Influx;

/// <summary>Delivers a feed to InfluxDB (1.x, 2.x, 3.x) or to a server that speaks its write API. Writing the same batch twice changes nothing.</summary>
public sealed partial class InfluxDestination : IFeedDestination
{
    // A server's error message is a line or two, or 100 refused lines with their text; a proxy's page may be anything.
    private const int MaxMessageChars = 256 * 1024;

    private readonly InfluxOptions options;
    private readonly TimeProvider clock;
    private readonly ILogger logger;
    private readonly HttpClient http;
    private readonly Uri writeUrl;
    private readonly LineProtocolWriter lines;
    private readonly LineBuffer text = new(256 * 1024);
    private readonly LineBuffer zipped = new(64 * 1024);

    /// <param name="catalog">Names of the tags.</param>
    /// <param name="options">Validated options.</param>
    /// <param name="clock">For Retry-After given as a date.</param>
    /// <param name="logger">Null = silent.</param>
    /// <param name="handler">In place of the socket handler; disposed with this.</param>
    /// <exception cref="ArgumentException">The options are not valid; the message names every fault.</exception>
    public InfluxDestination(ITagCatalog catalog, InfluxOptions options, TimeProvider? clock = null, ILogger<InfluxDestination>? logger = null, HttpMessageHandler? handler = null)
    {
        var faults = options.Validate();
        if (faults.Count > 0)
            throw new ArgumentException(string.Join("; ", faults), nameof(options));
        this.options = options;
        this.clock = clock ?? TimeProvider.System;
        this.logger = logger ?? NullLogger<InfluxDestination>.Instance;
        lines = new(catalog, options.Lines);
        writeUrl = InfluxRequests.WriteUrl(options);
        http = InfluxRequests.Client(options, handler);
    }

    public string Name => options.Name;

    public int MaxBatch => options.MaxBatch;

    /// <summary>Bytes sent in request bodies so far, as they went over the wire.</summary>
    public long BytesSent { get; private set; }

    public async ValueTask<DeliveryResult> DeliverAsync(FeedBatch batch, CancellationToken cancel)
    {
        // What was written last is not what comes before this batch: each tag says its quality again.
        if (batch.Jumped)
            lines.ForgetQuality();
        var result = await DeliverAllAsync(batch, cancel);
        // What was written may not have arrived: each tag's next good sample says so again.
        if (result.Outcome != DeliveryOutcome.Delivered)
            lines.ForgetQuality();
        return result;
    }

    public ValueTask DisposeAsync()
    {
        http.Dispose();
        text.Dispose();
        zipped.Dispose();
        return ValueTask.CompletedTask;
    }

    private async ValueTask<DeliveryResult> DeliverAllAsync(FeedBatch batch, CancellationToken cancel)
    {
        var samples = batch.Samples;
        var refused = new List<RefusedSample>();
        var most = samples.Length;
        var gapsWaiting = batch.Gaps.Count > 0;
        for (var at = 0; at < samples.Length || gapsWaiting;)
        {
            text.Clear();
            var part = samples.Slice(at, Math.Min(most, samples.Length - at));
            var written = lines.Write(part.Span, text, options.MaxBodyBytes, out var problem);
            if (problem is not null)
                return DeliveryResult.Rejected(problem);
            if (gapsWaiting)
                lines.WriteGaps(batch.Gaps, text);

            var answer = await SendAsync(cancel);
            if (answer.DatabaseMissing && options is { CreateDatabase: true, Api: InfluxApi.V1 })
            {
                var made = await CreateDatabaseAsync(cancel);
                if (made.Outcome != DeliveryOutcome.Delivered)
                    return made;
                answer = await SendAsync(cancel);
            }

            if (answer.TooLarge && written > 1)
            {
                most = written / 2;
                lines.ForgetQuality();
                LogSplit(options.Name, written, text.Length);
                continue;
            }

            if (answer.Refused is { } named)
            {
                var (result, found) = await IsolateAsync(part[..written], named, gapsWaiting ? batch.Gaps : [], cancel);
                if (result.Outcome != DeliveryOutcome.Delivered)
                    return result;
                refused.AddRange(found.Select(one => one with { Index = one.Index + at }));
            }
            else if (answer.Result.Outcome != DeliveryOutcome.Delivered)
            {
                return answer.Result;
            }

            gapsWaiting = false;
            at += written;
        }

        return refused.Count == 0 ? DeliveryResult.Delivered : DeliveryResult.Rejected(refused[0].Reason, refused);
    }

    private async ValueTask<InfluxAnswer> SendAsync(CancellationToken cancel)
    {
        var body = text.Written;
        if (options.Gzip)
        {
            zipped.Clear();
            await using (var zip = new GZipStream(new LineBufferStream(zipped), CompressionLevel.Fastest))
                zip.Write(body.Span);
            body = zipped.Written;
        }

        using var request = new HttpRequestMessage(HttpMethod.Post, writeUrl) { Content = new ReadOnlyMemoryContent(body) };
        request.Content.Headers.ContentType = new("text/plain") { CharSet = "utf-8" };
        if (options.Gzip)
            request.Content.Headers.ContentEncoding.Add("gzip");
        BytesSent += body.Length;
        return await AskAsync(request, cancel);
    }

    private async ValueTask<DeliveryResult> CreateDatabaseAsync(CancellationToken cancel)
    {
        var query = new KeyValuePair<string, string>("q", InfluxRequests.CreateDatabase(options.Database!));
        using var request = new HttpRequestMessage(HttpMethod.Post, InfluxRequests.QueryUrl(options)) { Content = new FormUrlEncodedContent([query]) };
        var answer = await AskAsync(request, cancel);
        if (answer.Result.Outcome == DeliveryOutcome.Delivered)
        {
            LogDatabaseMade(options.Name, options.Database!, options.Url);
            return answer.Result;
        }

        return DeliveryResult.Retry($"database '{options.Database}' could not be made: {answer.Result.Reason}", answer.Result.RetryAfter);
    }

    private async ValueTask<InfluxAnswer> AskAsync(HttpRequestMessage request, CancellationToken cancel)
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
