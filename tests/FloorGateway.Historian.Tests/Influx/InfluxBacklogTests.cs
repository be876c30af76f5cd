using FloorGateway.Historian.Influx;
using FloorGateway.Model.Gaps;
using FloorGateway.Model.Ports;
using FloorGateway.Model.Samples;
using Microsoft.AspNetCore.Http;
using static FloorGateway.Historian.Tests.TestSamples;

namespace FloorGateway.Historian.Tests.Influx;

/// <summary>What waited through an outage goes to the server sorted by series, in several requests at a time.</summary>
public class InfluxBacklogTests
{
    private const int Units = 5;
    private const int Signals = 3;
    private readonly Catalog catalog = new();
    private readonly List<string> taken = [];
    private int inFlight;
    private int mostInFlight;

    public InfluxBacklogTests()
    {
        for (var unit = 0; unit < Units; unit++)
        {
            for (var signal = 0; signal < Signals; signal++)
                catalog.Add($"LXE/JSH/CAS/L01/DC0{unit}/PRESS", $"S{signal}");
        }
    }

    [Fact]
    public async Task Holds_the_same_points_as_samples_in_journal_order_would_give()
    {
        var samples = Samples(3000);
        Assert.Equal(DeliveryResult.Delivered, await DeliverAsync(samples, backlog: true));
        var sorted = Points();
        taken.Clear();
        Assert.Equal(DeliveryResult.Delivered, await DeliverAsync(samples, backlog: false));
        Assert.Equal(Points().Where(NotQuality), sorted.Where(NotQuality));
    }

    [Fact]
    public async Task Sends_a_series_together_with_its_samples_of_one_time_in_one_line()
    {
        // Second by second, signal by signal, unit by unit: no two neighbours belong to one line.
        Sample[] samples = [.. from second in Enumerable.Range(0, 10) from signal in Enumerable.Range(0, Signals) from unit in Enumerable.Range(0, Units)
                               select Of((unit * Signals) + signal, T0 + second, second)];
        await DeliverAsync(samples, backlog: true, batch: 1000);
        var lines = taken.Where(l => l.StartsWith("DieCastCell", StringComparison.Ordinal)).ToList();
        Assert.Equal(Units * 10, lines.Count);
        Assert.Equal(Units, lines.Select(l => l.Split(' ')[0]).Aggregate(new List<string>(), (runs, s) => runs.LastOrDefault() == s ? runs : [.. runs, s]).Count);
    }

    [Fact]
    public async Task Keeps_several_requests_under_way_and_none_more()
    {
        await DeliverAsync(Samples(3000), backlog: true, hold: true);
        Assert.Equal(3, mostInFlight);
    }

    [Fact]
    public async Task A_sample_that_corrects_another_of_its_time_is_never_overtaken_by_it()
    {
        // One tag, one time, 200 values: the last one counts, whatever requests do.
        Sample[] samples = [.. Enumerable.Range(0, 200).Select(i => Of(0, T0, i)), .. Samples(500)];
        await DeliverAsync(samples, backlog: true, batch: 10);
        Assert.Equal("199", Points()[("LXE/JSH/CAS/L01/DC00/PRESS/S0", (T0 - DateTime.UnixEpoch.Ticks) * 100)]);
    }

    [Fact]
    public async Task Names_refused_samples_by_their_place_in_the_batch()
    {
        var samples = Samples(1000);
        foreach (var bad in (int[])[3, 400, 999])
            samples[bad].Value = Model.Values.TagValue.From(13.0);
        samples[500].SourceTime = 0;
        var result = await DeliverAsync(samples, backlog: true);
        Assert.Equal([3, 400, 500, 999], result.Refused!.Select(r => r.Index));
        Assert.Equal(996, Points().Count(NotQuality));
        Assert.Contains(taken, line => line.StartsWith("floorgateway_gaps", StringComparison.Ordinal));
    }

    [Fact]
    public async Task One_request_that_fails_fails_the_batch_and_the_next_attempt_has_all_of_it()
    {
        await using var server = await RecordingServer.StartAsync();
        await using var destination = Destination(server, 100);
        var batch = new FeedBatch(0, Samples(3000), []) { IsBacklog = true };
        // The failed piece is tried once more by itself before the feed hears of it.
        server.Answer = (request, response) => Take(request, response, request.Text.Contains("DC03", StringComparison.Ordinal) ? 503 : 204);
        Assert.Equal(DeliveryOutcome.Retry, (await destination.DeliverAsync(batch, TestContext.Current.CancellationToken)).Outcome);
        server.Answer = (request, response) => Take(request, response, 204);
        Assert.Equal(DeliveryResult.Delivered, await destination.DeliverAsync(batch, TestContext.Current.CancellationToken));
        Assert.Equal(3000, Points().Count(NotQuality));
    }

    [Fact]
    public async Task Qualities_are_those_of_each_way_by_itself()
    {
        await using var server = await RecordingServer.StartAsync();
        server.Answer = (request, response) => Take(request, response, 204);
        await using var destination = Destination(server, 100);
        await destination.DeliverAsync(Batch(Of(0, T0 + 100, 1)), TestContext.Current.CancellationToken);
        await destination.DeliverAsync(Batch(Of(0, T0, 1, Bad), Of(0, T0 + 1, 1), Of(0, T0 + 2, 1)) with { IsBacklog = true }, TestContext.Current.CancellationToken);
        await destination.DeliverAsync(Batch(Of(0, T0 + 101, 1)), TestContext.Current.CancellationToken);
        Assert.Equal(["S0=1,S0.q=0i", $"S0.q={Bad}i", "S0=1,S0.q=0i", "S0=1", "S0=1"], taken.Select(l => l.Split(' ')[1]));
    }

    private async Task<DeliveryResult> DeliverAsync(Sample[] samples, bool backlog, int batch = 100, bool hold = false)
    {
        await using var server = await RecordingServer.StartAsync();
        var three = new TaskCompletionSource();
        server.Answer = async (request, response) =>
        {
            var now = Interlocked.Increment(ref inFlight);
            lock (taken)
                mostInFlight = Math.Max(mostInFlight, now);
            if (now == 3)
                three.TrySetResult();
            // Until as many as may are there; what comes behind them passes.
            if (hold)
                await three.Task;
            await Take(request, response, request.Text.Contains("=13,", StringComparison.Ordinal) || request.Text.Contains("=13 ", StringComparison.Ordinal) ? 400 : 204);
            Interlocked.Decrement(ref inFlight);
        };
        await using var destination = Destination(server, batch);
        var gap = new GapRecord { Server = "cas", From = T0, To = T0 + 1, Cause = "restart" };
        return await destination.DeliverAsync(new FeedBatch(0, samples, [gap]) { IsBacklog = backlog }, TestContext.Current.CancellationToken);
    }

    private InfluxDestination Destination(RecordingServer server, int batch) =>
        new(catalog, new InfluxOptions { Url = server.Url, Api = InfluxApi.V1, Database = "plant", MaxBatch = batch });

    private Task Take(RecordedRequest request, HttpResponse response, int status)
    {
        response.StatusCode = status;
        if (status == 204)
        {
            lock (taken)
                taken.AddRange(request.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        }

        return Task.CompletedTask;
    }

    /// <summary>In the order in which servers send: message by message, each of one server, with times that run.</summary>
    private static Sample[] Samples(int count)
    {
        var random = new Random(20270315);
        return [.. Enumerable.Range(0, count).Select(i => Of(random.Next(Units * Signals), T0 + 1000 + i, i + 1000))];
    }

    /// <summary>Path and time of every field, and its last value.</summary>
    private SortedDictionary<(string Path, long Time), string> Points()
    {
        var points = new SortedDictionary<(string, long), string>();
        foreach (var line in taken.Where(l => l.StartsWith("DieCastCell", StringComparison.Ordinal)))
        {
            var parts = line.Split(' ');
            var unit = "LXE/JSH/CAS/L01/" + parts[0].Split(',').Single(t => t.StartsWith("cell=", StringComparison.Ordinal))[5..] + "/PRESS";
            foreach (var field in parts[1].Split(','))
                points[($"{unit}/{field.Split('=')[0]}", long.Parse(parts[2]))] = field.Split('=')[1];
        }

        return points;
    }

    private static bool NotQuality(KeyValuePair<(string Path, long Time), string> point) => !point.Key.Path.EndsWith(".q", StringComparison.Ordinal);
}
