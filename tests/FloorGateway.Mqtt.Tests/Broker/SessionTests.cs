using System.Text;
using FloorGateway.Mqtt.Broker;
using FloorGateway.Mqtt.Client;
using FloorGateway.Mqtt.Codec;
using FloorGateway.Mqtt.Packets;
using FloorGateway.TestKit;

namespace FloorGateway.Mqtt.Tests.Broker;

public sealed class SessionTests
{
    private readonly ManualTimeProvider _time = new();

    [Fact]
    public async Task A_session_keeps_qos_1_messages_until_it_expires()
    {
        await using var harness = new Harness(time: _time);
        await LeaveAsync(harness, expiry: 100);
        harness.Broker.Publish("t", "kept"u8);
        harness.Broker.Publish("t", "dropped"u8, new MqttPublishOptions { Qos = MqttQos.AtMostOnce });
        _time.Advance(TimeSpan.FromSeconds(99));
        var back = new RawPeer(harness.Open());
        Assert.True((await back.ConnectAsync(Connect(100))).SessionPresent);
        Assert.Equal("kept", (await back.NextPublishAsync()).Payload);
    }

    [Fact]
    public async Task A_session_that_expired_is_gone_with_its_messages_and_subscriptions()
    {
        await using var harness = new Harness(time: _time);
        await LeaveAsync(harness, expiry: 100);
        harness.Broker.Publish("t", "late"u8);
        Assert.Equal(1, harness.Broker.GetStatistics().LiveMessages);
        _time.Advance(TimeSpan.FromSeconds(100));
        var statistics = harness.Broker.GetStatistics();
        Assert.Equal((0, 0, 0L), (statistics.Sessions, statistics.Subscriptions, statistics.LiveMessages));
        Assert.False((await new RawPeer(harness.Open()).ConnectAsync(Connect(100))).SessionPresent);
    }

    [Fact]
    public async Task A_clean_start_ends_the_earlier_session()
    {
        await using var harness = new Harness(time: _time);
        await LeaveAsync(harness, expiry: 100);
        Assert.False((await new RawPeer(harness.Open()).ConnectAsync(Connect(100) with { CleanStart = true })).SessionPresent);
        Assert.Equal(0, harness.Broker.Publish("t", "x"u8));
    }

    [Fact]
    public async Task A_session_asked_for_longer_than_allowed_is_told_how_long_it_lives()
    {
        await using var harness = new Harness(new MqttBrokerOptions { MaximumSessionExpiry = TimeSpan.FromMinutes(1) }, _time);
        Assert.Equal(60u, (await new RawPeer(harness.Open()).ConnectAsync(Connect(uint.MaxValue))).SessionExpiryInterval);
    }

    [Fact]
    public async Task A_second_connection_takes_the_session_over()
    {
        await using var harness = new Harness(time: _time);
        var first = new RawPeer(harness.Open());
        await first.ConnectAsync(Connect(100));
        await first.SubscribeAsync(new MqttSubscription("t"));
        var second = new RawPeer(harness.Open());
        Assert.True((await second.ConnectAsync(Connect(100))).SessionPresent);
        Assert.Equal(MqttReasonCode.SessionTakenOver, await first.NextDisconnectAsync());
        harness.Broker.Publish("t", "x"u8);
        Assert.Equal("x", (await second.NextPublishAsync()).Payload);
    }

    [Fact]
    public async Task Unacknowledged_messages_come_again_marked_as_duplicates_in_order()
    {
        await using var harness = new Harness(time: _time);
        var first = new RawPeer(harness.Open());
        await first.ConnectAsync(Connect(100));
        await first.SubscribeAsync(new MqttSubscription("t"));
        var ids = new List<ushort>();
        for (var i = 0; i < 3; i++)
        {
            harness.Broker.Publish("t", Encoding.UTF8.GetBytes($"{i}"));
            ids.Add((await first.NextPublishAsync()).Id);
        }

        await first.SendAsync(o => new AckPacket(ids[1], 0).Write(o, MqttPacketType.PubAck, MqttProtocolVersion.V5));
        await first.SendAsync(0xC0, 0); // answered once the acknowledgement is in
        Assert.Equal(0xD0, (await first.NextAsync()).Header);
        await first.Connection.DisposeAsync();

        var second = new RawPeer(harness.Open());
        await second.ConnectAsync(Connect(100));
        var one = await second.NextPublishAsync();
        var two = await second.NextPublishAsync();
        Assert.Equal(("0", ids[0], "2", ids[2]), (one.Payload, one.Id, two.Payload, two.Id));
        Assert.Equal(PublishPacket.DuplicateFlag, one.Flags & two.Flags & PublishPacket.DuplicateFlag);
    }

    [Fact]
    public async Task The_clients_receive_maximum_is_honoured()
    {
        await using var harness = new Harness(time: _time);
        var peer = new RawPeer(harness.Open());
        await peer.ConnectAsync(Connect(0) with { ReceiveMaximum = 2 });
        await peer.SubscribeAsync(new MqttSubscription("t"));
        for (var i = 0; i < 5; i++)
            harness.Broker.Publish("t", Encoding.UTF8.GetBytes($"{i}"));
        var first = await peer.NextPublishAsync();
        await peer.NextPublishAsync();
        await peer.SendAsync(0xC0, 0);
        Assert.Equal(0xD0, (await peer.NextAsync()).Header); // and no third message before it
        await peer.SendAsync(o => new AckPacket(first.Id, 0).Write(o, MqttPacketType.PubAck, MqttProtocolVersion.V5));
        Assert.Equal("2", (await peer.NextPublishAsync()).Payload);
    }

    [Fact]
    public async Task A_message_too_large_for_the_client_is_left_out()
    {
        await using var harness = new Harness(time: _time);
        var peer = new RawPeer(harness.Open());
        await peer.ConnectAsync(Connect(0) with { MaximumPacketSize = 100 });
        await peer.SubscribeAsync(new MqttSubscription("t"));
        harness.Broker.Publish("t", new byte[200]);
        harness.Broker.Publish("t", "small"u8);
        Assert.Equal("small", (await peer.NextPublishAsync()).Payload);
    }

    [Fact]
    public async Task Expired_messages_are_not_delivered_and_the_rest_say_what_is_left()
    {
        await using var harness = new Harness(time: _time);
        await LeaveAsync(harness, expiry: 1000);
        MqttPublishOptions Expiring(uint seconds) => new() { Properties = new MqttPublishProperties { MessageExpiryInterval = seconds } };
        harness.Broker.Publish("t", "short"u8, Expiring(10));
        harness.Broker.Publish("t", "long"u8, Expiring(100));
        _time.Advance(TimeSpan.FromSeconds(30));
        var peer = new RawPeer(harness.Open());
        await peer.ConnectAsync(Connect(1000));
        var message = await peer.NextPublishAsync();
        Assert.Equal(("long", (uint?)70), (message.Payload, message.Expiry));
        Assert.Equal(1, harness.Broker.GetStatistics().MessagesExpired);
    }

    [Fact]
    public async Task A_client_that_does_not_keep_up_is_sent_away_and_its_session_keeps_what_it_holds()
    {
        await using var harness = new Harness(new MqttBrokerOptions { MaximumQueuedMessages = 10, MaximumInFlight = 4 }, _time);
        var peer = new RawPeer(harness.Open());
        await peer.ConnectAsync(Connect(100));
        await peer.SubscribeAsync(new MqttSubscription("t"));
        for (var i = 0; i < 4; i++)
        {
            harness.Broker.Publish("t", Encoding.UTF8.GetBytes($"{i}"));
            await peer.NextPublishAsync(); // read, never acknowledged
        }

        for (var i = 4; i < 15; i++)
            harness.Broker.Publish("t", Encoding.UTF8.GetBytes($"{i}"));
        Assert.Equal(MqttReasonCode.QuotaExceeded, await peer.NextDisconnectAsync());
        var statistics = harness.Broker.GetStatistics();
        Assert.Equal((1L, 1L, 14L), (statistics.SlowConsumersDisconnected, statistics.MessagesDropped, statistics.LiveMessages));
    }

    [Fact]
    public async Task Drop_oldest_keeps_the_newest_messages()
    {
        await using var harness = new Harness(new MqttBrokerOptions { MaximumQueuedMessages = 3, SlowConsumer = MqttSlowConsumerPolicy.DropOldest }, _time);
        await LeaveAsync(harness, expiry: 100);
        for (var i = 0; i < 10; i++)
            harness.Broker.Publish("t", Encoding.UTF8.GetBytes($"{i}"));
        var peer = new RawPeer(harness.Open());
        await peer.ConnectAsync(Connect(100));
        Assert.Equal("7", (await peer.NextPublishAsync()).Payload);
        Assert.Equal(7, harness.Broker.GetStatistics().MessagesDropped);
    }

    [Fact]
    public async Task A_silent_client_is_sent_away_after_one_and_a_half_keep_alive_periods()
    {
        await using var harness = new Harness(time: _time);
        var peer = new RawPeer(harness.Open());
        await peer.ConnectAsync(Connect(0) with { KeepAlive = 10 });
        await peer.SendAsync(0xC0, 0);
        Assert.Equal(0xD0, (await peer.NextAsync()).Header);
        _time.Advance(TimeSpan.FromSeconds(15));
        Assert.Equal(MqttReasonCode.KeepAliveTimeout, await peer.NextDisconnectAsync());
    }

    [Fact]
    public async Task A_keep_alive_longer_than_allowed_is_overridden()
    {
        await using var harness = new Harness(new MqttBrokerOptions { MaximumKeepAlive = TimeSpan.FromSeconds(30) }, _time);
        Assert.Equal((ushort)30, (await new RawPeer(harness.Open()).ConnectAsync(Connect(0))).ServerKeepAlive);
    }

    [Fact]
    public async Task Every_buffer_comes_back()
    {
        await using var harness = new Harness();
        var clients = new List<MqttClient>();
        var received = 0;
        for (var i = 0; i < 4; i++)
        {
            var client = await harness.ConnectedAsync($"c{i}");
            clients.Add(client);
            await client.SubscribeAsync(new MqttSubscription(i % 2 == 0 ? "#" : "$share/g/t/+", (MqttQos)(i % 3)), (_, _) =>
            {
                Interlocked.Increment(ref received);
                return default;
            });
        }

        await Task.WhenAll(clients.Select(async (client, n) =>
        {
            var batch = new MqttPublishBatch();
            for (var i = 0; i < 2000; i++)
                batch.Add(Encoding.UTF8.GetBytes($"t/{i % 7}"), [1, 2, 3], (MqttQos)(i % 3), retain: i % 50 == 0);
            Assert.Equal(0, await client.PublishAsync(batch));
        }));
        foreach (var client in clients)
            await client.StopAsync(Harness.Patience);
        await harness.Broker.DisposeAsync();
        Assert.Equal(0, harness.Broker.GetStatistics().LiveMessages);
        Assert.True(received > 8000);
    }

    private static ConnectPacket Connect(uint expiry) => new() { ClientId = "raw", CleanStart = false, SessionExpiryInterval = expiry };

    // A client subscribes to "t" with QoS 1 and goes, and its session stays.
    private static async Task LeaveAsync(Harness harness, uint expiry)
    {
        var peer = new RawPeer(harness.Open());
        await peer.ConnectAsync(Connect(expiry));
        await peer.SubscribeAsync(new MqttSubscription("t"));
        await peer.SendAsync(o => new DisconnectPacket().Write(o, MqttProtocolVersion.V5));
        Assert.True(await peer.ClosedAsync());
        await Eventually.TrueAsync(() => harness.Broker.GetStatistics().Connections == 0);
    }
}
