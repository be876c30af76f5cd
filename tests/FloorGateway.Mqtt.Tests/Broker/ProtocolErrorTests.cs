using FloorGateway.Mqtt.Broker;
using FloorGateway.Mqtt.Codec;
using FloorGateway.Mqtt.Packets;

namespace FloorGateway.Mqtt.Tests.Broker;

public sealed class ProtocolErrorTests
{
    [Fact]
    public async Task A_first_packet_other_than_connect_closes_without_an_answer()
    {
        await using var harness = new Harness();
        var peer = new RawPeer(harness.Open());
        await peer.SendAsync(0xC0, 0x00);
        Assert.True(await peer.ClosedAsync());
        Assert.Equal(1, harness.Broker.GetStatistics().ConnectionsRefused);
    }

    [Fact]
    public async Task An_unknown_protocol_version_is_told_so()
    {
        await using var harness = new Harness();
        var peer = new RawPeer(harness.Open());
        await peer.SendAsync([0x10, 0x0D, 0, 4, (byte)'M', (byte)'Q', (byte)'T', (byte)'T', 6, 2, 0, 0, 0, 1, (byte)'a']);
        Assert.Equal([0, 1], (await peer.NextAsync()).Body);
        Assert.True(await peer.ClosedAsync());
    }

    [Fact]
    public async Task A_second_connect_is_a_protocol_error()
    {
        await using var harness = new Harness();
        var peer = await ConnectedAsync(harness);
        await peer.SendAsync(o => new ConnectPacket { ClientId = "raw" }.Write(o));
        Assert.Equal(MqttReasonCode.ProtocolError, await peer.NextDisconnectAsync());
        Assert.True(await peer.ClosedAsync());
    }

    [Fact]
    public async Task A_packet_over_the_limit_is_refused_by_its_length_alone()
    {
        await using var harness = new Harness(new MqttBrokerOptions { Limits = new MqttLimits { MaximumPacketSize = 1000 } });
        var peer = await ConnectedAsync(harness);
        await peer.SendAsync(0x30, 0xE9, 0x07);
        Assert.Equal(MqttReasonCode.PacketTooLarge, await peer.NextDisconnectAsync());
    }

    [Fact]
    public async Task A_topic_alias_that_was_never_set_is_refused()
    {
        await using var harness = new Harness();
        var peer = await ConnectedAsync(harness);
        await peer.PublishAsync("", "x", properties: [0x23, 0, 7]);
        Assert.Equal(MqttReasonCode.TopicAliasInvalid, await peer.NextDisconnectAsync());
    }

    [Fact]
    public async Task A_topic_alias_over_the_maximum_is_refused()
    {
        await using var harness = new Harness(new MqttBrokerOptions { TopicAliasMaximum = 5 });
        var peer = await ConnectedAsync(harness);
        await peer.PublishAsync("t", "x", properties: [0x23, 0, 6]);
        Assert.Equal(MqttReasonCode.TopicAliasInvalid, await peer.NextDisconnectAsync());
    }

    [Fact]
    public async Task More_unreleased_qos_2_messages_than_the_receive_maximum_are_refused()
    {
        await using var harness = new Harness(new MqttBrokerOptions { ReceiveMaximum = 2 });
        var peer = new RawPeer(harness.Open());
        Assert.Equal((ushort)2, (await peer.ConnectAsync(new ConnectPacket { ClientId = "raw" })).ReceiveMaximum);
        for (ushort id = 1; id <= 3; id++)
            await peer.PublishAsync("t", "x", MqttQos.ExactlyOnce, id);
        while (true)
        {
            var (header, body) = await peer.NextAsync();
            if (header >> 4 == (int)MqttPacketType.PubRec)
                continue;
            Assert.Equal(MqttReasonCode.ReceiveMaximumExceeded, DisconnectPacket.TryRead(body, MqttProtocolVersion.V5, MqttLimits.Default, out _)!.Reason);
            break;
        }
    }

    [Fact]
    public async Task A_subscription_identifier_from_a_client_is_a_protocol_error()
    {
        await using var harness = new Harness();
        var peer = await ConnectedAsync(harness);
        await peer.PublishAsync("t", "x", properties: [0x0B, 1]);
        Assert.Equal(MqttReasonCode.ProtocolError, await peer.NextDisconnectAsync());
    }

    [Fact]
    public async Task Invalid_filters_are_refused_one_by_one()
    {
        await using var harness = new Harness();
        var peer = await ConnectedAsync(harness);
        await peer.SendAsync(o => new SubscribePacket { PacketId = 3, Subscriptions = [new("a/#/b"), new("a/#"), new("$share/g")] }.Write(o, MqttProtocolVersion.V5));
        var ack = SubAckPacket.TryRead(MqttPacketType.SubAck, (await peer.NextAsync()).Body, MqttProtocolVersion.V5, MqttLimits.Default, out _)!;
        Assert.Equal([MqttReasonCode.TopicFilterInvalid, MqttReasonCode.GrantedQos1, MqttReasonCode.TopicFilterInvalid], ack.Reasons);
    }

    [Fact]
    public async Task A_3_1_1_client_without_an_id_needs_a_clean_session()
    {
        await using var harness = new Harness();
        var peer = new RawPeer(harness.Open(), MqttProtocolVersion.V311);
        Assert.Equal(MqttReasonCode.ClientIdentifierNotValid, (await peer.ConnectAsync(new ConnectPacket { CleanStart = false })).Reason);
    }

    [Fact]
    public async Task A_client_without_an_id_gets_one()
    {
        await using var harness = new Harness();
        var peer = new RawPeer(harness.Open());
        Assert.StartsWith("auto-", (await peer.ConnectAsync(new ConnectPacket())).AssignedClientIdentifier);
    }

    [Fact]
    public async Task Enhanced_authentication_is_refused_as_such()
    {
        await using var harness = new Harness();
        var peer = new RawPeer(harness.Open());
        Assert.Equal(MqttReasonCode.BadAuthenticationMethod, (await peer.ConnectAsync(new ConnectPacket { AuthenticationMethod = "SCRAM" })).Reason);
    }

    [Fact]
    public async Task Noise_never_harms_the_broker()
    {
        await using var harness = new Harness();
        var random = new Random(7);
        for (var i = 0; i < 100; i++)
        {
            var peer = new RawPeer(harness.Open());
            if (i % 2 == 0)
                await peer.ConnectAsync(new ConnectPacket { ClientId = "noise" });
            var noise = new byte[random.Next(1, 200)];
            random.NextBytes(noise);
            await peer.SendAsync(noise);
            await peer.Connection.DisposeAsync();
        }

        var good = await harness.ConnectedAsync("good");
        Assert.Equal(MqttReasonCode.NoMatchingSubscribers, await good.PublishAsync("t", default));
    }

    [Fact]
    public async Task A_client_that_reads_its_answers_late_gets_them_all()
    {
        await using var harness = new Harness();
        var peer = await ConnectedAsync(harness);
        const int Pings = 200_000;
        var sending = Task.Run(async () =>
        {
            var chunk = new byte[2000];
            for (var i = 0; i < chunk.Length; i += 2)
                chunk[i] = 0xC0;
            for (var i = 0; i < Pings / 1000; i++)
                await peer.SendAsync(chunk);
        });
        for (var i = 0; i < Pings; i++)
            Assert.Equal(0xD0, (await peer.NextAsync()).Header);
        await sending;
    }

    private static async Task<RawPeer> ConnectedAsync(Harness harness)
    {
        var peer = new RawPeer(harness.Open());
        Assert.Equal(MqttReasonCode.Success, (await peer.ConnectAsync(new ConnectPacket { ClientId = "raw" })).Reason);
        return peer;
    }
}
