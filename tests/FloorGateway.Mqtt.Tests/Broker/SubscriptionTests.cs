using System.Text;
using FloorGateway.Mqtt.Codec;
using FloorGateway.Mqtt.Packets;
using FloorGateway.TestKit;

namespace FloorGateway.Mqtt.Tests.Broker;

public sealed class SubscriptionTests
{
    [Fact]
    public async Task Retained_values_come_at_once_with_the_flag_and_later_ones_without()
    {
        await using var harness = new Harness();
        harness.Broker.Publish("a/1", "old"u8, Retained);
        harness.Broker.Publish("a/1", "new"u8, Retained);
        harness.Broker.Publish("b/1", "other"u8, Retained);
        var peer = await ConnectedAsync(harness);
        await peer.SubscribeAsync(new MqttSubscription("a/#"));
        var message = await peer.NextPublishAsync();
        Assert.Equal(("new", PublishPacket.RetainFlag), (message.Payload, message.Flags & PublishPacket.RetainFlag));
        harness.Broker.Publish("a/1", "live"u8, Retained);
        message = await peer.NextPublishAsync();
        Assert.Equal(("live", 0), (message.Payload, message.Flags & PublishPacket.RetainFlag));
    }

    [Fact]
    public async Task An_empty_retained_payload_clears_the_topic()
    {
        await using var harness = new Harness();
        harness.Broker.Publish("a", "x"u8, Retained);
        harness.Broker.Publish("a", default, Retained);
        Assert.Equal((0, 0L), (harness.Broker.GetStatistics().RetainedMessages, harness.Broker.GetStatistics().LiveMessages));
    }

    [Theory]
    [InlineData(MqttRetainHandling.SendAtSubscribe, 2)]
    [InlineData(MqttRetainHandling.SendIfNew, 1)]
    [InlineData(MqttRetainHandling.DoNotSend, 0)]
    public async Task Retain_handling_says_when_retained_messages_come(MqttRetainHandling handling, int expected)
    {
        await using var harness = new Harness();
        harness.Broker.Publish("a", "x"u8, Retained);
        var peer = await ConnectedAsync(harness);
        var got = 0;
        for (var round = 0; round < 2; round++)
        {
            await peer.SendAsync(o => new SubscribePacket { PacketId = 1, Subscriptions = [new MqttSubscription("a", MqttQos.AtMostOnce) { RetainHandling = handling }] }.Write(o, MqttProtocolVersion.V5));
            await peer.SendAsync(0xC0, 0);
            byte header;
            while ((header = (await peer.NextAsync()).Header) != 0xD0)
                got += header >> 4 == (int)MqttPacketType.Publish ? 1 : 0;
        }

        // What was queued with the last answer may follow it.
        await peer.SendAsync(0xC0, 0);
        byte last;
        while ((last = (await peer.NextAsync()).Header) != 0xD0)
            got += last >> 4 == (int)MqttPacketType.Publish ? 1 : 0;
        Assert.Equal(expected, got);
    }

    [Fact]
    public async Task No_local_keeps_a_clients_own_messages_from_it()
    {
        await using var harness = new Harness();
        var peer = await ConnectedAsync(harness);
        await peer.SubscribeAsync(new MqttSubscription("a", MqttQos.AtMostOnce) { NoLocal = true });
        await peer.PublishAsync("a", "own");
        await peer.SendAsync(0xC0, 0);
        Assert.Equal(0xD0, (await peer.NextAsync()).Header);
        harness.Broker.Publish("a", "other"u8);
        Assert.Equal("other", (await peer.NextPublishAsync()).Payload);
    }

    [Fact]
    public async Task Retain_as_published_keeps_the_flag()
    {
        await using var harness = new Harness();
        var peer = await ConnectedAsync(harness);
        await peer.SubscribeAsync(new MqttSubscription("a") { RetainAsPublished = true });
        harness.Broker.Publish("a", "x"u8, Retained);
        Assert.Equal(PublishPacket.RetainFlag, (await peer.NextPublishAsync()).Flags & PublishPacket.RetainFlag);
    }

    [Fact]
    public async Task Overlapping_subscriptions_give_one_message_with_the_highest_qos_and_all_identifiers()
    {
        await using var harness = new Harness();
        var peer = await ConnectedAsync(harness);
        await peer.SubscribeAsync(new MqttSubscription("a/#", MqttQos.AtMostOnce), 300);
        await peer.SubscribeAsync(new MqttSubscription("a/+", MqttQos.AtLeastOnce), 5);
        harness.Broker.Publish("a/b", "once"u8);
        var (header, body) = await peer.NextAsync();
        Assert.True(PublishPacket.TryRead((byte)(header & 15), body, MqttProtocolVersion.V5, MqttLimits.Default, out var packet, out _));
        Assert.Equal(MqttQos.AtLeastOnce, packet.Qos);
        var ids = new List<uint>();
        foreach (var property in packet.Properties)
        {
            if (property.Id == MqttPropertyId.SubscriptionIdentifier)
                ids.Add(MqttProperties.ToNumber(property.Id, property.Value));
        }

        Assert.Equal([5u, 300u], ids.Order());
        await peer.SendAsync(0xC0, 0);
        Assert.Equal(0xD0, (await peer.NextAsync()).Header);
    }

    [Fact]
    public async Task Shared_subscriptions_take_turns_and_pass_over_members_that_are_away()
    {
        await using var harness = new Harness();
        var one = await ConnectedAsync(harness, "one");
        var two = await ConnectedAsync(harness, "two", expiry: 100);
        await one.SubscribeAsync(new MqttSubscription("$share/g/a/+"));
        await two.SubscribeAsync(new MqttSubscription("$share/g/a/+"));
        for (var i = 0; i < 4; i++)
            Assert.Equal(1, harness.Broker.Publish("a/b", Encoding.UTF8.GetBytes($"{i}")));
        string[] got = [(await one.NextPublishAsync()).Payload, (await one.NextPublishAsync()).Payload, (await two.NextPublishAsync()).Payload, (await two.NextPublishAsync()).Payload];
        Assert.Equal(["0", "1", "2", "3"], got.Order());

        await two.Connection.DisposeAsync();
        await Eventually.TrueAsync(() => harness.Broker.GetStatistics().Connections == 1);
        for (var i = 4; i < 7; i++)
        {
            harness.Broker.Publish("a/b", Encoding.UTF8.GetBytes($"{i}"));
            Assert.Equal($"{i}", (await one.NextPublishAsync()).Payload);
        }
    }

    [Fact]
    public async Task Unsubscribing_ends_delivery_and_says_when_there_was_nothing()
    {
        await using var harness = new Harness();
        var client = await harness.ConnectedAsync("c");
        var collector = new Collector();
        await client.SubscribeAsync(new MqttSubscription("a"), collector.Take);
        Assert.Equal([MqttReasonCode.Success, MqttReasonCode.NoSubscriptionExisted], await client.UnsubscribeAsync(["a", "b"]));
        Assert.Equal(0, harness.Broker.Publish("a", "x"u8));
    }

    [Fact]
    public async Task Topic_aliases_are_resolved()
    {
        await using var harness = new Harness();
        var seen = new List<string>();
        harness.Broker.Subscribe("#", m => seen.Add($"{m.Topic}={Encoding.UTF8.GetString(m.Payload.Span)}"));
        var peer = await ConnectedAsync(harness);
        await peer.PublishAsync("a", "1", properties: [0x23, 0, 1]);
        await peer.PublishAsync("", "2", properties: [0x23, 0, 1]);
        await peer.PublishAsync("b", "3", properties: [0x23, 0, 1]);
        await peer.PublishAsync("", "4", properties: [0x23, 0, 1]);
        await peer.SendAsync(0xC0, 0);
        Assert.Equal(0xD0, (await peer.NextAsync()).Header);
        Assert.Equal(["a=1", "a=2", "b=3", "b=4"], seen);
    }

    [Fact]
    public async Task A_subscription_inside_the_process_gets_retained_and_live_messages_until_disposed()
    {
        await using var harness = new Harness();
        harness.Broker.Publish("a/1", "kept"u8, Retained);
        var seen = new List<string>();
        var subscription = harness.Broker.Subscribe("a/+", m => seen.Add($"{Encoding.UTF8.GetString(m.Payload.Span)} {m.Retain}"));
        harness.Broker.Publish("a/2", "live"u8);
        subscription.Dispose();
        harness.Broker.Publish("a/2", "after"u8);
        Assert.Equal(["kept True", "live False"], seen);
    }

    private static MqttPublishOptions Retained { get; } = new() { Retain = true };

    private static async Task<RawPeer> ConnectedAsync(Harness harness, string id = "raw", uint expiry = 0)
    {
        var peer = new RawPeer(harness.Open());
        await peer.ConnectAsync(new ConnectPacket { ClientId = id, SessionExpiryInterval = expiry });
        return peer;
    }
}
