using FloorGateway.Net.Timing;
using FloorGateway.TestKit;

namespace FloorGateway.Net.Tests;

public sealed class EventGateTests
{
    [Fact]
    public void Lets_a_few_through_each_second_and_tells_how_many_it_held_back()
    {
        var time = new ManualTimeProvider();
        var gate = new EventGate(time, perSecond: 3);
        Assert.Equal(3, Enumerable.Range(0, 100).Count(_ => gate.TryPass(out long _)));
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.True(gate.TryPass(out var held));
        Assert.Equal(97, held);
        Assert.True(gate.TryPass(out held));
        Assert.Equal(0, held);
    }
}
