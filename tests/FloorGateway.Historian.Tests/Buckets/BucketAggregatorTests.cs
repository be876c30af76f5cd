using FloorGateway.Historian.Buckets;
using FloorGateway.Model.Values;

namespace FloorGateway.Historian.Tests.Buckets;

public class BucketAggregatorTests
{
    [Theory]
    [InlineData(0L, 10L, 3)]
    [InlineData(7L, 1007L, 7)]
    [InlineData(0L, 5L, 9)]
    [InlineData(-50L, 50L, 11)]
    public void Every_tick_falls_into_the_bucket_that_begins_at_or_before_it(long from, long to, int count)
    {
        var aggregator = new BucketAggregator(from, to, count);
        for (var t = from; t < to; t++)
            aggregator.Add(t, TagValue.From(t), 0);
        var buckets = aggregator.Finish();
        Assert.Equal(to - from, buckets.Sum(b => b.Count));
        Assert.InRange(buckets.Count, 1, count);
        Assert.All(buckets, b => Assert.Equal(b.Start, b.Min));
        Assert.All(buckets.Zip(buckets.Skip(1)), pair => Assert.Equal(pair.First.Max + 1, pair.Second.Start));
        Assert.All(buckets.SkipLast(1), b => Assert.Equal(buckets[0].Count, b.Count));
        Assert.InRange(buckets[^1].Count, 1, buckets[0].Count);
    }

    [Fact]
    public void Covers_the_whole_of_time_without_overflow()
    {
        var aggregator = new BucketAggregator(0, DateTime.MaxValue.Ticks, 1000);
        aggregator.Add(DateTime.MaxValue.Ticks - 1, TagValue.From(1.0), 0);
        Assert.InRange(Assert.Single(aggregator.Finish()).Start, DateTime.MaxValue.Ticks / 1000 * 998, DateTime.MaxValue.Ticks);
    }

    [Fact]
    public void Values_without_a_place_on_a_trend_leave_no_bucket()
    {
        var aggregator = new BucketAggregator(0, 10, 1);
        aggregator.Add(1, TagValue.From("text"), 0);
        aggregator.Add(2, TagValue.From(double.NaN), 0);
        Assert.Empty(aggregator.Finish());
    }
}
