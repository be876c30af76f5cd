using FloorGateway.Net.Timing;
using FloorGateway.OpcUa.Client.Recovery;
using FloorGateway.OpcUa.Client.Subscriptions;

namespace FloorGateway.OpcUa.Tests.Client;

public sealed class RecoveryMachineTests
{
    private DateTimeOffset _now = new(2027, 3, 15, 6, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Starts_with_a_new_session_and_subscription_and_no_gap()
    {
        var machine = Machine();
        Assert.Equal(RecoveryAction.Connect, On(machine, RecoveryEventKind.Start).Action);
        Assert.Equal(RecoveryAction.Create, On(machine, RecoveryEventKind.Connected).Action);
        var step = On(machine, RecoveryEventKind.Created, 100);
        Assert.Equal(RecoveryAction.Publish, step.Action);
        Assert.Equal(SubscriptionState.Running, step.State);
        Assert.Null(step.Gap);
    }

    [Fact]
    public void Resumes_the_session_and_republishes_after_a_lost_channel()
    {
        var machine = Running();
        _now += TimeSpan.FromMinutes(1);
        Assert.Equal(RecoveryAction.Resume, On(machine, RecoveryEventKind.ChannelLost).Action);
        Assert.Equal(RecoveryAction.Republish, On(machine, RecoveryEventKind.Resumed).Action);
        var step = On(machine, RecoveryEventKind.Republished);
        Assert.Equal(RecoveryAction.Publish, step.Action);
        Assert.Null(step.Gap);
    }

    [Fact]
    public void Transfers_the_subscription_when_the_session_is_gone()
    {
        var machine = Running();
        _now += TimeSpan.FromMinutes(1);
        On(machine, RecoveryEventKind.ChannelLost);
        Assert.Equal(RecoveryAction.Connect, On(machine, RecoveryEventKind.SessionLost).Action);
        Assert.Equal(RecoveryAction.Transfer, On(machine, RecoveryEventKind.Connected).Action);
        Assert.Equal(RecoveryAction.Republish, On(machine, RecoveryEventKind.Transferred).Action);
        Assert.Null(On(machine, RecoveryEventKind.Republished).Gap);
    }

    [Fact]
    public void Creates_anew_and_reports_the_gap_when_the_subscription_is_gone_too()
    {
        var machine = Running(createdTicks: 100);
        machine.Good(500);
        _now += TimeSpan.FromMinutes(1);
        On(machine, RecoveryEventKind.ChannelLost);
        On(machine, RecoveryEventKind.SessionLost);
        On(machine, RecoveryEventKind.Connected);
        Assert.Equal(RecoveryAction.Create, machine.On(new RecoveryEvent(RecoveryEventKind.SubscriptionLost, Reason: "gone"), _now).Action);
        Assert.Equal(new SubscriptionGap(500, 900, "gone"), On(machine, RecoveryEventKind.Created, 900).Gap);
    }

    [Fact]
    public void Keeps_the_gap_open_over_further_failures()
    {
        var machine = Running(createdTicks: 100);
        machine.Good(500);
        On(machine, RecoveryEventKind.SubscriptionLost);
        On(machine, RecoveryEventKind.DelayElapsed);
        On(machine, RecoveryEventKind.ChannelLost);
        On(machine, RecoveryEventKind.DelayElapsed);
        On(machine, RecoveryEventKind.SessionLost);
        Assert.Equal(RecoveryAction.Create, On(machine, RecoveryEventKind.Connected).Action);
        var gap = On(machine, RecoveryEventKind.Created, 2000).Gap;
        Assert.Equal((500, 2000), (gap!.FromTicks, gap.ToTicks));
    }

    [Fact]
    public void Takes_over_the_subscription_of_an_earlier_run()
    {
        var machine = new RecoveryMachine(Delays(), subscriptionToTakeOver: true, goodTicks: 500);
        On(machine, RecoveryEventKind.Start);
        Assert.Equal(RecoveryAction.Transfer, On(machine, RecoveryEventKind.Connected).Action);
        On(machine, RecoveryEventKind.Transferred);
        Assert.Null(On(machine, RecoveryEventKind.Republished).Gap);
    }

    [Fact]
    public void Reports_the_gap_since_an_earlier_run_whose_subscription_is_gone()
    {
        var machine = new RecoveryMachine(Delays(), subscriptionToTakeOver: true, goodTicks: 500);
        On(machine, RecoveryEventKind.Start);
        On(machine, RecoveryEventKind.Connected);
        On(machine, RecoveryEventKind.SubscriptionLost);
        Assert.Equal(500, On(machine, RecoveryEventKind.Created, 900).Gap!.FromTicks);
    }

    [Fact]
    public void Reports_the_gap_since_an_earlier_run_with_other_items()
    {
        var machine = new RecoveryMachine(Delays(), subscriptionToTakeOver: false, goodTicks: 500);
        On(machine, RecoveryEventKind.Start);
        Assert.Equal(RecoveryAction.Create, On(machine, RecoveryEventKind.Connected).Action);
        Assert.Contains("items", On(machine, RecoveryEventKind.Created, 900).Gap!.Cause, StringComparison.Ordinal);
    }

    [Fact]
    public void Waits_longer_with_each_failure_and_short_again_after_a_stable_time()
    {
        var machine = Running();
        Assert.Equal(TimeSpan.FromSeconds(1), On(machine, RecoveryEventKind.ChannelLost).Delay);
        On(machine, RecoveryEventKind.DelayElapsed);
        Assert.Equal(TimeSpan.FromSeconds(2), On(machine, RecoveryEventKind.ChannelLost).Delay);
        On(machine, RecoveryEventKind.DelayElapsed);
        On(machine, RecoveryEventKind.Resumed);
        On(machine, RecoveryEventKind.Republished);
        _now += RecoveryMachine.StableAfter;
        Assert.Equal(RecoveryAction.Resume, On(machine, RecoveryEventKind.ChannelLost).Action);
        Assert.Equal(TimeSpan.FromSeconds(1), On(machine, RecoveryEventKind.ChannelLost).Delay);
    }

    [Fact]
    public void Does_not_hammer_a_server_that_drops_each_connection_at_once()
    {
        var machine = Running();
        for (var i = 0; i < 3; i++)
        {
            Assert.Equal(RecoveryAction.Wait, On(machine, RecoveryEventKind.ChannelLost).Action);
            On(machine, RecoveryEventKind.DelayElapsed);
            On(machine, RecoveryEventKind.Resumed);
            On(machine, RecoveryEventKind.Republished);
        }

        Assert.Equal(TimeSpan.FromSeconds(8), On(machine, RecoveryEventKind.ChannelLost).Delay);
    }

    [Fact]
    public void Reads_the_endpoints_again_after_a_refusal_or_many_failed_resumptions()
    {
        var machine = Running();
        Assert.Equal(RecoveryAction.Wait, On(machine, RecoveryEventKind.ChannelLost).Action);
        for (var i = 0; i < RecoveryMachine.MaxResumeAttempts; i++)
        {
            Assert.Equal(RecoveryAction.Resume, On(machine, RecoveryEventKind.DelayElapsed).Action);
            On(machine, RecoveryEventKind.ChannelLost);
        }

        Assert.Equal(RecoveryAction.Connect, On(machine, RecoveryEventKind.DelayElapsed).Action);
        Assert.True(machine.HasSubscription);

        machine = Running();
        Assert.Equal(RecoveryAction.Wait, On(machine, RecoveryEventKind.Refused).Action);
        Assert.Equal(RecoveryAction.Connect, On(machine, RecoveryEventKind.DelayElapsed).Action);
    }

    [Fact]
    public void Asks_again_for_what_the_consumer_could_not_take()
    {
        var machine = Running();
        Assert.Equal(RecoveryAction.Wait, On(machine, RecoveryEventKind.ConsumerFailed).Action);
        Assert.Equal(RecoveryAction.Resume, On(machine, RecoveryEventKind.DelayElapsed).Action);
        Assert.Equal(RecoveryAction.Republish, On(machine, RecoveryEventKind.Resumed).Action);
    }

    private static Backoff Delays() => new(new BackoffOptions { First = TimeSpan.FromSeconds(1), Max = TimeSpan.FromSeconds(30), Jitter = 0 });

    private static RecoveryMachine Machine() => new(Delays());

    private RecoveryMachine Running(long createdTicks = 100)
    {
        var machine = Machine();
        On(machine, RecoveryEventKind.Start);
        On(machine, RecoveryEventKind.Connected);
        On(machine, RecoveryEventKind.Created, createdTicks);
        return machine;
    }

    private RecoveryStep On(RecoveryMachine machine, RecoveryEventKind kind, long ticks = 0) => machine.On(new RecoveryEvent(kind, Ticks: ticks), _now);
}
