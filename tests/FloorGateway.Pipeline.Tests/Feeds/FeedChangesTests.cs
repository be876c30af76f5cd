using FloorGateway.Model.Ports;
using FloorGateway.Model.Samples;
using FloorGateway.Model.Values;
using FloorGateway.Pipeline.Feeds;
using FloorGateway.Pipeline.Tests.Support;

namespace FloorGateway.Pipeline.Tests.Feeds;

/// <summary>Feeds that come, pause and go while the pipeline runs, and dead letters that are sent again.</summary>
public sealed class FeedChangesTests : IDisposable
{
    private readonly FeedHarness harness = new();

    public void Dispose() => harness.Dispose();

    [Fact]
    public async Task Feed_added_while_running_gets_what_comes_from_then_on()
    {
        await using var pipeline = await harness.StartAsync(new FeedOptions(), null);
        await harness.AppendAsync(pipeline, 10, 0);
        var late = new FakeDestination("late");
        pipeline.AddFeed(late, new FeedOptions());
        Assert.Throws<ArgumentException>(() => pipeline.AddFeed(new FakeDestination("late"), new FeedOptions()));
        await harness.AppendAsync(pipeline, 5, 100);
        Assert.Empty(await pipeline.DrainAsync(FeedHarness.Long));
        Assert.Equal(FeedHarness.Numbers(10, 15), late.Sequences);
        Assert.Empty(pipeline.Snapshot().Differences);
    }

    [Fact]
    public async Task Feed_taken_out_and_added_again_goes_on_where_it_was()
    {
        await using var pipeline = await harness.StartAsync(new FeedOptions(), null);
        var first = new FakeDestination();
        pipeline.AddFeed(first, new FeedOptions());
        await harness.AppendAsync(pipeline, 10, 0);
        Assert.Empty(await pipeline.DrainAsync(FeedHarness.Long));
        Assert.True(await pipeline.RemoveFeedAsync("fake"));
        Assert.False(await pipeline.RemoveFeedAsync("fake"));
        Assert.True(first.Disposed);
        Assert.Empty(pipeline.Snapshot().Feeds);
        await harness.AppendAsync(pipeline, 10, 100);
        var second = new FakeDestination();
        pipeline.AddFeed(second, new FeedOptions());
        Assert.Empty(await pipeline.DrainAsync(FeedHarness.Long));
        Assert.Equal(10, first.TakenCount);
        Assert.Equal(FeedHarness.Numbers(10, 20), second.Sequences);
        Assert.Equal(20, FeedHarness.Line(pipeline).Delivered);
    }

    [Fact]
    public async Task Paused_feed_delivers_nothing_until_it_goes_on()
    {
        var fake = new FakeDestination();
        await using var pipeline = await harness.StartAsync(new FeedOptions { Paused = true }, fake);
        await harness.AppendAsync(pipeline, 10, 0);
        Assert.Equal("Paused", FeedHarness.Line(pipeline).State);
        Assert.True(pipeline.PauseFeed("fake", paused: false));
        Assert.False(pipeline.PauseFeed("nobody", paused: false));
        Assert.Empty(await pipeline.DrainAsync(FeedHarness.Long));
        Assert.Equal((10, "Running"), (fake.TakenCount, FeedHarness.Line(pipeline).State));
        pipeline.PauseFeed("fake", paused: true);
        await harness.AppendAsync(pipeline, 10, 100);
        await harness.UntilAsync(() => FeedHarness.Line(pipeline).Waiting == 10);
        Assert.Equal(10, fake.TakenCount);
        Assert.Empty(pipeline.Snapshot().Differences);
    }

    [Fact]
    public async Task Dead_letters_are_sent_again_and_the_sums_follow()
    {
        var repaired = false;
        var fake = new FakeDestination();
        fake.Behaviour = (batch, _) => ValueTask.FromResult(
            batch.Samples.ToArray().Any(s => s.Tag == 3 || (s.Tag == 4 && !Volatile.Read(ref repaired))) ? DeliveryResult.Rejected("field type conflict") : DeliveryResult.Delivered);
        await using var pipeline = await harness.StartAsync(new FeedOptions(), fake);
        await harness.AppendAsync(pipeline, 70, 0);
        await harness.UntilAsync(() => FeedHarness.Line(pipeline).Waiting == 0);
        Assert.Equal((50, 20), (FeedHarness.Line(pipeline).Delivered, FeedHarness.Line(pipeline).Refused));
        Volatile.Write(ref repaired, true);
        Assert.Equal(20, FeedRunner.ReplayRefused(harness.Feeds, "fake"));
        Assert.Null(FeedRunner.ReplayRefused(harness.Feeds, "fake"));
        await harness.UntilAsync(() => FeedHarness.Line(pipeline).Refused == 10 && !File.Exists(Path.Combine(harness.Feeds, "fake.replay.jsonl")), TimeSpan.FromMilliseconds(250));
        Assert.Equal((60, 10), (FeedHarness.Line(pipeline).Delivered, FeedHarness.Line(pipeline).Refused));
        Assert.Empty(pipeline.Snapshot().Differences);
        Assert.Equal(10, fake.Taken.Count(s => s.Tag == 4 && s.Origin == SampleOrigin.Replay));
        Assert.Equal(10, (await File.ReadAllLinesAsync(Path.Combine(harness.Feeds, "fake.refused.jsonl"))).Length);
        Assert.Equal(0, FeedRunner.ReplayRefused(harness.Feeds, "nobody"));
    }

    [Fact]
    public async Task Dead_letter_of_every_kind_comes_back_as_it_was()
    {
        TagValue[] values =
        [
            TagValue.From(true), TagValue.From(-5L), TagValue.From(ulong.MaxValue), TagValue.From(1.5f), TagValue.From(0.1), TagValue.From(double.NaN), TagValue.From("漢字 \"x\"\n"),
            TagValue.From(new DateTime(2027, 3, 15, 8, 0, 0, DateTimeKind.Utc)), TagValue.From(new byte[] { 1, 2 }), TagValue.From(new[] { 1.5, double.NaN }),
            TagValue.From(new[] { 1.5f }), TagValue.From(new[] { "a", "b" }), default,
        ];
        var repaired = false;
        var fake = new FakeDestination();
        fake.Behaviour = (_, _) => ValueTask.FromResult(Volatile.Read(ref repaired) ? DeliveryResult.Delivered : DeliveryResult.Rejected("no"));
        await using var pipeline = await harness.StartAsync(new FeedOptions(), fake);
        using var batch = new SampleBatch();
        for (var i = 0; i < values.Length; i++)
            batch.Add(Make.Sample(1, values[i], i, i % 2 == 0 ? 0 : 0x40000000u));
        await pipeline.AppendAsync("cas", batch, CancellationToken.None);
        var sent = batch.Samples.ToArray();
        await harness.UntilAsync(() => FeedHarness.Line(pipeline).Refused == sent.Length);
        Volatile.Write(ref repaired, true);
        FeedRunner.ReplayRefused(harness.Feeds, "fake");
        await harness.UntilAsync(() => FeedHarness.Line(pipeline).Refused == 0, TimeSpan.FromMilliseconds(250));
        Assert.Equal(sent.Length, fake.Taken.Count);
        for (var i = 0; i < sent.Length; i++)
            Make.AssertSame(sent[i] with { Origin = SampleOrigin.Replay }, fake.Taken[i], i);
    }
}
