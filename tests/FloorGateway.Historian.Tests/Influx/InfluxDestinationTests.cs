using FloorGateway.Historian.Influx;
using FloorGateway.Historian.Influx.LineProtocol;
using FloorGateway.Model.Ports;
using FloorGateway.Model.Samples;
using FloorGateway.TestKit;
using static FloorGateway.Historian.Tests.TestSamples;

namespace FloorGateway.Historian.Tests.Influx;

public class InfluxDestinationTests
{
    private readonly Catalog catalog = new();
    private readonly int tag;

    public InfluxDestinationTests() => tag = catalog.Add("LXE/JSH/CAS/L01/DC01/PRESS", "Shot.Velocity");

    [Fact]
    public async Task Sends_v1_writes_as_the_API_describes_them()
    {
        await using var server = await RecordingServer.StartAsync();
        await using var destination = Destination(V1(server) with { Username = "gate", Password = "s:crét", RetentionPolicy = "two years" });
        Assert.Equal(DeliveryOutcome.Delivered, (await DeliverAsync(destination, Of(tag, T0, 3.5))).Outcome);

        var request = Assert.Single(server.Requests);
        Assert.Equal("POST", request.Method);
        Assert.Equal("/write?db=plant%20%26%20floor&rp=two%20years&precision=n", request.PathAndQuery);
        Assert.Equal("Basic Z2F0ZTpzOmNyw6l0", request.Headers["Authorization"]);
        Assert.Equal("text/plain; charset=utf-8", request.Headers["Content-Type"]);
        Assert.Equal("gzip", request.Headers["Content-Encoding"]);
        Assert.Equal(request.Body.Length.ToString(), request.Headers["Content-Length"]);
        Assert.Equal((byte[])[0x1f, 0x8b], request.Body[..2]);
        Assert.Equal("DieCastCell,area=CAS,cell=DC01,enterprise=LXE,line=L01,site=JSH,unit=PRESS Shot.Velocity=3.5,Shot.Velocity.q=0i 1805068800000000000\n", request.Text);
    }

    [Fact]
    public async Task Sends_v2_writes_as_the_API_describes_them()
    {
        await using var server = await RecordingServer.StartAsync();
        await using var destination = Destination(V2(server) with { Token = "t0k==", Gzip = false, Lines = new() { Precision = TimePrecision.Microseconds } });
        Assert.Equal(DeliveryOutcome.Delivered, (await DeliverAsync(destination, Of(tag, T0, 3.5))).Outcome);

        var request = Assert.Single(server.Requests);
        Assert.Equal("POST", request.Method);
        Assert.Equal("/api/v2/write?org=Lian%20Xing&bucket=floor%2Fraw&precision=us", request.PathAndQuery);
        Assert.Equal("Token t0k==", request.Headers["Authorization"]);
        Assert.Equal("text/plain; charset=utf-8", request.Headers["Content-Type"]);
        Assert.Equal("application/json", request.Headers["Accept"]);
        Assert.DoesNotContain("Content-Encoding", request.Headers.Keys);
        Assert.EndsWith(" 1805068800000000\n", request.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(InfluxApi.V1, TimePrecision.Nanoseconds, "n")]
    [InlineData(InfluxApi.V1, TimePrecision.Microseconds, "u")]
    [InlineData(InfluxApi.V1, TimePrecision.Milliseconds, "ms")]
    [InlineData(InfluxApi.V1, TimePrecision.Seconds, "s")]
    [InlineData(InfluxApi.V2, TimePrecision.Nanoseconds, "ns")]
    [InlineData(InfluxApi.V2, TimePrecision.Milliseconds, "ms")]
    [InlineData(InfluxApi.V2, TimePrecision.Seconds, "s")]
    [InlineData(InfluxApi.V3, TimePrecision.Nanoseconds, "nanosecond")]
    [InlineData(InfluxApi.V3, TimePrecision.Microseconds, "microsecond")]
    [InlineData(InfluxApi.V3, TimePrecision.Milliseconds, "millisecond")]
    [InlineData(InfluxApi.V3, TimePrecision.Seconds, "second")]
    public async Task Names_the_precision_in_the_words_of_each_API(InfluxApi api, TimePrecision precision, string word)
    {
        await using var server = await RecordingServer.StartAsync();
        await using var destination = Destination((api == InfluxApi.V2 ? V2(server) : V1(server) with { Api = api }) with { Lines = new() { Precision = precision } });
        await DeliverAsync(destination, Of(tag, T0, 1));
        Assert.EndsWith($"&precision={word}", server.Requests[0].PathAndQuery, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Keeps_a_path_in_front_of_the_API()
    {
        await using var server = await RecordingServer.StartAsync();
        await using var destination = Destination(V1(server) with { Url = new(server.Url, "/tsdb/influx/") });
        await DeliverAsync(destination, Of(tag, T0, 1));
        Assert.StartsWith("/tsdb/influx/write?db=", server.Requests[0].PathAndQuery, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Sends_a_big_delivery_in_requests_of_limited_size()
    {
        await using var server = await RecordingServer.StartAsync();
        await using var destination = Destination(V1(server) with { MaxBodyBytes = 2000 });
        var result = await DeliverAsync(destination, Many(200));
        Assert.Equal(DeliveryOutcome.Delivered, result.Outcome);
        Assert.InRange(server.Requests.Count, 8, 20);
        Assert.Equal(200, Times(server.Requests).Count());
        Assert.All(server.Requests, request => Assert.InRange(request.Text.Length, 1, 2200));
    }

    [Fact]
    public async Task Splits_what_the_server_finds_too_large_until_it_fits()
    {
        await using var server = await RecordingServer.StartAsync();
        var accepted = new List<RecordedRequest>();
        server.Answer = (request, response) =>
        {
            response.StatusCode = request.Text.Length > 3000 ? 413 : 204;
            if (response.StatusCode == 204)
                accepted.Add(request);
            return Task.CompletedTask;
        };
        await using var destination = Destination(V2(server));
        Assert.Equal(DeliveryOutcome.Delivered, (await DeliverAsync(destination, Many(100))).Outcome);
        Assert.Equal(Enumerable.Range(0, 100), Times(accepted));
    }

    [Fact]
    public async Task Rejects_a_single_sample_that_is_too_large()
    {
        await using var server = await RecordingServer.StartAsync();
        server.AnswerWith(413, "{\"code\":\"request too large\",\"message\":\"unable to read data: points batch is too large\"}");
        await using var destination = Destination(V2(server));
        var result = await DeliverAsync(destination, Many(1));
        Assert.Equal(DeliveryOutcome.Rejected, result.Outcome);
        Assert.Contains("points batch is too large", result.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Hands_on_how_long_the_server_asks_to_wait()
    {
        var clock = new ManualTimeProvider();
        await using var server = await RecordingServer.StartAsync();
        await using var destination = new InfluxDestination(catalog, V2(server), clock);
        server.AnswerWith(429, "", "7");
        var result = await DeliverAsync(destination, Of(tag, T0, 1));
        Assert.Equal((DeliveryOutcome.Retry, TimeSpan.FromSeconds(7)), (result.Outcome, result.RetryAfter));
        server.AnswerWith(503, "", clock.GetUtcNow().AddMinutes(2).ToString("R"));
        result = await DeliverAsync(destination, Of(tag, T0, 1));
        Assert.Equal((DeliveryOutcome.Retry, TimeSpan.FromMinutes(2)), (result.Outcome, result.RetryAfter));
    }

    [Fact]
    public async Task Retries_when_nobody_listens()
    {
        await using var destination = Destination(new() { Url = new($"http://127.0.0.1:{Ports.Free()}"), Bucket = "b", Org = "o" });
        var result = await DeliverAsync(destination, Of(tag, T0, 1));
        Assert.Equal(DeliveryOutcome.Retry, result.Outcome);
        Assert.Contains("can't be reached", result.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Retries_when_the_server_does_not_answer_in_time()
    {
        await using var server = await RecordingServer.StartAsync();
        server.Answer = (_, response) => Task.Delay(Timeout.Infinite, response.HttpContext.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
        await using var destination = Destination(V2(server) with { Timeout = TimeSpan.FromMilliseconds(100) });
        var result = await DeliverAsync(destination, Of(tag, T0, 1));
        Assert.Equal(DeliveryOutcome.Retry, result.Outcome);
        Assert.Contains("did not answer within 0.1 s", result.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Retries_when_the_connection_breaks_in_the_middle()
    {
        await using var server = await RecordingServer.StartAsync();
        server.Answer = (_, response) =>
        {
            response.HttpContext.Abort();
            return Task.CompletedTask;
        };
        await using var destination = Destination(V2(server));
        Assert.Equal(DeliveryOutcome.Retry, (await DeliverAsync(destination, Of(tag, T0, 1))).Outcome);
    }

    [Fact]
    public async Task A_retried_batch_is_the_same_bytes_again()
    {
        await using var server = await RecordingServer.StartAsync();
        await using var destination = Destination(V2(server));
        await DeliverAsync(destination, Of(tag, T0, 1));
        server.AnswerWith(503);
        await DeliverAsync(destination, Of(tag, T0 + 1, 1, Bad), Of(tag, T0 + 2, 1));
        server.AnswerWith(204);
        await DeliverAsync(destination, Of(tag, T0 + 1, 1, Bad), Of(tag, T0 + 2, 1));
        Assert.Equal(server.Requests[1].Text, server.Requests[2].Text);
    }

    [Fact]
    public async Task Makes_a_missing_v1_database_when_asked_and_writes_again()
    {
        await using var server = await RecordingServer.StartAsync();
        var made = false;
        server.Answer = async (request, response) =>
        {
            made |= request.PathAndQuery == "/query";
            response.StatusCode = request.PathAndQuery == "/query" ? 200 : made ? 204 : 404;
            if (response.StatusCode != 204)
                await response.BodyWriter.WriteAsync("{\"error\":\"database not found\"}"u8.ToArray());
        };
        await using var destination = Destination(V1(server) with { CreateDatabase = true, Database = "pl\"ant" });
        Assert.Equal(DeliveryOutcome.Delivered, (await DeliverAsync(destination, Of(tag, T0, 1))).Outcome);
        Assert.Equal(["/write?db=pl%22ant&precision=n", "/query", "/write?db=pl%22ant&precision=n"], server.Requests.Select(r => r.PathAndQuery));
        Assert.Equal("q=CREATE+DATABASE+%22pl%5C%22ant%22", server.Requests[1].Text);
    }

    [Fact]
    public async Task A_missing_database_holds_the_samples_back_and_says_what_to_mend()
    {
        await using var server = await RecordingServer.StartAsync();
        server.AnswerWith(404, "{\"error\":\"database not found: \\\"plant & floor\\\"\"}");
        await using var destination = Destination(V1(server));
        var result = await DeliverAsync(destination, Of(tag, T0, 1));
        Assert.Equal(DeliveryOutcome.Retry, result.Outcome);
        Assert.Contains("createDatabase", result.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Writes_gap_records_with_the_samples_around_them()
    {
        await using var server = await RecordingServer.StartAsync();
        await using var destination = Destination(V2(server) with { MaxBodyBytes = 1024 });
        var gap = new Model.Gaps.GapRecord { Server = "cas", From = T0, To = T0 + 1, Cause = "restart" };
        await destination.DeliverAsync(new(0, Many(50), [gap]), TestContext.Current.CancellationToken);
        await destination.DeliverAsync(new(0, ReadOnlyMemory<Sample>.Empty, [gap]), TestContext.Current.CancellationToken);
        Assert.Equal([0, server.Requests.Count - 1], server.Requests.Select((r, i) => r.Text.Contains("floorgateway_gaps,server=cas ", StringComparison.Ordinal) ? i : -1).Where(i => i >= 0));
    }

    [Fact]
    public async Task Refuses_alone_a_sample_whose_time_cannot_be_written()
    {
        await using var server = await RecordingServer.StartAsync();
        await using var destination = Destination(V2(server));
        var result = await DeliverAsync(destination, Of(tag, 0, 1), Of(tag, T0, 1), Of(tag, long.MaxValue, 1), Of(tag, T0 + 1, 1), Of(tag, 0, 1));
        Assert.Equal([0, 2, 4], result.Refused!.Select(r => r.Index));
        Assert.Contains("Shot.Velocity", result.Reason, StringComparison.Ordinal);
        Assert.Equal([0, 1], Times(server.Requests));
    }

    [Fact]
    public void Names_every_fault_of_the_options_at_once()
    {
        var faults = new InfluxOptions { Url = new("ftp://u:p@x"), Api = InfluxApi.V1, MaxBatch = 0, CaFile = "/no/such/file" }.Validate();
        Assert.Equal(4, faults.Count);
        Assert.Throws<ArgumentException>(() => Destination(new() { Url = new("http://127.0.0.1") }));
    }

    [Fact]
    public void A_remote_server_without_TLS_is_named_as_insecure()
    {
        Assert.Single(new InfluxOptions { Url = new("http://influx.plant.example:8086") }.InsecureChoices);
        Assert.Empty(new InfluxOptions { Url = new("https://influx.plant.example:8086") }.InsecureChoices);
        Assert.Empty(new InfluxOptions { Url = new("http://127.0.0.1:8086") }.InsecureChoices);
    }

    private static InfluxOptions V1(RecordingServer server) => new() { Url = server.Url, Api = InfluxApi.V1, Database = "plant & floor" };

    private static InfluxOptions V2(RecordingServer server) => new() { Url = server.Url, Api = InfluxApi.V2, Org = "Lian Xing", Bucket = "floor/raw" };

    private static ValueTask<DeliveryResult> DeliverAsync(InfluxDestination destination, params Sample[] samples) =>
        destination.DeliverAsync(Batch(samples), TestContext.Current.CancellationToken);

    /// <summary>The samples' times, as ticks since T0, in the order written.</summary>
    private static IEnumerable<int> Times(IEnumerable<RecordedRequest> requests) =>
        requests.SelectMany(r => r.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries)).Select(line => (int)((long.Parse(line.Split(' ')[^1]) - 1805068800000000000) / 100));

    private Sample[] Many(int count) => [.. Enumerable.Range(0, count).Select(i => Of(tag, T0 + i, i))];

    private InfluxDestination Destination(InfluxOptions options) => new(catalog, options);
}
