using FloorGateway.OpcUa.Client.Subscriptions;

namespace FloorGateway.OpcUa.Tests.Client;

public sealed class SequenceTrackerTests
{
    [Theory]
    [InlineData(1u, 2u, 1)]
    [InlineData(5u, 5u, 0)]
    [InlineData(5u, 3u, -2)]
    [InlineData(uint.MaxValue, 1u, 1)]
    [InlineData(uint.MaxValue - 1, 2u, 3)]
    [InlineData(1u, uint.MaxValue, -1)]
    public void Distance_leaves_out_zero_at_the_rollover(uint earlier, uint later, int distance) =>
        Assert.Equal(distance, SequenceNumber.Distance(earlier, later));

    [Fact]
    public void Next_after_the_largest_is_one() => Assert.Equal(1u, SequenceNumber.Next(uint.MaxValue));

    [Fact]
    public void Delivers_in_order_over_the_rollover()
    {
        var tracker = new SequenceTracker(uint.MaxValue - 1);
        foreach (var number in (uint[])[uint.MaxValue, 1, 2])
        {
            Assert.Equal(SequenceVerdict.Deliver, tracker.OnMessage(number));
            tracker.Advance(number);
        }

        Assert.Equal(SequenceVerdict.Duplicate, tracker.OnMessage(uint.MaxValue));
        Assert.Equal(SequenceVerdict.Missing, tracker.OnMessage(4));
    }

    [Fact]
    public void Keep_alive_announces_the_next_number_and_so_reveals_what_is_missing()
    {
        var tracker = new SequenceTracker(7);
        Assert.False(tracker.OnKeepAlive(8));
        Assert.True(tracker.OnKeepAlive(9));
        Assert.Equal(7u, tracker.LastDelivered);
    }
}
