using FloorGateway.Net.Timing;
using FloorGateway.TestKit;

namespace FloorGateway.Net.Tests;

public sealed class TimingTests
{
    [Fact]
    public void Backoff_doubles_up_to_its_maximum_and_starts_again_after_success()
    {
        var backoff = new Backoff(new BackoffOptions { First = TimeSpan.FromSeconds(1), Max = TimeSpan.FromSeconds(5), Jitter = 0 });
        Assert.Equal([1, 2, 4, 5, 5], Enumerable.Range(0, 5).Select(_ => backoff.Next().TotalSeconds));
        backoff.Reset();
        Assert.Equal(1, backoff.Next().TotalSeconds);
    }

    [Fact]
    public void Backoff_jitter_only_shortens()
    {
        var backoff = new Backoff(new BackoffOptions { First = TimeSpan.FromSeconds(1), Factor = 1, Jitter = 0.5 }, new Random(1));
        for (var i = 0; i < 100; i++)
            Assert.InRange(backoff.Next().TotalSeconds, 0.5, 1);
    }

    [Fact]
    public void Keep_alive_pings_after_silence_of_its_own_and_closes_after_silence_of_the_peer()
    {
        var time = new ManualTimeProvider();
        var keepAlive = new KeepAlive(time, TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(15));
        Assert.Equal(KeepAliveAction.None, keepAlive.Check());
        time.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(KeepAliveAction.Ping, keepAlive.Check());
        keepAlive.Sent();
        Assert.Equal(KeepAliveAction.None, keepAlive.Check());
        time.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(KeepAliveAction.Close, keepAlive.Check());
        keepAlive.Received();
        Assert.Equal(KeepAliveAction.None, keepAlive.Check());
    }
}
