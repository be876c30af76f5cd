using System.Net;
using FloorGateway.Mqtt.Broker;
using FloorGateway.Mqtt.Codec;
using FloorGateway.Mqtt.Packets;

namespace FloorGateway.Mqtt.Tests.Broker;

public sealed class AccessTests
{
    [Fact]
    public async Task Anonymous_clients_are_refused_once_users_are_known()
    {
        await using var harness = new Harness(new MqttBrokerOptions { Authenticator = new Users() });
        Assert.Equal(MqttReasonCode.BadUserNameOrPassword, (await new RawPeer(harness.Open()).ConnectAsync(new ConnectPacket())).Reason);
        Assert.Equal(MqttReasonCode.BadUserNameOrPassword, (await new RawPeer(harness.Open()).ConnectAsync(new ConnectPacket { UserName = "op", Password = [1] })).Reason);
        Assert.Equal(MqttReasonCode.Success, (await new RawPeer(harness.Open()).ConnectAsync(new ConnectPacket { UserName = "op", Password = "pw"u8.ToArray() })).Reason);
    }

    [Fact]
    public async Task Anonymous_clients_beyond_loopback_need_a_word_in_the_configuration()
    {
        await using var broker = new MqttBroker(new MqttBrokerOptions
        {
            Listeners =
            [
                new MqttListenerOptions { Address = IPAddress.Any, Port = 0 },
                new MqttListenerOptions { Address = IPAddress.Any, Port = 0, AllowAnonymous = true },
                new MqttListenerOptions { Port = 0 },
            ],
        });
        await broker.StartAsync();
        using var connector = new FloorGateway.Net.Transport.TcpConnector();
        MqttReasonCode[] expected = [MqttReasonCode.NotAuthorized, MqttReasonCode.Success, MqttReasonCode.Success];
        for (var i = 0; i < 3; i++)
        {
            await using var link = await connector.ConnectAsync("127.0.0.1", broker.EndPoints[i].Port, default);
            Assert.Equal(expected[i], (await new RawPeer(link).ConnectAsync(new ConnectPacket())).Reason);
        }
    }

    [Fact]
    public async Task An_authenticator_that_fails_lets_nobody_in()
    {
        await using var harness = new Harness(new MqttBrokerOptions { Authenticator = new Broken() });
        Assert.Equal(MqttReasonCode.UnspecifiedError, (await new RawPeer(harness.Open()).ConnectAsync(new ConnectPacket { UserName = "op" })).Reason);
    }

    [Fact]
    public async Task The_authorizer_refuses_by_topic_and_filter()
    {
        await using var harness = new Harness(new MqttBrokerOptions { Authorizer = new OwnTopics() });
        var client = await harness.ConnectedAsync("edge");
        Assert.Equal(MqttReasonCode.NoMatchingSubscribers, await client.PublishAsync("edge/x", default));
        Assert.Equal(MqttReasonCode.NotAuthorized, await client.PublishAsync("other/x", default));
        Assert.Equal(MqttReasonCode.NotAuthorized, await client.PublishAsync("other/x", default, new MqttPublishOptions { Qos = MqttQos.ExactlyOnce }));
        Assert.Equal(MqttReasonCode.NotAuthorized, await client.SubscribeAsync(new MqttSubscription("#"), (_, _) => default));
        Assert.Equal(MqttReasonCode.NotAuthorized, await client.SubscribeAsync(new MqttSubscription("$share/g/#"), (_, _) => default));
        Assert.Equal(MqttReasonCode.GrantedQos1, await client.SubscribeAsync(new MqttSubscription("edge/#"), (_, _) => default));
        Assert.Equal(2, harness.Broker.GetStatistics().MessagesRefused);
    }

    [Fact]
    public async Task A_will_the_client_may_not_publish_refuses_the_connection()
    {
        await using var harness = new Harness(new MqttBrokerOptions { Authorizer = new OwnTopics() });
        var ack = await new RawPeer(harness.Open()).ConnectAsync(new ConnectPacket { ClientId = "edge", Will = new MqttWill { Topic = "other" } });
        Assert.Equal(MqttReasonCode.NotAuthorized, ack.Reason);
    }

    [Fact]
    public async Task Clients_may_not_publish_system_topics()
    {
        await using var harness = new Harness();
        var client = await harness.ConnectedAsync("c");
        Assert.Equal(MqttReasonCode.NotAuthorized, await client.PublishAsync("$SYS/broker/uptime", default));
    }

    [Fact]
    public async Task Connections_over_the_limit_are_closed()
    {
        await using var harness = new Harness(new MqttBrokerOptions { MaximumConnections = 1 });
        await harness.ConnectedAsync("one");
        Assert.True(await new RawPeer(harness.Open()).ClosedAsync());
    }

    [Fact]
    public async Task Retained_messages_over_the_limit_are_refused()
    {
        await using var harness = new Harness(new MqttBrokerOptions { MaximumRetainedMessages = 2 });
        var client = await harness.ConnectedAsync("one");
        var retained = new MqttPublishOptions { Retain = true };
        for (var i = 0; i < 2; i++)
            Assert.Equal(MqttReasonCode.NoMatchingSubscribers, await client.PublishAsync($"r/{i}", new byte[1], retained));
        Assert.Equal(MqttReasonCode.QuotaExceeded, await client.PublishAsync("r/2", new byte[1], retained));
        Assert.Equal(MqttReasonCode.NoMatchingSubscribers, await client.PublishAsync("r/1", new byte[2], retained));
    }

    private sealed class Users : IMqttAuthenticator
    {
        public ValueTask<MqttReasonCode> AuthenticateAsync(MqttAuthenticationRequest request, CancellationToken cancel) => new(
            request.UserName == "op" && request.Password?.Span.SequenceEqual("pw"u8) == true ? MqttReasonCode.Success : MqttReasonCode.BadUserNameOrPassword);
    }

    private sealed class Broken : IMqttAuthenticator
    {
        public ValueTask<MqttReasonCode> AuthenticateAsync(MqttAuthenticationRequest request, CancellationToken cancel) => throw new InvalidOperationException("directory is down");
    }

    private sealed class OwnTopics : IMqttAuthorizer
    {
        public bool MayPublish(MqttClientIdentity client, ReadOnlySpan<byte> topic) => topic.StartsWith("edge/"u8);

        public bool MaySubscribe(MqttClientIdentity client, ReadOnlySpan<byte> filter) => filter.StartsWith("edge/"u8);
    }
}
