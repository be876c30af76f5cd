using FloorGateway.Model.Gaps;
using FloorGateway.Model.Ports;
using FloorGateway.Pipeline.Feeds;

namespace FloorGateway.Pipeline.Tests.Feeds;

/// <summary>A destination that names what it refuses is believed: nothing is sent again.</summary>
public sealed class FeedRefusalTests : IDisposable
{
    private readonly FeedHarness harness = new();
    private readonly FakeDestination fake = new();

    public void Dispose() => harness.Dispose();

    [Fact]
    public async Task Named_samples_are_put_aside_each_with_its_reason_and_the_rest_is_delivered_in_one_attempt()
    {
        fake.Behaviour = (batch, _) => Refuse(batch, 3, 33, 99);
        await using var pipeline = await harness.StartAsync(new FeedOptions(), fake);
        await harness.AppendAsync(pipeline, 100, 0);
        await pipeline.AppendGapAsync(new GapRecord { Server = "cas", From = 1, To = 2, Cause = "test" }, CancellationToken.None);
        await harness.UntilAsync(() => FeedHarness.Line(pipeline).Waiting == 0 && fake.Gaps.Count == 1);
        var line = FeedHarness.Line(pipeline);
        Assert.Equal((97, 3), (line.Delivered, line.Refused));
        Assert.Equal(97, fake.TakenCount);
        Assert.InRange(fake.Attempts, 1, 2);
        var letters = File.ReadAllLines(Path.Combine(harness.Feeds, "fake.refused.jsonl"));
        Assert.Equal([3, 33, 99], letters.Select(l => int.Parse(l.Split("\"sequence\":")[1].Split(',')[0])));
        Assert.Equal([3, 33, 99], letters.Select(l => int.Parse(l.Split("not sample ")[1].Split('"')[0])));
        Assert.Empty(pipeline.Snapshot().Differences);
    }

    [Fact]
    public async Task With_a_filter_the_named_samples_are_those_that_passed_it()
    {
        fake.Behaviour = (batch, _) => Refuse(batch, 3);
        await using var pipeline = await harness.StartAsync(new FeedOptions { Filter = new FeedFilterOptions { Exclude = ["**/S1"] } }, fake);
        await harness.AppendAsync(pipeline, 14, 0);
        await harness.UntilAsync(() => FeedHarness.Line(pipeline).Waiting == 0);
        var line = FeedHarness.Line(pipeline);
        Assert.Equal((14 - line.Withheld - line.Refused, 2), (line.Delivered, line.Withheld));
        // S0, S2, S3, S4: the fourth that passed was the fifth of the journal.
        Assert.Contains("\"sequence\":4,", File.ReadLines(Path.Combine(harness.Feeds, "fake.refused.jsonl")).First(), StringComparison.Ordinal);
        Assert.Empty(pipeline.Snapshot().Differences);
    }

    [Theory]
    [InlineData(5, 5)]
    [InlineData(7, 3)]
    [InlineData(100, 100)]
    [InlineData(-1, -1)]
    public async Task Names_that_make_no_sense_are_not_believed(int first, int second)
    {
        fake.Behaviour = (batch, _) => ValueTask.FromResult(batch.Samples.Length == 1 ? DeliveryResult.Delivered
            : DeliveryResult.Rejected("odd", [new RefusedSample(first, "x"), new RefusedSample(second, "x")]));
        await using var pipeline = await harness.StartAsync(new FeedOptions(), fake);
        await harness.AppendAsync(pipeline, 20, 0);
        await harness.UntilAsync(() => FeedHarness.Line(pipeline).Waiting == 0);
        Assert.Equal((20, 0), (FeedHarness.Line(pipeline).Delivered, FeedHarness.Line(pipeline).Refused));
    }

    private static ValueTask<DeliveryResult> Refuse(FeedBatch batch, params int[] sequences)
    {
        RefusedSample[] refused = [.. sequences.Select(s => (int)(s - batch.FirstSequence)).Where(i => i >= 0 && i < batch.Samples.Length).Select(i => new RefusedSample(i, $"not sample {batch.FirstSequence + i}"))];
        return ValueTask.FromResult(refused.Length == 0 ? DeliveryResult.Delivered : DeliveryResult.Rejected("some", refused));
    }
}
