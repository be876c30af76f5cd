using FloorGateway.Net.Timing;
using FloorGateway.OpcUa.Client.Recovery;
using FloorGateway.OpcUa.Client.Subscriptions;
using FloorGateway.OpcUa.Types;

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
        Assert.Null(Progress(machine).Created(100));
        var step = On(machine, RecoveryEventKind.Created);
        Assert.Equal(RecoveryAction.Publish, step.Action);
        Assert.Equal(SubscriptionState.Running, step.State);
    }

    [Fact]
    public void Resumes_the_session_and_republishes_after_a_lost_channel()
    {
        var machine = Running();
        _now += TimeSpan.FromMinutes(1);
        Assert.Equal(RecoveryAction.Resume, On(machine, RecoveryEventKind.ChannelLost).Action);
        Assert.Equal(RecoveryAction.Republish, On(machine, RecoveryEventKind.Resumed).Action);
        Assert.Equal(RecoveryAction.Publish, On(machine, RecoveryEventKind.Republished).Action);
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
        Assert.Equal(RecoveryAction.Publish, On(machine, RecoveryEventKind.Republished).Action);
    }

    [Fact]
    public void Creates_anew_and_reports_the_gap_when_the_subscription_is_gone_too()
    {
        var machine = Running(createdTicks: 100);
        Progress(machine).Good(500);
        _now += TimeSpan.FromMinutes(1);
        On(machine, RecoveryEventKind.ChannelLost);
        On(machine, RecoveryEventKind.SessionLost);
        On(machine, RecoveryEventKind.Connected);
        Progress(machine).Lose("gone");
        Assert.Equal(RecoveryAction.Create, On(machine, RecoveryEventKind.Transferred).Action);
        Assert.Equal(new SubscriptionGap(500, 900, "gone"), Progress(machine).Created(900));
    }

    [Fact]
    public void Keeps_the_gap_open_over_further_failures()
    {
        var machine = Running(createdTicks: 100);
        Progress(machine).Good(500);
        On(machine, RecoveryEventKind.SubscriptionLost);
        On(machine, RecoveryEventKind.DelayElapsed);
        On(machine, RecoveryEventKind.ChannelLost);
        On(machine, RecoveryEventKind.DelayElapsed);
        On(machine, RecoveryEventKind.SessionLost);
        Assert.Equal(RecoveryAction.Create, On(machine, RecoveryEventKind.Connected).Action);
        var gap = Progress(machine).Created(2000);
        Assert.Equal((500, 2000), (gap!.FromTicks, gap.ToTicks));
    }

    [Fact]
    public void Takes_over_the_subscription_of_an_earlier_run()
    {
        var machine = Machine(new SubscriptionProgress(isAlive: true, goodTicks: 500));
        On(machine, RecoveryEventKind.Start);
        Assert.Equal(RecoveryAction.Transfer, On(machine, RecoveryEventKind.Connected).Action);
        On(machine, RecoveryEventKind.Transferred);
        Assert.Equal(RecoveryAction.Publish, On(machine, RecoveryEventKind.Republished).Action);
    }

    [Fact]
    public void Reports_the_gap_since_an_earlier_run_whose_subscription_is_gone()
    {
        var machine = Machine(new SubscriptionProgress(isAlive: true, goodTicks: 500));
        On(machine, RecoveryEventKind.Start);
        On(machine, RecoveryEventKind.Connected);
        Progress(machine).Lose("gone");
        Assert.Equal(RecoveryAction.Create, On(machine, RecoveryEventKind.Transferred).Action);
        Assert.Equal(new SubscriptionGap(500, 900, "gone"), Progress(machine).Created(900));
    }

    [Fact]
    public void A_clock_that_the_server_set_back_does_not_hide_what_was_lost()
    {
        var progress = new SubscriptionProgress(isAlive: true, goodTicks: 10_000);
        progress.Lose("gone");
        var gap = progress.Created(4_000, silence: new TimeSpan(500));
        Assert.Equal((3_500, 10_500), (gap!.FromTicks, gap.ToTicks));
        progress.Good(4_100);
        progress.Lose("gone");
        Assert.Equal((4_100, 4_900), progress.Created(4_900) is { } next ? (next.FromTicks, next.ToTicks) : default);
    }

    [Fact]
    public void Makes_only_the_subscription_anew_that_was_lost()
    {
        SubscriptionProgress one = new(), other = new();
        var machine = Machine(one, other);
        On(machine, RecoveryEventKind.Start);
        On(machine, RecoveryEventKind.Connected);
        one.Created(100);
        other.Created(100);
        On(machine, RecoveryEventKind.Created);
        one.Good(500);
        other.Good(600);
        _now += TimeSpan.FromMinutes(1);
        Assert.Equal(RecoveryAction.Create, machine.On(new RecoveryEvent(RecoveryEventKind.SubscriptionLost, Reason: "gone", Subscription: one), _now).Action);
        Assert.True(other.IsAlive);
        Assert.Equal(new SubscriptionGap(500, 900, "gone"), one.Created(900));
        Assert.Equal(RecoveryAction.Publish, On(machine, RecoveryEventKind.Created).Action);
    }

    [Fact]
    public void Takes_over_what_lives_before_it_makes_the_rest_anew()
    {
        SubscriptionProgress alive = new(isAlive: true, goodTicks: 500), gone = new(goodTicks: 400);
        var machine = Machine(alive, gone);
        On(machine, RecoveryEventKind.Start);
        Assert.Equal(RecoveryAction.Transfer, On(machine, RecoveryEventKind.Connected).Action);
        Assert.Equal(RecoveryAction.Republish, On(machine, RecoveryEventKind.Transferred).Action);
        Assert.Equal(RecoveryAction.Create, On(machine, RecoveryEventKind.Republished).Action);
        Assert.Equal(400, gone.Created(900)!.FromTicks);
        Assert.Equal(RecoveryAction.Publish, On(machine, RecoveryEventKind.Created).Action);
    }

    [Fact]
    public void Keeps_the_session_over_an_outage_in_which_the_server_was_never_reached()
    {
        var machine = Running();
        On(machine, RecoveryEventKind.ChannelLost);
        for (var i = 0; i < 50; i++)
        {
            Assert.Equal(RecoveryAction.Resume, On(machine, RecoveryEventKind.DelayElapsed).Action);
            machine.On(new RecoveryEvent(RecoveryEventKind.ChannelLost, WasReached: false), _now);
        }
    }

    [Fact]
    public void Gives_the_session_up_when_the_server_has_surely_forgotten_it()
    {
        var machine = Machine();
        On(machine, RecoveryEventKind.Start);
        machine.On(new RecoveryEvent(RecoveryEventKind.Connected, SessionTimeout: TimeSpan.FromMinutes(1)), _now);
        Progress(machine).Created(100);
        On(machine, RecoveryEventKind.Created);
        On(machine, RecoveryEventKind.ChannelLost);
        _now += TimeSpan.FromMinutes(3);
        Assert.Equal(RecoveryAction.Connect, On(machine, RecoveryEventKind.DelayElapsed).Action);
    }

    [Fact]
    public void Goes_back_to_its_old_session_when_the_server_has_no_room_for_another()
    {
        var machine = Running();
        On(machine, RecoveryEventKind.ChannelLost);
        for (var i = 0; i < RecoveryMachine.MaxResumeAttempts; i++)
        {
            On(machine, RecoveryEventKind.DelayElapsed);
            On(machine, RecoveryEventKind.ChannelLost);
        }

        Assert.Equal(RecoveryAction.Connect, On(machine, RecoveryEventKind.DelayElapsed).Action);
        Assert.Equal(RecoveryAction.Wait, machine.On(new RecoveryEvent(RecoveryEventKind.Refused, StatusCodes.BadTooManySessions), _now).Action);
        Assert.Equal(RecoveryAction.Resume, On(machine, RecoveryEventKind.DelayElapsed).Action);
        On(machine, RecoveryEventKind.SessionLost);
        machine.On(new RecoveryEvent(RecoveryEventKind.Refused, StatusCodes.BadTooManySessions), _now);
        Assert.Equal(RecoveryAction.Connect, On(machine, RecoveryEventKind.DelayElapsed).Action);
    }

    [Fact]
    public void Leaves_session_and_subscriptions_behind_when_it_moves_to_another_server()
    {
        var machine = Running();
        Progress(machine).Good(500);
        Assert.Equal(RecoveryAction.Move, machine.On(new RecoveryEvent(RecoveryEventKind.FailOver, Reason: "moved"), _now).Action);
        Assert.Equal(RecoveryAction.Connect, On(machine, RecoveryEventKind.DelayElapsed).Action);
        Assert.Equal(RecoveryAction.Create, On(machine, RecoveryEventKind.Connected).Action);
        Assert.Equal(new SubscriptionGap(500, 900, "moved"), Progress(machine).Created(900));
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

    private static RecoveryMachine Machine(params SubscriptionProgress[] subscriptions)
    {
        var machine = new RecoveryMachine(Delays());
        foreach (var subscription in subscriptions is [] ? [new SubscriptionProgress()] : subscriptions)
        {
            machine.Add(subscription);
        }

        return machine;
    }

    private static SubscriptionProgress Progress(RecoveryMachine machine) => machine.Subscriptions[0];

    private RecoveryMachine Running(long createdTicks = 100)
    {
        var machine = Machine();
        On(machine, RecoveryEventKind.Start);
        On(machine, RecoveryEventKind.Connected);
        Progress(machine).Created(createdTicks);
        On(machine, RecoveryEventKind.Created);
        return machine;
    }

    private RecoveryStep On(RecoveryMachine machine, RecoveryEventKind kind) => machine.On(new RecoveryEvent(kind), _now);
}
