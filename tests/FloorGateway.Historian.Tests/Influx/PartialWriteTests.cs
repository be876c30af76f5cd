using System.Text.Json;
using FloorGateway.Historian.Influx;
using FloorGateway.Model.Gaps;
using FloorGateway.Model.Ports;
using FloorGateway.Model.Samples;
using Microsoft.AspNetCore.Http;
using static FloorGateway.Historian.Tests.TestSamples;

namespace FloorGateway.Historian.Tests.Influx;

/// <summary>InfluxDB 3 names the lines that it refuses.</summary>
public class PartialWriteTests
{
    private const string Unit = "LXE/JSH/CAS/L01/DC01/PRESS";
    private readonly Catalog catalog = new();
    private readonly int[] tags;

    public PartialWriteTests() => tags = [.. Enumerable.Range(0, 4).Select(i => catalog.Add(Unit, $"S{i}"))];

    [Fact]
    public async Task Sends_v3_writes_as_the_API_describes_them()
    {
        await using var server = await RecordingServer.StartAsync();
        await using var destination = Destination(server, o => o with { Token = "apiv3_x", NoSync = true, AcceptPartial = false });
        Assert.Equal(DeliveryOutcome.Delivered, (await DeliverAsync(destination, [Of(tags[0], T0, 3.5)])).Outcome);
        var request = Assert.Single(server.Requests);
        Assert.Equal("/api/v3/write_lp?db=plant%20floor&accept_partial=false&no_sync=true&precision=nanosecond", request.PathAndQuery);
        Assert.Equal("Bearer apiv3_x", request.Headers["Authorization"]);
        Assert.Equal("gzip", request.Headers["Content-Encoding"]);
    }

    [Theory]
    [InlineData(true, 100)]
    [InlineData(true, 3)]
    [InlineData(false, 100)]
    [InlineData(false, 1)]
    public async Task Only_the_samples_that_the_server_refuses_are_refused(bool acceptPartial, int namedAtMost)
    {
        await using var server = await RecordingServer.StartAsync();
        var store = new Store(server, namedAtMost, line => line.Contains("=13", StringComparison.Ordinal));
        await using var destination = Destination(server, o => o with { AcceptPartial = acceptPartial });
        // Four samples of a unit and time share a line; some lines hold a refused one, some two, some stand alone.
        var samples = Enumerable.Range(0, 200).Select(i => Of(tags[i % 4], T0 + (i / 4 * 10), i % 7 == 0 ? 13 : i + 1000)).Append(Of(tags[0], T0 + 5000, 13)).ToArray();
        var gap = new GapRecord { Server = "cas", From = T0, To = T0 + 1, Cause = "restart" };
        var result = await destination.DeliverAsync(new(0, samples, [gap]), TestContext.Current.CancellationToken);

        Assert.Equal(DeliveryOutcome.Rejected, result.Outcome);
        Assert.Equal(samples.Index().Where(s => s.Item.Value.AsDouble() == 13).Select(s => s.Index), result.Refused!.Select(r => r.Index));
        Assert.All(result.Refused!, r => Assert.Contains("no thirteen", r.Reason, StringComparison.Ordinal));
        Assert.Equal(
            samples.Where(s => s.Value.AsDouble() != 13).Select(s => (s.Tag, (s.SourceTime - DateTime.UnixEpoch.Ticks) * 100, s.Value.AsDouble())).Order(),
            store.Values(catalog).Distinct().Order());
        Assert.Contains(store.Lines, line => line.StartsWith("floorgateway_gaps", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("""{"error":"partial write of line protocol occurred"}""")]
    [InlineData("""{"error":"write of line protocol failed","data":[{"original_line":"","line_number":777,"error_message":"odd"}]}""")]
    public async Task Where_no_line_or_one_never_sent_is_named_the_refused_samples_are_found_by_halving(string answer)
    {
        await using var server = await RecordingServer.StartAsync();
        var taken = new List<string>();
        server.Answer = async (request, response) =>
        {
            response.StatusCode = request.Text.Contains("=13", StringComparison.Ordinal) ? 400 : 204;
            if (response.StatusCode == 400)
                await response.WriteAsync(answer);
            else
                taken.AddRange(request.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        };
        await using var destination = Destination(server);
        var samples = Enumerable.Range(0, 100).Select(i => Of(tags[i % 4], T0 + (i / 4 * 10), i is 17 or 18 or 90 ? 13 : i + 1000)).ToArray();
        var gap = new GapRecord { Server = "cas", From = T0, To = T0 + 1, Cause = "restart" };
        var result = await destination.DeliverAsync(new(0, samples, [gap]), TestContext.Current.CancellationToken);
        Assert.Equal([17, 18, 90], result.Refused!.Select(r => r.Index));
        Assert.All(result.Refused!, r => Assert.Contains("line protocol", r.Reason, StringComparison.Ordinal));
        Assert.Equal(97, Fields(taken).Count());
        Assert.Contains(taken, line => line.StartsWith("floorgateway_gaps", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_refused_gap_record_is_left_to_the_feed()
    {
        await using var server = await RecordingServer.StartAsync();
        server.Answer = (request, response) =>
        {
            response.StatusCode = request.Text.Contains("floorgateway_gaps", StringComparison.Ordinal) ? 400 : 204;
            return Task.CompletedTask;
        };
        await using var destination = Destination(server);
        var gap = new GapRecord { Server = "cas", From = T0, To = T0 + 1, Cause = "restart" };
        var result = await destination.DeliverAsync(new(0, new[] { Of(tags[0], T0, 1) }, [gap]), TestContext.Current.CancellationToken);
        Assert.Equal((DeliveryOutcome.Rejected, null), (result.Outcome, result.Refused));
    }

    [Fact]
    public async Task A_server_that_goes_away_in_between_gets_the_whole_batch_again()
    {
        await using var server = await RecordingServer.StartAsync();
        var answers = 0;
        server.Answer = async (_, response) =>
        {
            response.StatusCode = ++answers == 1 ? 400 : 503;
            if (answers == 1)
                await response.WriteAsync("""{"error":"partial write of line protocol occurred","data":{"original_line":"x","line_number":1,"error_message":"bad"}}""");
            else
                response.Headers.RetryAfter = "3";
        };
        await using var destination = Destination(server);
        var result = await DeliverAsync(destination, [Of(tags[0], T0, 1), Of(tags[0], T0 + 1, 2)]);
        Assert.Equal((DeliveryOutcome.Retry, TimeSpan.FromSeconds(3)), (result.Outcome, result.RetryAfter));
    }

    private static IEnumerable<string> Fields(IEnumerable<string> lines) => lines
        .Where(line => line.StartsWith("DieCastCell", StringComparison.Ordinal))
        .SelectMany(line => line.Split(' ')[1].Split(',').Where(f => !f.Contains(".q=", StringComparison.Ordinal)).Select(f => f + line.Split(' ')[2]))
        .Distinct();

    private static ValueTask<DeliveryResult> DeliverAsync(InfluxDestination destination, Sample[] samples) => destination.DeliverAsync(Batch(samples), TestContext.Current.CancellationToken);

    private InfluxDestination Destination(RecordingServer server, Func<InfluxOptions, InfluxOptions>? more = null)
    {
        var options = new InfluxOptions { Url = server.Url, Api = InfluxApi.V3, Database = "plant floor" };
        return new(catalog, more?.Invoke(options) ?? options);
    }

    /// <summary>Refuses lines as InfluxDB 3 does: with <c>accept_partial</c> the good ones are kept, else none.</summary>
    private sealed class Store
    {
        public Store(RecordingServer server, int namedAtMost, Func<string, bool> refuses) => server.Answer = async (request, response) =>
        {
            var lines = request.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
            var refused = lines.Index().Where(l => refuses(l.Item)).Take(namedAtMost).ToArray();
            var partial = request.PathAndQuery.Contains("accept_partial=true", StringComparison.Ordinal);
            if (refused.Length == 0 || partial)
                Lines.AddRange(lines.Where(l => !refuses(l)));
            if (refused.Length == 0)
            {
                response.StatusCode = 204;
                return;
            }

            response.StatusCode = 400;
            await response.WriteAsync(JsonSerializer.Serialize(new
            {
                error = partial ? "partial write of line protocol occurred" : "write of line protocol failed",
                data = refused.Select(r => new { original_line = r.Item, line_number = r.Index + 1, error_message = "no thirteen" }),
            }));
        };

        public List<string> Lines { get; } = [];

        /// <summary>Tag, time and value of every field that is no quality.</summary>
        public IEnumerable<(int Tag, long Time, double Value)> Values(Catalog catalog) =>
            from line in Lines
            where line.StartsWith("DieCastCell", StringComparison.Ordinal)
            let parts = line.Split(' ')
            from field in parts[1].Split(',')
            let pair = field.Split('=')
            where !pair[0].EndsWith(".q", StringComparison.Ordinal)
            select (catalog.TryFind($"{Unit}/{pair[0]}", out var tag) ? tag.Id : -1, long.Parse(parts[2]), double.Parse(pair[1]));
    }
}
