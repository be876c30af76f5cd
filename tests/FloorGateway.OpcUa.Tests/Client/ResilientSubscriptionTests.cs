using FloorGateway.Net.Timing;
using FloorGateway.OpcUa.Client.Subscriptions;
using FloorGateway.OpcUa.Types;
using FloorGateway.TestKit;

namespace FloorGateway.OpcUa.Tests.Client;

public sealed class ResilientSubscriptionTests
{
    private static readonly SubscriptionSettings Settings = new()
    {
        Backoff = new BackoffOptions { First = TimeSpan.FromMilliseconds(1), Max = TimeSpan.FromMilliseconds(5) },
    };

    private static readonly MonitoredItemSettings[] Items = [new(1, new NodeId(1, "a"))];

    private readonly RecordingHandler _handler = new();

    [Fact]
    public async Task Delivers_in_order_and_acknowledges_on_the_next_publish()
    {
        await using var server = new ScriptedServer();
        await using var subscription = Start(server);
        await _handler.ExpectAsync("running");
        server.Publish(1);
        server.Publish(2);
        await _handler.ExpectAsync("1", "2");
        server.Publish(3);
        await _handler.ExpectAsync("3");
        Assert.Equal([1u], server.Acknowledged.Take(1));
    }

    [Fact]
    public async Task Republishes_what_was_lost_with_the_connection()
    {
        await using var server = new ScriptedServer();
        await using var subscription = Start(server);
        await _handler.ExpectAsync("running");
        server.Publish(1);
        await _handler.ExpectAsync("1");
        server.Publish(2, loseOnTheWay: true);
        server.Publish(3, loseOnTheWay: true);
        server.DropConnection();
        await _handler.ExpectAsync("again 2", "again 3", "running");
        server.Publish(4);
        await _handler.ExpectAsync("4");
        Assert.DoesNotContain("TransferSubscriptions", server.Calls);
        Assert.Single(server.Calls, "CreateSubscription");
    }

    [Fact]
    public async Task Republishes_a_message_missing_in_the_stream()
    {
        await using var server = new ScriptedServer();
        await using var subscription = Start(server);
        await _handler.ExpectAsync("running");
        server.Publish(1, loseOnTheWay: true);
        server.Publish(2);
        await _handler.ExpectAsync("again 1", "2");
    }

    [Fact]
    public async Task Message_asked_for_again_does_not_say_that_all_before_it_was_delivered()
    {
        await using var server = new ScriptedServer();
        await using var subscription = Start(server);
        await _handler.ExpectAsync("running");
        server.Publish(1);
        server.Publish(2, loseOnTheWay: true);
        server.Publish(3);
        await _handler.ExpectAsync("1", "again 2", "3");
        server.Publish(4);
        await _handler.ExpectAsync("4");
        await subscription.DisposeAsync();
        // One second a message; the second one was asked for again.
        Assert.Equal([0, 2, 3], _handler.Complete.Select(ticks => (ticks - _handler.Complete[0]) / TimeSpan.TicksPerSecond));
    }

    [Theory]
    [InlineData(250, 10, null)]
    [InlineData(1000, 10, "samples 1 slower and queues 0 shorter")]
    [InlineData(250, 1, "samples 0 slower and queues 1 shorter")]
    [InlineData(250, 0, null)]
    public async Task Tells_when_the_server_samples_slower_or_queues_less_than_asked(double samplingMs, uint queue, string? told)
    {
        await using var server = new ScriptedServer { Revised = (samplingMs, queue) };
        await using var subscription = Start(server);
        await _handler.ExpectAsync("running");
        if (told is null)
        {
            Assert.Null(_handler.Revised);
        }
        else
        {
            Assert.Contains(told, _handler.Revised!.ToString(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Keep_alive_reveals_a_missing_message()
    {
        await using var server = new ScriptedServer();
        await using var subscription = Start(server);
        await _handler.ExpectAsync("running");
        server.Publish(1, loseOnTheWay: true);
        server.KeepAlive();
        await _handler.ExpectAsync("again 1");
    }

    [Fact]
    public async Task Reports_a_gap_for_what_the_server_no_longer_keeps_before_going_on()
    {
        await using var server = new ScriptedServer();
        await using var subscription = Start(server);
        await _handler.ExpectAsync("running");
        server.Publish(1);
        await _handler.ExpectAsync("1");
        server.Forget(server.Publish(2, loseOnTheWay: true));
        server.Publish(3, loseOnTheWay: true);
        server.Publish(4);
        await _handler.ExpectAsync("gap", "again 3", "4");
        Assert.Equal(TimeSpan.FromSeconds(2), _handler.LastGap!.To - _handler.LastGap.From);
    }

    [Fact]
    public async Task Transfers_the_subscription_when_the_session_was_lost()
    {
        await using var server = new ScriptedServer();
        await using var subscription = Start(server);
        await _handler.ExpectAsync("running");
        server.Publish(1);
        await _handler.ExpectAsync("1");
        server.Publish(2, loseOnTheWay: true);
        server.ForgetSession();
        server.DropConnection();
        await _handler.ExpectAsync("again 2", "running");
        Assert.Contains("TransferSubscriptions", server.Calls);
        Assert.Single(server.Calls, "CreateSubscription");
    }

    [Fact]
    public async Task Creates_anew_with_a_gap_when_the_server_restarted()
    {
        await using var server = new ScriptedServer();
        await using var subscription = Start(server);
        await _handler.ExpectAsync("running");
        server.Publish(1);
        await _handler.ExpectAsync("1");
        server.ForgetSession();
        server.ForgetSubscription();
        server.DropConnection();
        await _handler.ExpectAsync("gap", "running");
        server.Publish(2);
        await _handler.ExpectAsync("2");
    }

    [Fact]
    public async Task Does_not_take_a_subscription_with_the_same_id_from_a_restarted_server()
    {
        await using var server = new ScriptedServer();
        await using var subscription = Start(server);
        await _handler.ExpectAsync("running");
        server.Publish(1);
        await _handler.ExpectAsync("1");
        server.StartTime = server.StartTime.AddDays(1);
        server.ForgetSession();
        server.DropConnection();
        await _handler.ExpectAsync("gap", "running");
        Assert.Contains("restarted at 2027-03-02", _handler.LastGap!.Cause, StringComparison.Ordinal);
        Assert.DoesNotContain("TransferSubscriptions", server.Calls);
    }

    [Fact]
    public async Task Creates_anew_with_a_gap_when_the_subscription_timed_out()
    {
        await using var server = new ScriptedServer();
        await using var subscription = Start(server);
        await _handler.ExpectAsync("running");
        server.Publish(1);
        await _handler.ExpectAsync("1");
        server.ForgetSubscription();
        server.Faults["Publish"] = StatusCodes.BadNoSubscription;
        server.DropConnection();
        await _handler.ExpectAsync("gap");
        server.Faults.Clear();
        while (await _handler.NextAsync() != "running")
        {
        }
    }

    [Fact]
    public async Task Takes_over_after_a_restart_of_the_client_from_its_checkpoint()
    {
        await using var server = new ScriptedServer();
        var first = Start(server, Settings with { KeepOnStop = true });
        _handler.Subscription = first;
        await _handler.ExpectAsync("running");
        server.Publish(1);
        await _handler.ExpectAsync("1");
        await first.DisposeAsync();
        server.Publish(2, loseOnTheWay: true);

        var second = new RecordingHandler();
        await using var subscription = ResilientSubscription.Start(server.Options, Settings, Items, second, _handler.Checkpoint);
        await second.ExpectAsync("again 2", "running");
        Assert.Single(server.Calls, "CreateSubscription");
    }

    [Fact]
    public async Task Does_not_take_over_with_other_items_and_reports_the_gap()
    {
        await using var server = new ScriptedServer();
        var first = Start(server, Settings with { KeepOnStop = true });
        _handler.Subscription = first;
        await _handler.ExpectAsync("running");
        server.Publish(1);
        await _handler.ExpectAsync("1");
        await first.DisposeAsync();

        var second = new RecordingHandler();
        await using var subscription = ResilientSubscription.Start(server.Options, Settings, [new(1, new NodeId(1, "b"))], second, _handler.Checkpoint);
        await second.ExpectAsync("gap", "running");
        Assert.DoesNotContain("TransferSubscriptions", server.Calls);
    }

    [Fact]
    public async Task Gives_a_notification_again_when_the_consumer_failed()
    {
        await using var server = new ScriptedServer();
        await using var subscription = Start(server);
        await _handler.ExpectAsync("running");
        _handler.Failures = 2;
        server.Publish(1);
        await _handler.ExpectAsync("again 1", "running");
        server.Publish(2);
        await _handler.ExpectAsync("2");
    }

    [Fact]
    public async Task Leaves_unacknowledged_what_the_consumer_did_not_acknowledge()
    {
        await using var server = new ScriptedServer();
        _handler.Acknowledges = false;
        await using var subscription = Start(server);
        await _handler.ExpectAsync("running");
        server.Publish(1);
        server.Publish(2);
        server.Publish(3);
        await _handler.ExpectAsync("1", "2", "3");
        Assert.Empty(server.Acknowledged);
    }

    [Fact]
    public async Task Keeps_the_asked_number_of_publish_requests_waiting()
    {
        await using var server = new ScriptedServer();
        await using var subscription = Start(server, Settings with { PublishRequestsInFlight = 5 });
        await _handler.ExpectAsync("running");
        server.Publish(1);
        await _handler.ExpectAsync("1");
        while (server.WaitingPublishRequests < 5)
        {
            await Task.Yield();
        }
    }

    [Fact]
    public async Task Makes_do_with_the_publish_requests_that_the_server_takes()
    {
        await using var server = new ScriptedServer { MaxPublishRequests = 2 };
        await using var subscription = Start(server, Settings with { PublishRequestsInFlight = 5 });
        await _handler.ExpectAsync("running");
        for (var i = 1; i <= 20; i++)
        {
            server.Publish(i);
            await _handler.ExpectAsync($"{i}");
        }

        Assert.InRange(server.Calls.Count(c => c == "Publish"), 1, 10);
    }

    [Fact]
    public async Task Reports_refused_items_and_delivers_the_others()
    {
        await using var server = new ScriptedServer();
        await using var subscription = Start(server, items: [.. Items, new(2, new NodeId(1, "missing")), new(3, ExpandedNodeId.Parse("nsu=urn:elsewhere;s=x")), new(4, ExpandedNodeId.Parse("nsu=urn:test;s=x"))]);
        await _handler.ExpectAsync("item 3 BadNodeIdUnknown", "item 2 BadNodeIdUnknown", "running");
        server.Publish(1);
        await _handler.ExpectAsync("1");
    }

    [Fact]
    public async Task One_bad_item_that_fails_the_whole_call_is_found_and_the_others_report()
    {
        await using var server = new ScriptedServer { OneBadItemFailsAll = true };
        await using var subscription = Start(server, items: [.. Enumerable.Range(1, 100).Select(i => new MonitoredItemSettings((uint)i, new NodeId(1, i == 37 ? "missing" : $"n{i}")))]);
        await _handler.ExpectAsync("item 37 BadInvalidArgument", "running");
        server.Publish(1);
        await _handler.ExpectAsync("1");
        Assert.InRange(server.Calls.Count(c => c == "CreateMonitoredItems"), 2, 20);
    }

    [Fact]
    public async Task A_server_that_refuses_the_service_is_not_asked_for_each_item()
    {
        await using var server = new ScriptedServer();
        server.Faults["CreateMonitoredItems"] = StatusCodes.BadUserAccessDenied;
        await using var subscription = Start(server, Settings with { Backoff = new BackoffOptions { First = TimeSpan.FromHours(1) } }, [.. Enumerable.Range(1, 1000).Select(i => new MonitoredItemSettings((uint)i, new NodeId(1, $"n{i}")))]);
        while (!_handler.States.Any(s => s.StartsWith("Waiting", StringComparison.Ordinal)))
        {
            await Task.Yield();
        }

        Assert.InRange(server.Calls.Count(c => c == "CreateMonitoredItems"), 1, 20);
    }

    [Fact]
    public async Task Creates_items_in_batches_that_the_server_takes()
    {
        await using var server = new ScriptedServer { MaxPerCall = 10 };
        await using var subscription = Start(server, items: [.. Enumerable.Range(1, 25).Select(i => new MonitoredItemSettings((uint)i, new NodeId(1, $"n{i}")))]);
        await _handler.ExpectAsync("running");
        Assert.Equal(3, server.Calls.Count(c => c == "CreateMonitoredItems"));
        Assert.Equal(10, subscription.Client!.Limits.MaxMonitoredItemsPerCall);
    }

    [Fact]
    public async Task Keeps_trying_while_the_server_is_away()
    {
        await using var server = new ScriptedServer { RefuseConnections = true };
        await using var subscription = Start(server);
        while (_handler.States.Count < 10)
        {
            await Task.Yield();
        }

        server.RefuseConnections = false;
        await _handler.ExpectAsync("running");
    }

    [Fact]
    public async Task Silence_longer_than_the_keep_alive_interval_brings_a_new_channel()
    {
        var time = new ManualTimeProvider();
        await using var server = new ScriptedServer();
        await using var subscription = ResilientSubscription.Start(server.Options, Settings, Items, _handler, time: time);
        await _handler.ExpectAsync("running");
        server.Publish(1, loseOnTheWay: true);

        // The next request of a stalled server never comes back; only the clock can tell.
        while (!_handler.States.Any(s => s.Contains("silent", StringComparison.Ordinal)))
        {
            time.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        while (_handler.States.Count(s => s.StartsWith("Running", StringComparison.Ordinal)) < 2)
        {
            time.Advance(TimeSpan.FromMilliseconds(1));
            await Task.Yield();
        }

        await _handler.ExpectAsync("again 1", "running");
    }

    [Fact]
    public void Refuses_two_items_with_one_handle() => Assert.Throws<ArgumentException>(() =>
        ResilientSubscription.Start(new() { EndpointUrl = "opc.tcp://localhost" }, Settings, [Items[0], Items[0]], _handler));

    private ResilientSubscription Start(ScriptedServer server, SubscriptionSettings? settings = null, IReadOnlyList<MonitoredItemSettings>? items = null) =>
        ResilientSubscription.Start(server.Options, settings ?? Settings, items ?? Items, _handler);
}
