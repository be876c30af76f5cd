using FloorGateway.OpcUa.Client.Subscriptions;
using FloorGateway.OpcUa.Types;

namespace FloorGateway.OpcUa.Tests.Client;

public sealed class ItemPlanTests
{
    private static readonly TimeSpan Slow = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Fast = TimeSpan.FromMilliseconds(100);

    [Theory]
    [InlineData(0, 0, "1000x6 100x4")]
    [InlineData(4, 0, "1000x4 1000x2 100x4")]
    [InlineData(2, 0, "1000x2 1000x2 1000x2 100x2 100x2")]
    [InlineData(4, 2, "1000x6 100x4")]
    [InlineData(0, 1, "100x10")]
    public void Items_of_one_interval_stay_together_and_in_order(int maxItems, int maxSubscriptions, string expected)
    {
        var items = Items(6, null).Concat(Items(4, Fast, 6));
        var parts = ItemPlan.Spread(items, Slow, maxItems, maxSubscriptions);
        Assert.Equal(expected, string.Join(' ', parts.Select(p => $"{p.Interval.TotalMilliseconds}x{p.Items.Count}")));
        Assert.Equal(Enumerable.Range(0, 10), parts.SelectMany(p => p.Items).Select(i => (int)i.ClientHandle).Order());
    }

    [Fact]
    public void What_must_join_others_joins_those_that_publish_as_often_or_more_often()
    {
        Assert.Equal(1, ItemPlan.BestFor(Slow, [(Fast, 1), (Slow, 9)]));
        Assert.Equal(0, ItemPlan.BestFor(TimeSpan.FromMilliseconds(500), [(Fast, 9), (Slow, 1)]));
        Assert.Equal(1, ItemPlan.BestFor(Slow, [(Slow, 9), (Slow, 1)]));
    }

    [Fact]
    public void The_floor_of_a_server_raises_fast_sampling_and_leaves_slow_and_dependent_sampling()
    {
        var item = new MonitoredItemSettings(1, new NodeId(1, 1u));
        Assert.Equal(100, (item with { SamplingIntervalMs = 0 }).SamplingAsked(Fast));
        Assert.Equal(250, (item with { SamplingIntervalMs = 250 }).SamplingAsked(Fast));
        Assert.Equal(-1, (item with { SamplingIntervalMs = -1 }).SamplingAsked(Fast));
    }

    private static IEnumerable<MonitoredItemSettings> Items(int count, TimeSpan? interval, int from = 0) =>
        Enumerable.Range(from, count).Select(i => new MonitoredItemSettings((uint)i, new NodeId(1, (uint)i)) { PublishingInterval = interval });
}
