using FloorGateway.Model.Ports;
using FloorGateway.Model.Samples;
using FloorGateway.Pipeline.Feeds;
using FloorGateway.Pipeline.Journal;
using FloorGateway.Pipeline.Tests.Support;

namespace FloorGateway.Pipeline.Tests.Feeds;

/// <summary>After an outage a feed is live at once, and what waited comes beside, each sample once.</summary>
public sealed class FeedBacklogTests : IDisposable
{
    private readonly FeedHarness harness = new();
    private readonly FakeDestination fake = new(maxBatch: 10);
    private readonly TaskCompletionSource<DeliveryResult> held = new();
    private readonly TaskCompletionSource caughtUpBegins = new();
    private readonly List<bool> jumps = [];
    private volatile bool up;

    public FeedBacklogTests() => fake.Behaviour = (batch, _) =>
    {
        if (!up)
            return ValueTask.FromResult(DeliveryResult.Retry("down"));
        jumps.Add(batch.Jumped);
        // The first batch of what waited is held until the test has seen it.
        return batch.Samples.Length > 0 && batch.Samples.Span[0].Origin == SampleOrigin.Replay && caughtUpBegins.TrySetResult()
            ? new ValueTask<DeliveryResult>(held.Task)
            : ValueTask.FromResult(DeliveryResult.Delivered);
    };

    public void Dispose() => harness.Dispose();

    [Fact]
    public async Task Live_samples_pass_those_that_waited_and_each_comes_once_and_in_order()
    {
        await using var pipeline = await OutageAsync(new FeedOptions());
        Assert.Equal((90, 90), (FeedHarness.Line(pipeline).Backlog, FeedHarness.Line(pipeline).Waiting));
        await harness.AppendAsync(pipeline, 5, 1000);
        held.SetResult(DeliveryResult.Delivered);
        await harness.UntilAsync(() => fake.TakenCount == 105);
        Assert.Equal([.. FeedHarness.Numbers(0, 20), .. FeedHarness.Numbers(100, 105), .. FeedHarness.Numbers(20, 100)], fake.Sequences);
        Assert.All(fake.Taken.Zip(fake.Sequences), s => Assert.Equal(s.Second is >= 10 and < 100 ? SampleOrigin.Replay : SampleOrigin.Live, s.First.Origin));
        Assert.Empty(await pipeline.DrainAsync(FeedHarness.Long));
        var line = FeedHarness.Line(pipeline);
        Assert.Equal((105, 0, 0, 0), (line.Delivered, line.Waiting, line.Backlog, line.Expired));
        Assert.Empty(pipeline.Snapshot().Differences);
    }

    [Fact]
    public async Task Destination_is_told_where_samples_do_not_follow_on_each_other()
    {
        await using var pipeline = await OutageAsync(new FeedOptions());
        await harness.AppendAsync(pipeline, 5, 1000);
        held.SetResult(DeliveryResult.Delivered);
        await harness.UntilAsync(() => fake.TakenCount == 105);
        // 0-9, then 10-19 follow on; live 100-104, and back to 20-29; then on and on.
        Assert.Equal([false, false, true, true, false], jumps.Take(5));
        Assert.DoesNotContain(true, jumps.Skip(4));
    }

    [Fact]
    public async Task Kill_while_catching_up_loses_nothing_and_repeats_little()
    {
        await using (var pipeline = await OutageAsync(new FeedOptions { CatchUpRate = 10 }))
        {
            await harness.AppendAsync(pipeline, 5, 1000);
            held.SetResult(DeliveryResult.Delivered);
            await harness.UntilAsync(() => fake.TakenCount >= 45, TimeSpan.FromMilliseconds(100));
            Make.CopyFolder(harness.Folder["data"], harness.Folder["killed"]);
        }

        var again = new FakeDestination(maxBatch: 10);
        await using var second = await harness.StartAsync(new FeedOptions(), again, "killed");
        Assert.Empty(second.Snapshot().Differences);
        Assert.Empty(await second.DrainAsync(FeedHarness.Long));
        Assert.Empty(second.Snapshot().Differences);
        Assert.Equal(105, FeedHarness.Line(second).Delivered);
        // Whatever the cursor had saved: with what the first one took, nothing is missing.
        Assert.Equal(FeedHarness.Numbers(0, 105), fake.Sequences.Concat(again.Sequences).Distinct().Order());
    }

    [Fact]
    public async Task Backlog_keeps_its_rate()
    {
        await using var pipeline = await OutageAsync(new FeedOptions { CatchUpRate = 10 });
        var begin = harness.Time.GetUtcNow();
        held.SetResult(DeliveryResult.Delivered);
        await harness.UntilAsync(() => fake.TakenCount == 100, TimeSpan.FromMilliseconds(100));
        // 90 samples: the first ten at once, the others a second later each.
        Assert.True(harness.Time.GetUtcNow() - begin >= TimeSpan.FromSeconds(8), $"{harness.Time.GetUtcNow() - begin}");
    }

    [Fact]
    public async Task In_order_means_in_order()
    {
        await using var pipeline = await harness.StartAsync(new FeedOptions { LiveAfter = null }, fake);
        await harness.AppendAsync(pipeline, 100, 0);
        harness.Time.Advance(TimeSpan.FromMinutes(1));
        await harness.AppendAsync(pipeline, 5, 1000);
        up = true;
        await harness.UntilAsync(() => fake.TakenCount == 105, TimeSpan.FromSeconds(1));
        Assert.Equal(FeedHarness.Numbers(0, 105), fake.Sequences);
        Assert.All(fake.Taken, s => Assert.Equal(SampleOrigin.Live, s.Origin));
    }

    [Fact]
    public async Task What_retention_takes_of_a_backlog_is_counted_and_named()
    {
        await using var pipeline = await OutageAsync(new FeedOptions(), j => j with { SegmentBytes = 400, MaxBytes = 2500 }, 400);
        // While the first batch of the backlog is on its way, the journal outgrows its limit.
        for (var i = 0; i < 40; i++)
            await harness.AppendAsync(pipeline, 50, 5000 + (i * 50));
        held.SetResult(DeliveryResult.Delivered);
        await harness.UntilAsync(() => FeedHarness.Line(pipeline).Waiting == 0);
        var line = FeedHarness.Line(pipeline);
        Assert.True(line.Expired > 0);
        Assert.Equal(line.Journaled, line.Delivered + line.Expired);
        Assert.NotEmpty(fake.Gaps);
        Assert.Empty(pipeline.Snapshot().Differences);
    }

    [Fact]
    public async Task Outage_after_outage_ends_in_everything_delivered_once()
    {
        fake.Behaviour = (_, _) => ValueTask.FromResult(up ? DeliveryResult.Delivered : DeliveryResult.Retry("down"));
        // Small segments: holes end within such as are closed, and packed, before their turn comes.
        await using var pipeline = await harness.StartAsync(new FeedOptions { CatchUpRate = 20 }, fake, journal: j => j with { SegmentBytes = 3000 });
        await harness.OutagesAsync(pipeline, 12, now => up = now);
        await harness.UntilAsync(() => fake.TakenCount == 12 * 103, TimeSpan.FromSeconds(1));
        Assert.Equal(FeedHarness.Numbers(0, 12 * 103), fake.Sequences.Order());
        Assert.Empty(pipeline.Snapshot().Differences);
    }

    [Fact]
    public async Task Two_days_of_outage_are_held_and_drained_while_live_samples_stay_live()
    {
        const int steps = 288;
        var slow = new FakeDestination(maxBatch: 500);
        var (live, late) = (0, 0);
        slow.Behaviour = (batch, _) =>
        {
            if (!up)
                return ValueTask.FromResult(DeliveryResult.Retry("down"));
            foreach (var sample in batch.Samples.Span)
            {
                if (sample.Origin == SampleOrigin.Replay)
                    continue;
                live++;
                late += harness.Time.GetUtcNow().UtcTicks - sample.ReceiveTime > TimeSpan.TicksPerSecond * 5 ? 1 : 0;
            }

            return ValueTask.FromResult(DeliveryResult.Delivered);
        };
        await using var pipeline = await harness.StartAsync(new FeedOptions { CatchUpRate = 5000 }, slow, journal: j => j with { FlushInterval = TimeSpan.FromHours(1), SegmentBytes = 64 << 10 });
        for (var step = 0; step < steps; step++)
        {
            await harness.AppendAsync(pipeline, 100, step * 100);
            // The first batch is what is tried all the time.
            if (step == 0)
                await harness.UntilAsync(() => slow.Attempts > 0);
            harness.Time.Advance(TimeSpan.FromMinutes(10));
        }

        Assert.Equal((steps * 100, 0), (FeedHarness.Line(pipeline).Waiting, FeedHarness.Line(pipeline).Expired));
        up = true;
        await harness.UntilAsync(() => FeedHarness.Line(pipeline).Backlog > 0, TimeSpan.FromSeconds(1));
        for (var step = 0; step < 20; step++)
        {
            await harness.AppendAsync(pipeline, 10, 1_000_000 + (step * 10));
            await harness.UntilAsync(() => Volatile.Read(ref live) >= 100 + ((step + 1) * 10));
            harness.Time.Advance(TimeSpan.FromMilliseconds(200));
        }

        await harness.UntilAsync(() => FeedHarness.Line(pipeline).Waiting == 0, TimeSpan.FromSeconds(1));
        // The batch that had been tried all the time is old; everything else that is not a replay came at once.
        Assert.Equal((300, 100), (live, late));
        Assert.Equal((steps * 100) + 200, FeedHarness.Line(pipeline).Delivered);
        Assert.Empty(pipeline.Snapshot().Differences);
    }

    [Fact]
    public void Cursor_with_holes_comes_back_as_it_was()
    {
        var file = harness.Folder["x.cursor"];
        var progress = new FeedProgress(new JournalPosition(9, 8, 700), 1, 2, 3, 4, 5)
        {
            Withheld = 6, Replayed = 7,
            Holes = [.. Enumerable.Range(0, FeedCursor.MaxHoles).Select(i => new FeedHole(new(i, i + 1, i * 10), new(i, i + 2, (i * 10) + 5), i + 3))],
        };
        using (var cursor = FeedCursor.Open(file))
            cursor.Save(progress, toDisk: true);
        var saved = FeedCursor.Read(file)!.Value;
        Assert.Equal(progress.Holes, saved.Holes);
        Assert.Equal((progress.Position, progress.Withheld, progress.Replayed, progress.Delivered), (saved.Position, saved.Withheld, saved.Replayed, saved.Delivered));
        Assert.Equal(7 * 5, saved.Backlog);
        Assert.Equal(0, saved.FirstSegment);
    }

    /// <summary>An outage of a minute is over, and the first batch of what waited is on its way.</summary>
    private async Task<GatewayPipeline> OutageAsync(FeedOptions options, Func<JournalOptions, JournalOptions>? journal = null, int samples = 100)
    {
        var pipeline = await harness.StartAsync(options, fake, journal: journal);
        for (var i = 0; i < samples; i += 50)
            await harness.AppendAsync(pipeline, 50, i);
        await harness.UntilAsync(() => fake.Attempts > 0);
        harness.Time.Advance(TimeSpan.FromMinutes(1));
        up = true;
        await harness.UntilAsync(() => caughtUpBegins.Task.IsCompleted, TimeSpan.FromSeconds(1));
        return pipeline;
    }
}
