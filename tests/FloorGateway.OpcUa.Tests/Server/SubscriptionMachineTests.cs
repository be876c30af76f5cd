using FloorGateway.OpcUa.Server.Subscriptions;

namespace FloorGateway.OpcUa.Tests.Server;

public sealed class SubscriptionMachineTests
{
    private readonly SubscriptionMachine machine = new(maxKeepAliveCount: 3, maxLifetimeCount: 9, publishingEnabled: true);

    [Fact]
    public void The_first_cycle_always_sends_something()
    {
        Assert.Equal(SubscriptionAction.ReturnKeepAlive, machine.OnTimer(requestQueued: true, notificationsAvailable: false));
        Assert.True(machine.MessageSent);
        Assert.Equal(SubscriptionState.Normal, machine.State);
    }

    [Fact]
    public void Notifications_go_out_in_the_cycle_they_are_there()
    {
        Assert.Equal(SubscriptionAction.ReturnNotifications, machine.OnTimer(true, true));
        Assert.Equal(SubscriptionAction.ReturnNotifications, machine.OnTimer(true, true));
    }

    [Fact]
    public void A_keep_alive_follows_after_the_agreed_number_of_empty_cycles()
    {
        machine.OnTimer(true, true);
        var actions = Enumerable.Range(0, 7).Select(_ => machine.OnTimer(true, false)).ToArray();
        Assert.Equal(
            [SubscriptionAction.None, SubscriptionAction.None, SubscriptionAction.ReturnKeepAlive, SubscriptionAction.None, SubscriptionAction.None, SubscriptionAction.ReturnKeepAlive, SubscriptionAction.None],
            actions);
        Assert.Equal(SubscriptionState.KeepAlive, machine.State);
    }

    [Fact]
    public void Without_a_request_it_is_late_and_answers_the_next_one_at_once()
    {
        Assert.Equal(SubscriptionAction.None, machine.OnTimer(false, true));
        Assert.Equal(SubscriptionState.Late, machine.State);
        Assert.True(machine.WantsRequest);
        Assert.Equal(SubscriptionAction.ReturnNotifications, machine.OnPublishRequest(true));
        Assert.Equal(SubscriptionState.Normal, machine.State);
    }

    [Fact]
    public void Late_with_nothing_to_say_it_sends_a_keep_alive()
    {
        machine.OnTimer(false, false);
        Assert.Equal(SubscriptionState.Late, machine.State);
        Assert.Equal(SubscriptionAction.ReturnKeepAlive, machine.OnPublishRequest(false));
        Assert.Equal(SubscriptionState.KeepAlive, machine.State);
    }

    [Fact]
    public void With_more_to_say_it_takes_the_next_request_at_once()
    {
        machine.OnTimer(true, true);
        machine.MoreNotifications = true;
        Assert.Equal(SubscriptionAction.ReturnNotifications, machine.OnPublishRequest(true));
        machine.MoreNotifications = false;
        Assert.Equal(SubscriptionAction.EnqueueRequest, machine.OnPublishRequest(false));
    }

    [Fact]
    public void Disabled_publishing_sends_keep_alives_only()
    {
        machine.SetPublishingEnabled(false);
        Assert.Equal(SubscriptionAction.ReturnKeepAlive, machine.OnTimer(true, true));
        Assert.Equal(SubscriptionAction.None, machine.OnTimer(true, true));
        machine.SetPublishingEnabled(true);
        Assert.Equal(SubscriptionAction.ReturnNotifications, machine.OnTimer(true, true));
    }

    [Fact]
    public void It_expires_when_nobody_publishes_for_its_lifetime()
    {
        var actions = Enumerable.Range(0, 9).Select(_ => machine.OnTimer(false, false)).ToArray();
        Assert.All(actions[..8], a => Assert.Equal(SubscriptionAction.None, a));
        Assert.Equal(SubscriptionAction.Expire, actions[8]);
        Assert.Equal(SubscriptionState.Closed, machine.State);
        Assert.Equal(SubscriptionAction.None, machine.OnPublishRequest(true));
    }

    [Fact]
    public void A_sign_of_life_starts_the_lifetime_anew()
    {
        for (var i = 0; i < 8; i++)
            machine.OnTimer(false, false);
        machine.ResetLifetime();
        for (var i = 0; i < 8; i++)
            Assert.Equal(SubscriptionAction.None, machine.OnTimer(false, false));
        Assert.Equal(SubscriptionAction.Expire, machine.OnTimer(false, false));
    }

    [Fact]
    public void In_keep_alive_new_notifications_go_out_without_waiting()
    {
        machine.OnTimer(true, true);
        machine.OnTimer(true, false);
        Assert.Equal(SubscriptionState.KeepAlive, machine.State);
        Assert.Equal(SubscriptionAction.EnqueueRequest, machine.OnPublishRequest(false));
        Assert.Equal(SubscriptionAction.ReturnNotifications, machine.OnTimer(true, true));
    }
}
