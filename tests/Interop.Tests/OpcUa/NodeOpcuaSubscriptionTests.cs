using FloorGateway.Net.Transport;
using FloorGateway.OpcUa.Client;
using FloorGateway.OpcUa.Client.Subscriptions;
using FloorGateway.OpcUa.Types;
using FloorGateway.Simulators.Faults;

namespace Interop.Tests.OpcUa;

/// <summary>Our subscription against a node-opcua server that is killed, and over a link that is cut.</summary>
public sealed class NodeOpcuaSubscriptionTests : IAsyncLifetime
{
    private const int ChannelRenewed = 1101;
    private readonly Zoo zoo = new() { TokenLifetimeMs = 8000 };
    private readonly ReceivedValues received = new();

    public async ValueTask InitializeAsync() => await zoo.InitializeAsync();

    public ValueTask DisposeAsync() => zoo.DisposeAsync();

    [Theory]
    [InlineData("None", MessageSecurityMode.None)]
    [InlineData("Basic256Sha256", MessageSecurityMode.Sign)]
    [InlineData("Basic256Sha256", MessageSecurityMode.SignAndEncrypt)]
    public async Task Every_change_is_received_once_and_in_order(string policy, MessageSecurityMode mode)
    {
        await using var subscription = Subscribe(zoo.Options(policy, mode));
        await received.UntilValueAsync(0);
        await ProduceAsync(500);
        await received.UntilValueAsync(500);
        Assert.Equal(Enumerable.Range(0, 501).Select(i => (double)i), received.Values);
        Assert.Equal(0, received.Overflows);
        Assert.Empty(received.Gaps);
    }

    [Fact]
    public async Task Items_that_do_not_exist_are_named_and_hold_back_nobody()
    {
        MonitoredItemSettings[] items =
        [
            .. Enumerable.Range(0, 30).Select(i => new MonitoredItemSettings((uint)(100 + i), new ExpandedNodeId(new NodeId(0, $"NoSuchCage{i}"), "http://zoo.example/UA/"))),
            Counter,
        ];
        await using var subscription = Subscribe(zoo.Options(), items);
        await received.UntilValueAsync(0);
        Assert.Equal(Enumerable.Range(100, 30).Select(i => $"{i} BadNodeIdUnknown"), received.Refusals);
    }

    [Theory]
    [InlineData("None", MessageSecurityMode.None)]
    [InlineData("Basic256Sha256", MessageSecurityMode.SignAndEncrypt)]
    public async Task The_channel_is_renewed_without_losing_a_change(string policy, MessageSecurityMode mode)
    {
        using var log = new CollectedLog();
        await using var subscription = ResilientSubscription.Start(zoo.Options(policy, mode), Fast, [Counter], received, loggers: log);
        await received.UntilValueAsync(0);
        var produced = 0;
        while (log.Count(ChannelRenewed) == 0)
        {
            await ProduceAsync(100);
            produced += 100;
            await received.UntilValueAsync(produced);
        }

        await ProduceAsync(100);
        produced += 100;
        await received.UntilValueAsync(produced);
        Assert.Equal(Enumerable.Range(0, produced + 1).Select(i => (double)i), received.Values);
        Assert.Empty(received.Gaps);
        Assert.Equal(0, received.Resent);
    }

    [Fact]
    public async Task A_cut_link_loses_nothing()
    {
        await using var relay = new TcpFaultProxy(zoo.Port);
        using var connector = new TcpConnector();
        await using var subscription = Subscribe(zoo.Options("Basic256Sha256", MessageSecurityMode.SignAndEncrypt) with
        {
            Connect = cancel => connector.ConnectAsync("127.0.0.1", relay.Port, cancel),
        });
        await received.UntilValueAsync(0);
        for (var round = 1; round <= 3; round++)
        {
            await ProduceAsync(100);
            relay.Cut();
            await ProduceAsync(100);
            await received.UntilLostAsync();
            relay.Mend();
            await ProduceAsync(100);
            await received.UntilValueAsync(round * 300);
        }

        Assert.Equal(Enumerable.Range(0, 901).Select(i => (double)i), received.Values);
        Assert.Empty(received.Gaps);
        Assert.InRange(received.Resent, 0, 3);
        Assert.True(relay.Connections >= 4, $"{relay.Connections} connections");
    }

    [Fact]
    public async Task A_killed_server_is_found_again_and_the_gap_is_told()
    {
        await using var subscription = Subscribe(zoo.Options("Basic256Sha256", MessageSecurityMode.SignAndEncrypt));
        await received.UntilValueAsync(0);
        await ProduceAsync(200);
        await received.UntilValueAsync(200);
        await zoo.Server.KillAsync();
        await received.UntilLostAsync();
        Assert.Empty(received.Gaps);

        // The counter begins anew; the first value is 0 again.
        await zoo.StartAsync();
        await received.UntilRunningAsync();
        await ProduceAsync(300);
        await received.UntilValueAsync(300);
        var gap = Assert.Single(received.Gaps);
        Assert.Equal([201], received.GapsAt);
        Assert.True(gap.From < gap.To, $"{gap.From:O} to {gap.To:O}");
        Assert.NotEqual("", gap.Cause);
        Assert.Equal(Enumerable.Range(0, 201).Concat(Enumerable.Range(0, 301)).Select(i => (double)i), received.Values);
    }

    private static MonitoredItemSettings Counter { get; } = new(1, new ExpandedNodeId(new NodeId(0, "Counter"), "http://zoo.example/UA/")) { SamplingIntervalMs = 0, QueueSize = 1000 };

    private static SubscriptionSettings Fast { get; } = new() { PublishingInterval = TimeSpan.FromMilliseconds(50), KeepAliveInterval = TimeSpan.FromSeconds(2) };

    private ResilientSubscription Subscribe(UaClientOptions options, params MonitoredItemSettings[] items) => ResilientSubscription.Start(
        options,
        Fast,
        items is [] ? [Counter] : items,
        received);

    private async Task ProduceAsync(int count) => await zoo.Server.AskAsync("produce", new { count });
}
