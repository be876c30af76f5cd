using FloorGateway.Model.Gaps;
using FloorGateway.Model.Ledger;
using FloorGateway.Model.Ports;
using FloorGateway.Model.Samples;
using FloorGateway.Model.Values;
using FloorGateway.Pipeline.Feeds;
using FloorGateway.Pipeline.Journal;
using FloorGateway.Pipeline.Normalisation;
using FloorGateway.Pipeline.Tests.Feeds;
using FloorGateway.Pipeline.Tests.Support;
using FloorGateway.TestKit;
using Microsoft.Extensions.Logging.Abstractions;

namespace FloorGateway.Pipeline.Tests;

public sealed class GatewayPipelineTests : IDisposable
{
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(30);

    private readonly TempDirectory folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Samples_reach_every_feed_in_order_and_the_ledger_closes()
    {
        var (fast, slow) = (new FakeDestination("fast", 1000), new FakeDestination("slow", 7));
        await using var pipeline = await StartAsync("data", fast, slow);
        for (var i = 0; i < 20; i++)
            await AppendAsync(pipeline, Make.Samples(50, i * 50));
        Assert.Empty(await pipeline.DrainAsync(Long));
        var ledger = pipeline.Snapshot();
        AssertCloses(ledger);
        Assert.Equal(1000, ledger.Journaled);
        Assert.All(ledger.Feeds, f => Assert.Equal((1000, 0, "Running"), (f.Delivered, f.Waiting, f.State)));
        Assert.Equal(Enumerable.Range(0, 1000).Select(i => (long)i), slow.Sequences);
        Make.AssertSame(fast.Taken, slow.Taken);
        Assert.All(slow.Sizes, s => Assert.InRange(s, 1, 7));
    }

    [Fact]
    public async Task Suppressed_samples_are_counted_and_live_tags_show_the_latest()
    {
        await using var pipeline = await StartAsync("data");
        await AppendAsync(pipeline, Make.Sample(0, TagValue.From(1.0), 1), Make.Sample(0, TagValue.From(1.0), 1), Make.Sample(6, TagValue.From(5.0), 1), Make.Sample(6, TagValue.From(5.1), 2));
        var server = Assert.Single(pipeline.Snapshot().Servers);
        Assert.Equal((4, 1, 1, 2), (server.Received, server.SuppressedDeadband, server.SuppressedDuplicate, server.Journaled));
        Assert.True(pipeline.LiveTags.TryGet(6, out var live));
        Assert.Equal(5.0, live.Value.AsDouble());
    }

    [Fact]
    public async Task Present_values_are_shown_normalised_where_none_has_come_and_are_not_journaled()
    {
        await using var pipeline = await StartAsync("data");
        await AppendAsync(pipeline, Make.Sample(0, TagValue.From(1.0), 10));
        using (var present = Make.Batch(Make.Sample(0, TagValue.From(2.0), 20, origin: SampleOrigin.Initial), Make.Sample(1, TagValue.From(3.0), 20, origin: SampleOrigin.Initial)))
            await pipeline.ShowAsync("cas", present, CancellationToken.None);
        Assert.Equal([1.0, 3.0], new[] { 0, 1 }.Select(tag => pipeline.LiveTags.TryGet(tag, out var live) ? live.Value.AsDouble() : double.NaN));
        var server = Assert.Single(pipeline.Snapshot().Servers);
        Assert.Equal((1, 1), (server.Received, server.Journaled));
        await AppendAsync(pipeline, Make.Sample(1, TagValue.From(3.0), 20));
        Assert.Equal(2, Assert.Single(pipeline.Snapshot().Servers).Journaled);
    }

    [Fact]
    public async Task Dead_destination_holds_back_nobody_else()
    {
        var (dead, alive) = (new FakeDestination("dead"), new FakeDestination("alive"));
        dead.Behaviour = (_, _) => ValueTask.FromResult(DeliveryResult.Retry("no link"));
        await using var pipeline = await StartAsync("data", dead, alive);
        await AppendAsync(pipeline, Make.Samples(100));
        await Eventually.TrueAsync(() => alive.TakenCount == 100 && dead.Attempts > 0 && Feed(pipeline, "dead").State == "Retrying");
        var line = Feed(pipeline, "dead");
        Assert.Equal((0, 100, "no link"), (line.Delivered, line.Waiting, line.LastError));
        AssertCloses(pipeline.Snapshot());
    }

    [Fact]
    public async Task Retries_with_growing_waits_and_honours_the_wait_asked_for()
    {
        var time = new ManualTimeProvider();
        var attempts = new List<DateTimeOffset>();
        var fake = new FakeDestination
        {
            Behaviour = (_, attempt) =>
            {
                lock (attempts)
                    attempts.Add(time.GetUtcNow());
                return ValueTask.FromResult(attempt switch
                {
                    < 4 => DeliveryResult.Retry("busy"),
                    4 => DeliveryResult.Retry("busy", TimeSpan.FromMinutes(2)),
                    5 => throw new InvalidOperationException("a bug in the destination"),
                    _ => DeliveryResult.Delivered,
                });
            },
        };
        await using var pipeline = await StartAsync("data", time, new FeedOptions { RetryFirst = TimeSpan.FromSeconds(1), RetryMost = TimeSpan.FromSeconds(30) }, fake);
        await AppendAsync(pipeline, Make.Samples(1));
        await Eventually.TrueAsync(() => fake.TakenCount == 1, () => time.Advance(TimeSpan.FromSeconds(1)));
        var waits = attempts.Zip(attempts.Skip(1), (a, b) => (b - a).TotalSeconds).ToArray();
        Assert.Equal(5, waits.Length);
        // The clock moves on while the feed is between two waits, so each wait is at least what was wanted.
        Assert.All(waits.Zip([1.0, 2, 4, 120, 16]), w => Assert.True(w.First >= w.Second, $"{w.First} < {w.Second}"));
        Assert.Null(Feed(pipeline, "fake").LastError);
    }

    [Fact]
    public async Task Refused_samples_are_found_put_aside_readably_and_everything_else_is_delivered()
    {
        var refused = new long[] { 0, 13, 14, 63, 99 };
        var fake = new FakeDestination
        {
            Behaviour = (batch, _) => ValueTask.FromResult(
                Enumerable.Range(0, batch.Samples.Length).Any(i => refused.Contains(batch.FirstSequence + i)) ? DeliveryResult.Rejected("field type conflict") : DeliveryResult.Delivered),
        };
        await using var pipeline = await StartAsync("data", fake);
        await AppendAsync(pipeline, Make.Samples(100));
        Assert.Empty(await pipeline.DrainAsync(Long));
        Assert.Equal(Enumerable.Range(0, 100).Select(i => (long)i).Except(refused), fake.Sequences);
        var line = Feed(pipeline, "fake");
        Assert.Equal((95, 5, 0), (line.Delivered, line.Refused, line.Waiting));
        AssertCloses(pipeline.Snapshot());
        var letters = await File.ReadAllLinesAsync(Path.Combine(folder["data"], "feeds", "fake.refused.jsonl"));
        Assert.Equal(refused, letters.Select(l => System.Text.Json.JsonDocument.Parse(l).RootElement.GetProperty("sequence").GetInt64()));
        Assert.Contains("\"tag\":\"LXE/X/S6\",\"kind\":\"Double\",\"value\":13.25,\"status\":\"00000000\"", letters[1], StringComparison.Ordinal);
        Assert.Contains("field type conflict", letters[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Refused_gap_record_is_put_aside_and_counts_no_sample()
    {
        var fake = new FakeDestination { Behaviour = (batch, _) => ValueTask.FromResult(batch.Gaps.Count > 0 ? DeliveryResult.Rejected("no gaps here") : DeliveryResult.Delivered) };
        await using var pipeline = await StartAsync("data", fake);
        await AppendAsync(pipeline, Make.Samples(3));
        await pipeline.AppendGapAsync(new GapRecord { Server = "cas", From = 1, To = 2, Cause = "was not running" }, CancellationToken.None);
        await AppendAsync(pipeline, Make.Samples(3, 3));
        Assert.Empty(await pipeline.DrainAsync(Long));
        Assert.Equal(6, Feed(pipeline, "fake").Delivered);
        Assert.Equal(0, Feed(pipeline, "fake").Refused);
        Assert.Contains("was not running", await File.ReadAllTextAsync(Path.Combine(folder["data"], "feeds", "fake.refused.jsonl")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Gap_records_are_delivered_with_the_samples()
    {
        var fake = new FakeDestination();
        await using var pipeline = await StartAsync("data", fake);
        var gap = new GapRecord { Server = "cas", Tag = "LXE/X/S0", From = 1, To = 2, Cause = "no history" };
        await pipeline.AppendGapAsync(gap, CancellationToken.None);
        Assert.Empty(await pipeline.DrainAsync(Long));
        Assert.Equal(gap, Assert.Single(fake.Gaps));
    }

    [Fact]
    public async Task Restarted_pipeline_goes_on_without_loss_or_repetition_after_a_clean_stop()
    {
        for (var run = 0; run < 3; run++)
        {
            var fake = new FakeDestination();
            var pipeline = await StartAsync("data", fake);
            await AppendAsync(pipeline, Make.Samples(50, run * 50));
            await pipeline.StopAsync(CancellationToken.None);
            Assert.True(fake.Disposed);
            Assert.Equal(Enumerable.Range(run * 50, 50).Select(i => (long)i), fake.Sequences);
        }

        await using var last = await StartAsync("data", new FakeDestination());
        AssertCloses(last.Snapshot());
        Assert.Equal((150, 150, 0), (last.Snapshot().Journaled, Feed(last, "fake").Delivered, Feed(last, "fake").Waiting));
        Assert.NotNull(last.LastComplete("cas"));
    }

    [Fact]
    public async Task Kill_after_any_step_loses_nothing_and_the_ledger_closes()
    {
        var fake = new FakeDestination(maxBatch: 10);
        fake.Behaviour = (batch, _) => ValueTask.FromResult(batch.FirstSequence <= 33 && batch.FirstSequence + batch.Samples.Length > 33 ? DeliveryResult.Rejected("33") : DeliveryResult.Delivered);
        var kills = new List<(string Folder, int Appended)>();
        var time = new ManualTimeProvider();
        await using (var pipeline = await StartAsync("data", time, new FeedOptions(), fake))
        {
            for (var step = 0; step < 12; step++)
            {
                await AppendAsync(pipeline, Make.Samples(17, step * 17));
                Kill();
                if (step % 3 == 0)
                    await pipeline.AppendGapAsync(new GapRecord { Server = "cas", From = step, To = step + 1, Cause = "test" }, CancellationToken.None);
                if (step % 4 == 1)
                    await pipeline.DrainAsync(Long);
                if (step % 4 == 2)
                    time.Advance(TimeSpan.FromMilliseconds(250));
                Kill();

                void Kill()
                {
                    var copy = $"killed{kills.Count}";
                    Make.CopyFolder(folder["data"], folder[copy]);
                    kills.Add((copy, (step + 1) * 17));
                }
            }
        }

        foreach (var (killed, appended) in kills)
        {
            var again = new FakeDestination(maxBatch: 10);
            await using var pipeline = await StartAsync(killed, again);
            Assert.Equal(0, pipeline.Recovery!.CutBytes);
            AssertCloses(pipeline.Snapshot());
            Assert.Equal(appended, pipeline.Snapshot().Journaled);
            Assert.Empty(await pipeline.DrainAsync(Long));
            AssertCloses(pipeline.Snapshot());
            var line = Feed(pipeline, "fake");
            Assert.Equal((appended, 0L, 0L), (line.Delivered + line.Refused, line.Waiting, line.Expired));
            // At least once: what comes now joins without a hole to what was acknowledged before.
            Assert.Equal(Enumerable.Range(0, again.Sequences.Count).Select(i => again.Sequences.FirstOrDefault() + i), again.Sequences);
            Assert.True(again.Sequences.Count == 0 || again.Sequences[^1] == appended - 1);
        }
    }

    [Fact]
    public async Task Kill_in_the_middle_of_a_journal_write_is_cut_and_the_ledger_closes()
    {
        await using (var pipeline = await StartAsync("data", new FakeDestination()))
        {
            await AppendAsync(pipeline, Make.Samples(40));
            await pipeline.DrainAsync(Long);
        }

        var whole = new FileInfo(Directory.GetFiles(Path.Combine(folder["data"], "journal")).Single()).Length;
        for (var cut = 1; cut < 200; cut += 13)
        {
            var copy = $"cut{cut}";
            Make.CopyFolder(folder["data"], folder[copy]);
            var file = Directory.GetFiles(Path.Combine(folder[copy], "journal")).Single();
            using (var handle = File.OpenHandle(file, FileMode.Open, FileAccess.Write))
                RandomAccess.SetLength(handle, whole - cut);
            var fake = new FakeDestination();
            await using var pipeline = await StartAsync(copy, fake);
            AssertCloses(pipeline.Snapshot());
            await AppendAsync(pipeline, Make.Samples(5, 100));
            Assert.Empty(await pipeline.DrainAsync(Long));
            AssertCloses(pipeline.Snapshot());
            Assert.Equal([100.25, 101.25, 102.25, 103.25, 104.25], fake.Taken.Select(s => s.Value.AsDouble()));
        }
    }

    [Fact]
    public async Task Expired_samples_are_counted_and_named_to_the_feed_that_lost_them()
    {
        var blocked = new TaskCompletionSource<DeliveryResult>();
        var (slow, fast) = (new FakeDestination("slow", 10), new FakeDestination("fast", 10));
        slow.Behaviour = (_, attempt) => attempt == 1 ? new ValueTask<DeliveryResult>(blocked.Task) : ValueTask.FromResult(DeliveryResult.Delivered);
        await using var pipeline = await StartAsync("data", null, new FeedOptions(), j => j with { SegmentBytes = 1000, MaxBytes = 4000 }, slow, fast);
        for (var i = 0; i < 40; i++)
        {
            await AppendAsync(pipeline, Make.Samples(50, i * 50));
            await Eventually.TrueAsync(() => fast.TakenCount == (i + 1) * 50);
        }

        blocked.SetResult(DeliveryResult.Delivered);
        Assert.Empty(await pipeline.DrainAsync(Long));
        var ledger = pipeline.Snapshot();
        AssertCloses(ledger);
        var line = ledger.Feeds.Single(f => f.Feed == "slow");
        Assert.True(line.Expired > 0);
        Assert.Equal(2000, line.Delivered + line.Expired);
        Assert.Equal(slow.TakenCount, line.Delivered);
        Assert.Contains($"{line.Expired} samples", Assert.Single(slow.Gaps).Cause, StringComparison.Ordinal);
        Assert.Empty(fast.Gaps);
        Assert.Equal((2000, 0), (ledger.Feeds.Single(f => f.Feed == "fast").Delivered, ledger.Feeds.Single(f => f.Feed == "fast").Expired));
    }

    [Fact]
    public async Task New_feed_starts_at_the_tail_or_head_as_told()
    {
        await using (var pipeline = await StartAsync("data", new FakeDestination("old")))
            await AppendAsync(pipeline, Make.Samples(10));
        var (tail, head) = (new FakeDestination("tail"), new FakeDestination("head"));
        await using var again = GatewayPipeline.Open(Options("data"), TimeProvider.System, NullLoggerFactory.Instance);
        again.AddFeed(tail, new FeedOptions());
        again.AddFeed(head, new FeedOptions { StartAt = FeedStart.Head });
        await again.StartAsync(CancellationToken.None);
        await AppendAsync(again, Make.Samples(5, 10));
        Assert.Empty(await again.DrainAsync(Long));
        Assert.Equal((5, 15), (tail.Taken.Count, head.Taken.Count));
        AssertCloses(again.Snapshot());
    }

    [Fact]
    public async Task Lost_journal_folder_leaves_cursors_ahead_and_the_ledger_still_closes()
    {
        await using (var pipeline = await StartAsync("data", new FakeDestination()))
        {
            await AppendAsync(pipeline, Make.Samples(10));
            await pipeline.DrainAsync(Long);
        }

        Directory.Delete(Path.Combine(folder["data"], "journal"), true);
        var fake = new FakeDestination();
        await using var again = await StartAsync("data", fake);
        await AppendAsync(again, Make.Samples(5, 10));
        Assert.Empty(await again.DrainAsync(Long));
        Assert.Equal([10L, 11, 12, 13, 14], fake.Sequences);
        Assert.Empty(fake.Gaps);
        var ledger = again.Snapshot();
        AssertCloses(ledger);
        Assert.Equal(10, ledger.Servers.Single(s => s.Server.StartsWith('(')).Journaled);
    }

    [Fact]
    public async Task Damaged_cursor_delivers_everything_again_rather_than_nothing()
    {
        await using (var pipeline = await StartAsync("data", new FakeDestination()))
        {
            await AppendAsync(pipeline, Make.Samples(10));
            await pipeline.DrainAsync(Long);
        }

        var file = Path.Combine(folder["data"], "feeds", "fake.cursor");
        await File.WriteAllBytesAsync(file, new byte[new FileInfo(file).Length]);
        var fake = new FakeDestination();
        await using var again = await StartAsync("data", fake);
        Assert.Empty(await again.DrainAsync(Long));
        Assert.Equal(10, fake.TakenCount);
        AssertCloses(again.Snapshot());
    }

    [Fact]
    public async Task Drain_tells_which_feeds_are_late()
    {
        var dead = new FakeDestination("dead") { Behaviour = (_, _) => ValueTask.FromResult(DeliveryResult.Retry("no link")) };
        await using var pipeline = await StartAsync("data", dead, new FakeDestination("alive"));
        await AppendAsync(pipeline, Make.Samples(10));
        await Eventually.TrueAsync(() => pipeline.Snapshot().Feeds.Single(f => f.Feed == "alive").Waiting == 0);
        Assert.Equal(["dead"], await pipeline.DrainAsync(TimeSpan.FromMilliseconds(300)));
    }

    [Fact]
    public async Task Second_gateway_on_one_folder_is_refused()
    {
        await using var pipeline = await StartAsync("data");
        var error = Assert.Throws<IOException>(() => GatewayPipeline.Open(Options("data"), TimeProvider.System, NullLoggerFactory.Instance));
        Assert.Contains("another gateway", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Append_after_stop_and_to_an_unknown_server_says_so()
    {
        var pipeline = await StartAsync("data");
        using var batch = Make.Batch(Make.Samples(1));
        await Assert.ThrowsAsync<ArgumentException>(() => pipeline.AppendAsync("nobody", batch, CancellationToken.None).AsTask());
        await pipeline.StopAsync(CancellationToken.None);
        await Assert.ThrowsAsync<InvalidOperationException>(() => pipeline.AppendAsync("cas", batch, CancellationToken.None).AsTask());
    }

    [Fact]
    public async Task Lingering_feed_gathers_samples_into_one_delivery()
    {
        var time = new ManualTimeProvider();
        var fake = new FakeDestination();
        await using var pipeline = await StartAsync("data", time, new FeedOptions { Linger = TimeSpan.FromSeconds(1) }, fake);
        for (var i = 0; i < 5; i++)
            await AppendAsync(pipeline, Make.Samples(4, i * 4));
        await Eventually.TrueAsync(() => fake.TakenCount == 20, () => time.Advance(TimeSpan.FromMilliseconds(500)));
        Assert.Equal([20], fake.Sizes);
    }

    [Fact]
    public async Task Samples_that_the_disk_refused_pass_when_they_are_sent_again()
    {
        await using var pipeline = await StartAsync("data", null, new FeedOptions(), j => j with { SegmentBytes = 300 });
        await AppendAsync(pipeline, Make.Samples(100));
        Directory.Delete(Path.Combine(folder["data"], "journal"), true);
        var late = Make.Samples(7, 200);
        await Assert.ThrowsAnyAsync<IOException>(() => AppendAsync(pipeline, late));
        Directory.CreateDirectory(Path.Combine(folder["data"], "journal"));
        await AppendAsync(pipeline, late);
        AssertCloses(pipeline.Snapshot());
        Assert.Equal((107, 0), (pipeline.Snapshot().Journaled, pipeline.Snapshot().Servers[0].SuppressedDuplicate));
    }

    [Fact]
    public async Task Destination_that_throws_from_every_corner_still_gets_everything_once_it_works()
    {
        var fake = new FakeDestination(maxBatch: 9);
        fake.Behaviour = async (_, attempt) =>
        {
            if (attempt % 7 == 1)
                throw new InvalidOperationException("before the first await");
            await Task.Yield();
            return (attempt % 7) switch
            {
                2 => throw new OperationCanceledException("a timeout of its own"),
                3 => DeliveryResult.Retry("busy", TimeSpan.FromMilliseconds(1)),
                4 => new DeliveryResult(DeliveryOutcome.Retry),
                _ => DeliveryResult.Delivered,
            };
        };
        await using var pipeline = await StartAsync("data", null, new FeedOptions { RetryFirst = TimeSpan.FromMilliseconds(1), RetryMost = TimeSpan.FromMilliseconds(2) }, fake);
        await AppendAsync(pipeline, Make.Samples(100));
        Assert.Empty(await pipeline.DrainAsync(Long));
        Assert.Equal(Enumerable.Range(0, 100).Select(i => (long)i), fake.Sequences);
        AssertCloses(pipeline.Snapshot());
    }

    [Fact]
    public async Task Full_disk_makes_room_by_what_every_feed_has_delivered()
    {
        await using var pipeline = await StartAsync("data", null, new FeedOptions(), j => j with { SegmentBytes = 300 }, new FakeDestination());
        for (var i = 0; i < 5; i++)
            await AppendAsync(pipeline, Make.Samples(100, i * 100));
        await pipeline.DrainAsync(Long);
        var journal = Path.Combine(folder["data"], "journal");
        // A folder in the place of the next segment's file stands for a disk that can't take it.
        var last = SegmentInfo.List(journal)[^1];
        var next = SegmentInfo.PathOf(journal, last.Number + 1, 500);
        Directory.CreateDirectory(next);
        // Each attempt makes what room it can; the feed's cursor is on disk a moment after the delivery.
        for (var attempt = 0; SegmentInfo.List(journal).Count > 1; attempt++)
        {
            Assert.True(attempt < 2000, "nothing was removed");
            await Assert.ThrowsAsync<IOException>(() => AppendAsync(pipeline, Make.Samples(100, 500)));
            await Task.Delay(5);
        }

        Directory.Delete(next);
        await AppendAsync(pipeline, Make.Samples(100, 500));
        AssertCloses(pipeline.Snapshot());
    }

    [Fact]
    public async Task Ledger_closes_whenever_it_is_looked_at_under_load()
    {
        var fake = new FakeDestination(maxBatch: 64) { Behaviour = (b, _) => ValueTask.FromResult(b.FirstSequence % 5 == 0 && b.Samples.Length == 1 ? DeliveryResult.Rejected("x") : DeliveryResult.Delivered) };
        await using var pipeline = await StartAsync("data", fake);
        var sender = Task.Run(async () =>
        {
            for (var i = 0; i < 300; i++)
                await AppendAsync(pipeline, Make.Samples(20, i * 20));
        });
        while (!sender.IsCompleted)
            AssertCloses(pipeline.Snapshot());
        await sender;
        await pipeline.DrainAsync(Long);
        AssertCloses(pipeline.Snapshot());
    }

    private static FeedLedger Feed(GatewayPipeline pipeline, string name) => pipeline.Snapshot().Feeds.Single(f => f.Feed == name);

    private static void AssertCloses(LedgerSnapshot ledger) => Assert.Empty(ledger.Differences);

    private static async Task AppendAsync(GatewayPipeline pipeline, params Sample[] samples)
    {
        using var batch = Make.Batch(samples);
        await pipeline.AppendAsync("cas", batch, CancellationToken.None);
    }

    private Task<GatewayPipeline> StartAsync(string data, params IFeedDestination[] destinations) => StartAsync(data, null, new FeedOptions(), destinations);

    private Task<GatewayPipeline> StartAsync(string data, TimeProvider? time, FeedOptions feed, params IFeedDestination[] destinations) => StartAsync(data, time, feed, null, destinations);

    /// <summary>On the real clock feeds go in order: how old the samples of <see cref="Make"/> are is then a matter of the date.</summary>
    private async Task<GatewayPipeline> StartAsync(string data, TimeProvider? time, FeedOptions feed, Func<JournalOptions, JournalOptions>? journal, params IFeedDestination[] destinations)
    {
        var options = Options(data);
        if (journal is not null)
            options = options with { Journal = journal(new JournalOptions { Folder = Path.Combine(folder[data], "journal") }) };
        var pipeline = GatewayPipeline.Open(options, time ?? TimeProvider.System, NullLoggerFactory.Instance);
        foreach (var destination in destinations)
            pipeline.AddFeed(destination, time is null ? feed with { LiveAfter = null } : feed);
        await pipeline.StartAsync(CancellationToken.None);
        return pipeline;
    }

    private PipelineOptions Options(string data) => new()
    {
        DataFolder = folder[data],
        Tags = [.. Enumerable.Range(0, 7).Select(i => new PipelineTag(Make.Tag($"LXE/X/S{i}"), i == 6 ? new TagNormalisation { Deadband = 0.5 } : TagNormalisation.Default))],
    };
}
