using System.Diagnostics.CodeAnalysis;
using FloorGateway.Model.Ports;
using FloorGateway.Model.Samples;
using FloorGateway.Model.Tags;
using FloorGateway.Model.Values;
using FloorGateway.Pipeline.Feeds;
using FloorGateway.Pipeline.Tests.Support;

namespace FloorGateway.Pipeline.Tests.Feeds;

public sealed class FeedFilterTests : IDisposable
{
    private readonly FeedHarness harness = new();

    public void Dispose() => harness.Dispose();

    [Theory]
    [InlineData("LXE/X/S1", "LXE/X/S1", true)]
    [InlineData("LXE/X/S1", "LXE/X/S12", false)]
    [InlineData("LXE/*/S1", "LXE/X/S1", true)]
    [InlineData("LXE/*", "LXE/X/S1", false)]
    [InlineData("LXE/**", "LXE/X/S1", true)]
    [InlineData("**/S1", "S1", true)]
    [InlineData("**/S1", "LXE/X/S1", true)]
    [InlineData("LXE/**/S1", "LXE/S1", true)]
    [InlineData("**/S?", "LXE/X/S7", true)]
    [InlineData("**/Motor.*", "A/B/Motor.Temp", true)]
    [InlineData("**/Motor.*", "A/B/Motor+Temp", false)]
    [InlineData("lxe/**", "LXE/X", false)]
    public void Pattern_fits_levels_as_it_says(string pattern, string path, bool fits) => Assert.Equal(fits, new TagPattern(pattern).Fits(path));

    [Fact]
    public async Task What_is_withheld_is_counted_and_the_sums_close()
    {
        var fake = new FakeDestination();
        var filter = new FeedFilterOptions { Include = ["LXE/X/S?"], Exclude = ["**/S3"] };
        await using var pipeline = await harness.StartAsync(new FeedOptions { Filter = filter }, fake);
        await harness.AppendAsync(pipeline, 70, 0);
        await harness.UntilAsync(() => FeedHarness.Line(pipeline).Waiting == 0);
        var line = FeedHarness.Line(pipeline);
        Assert.Equal((60, 10, 0), (line.Delivered, line.Withheld, line.Waiting));
        Assert.DoesNotContain(fake.Taken, s => s.Tag == 3);
        Assert.Empty(pipeline.Snapshot().Differences);
    }

    [Fact]
    public async Task A_feed_that_wants_nothing_moves_on_without_a_delivery()
    {
        var fake = new FakeDestination();
        await using var pipeline = await harness.StartAsync(new FeedOptions { Filter = new FeedFilterOptions { Include = ["nothing"] } }, fake);
        await harness.AppendAsync(pipeline, 70, 0);
        await harness.UntilAsync(() => FeedHarness.Line(pipeline).Withheld == 70);
        Assert.Equal((0, 0), (fake.Attempts, FeedHarness.Line(pipeline).Waiting));
    }

    [Fact]
    public async Task Refused_samples_between_withheld_ones_are_counted_as_what_they_are()
    {
        var fake = new FakeDestination();
        fake.Behaviour = (batch, _) => ValueTask.FromResult(
            batch.Samples.ToArray().Any(s => s.Tag == 5) ? DeliveryResult.Rejected("no fives") : DeliveryResult.Delivered);
        await using var pipeline = await harness.StartAsync(new FeedOptions { Filter = new FeedFilterOptions { Exclude = ["**/S0", "**/S4", "**/S6"] } }, fake);
        await harness.AppendAsync(pipeline, 70, 0);
        await harness.UntilAsync(() => FeedHarness.Line(pipeline).Waiting == 0);
        var line = FeedHarness.Line(pipeline);
        Assert.Equal((30, 10, 30), (line.Delivered, line.Refused, line.Withheld));
        Assert.Empty(pipeline.Snapshot().Differences);
        // The dead letters name the sample by its place in the journal.
        Assert.Contains("\"sequence\":5,", (await File.ReadAllLinesAsync(Path.Combine(harness.Feeds, "fake.refused.jsonl")))[0], StringComparison.Ordinal);
    }

    [Fact]
    public void Deadband_and_interval_hold_back_and_quality_passes_always()
    {
        var filter = Filter(new FeedRate { Tags = "**", Deadband = 0.5, MinInterval = TimeSpan.FromSeconds(1) });
        Assert.Equal(
            [0, 3, 4, 6],
            Kept(
                filter,
                At(0, 10.0),
                At(500, 20.0), // too soon
                At(1500, 10.4), // too near
                At(1600, 10.6),
                At(1700, 10.6, StatusQuality.BadSensorFailure), // quality
                At(1800, 10.6, StatusQuality.BadSensorFailure),
                At(1900, 10.6)));
    }

    [Fact]
    public void Aggregate_sends_one_value_an_interval_at_the_time_it_began()
    {
        var filter = Filter(new FeedRate { Tags = "**", Aggregate = FeedAggregate.Mean, Every = TimeSpan.FromSeconds(1) });
        Sample[] samples = [At(0, 1), At(400, 2), At(900, 3), At(1100, 10), At(1200, 20), At(3000, 7)];
        var offsets = new int[samples.Length];
        Assert.Equal(2, filter.Apply(samples, offsets));
        Assert.Equal((3, 5), (offsets[0], offsets[1]));
        Assert.Equal((2.0, Make.Start), (samples[0].Value.AsDouble(), samples[0].SourceTime));
        Assert.Equal((15.0, Make.Start + TimeSpan.TicksPerSecond), (samples[1].Value.AsDouble(), samples[1].SourceTime));
    }

    [Theory]
    [InlineData(FeedAggregate.Min, 1.0)]
    [InlineData(FeedAggregate.Max, 6.0)]
    [InlineData(FeedAggregate.Last, 2.0)]
    [InlineData(FeedAggregate.Sum, 9.0)]
    [InlineData(FeedAggregate.Count, 3.0)]
    public void Aggregates_are_what_they_are_called(FeedAggregate aggregate, double value)
    {
        var filter = Filter(new FeedRate { Tags = "**", Aggregate = aggregate, Every = TimeSpan.FromSeconds(1) });
        Sample[] samples = [At(0, 1), At(400, 6), At(900, 2), At(1100, 10)];
        Assert.Equal(1, filter.Apply(samples, new int[4]));
        Assert.Equal(value, samples[0].Value.AsDouble());
    }

    private static FeedFilter Filter(FeedRate rate) => new(new OneTag(), new FeedFilterOptions { Rates = [rate] });

    private static Sample At(long ms, double value, uint status = 0) => Make.Sample(0, TagValue.From(value), ms, status);

    private static IEnumerable<int> Kept(FeedFilter filter, params Sample[] samples)
    {
        var offsets = new int[samples.Length];
        return offsets.Take(filter.Apply(samples, offsets));
    }

    private sealed class OneTag : ITagCatalog
    {
        private readonly TagDefinition tag = Make.Tag("LXE/X/S0");

        public int Count => 1;

        public TagDefinition this[int id] => tag;

        public bool TryFind(string path, [NotNullWhen(true)] out TagDefinition? found) => (found = path == tag.Path ? tag : null) is not null;
    }
}
