using FloorGateway.OpcUa.Client;
using FloorGateway.OpcUa.Client.Subscriptions;
using FloorGateway.OpcUa.Server;
using FloorGateway.OpcUa.Types;
using Microsoft.Extensions.Logging.Abstractions;
using UserIdentity = FloorGateway.OpcUa.Client.UserIdentity;

namespace FloorGateway.OpcUa.Tests.Client;

/// <summary>Items spread over several subscriptions of one session, on servers that take little.</summary>
public sealed class SpreadTests
{
    private readonly RecordingHandler _handler = new();

    [Fact]
    public async Task Items_are_spread_as_the_servers_limits_say()
    {
        await using var server = await PlainServer.StartAsync(25, new ServerLimits { MaxMonitoredItemsPerSubscription = 10 });
        await using var subscription = Start(server, server.Items(25));
        await ReceiveEachAsync(server, 25);
        Assert.Equal(3, server.Server.SubscriptionCount);
        Assert.Equal(1, server.Server.SessionCount);
    }

    [Fact]
    public async Task Items_beyond_a_limit_that_the_server_does_not_tell_get_another_subscription()
    {
        await using var server = await PlainServer.StartAsync(25, new ServerLimits { MaxMonitoredItemsPerSubscription = 10 });
        server.HideLimits();
        await using var subscription = Start(server, server.Items(25));
        await ReceiveEachAsync(server, 25);
        Assert.Equal(3, server.Server.SubscriptionCount);
    }

    [Fact]
    public async Task Items_join_living_subscriptions_where_the_server_takes_no_more_of_them()
    {
        await using var server = await PlainServer.StartAsync(25, new ServerLimits { MaxSubscriptionsPerSession = 2 });
        server.HideLimits();
        await using var subscription = Start(server, server.Items(25), PlainServer.Fast with { Server = new ServerProfile { MaxItemsPerSubscription = 5 } });
        await ReceiveEachAsync(server, 25);
        Assert.Equal(2, server.Server.SubscriptionCount);
    }

    [Fact]
    public async Task Items_that_a_full_server_does_not_take_are_named_and_the_others_report()
    {
        await using var server = await PlainServer.StartAsync(25, new ServerLimits { MaxMonitoredItems = 20, MaxSubscriptionsPerSession = 3 });
        server.HideLimits();
        await using var subscription = Start(server, server.Items(25));
        await _handler.ExpectAsync("item 20 BadTooManyMonitoredItems", "item 21 BadTooManyMonitoredItems", "item 22 BadTooManyMonitoredItems", "item 23 BadTooManyMonitoredItems", "item 24 BadTooManyMonitoredItems", "running");
        await ReceiveEachAsync(server, 20, first: false);
    }

    [Fact]
    public async Task Items_of_one_publishing_interval_share_a_subscription()
    {
        await using var server = await PlainServer.StartAsync(9);
        var items = server.Items(9).Select((item, i) => item with { PublishingInterval = TimeSpan.FromMilliseconds(20 * (1 + (i % 3))) }).ToList();
        await using var subscription = Start(server, items);
        await ReceiveEachAsync(server, 9);
        Assert.Equal(3, server.Server.SubscriptionCount);
    }

    [Fact]
    public async Task Every_subscription_goes_on_over_a_lost_connection_and_a_lost_session_loses_nothing()
    {
        await using var server = await PlainServer.StartAsync(25, new ServerLimits { MaxMonitoredItemsPerSubscription = 10 });
        await using var subscription = Start(server, server.Items(25));
        await ReceiveEachAsync(server, 25);
        server.Server.DropConnections();
        await ReceiveEachAsync(server, 25, 1000);
        Assert.Equal(3, server.Server.SubscriptionCount);
        Assert.Null(_handler.LastGap);
    }

    [Fact]
    public async Task A_restarted_server_gets_all_subscriptions_anew_and_one_gap_is_told()
    {
        await using var server = await PlainServer.StartAsync(25, new ServerLimits { MaxMonitoredItemsPerSubscription = 10 });
        await using var subscription = Start(server, server.Items(25));
        await ReceiveEachAsync(server, 25);
        await server.RestartAsync(25);
        await _handler.ExpectAsync("gap", "running");
        Assert.Null(_handler.LastGap!.ClientHandles);
        await ReceiveEachAsync(server, 25, first: false);
    }

    [Fact]
    public async Task A_subscription_that_dies_silently_is_made_anew_and_the_gap_names_its_items_alone()
    {
        await using var server = await PlainServer.StartAsync(20, new ServerLimits { MaxMonitoredItemsPerSubscription = 10 });
        var settings = PlainServer.Fast with { KeepAliveInterval = TimeSpan.FromMilliseconds(100) };
        await using var subscription = ResilientSubscription.Start(server.Options with { RequestTimeout = TimeSpan.FromSeconds(1) }, settings, server.Items(20), _handler);
        await ReceiveEachAsync(server, 20);
        var victim = _handler.Checkpoint!.Subscriptions[1];
        await subscription.Client!.DeleteSubscriptionsAsync([victim.SubscriptionId]);
        await _handler.ExpectAsync("gap");
        Assert.Equal(Enumerable.Range(10, 10).Select(i => (uint)i), _handler.LastGap!.ClientHandles);
        Assert.Contains("silent", _handler.LastGap.Cause, StringComparison.Ordinal);
        while (await _handler.NextAsync() != "running")
        {
        }

        await ReceiveEachAsync(server, 20, 500, first: false, skipZeros: true);
        Assert.Equal(2, server.Server.SubscriptionCount);
    }

    [Fact]
    public async Task Every_subscription_is_taken_over_by_a_later_run()
    {
        await using var server = await PlainServer.StartAsync(25, new ServerLimits { MaxMonitoredItemsPerSubscription = 10 });
        var first = Start(server, server.Items(25), PlainServer.Fast with { KeepOnStop = true });
        _handler.Subscription = first;
        await ReceiveEachAsync(server, 25);
        await first.DisposeAsync();
        Assert.Equal(0, server.Server.SessionCount);
        for (var i = 0; i < 25; i++)
        {
            server.Variables[i].SetValue(2000.0 + i);
        }

        var second = new RecordingHandler();
        await using var subscription = ResilientSubscription.Start(server.Options, PlainServer.Fast, server.Items(25), second, _handler.Checkpoint);
        var received = new HashSet<string>();
        while (received.Count < 25)
        {
            var next = await second.NextAsync();
            if (next != "running")
            {
                Assert.True(received.Add(next), next);
            }
        }

        Assert.Equal(Enumerable.Range(2000, 25).Select(i => $"{i}").Order(), received.Order());
        Assert.Null(second.LastGap);
        Assert.Null(second.TakenOver!.Value.Items);
        Assert.Equal(3, server.Server.SubscriptionCount);
    }

    [Fact]
    public async Task An_added_item_costs_the_subscriptions_of_an_earlier_run_nothing()
    {
        await using var server = await PlainServer.StartAsync(26, new ServerLimits { MaxMonitoredItemsPerSubscription = 10 });
        var first = Start(server, server.Items(20), PlainServer.Fast with { KeepOnStop = true });
        _handler.Subscription = first;
        await ReceiveEachAsync(server, 20);
        await first.DisposeAsync();
        var second = new RecordingHandler();
        await using var subscription = ResilientSubscription.Start(server.Options, PlainServer.Fast, server.Items(21), second, _handler.Checkpoint);
        await second.ExpectAsync("running", "0");
        Assert.Equal(20, second.TakenOver!.Value.Items);
        Assert.Null(second.LastGap);
        Assert.Equal(3, server.Server.SubscriptionCount);
    }

    [Fact]
    public async Task A_failed_login_leaves_no_session_behind()
    {
        await using var server = await PlainServer.StartAsync(1);
        var options = server.Options with { User = UserIdentity.UserName("nobody", "wrong"), AllowPlainTextPassword = true };
        await Assert.ThrowsAnyAsync<Exception>(() => UaClient.ConnectAsync(options, null, NullLoggerFactory.Instance));
        Assert.Equal(0, server.Server.SessionCount);
    }

    private ResilientSubscription Start(PlainServer server, IReadOnlyList<MonitoredItemSettings> items, SubscriptionSettings? settings = null) =>
        ResilientSubscription.Start(server.Options, settings ?? PlainServer.Fast, items, _handler);

    /// <summary>First values, then a change of each variable: each comes once.</summary>
    private async Task ReceiveEachAsync(PlainServer server, int count, int offset = 100, bool first = true, bool skipZeros = false)
    {
        if (first && offset == 100)
        {
            await ReceiveAsync(count, Enumerable.Repeat("0", count));
        }
        else if (!first && !skipZeros)
        {
            await ReceiveAsync(count, Enumerable.Repeat("0", count));
        }

        for (var i = 0; i < count; i++)
        {
            server.Variables[i].SetValue((double)offset + i);
        }

        await ReceiveAsync(count, Enumerable.Range(offset, count).Select(i => $"{i}"), skipZeros ? 100 + count : 0);
    }

    private async Task ReceiveAsync(int count, IEnumerable<string> expected, int ignoreBelow = 0)
    {
        List<string> received = [];
        while (received.Count < count)
        {
            var next = await _handler.NextAsync();
            if (next is "running" or "gap" || (ignoreBelow > 0 && double.Parse(next.Replace("again ", "", StringComparison.Ordinal)) < ignoreBelow))
            {
                continue;
            }

            received.Add(next.Replace("again ", "", StringComparison.Ordinal));
        }

        Assert.Equal(expected.Order(), received.Order());
    }
}
