using FloorGateway.Mqtt.Session;
using FloorGateway.TestKit;

namespace FloorGateway.Mqtt.Tests.Session;

public sealed class KeepAliveClockTests
{
    private readonly ManualTimeProvider _time = new();

    [Fact]
    public void Pings_when_nothing_was_sent()
    {
        var clock = new KeepAliveClock(_time, TimeSpan.FromSeconds(20));
        _time.Advance(TimeSpan.FromSeconds(10));
        clock.Received();
        Assert.Equal(KeepAliveStep.None, clock.Check());
        _time.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(KeepAliveStep.Ping, clock.Check());
        Assert.Equal(KeepAliveStep.None, clock.Check());
    }

    [Fact]
    public void Pings_when_only_the_server_is_silent()
    {
        var clock = new KeepAliveClock(_time, TimeSpan.FromSeconds(20));
        _time.Advance(TimeSpan.FromSeconds(15));
        clock.Sent();
        Assert.Equal(KeepAliveStep.Ping, clock.Check());
    }

    [Fact]
    public void A_server_silent_for_one_and_a_half_intervals_is_dead()
    {
        var clock = new KeepAliveClock(_time, TimeSpan.FromSeconds(20));
        _time.Advance(TimeSpan.FromSeconds(29));
        clock.Sent();
        Assert.Equal(KeepAliveStep.Ping, clock.Check());
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(KeepAliveStep.Dead, clock.Check());
    }

    [Fact]
    public void No_keep_alive_asks_for_nothing()
    {
        var clock = new KeepAliveClock(_time, TimeSpan.Zero);
        _time.Advance(TimeSpan.FromDays(1));
        Assert.Equal(KeepAliveStep.None, clock.Check());
        Assert.Equal(Timeout.InfiniteTimeSpan, clock.CheckPeriod);
    }
}
