using FloorGateway.Model.Ports;
using FloorGateway.Model.Samples;
using FloorGateway.Pipeline.Feeds;
using FloorGateway.Pipeline.Journal;
using FloorGateway.Pipeline.Tests.Support;

namespace FloorGateway.Pipeline.Tests.Feeds;

/// <summary>A destination that takes what waited beside the live samples: both ways run at once, each in order.</summary>
public sealed class FeedBesideTests : IDisposable
{
    private readonly FeedHarness harness = new();
    private readonly FakeDestination fake = new(maxBatch: 10, maxBacklogBatch: 40);
    private readonly Lock gate = new();
    private readonly List<(bool Backlog, bool Jumped, long First, int Count)> seen = [];
    private TaskCompletionSource backlogBegins = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TaskCompletionSource<DeliveryResult> held = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool up;
    private int liveUnderWay;
    private int backlogUnderWay;
    private int most;

    public FeedBesideTests() => fake.Behaviour = async (batch, _) =>
    {
        if (!up)
            return DeliveryResult.Retry("down");
        ref var underWay = ref batch.IsBacklog ? ref backlogUnderWay : ref liveUnderWay;
        lock (gate)
        {
            seen.Add((batch.IsBacklog, batch.Jumped, batch.FirstSequence, batch.Samples.Length));
            most = Math.Max(most, ++underWay);
        }

        backlogBegins.TrySetResult();
        var result = batch.IsBacklog ? await held.Task : DeliveryResult.Delivered;
        lock (gate)
            (batch.IsBacklog ? ref backlogUnderWay : ref liveUnderWay)--;
        return result;
    };

    public void Dispose() => harness.Dispose();

    [Fact]
    public async Task Live_samples_never_wait_for_those_that_waited()
    {
        await using var pipeline = await OutageAsync(new FeedOptions());
        for (var i = 0; i < 5; i++)
        {
            await harness.AppendAsync(pipeline, 5, 1000 + (i * 5));
            var expected = 10 + ((i + 1) * 5);
            await harness.UntilAsync(() => fake.TakenCount == expected);
        }

        // All the while the first piece of the backlog was under way.
        Assert.Equal((90, 0), (FeedHarness.Line(pipeline).Backlog, FeedHarness.Line(pipeline).Waiting - 90));
        held.SetResult(DeliveryResult.Delivered);
        await harness.UntilAsync(() => fake.TakenCount == 125);
        Assert.Equal(FeedHarness.Numbers(0, 125), fake.Sequences.Order());
        Assert.Equal([(10L, 40), (50L, 40), (90L, 10)], seen.Where(s => s.Backlog).Select(s => (s.First, s.Count)));
        Assert.All(fake.Taken.Zip(fake.Sequences), s => Assert.Equal(s.Second is >= 10 and < 100 ? SampleOrigin.Replay : SampleOrigin.Live, s.First.Origin));
        Assert.Equal(1, most);
        Assert.Empty(await pipeline.DrainAsync(FeedHarness.Long));
        Assert.Equal((125, 0, 0), (FeedHarness.Line(pipeline).Delivered, FeedHarness.Line(pipeline).Waiting, FeedHarness.Line(pipeline).Backlog));
        Assert.Empty(pipeline.Snapshot().Differences);
    }

    [Fact]
    public async Task Each_way_is_told_only_where_it_jumps_itself()
    {
        await using var pipeline = await OutageAsync(new FeedOptions());
        for (var i = 0; i < 3; i++)
            await harness.AppendAsync(pipeline, 5, 1000 + (i * 5));
        held.SetResult(DeliveryResult.Delivered);
        await harness.UntilAsync(() => fake.TakenCount == 115);
        Assert.DoesNotContain(seen, s => s.Backlog && s.Jumped);
        Assert.Equal(1, seen.Count(s => !s.Backlog && s.Jumped));
    }

    [Fact]
    public async Task Kill_in_between_loses_nothing()
    {
        await using (var pipeline = await OutageAsync(new FeedOptions()))
        {
            await harness.AppendAsync(pipeline, 5, 1000);
            await harness.UntilAsync(() => fake.TakenCount == 15);
            Make.CopyFolder(harness.Folder["data"], harness.Folder["killed"]);
            held.SetResult(DeliveryResult.Delivered);
        }

        var again = new FakeDestination(maxBatch: 10, maxBacklogBatch: 40);
        await using var second = await harness.StartAsync(new FeedOptions(), again, "killed");
        Assert.Empty(await second.DrainAsync(FeedHarness.Long));
        Assert.Equal((105, 0), (FeedHarness.Line(second).Delivered, FeedHarness.Line(second).Backlog));
        // Whatever the cursor had saved: what waited was not acknowledged, and comes again.
        Assert.Superset(FeedHarness.Numbers(10, 100).ToHashSet(), again.Sequences.ToHashSet());
        Assert.Equal(FeedHarness.Numbers(0, 105), fake.Sequences.Concat(again.Sequences).Distinct().Order());
        Assert.Empty(second.Snapshot().Differences);
    }

    [Fact]
    public async Task Outage_while_catching_up_ends_in_everything_delivered_once()
    {
        fake.Behaviour = (_, _) => ValueTask.FromResult(up ? DeliveryResult.Delivered : DeliveryResult.Retry("down"));
        await using var pipeline = await harness.StartAsync(new FeedOptions { CatchUpRate = 20 }, fake, journal: j => j with { SegmentBytes = 3000 });
        await harness.OutagesAsync(pipeline, 4, now => up = now);
        await harness.UntilAsync(() => fake.TakenCount == 4 * 103, TimeSpan.FromSeconds(1));
        Assert.Equal(FeedHarness.Numbers(0, 4 * 103), fake.Sequences.Order());
        Assert.Empty(pipeline.Snapshot().Differences);
    }

    [Fact]
    public async Task Hole_that_grows_while_it_is_on_its_way_is_delivered_to_its_end()
    {
        await using var pipeline = await OutageAsync(new FeedOptions());
        // The live way fails now, and what it should have carried belongs to the same outage.
        up = false;
        held.SetResult(DeliveryResult.Retry("down again"));
        await harness.AppendAsync(pipeline, 10, 2000);
        await harness.AppendAsync(pipeline, 40, 2010);
        harness.Time.Advance(TimeSpan.FromMinutes(1));
        held = new TaskCompletionSource<DeliveryResult>(TaskCreationOptions.RunContinuationsAsynchronously);
        held.SetResult(DeliveryResult.Delivered);
        up = true;
        await harness.UntilAsync(() => fake.TakenCount == 150, TimeSpan.FromSeconds(1));
        Assert.Equal(FeedHarness.Numbers(0, 150), fake.Sequences.Order());
        Assert.Equal((0, 0), (FeedHarness.Line(pipeline).Waiting, FeedHarness.Line(pipeline).Expired));
        Assert.Empty(pipeline.Snapshot().Differences);
    }

    [Fact]
    public async Task A_feed_that_is_stopped_while_it_catches_up_goes_on_there()
    {
        await using var pipeline = await OutageAsync(new FeedOptions());
        var stopping = pipeline.StopAsync(CancellationToken.None);
        held.SetResult(DeliveryResult.Delivered);
        await stopping;
        var again = new FakeDestination(maxBatch: 10, maxBacklogBatch: 40);
        await using var second = await harness.StartAsync(new FeedOptions(), again);
        Assert.Empty(await second.DrainAsync(FeedHarness.Long));
        Assert.Equal(FeedHarness.Numbers(0, 100), fake.Sequences.Concat(again.Sequences).Distinct().Order());
        Assert.Empty(second.Snapshot().Differences);
    }

    /// <summary>An outage of a minute is over, and the first piece of what waited is on its way.</summary>
    private async Task<GatewayPipeline> OutageAsync(FeedOptions options)
    {
        var pipeline = await harness.StartAsync(options, fake);
        for (var i = 0; i < 100; i += 50)
            await harness.AppendAsync(pipeline, 50, i);
        await harness.UntilAsync(() => fake.Attempts > 0);
        harness.Time.Advance(TimeSpan.FromMinutes(1));
        up = true;
        await harness.UntilAsync(() => Volatile.Read(ref backlogUnderWay) > 0 && fake.TakenCount == 10, TimeSpan.FromSeconds(1));
        return pipeline;
    }
}
