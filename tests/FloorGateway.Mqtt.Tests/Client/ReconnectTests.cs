using System.Net.Security;
using System.Text;
using FloorGateway.Mqtt.Broker;
using FloorGateway.Mqtt.Client;
using FloorGateway.Mqtt.Codec;
using FloorGateway.Mqtt.Packets;
using FloorGateway.Mqtt.Tests.Foreign;
using FloorGateway.Net.InMemory;
using FloorGateway.Net.Transport;
using FloorGateway.TestKit;

namespace FloorGateway.Mqtt.Tests.Client;

public sealed class ReconnectTests
{
    [Fact]
    public async Task Resends_unacknowledged_publish_after_reconnect()
    {
        var (client, servers) = Scripted();
        await using var owner = client;
        client.Start();
        var first = await servers.NextAsync();
        await first.AcceptAsync(sessionPresent: false);
        var publish = client.PublishAsync("t", "x"u8.ToArray());
        var message = await first.NextPublishAsync();
        Assert.Equal(0, message.Flags & PublishPacket.DuplicateFlag);
        first.Connection.Abort();

        var second = await servers.NextAsync();
        var connect = await second.AcceptAsync(sessionPresent: true);
        Assert.False(connect.CleanStart);
        var again = await second.NextPublishAsync();
        Assert.Equal((message.Id, "x", PublishPacket.DuplicateFlag), (again.Id, again.Payload, again.Flags & PublishPacket.DuplicateFlag));
        await second.AckAsync(MqttPacketType.PubAck, again.Id);
        Assert.Equal(MqttReasonCode.Success, await publish.WaitAsync(Harness.Patience));
    }

    [Fact]
    public async Task Resends_pubrel_and_not_the_message_once_pubrec_has_come()
    {
        var (client, servers) = Scripted();
        await using var owner = client;
        client.Start();
        var first = await servers.NextAsync();
        await first.AcceptAsync(sessionPresent: false);
        var publish = client.PublishAsync("t", "x"u8.ToArray(), new MqttPublishOptions { Qos = MqttQos.ExactlyOnce });
        var message = await first.NextPublishAsync();
        await first.AckAsync(MqttPacketType.PubRec, message.Id);
        Assert.Equal(0x62, (await first.NextAsync()).Header);
        first.Connection.Abort();

        var second = await servers.NextAsync();
        await second.AcceptAsync(sessionPresent: true);
        Assert.Equal(0x62, (await second.NextAsync()).Header);
        await second.AckAsync(MqttPacketType.PubComp, message.Id);
        Assert.Equal(MqttReasonCode.Success, await publish.WaitAsync(Harness.Patience));
    }

    [Fact]
    public async Task Subscriptions_are_restored_on_a_server_that_forgot_them_and_left_alone_on_one_that_did_not()
    {
        var (client, servers) = Scripted();
        await using var owner = client;
        client.Start();
        var first = await servers.NextAsync();
        await first.AcceptAsync(sessionPresent: false);
        var subscribe = client.SubscribeAsync(new MqttSubscription("a/#"), (_, _) => default);
        await first.GrantAsync();
        await subscribe.WaitAsync(Harness.Patience);
        first.Connection.Abort();

        var second = await servers.NextAsync();
        await second.AcceptAsync(sessionPresent: true);
        var publish = client.PublishAsync("t", "x"u8.ToArray());
        await second.AckAsync(MqttPacketType.PubAck, (await second.NextPublishAsync()).Id); // nothing before it
        await publish;
        second.Connection.Abort();

        var third = await servers.NextAsync();
        await third.AcceptAsync(sessionPresent: false);
        Assert.Equal("a/#", Assert.Single((await third.GrantAsync()).Subscriptions).Filter);
    }

    [Fact]
    public async Task A_request_unanswered_when_the_link_broke_is_sent_again()
    {
        var (client, servers) = Scripted();
        await using var owner = client;
        client.Start();
        var first = await servers.NextAsync();
        await first.AcceptAsync(sessionPresent: false);
        var subscribe = client.SubscribeAsync(new MqttSubscription("a"), (_, _) => default);
        Assert.Equal(0x82, (await first.NextAsync()).Header);
        first.Connection.Abort();
        var second = await servers.NextAsync();
        await second.AcceptAsync(sessionPresent: false);
        await second.GrantAsync();
        Assert.Equal(MqttReasonCode.GrantedQos1, await subscribe.WaitAsync(Harness.Patience));
    }

    [Fact]
    public async Task A_subscription_that_a_later_server_refuses_is_told_in_the_log()
    {
        var log = new ListLogger();
        var (client, servers) = Scripted(loggers: log);
        await using var owner = client;
        client.Start();
        var first = await servers.NextAsync();
        await first.AcceptAsync(sessionPresent: false);
        var subscribe = client.SubscribeAsync(new MqttSubscription("a/#"), (_, _) => default);
        await first.GrantAsync();
        await subscribe.WaitAsync(Harness.Patience);
        first.Connection.Abort();

        var second = await servers.NextAsync();
        await second.AcceptAsync(sessionPresent: false);
        var packet = SubscribePacket.TryRead((await second.NextAsync()).Body, MqttProtocolVersion.V5, MqttLimits.Default, out _)!;
        await second.SendAsync(o => new SubAckPacket { PacketId = packet.PacketId, Reasons = [MqttReasonCode.NotAuthorized] }.Write(o, MqttPacketType.SubAck, MqttProtocolVersion.V5));
        await Eventually.TrueAsync(() => log.Has(1405));
    }

    [Fact]
    public async Task Messages_with_identifiers_of_an_earlier_process_find_their_handler_by_filter()
    {
        var (client, servers) = Scripted();
        await using var owner = client;
        client.Start();
        var server = await servers.NextAsync();
        await server.AcceptAsync(sessionPresent: false);
        var right = new Collector();
        var wrong = new Collector();
        var one = client.SubscribeAsync(new MqttSubscription("other"), wrong.Take);
        Assert.Equal(1, (await server.GrantAsync()).SubscriptionIdentifier);
        var two = client.SubscribeAsync(new MqttSubscription("a/#"), right.Take);
        await server.GrantAsync();
        await Task.WhenAll(one, two).WaitAsync(Harness.Patience);
        await server.PublishAsync("a/b", "stale id", MqttQos.AtLeastOnce, 5, [0x0B, 1]);
        Assert.Equal("stale id", Collector.Text(await right.NextAsync()));
        Assert.True(wrong.IsEmpty);
    }

    [Fact]
    public async Task A_suback_that_does_not_answer_each_filter_ends_the_connection()
    {
        var (client, servers) = Scripted();
        await using var owner = client;
        client.Start();
        var server = await servers.NextAsync();
        await server.AcceptAsync(sessionPresent: false);
        var subscribe = client.SubscribeAsync(new MqttSubscription("a"), (_, _) => default);
        var packet = SubscribePacket.TryRead((await server.NextAsync()).Body, MqttProtocolVersion.V5, MqttLimits.Default, out _)!;
        await server.SendAsync(o => new SubAckPacket { PacketId = packet.PacketId, Reasons = [0, 0] }.Write(o, MqttPacketType.SubAck, MqttProtocolVersion.V5));
        Assert.Equal(MqttReasonCode.ProtocolError, await server.NextDisconnectAsync());
        await Assert.ThrowsAsync<InvalidDataException>(() => subscribe.WaitAsync(Harness.Patience));
    }

    [Fact]
    public async Task A_silent_server_is_pinged_and_then_given_up()
    {
        var time = new ManualTimeProvider();
        var (client, servers) = Scripted(time, o => o with { KeepAlive = TimeSpan.FromSeconds(20) });
        await using var owner = client;
        client.Start();
        var first = await servers.NextAsync();
        await first.AcceptAsync(sessionPresent: false);
        await client.ConnectAsync().WaitAsync(Harness.Patience);
        await Eventually.TrueAsync(() => client.State == MqttClientState.Connected);
        time.Advance(TimeSpan.FromSeconds(15));
        Assert.Equal(0xC0, (await first.NextAsync()).Header);
        time.Advance(TimeSpan.FromSeconds(15));
        Assert.Equal(MqttReasonCode.KeepAliveTimeout, await first.NextDisconnectAsync());
        await servers.NextAsync(); // the first delay is shorter than the clock's millisecond
    }

    [Fact]
    public async Task States_and_reasons_are_told_in_order()
    {
        var states = new List<(MqttClientState, MqttReasonCode)>();
        var (client, servers) = Scripted();
        client.StateChanged += change =>
        {
            lock (states)
                states.Add((change.State, change.Reason));
        };
        client.Start();
        var first = await servers.NextAsync();
        await first.RefuseAsync(MqttReasonCode.Banned);
        var second = await servers.NextAsync();
        await second.AcceptAsync(sessionPresent: false);
        await client.ConnectAsync().WaitAsync(Harness.Patience);
        await second.SendAsync(o => new DisconnectPacket { Reason = MqttReasonCode.ServerShuttingDown }.Write(o, MqttProtocolVersion.V5));
        var third = await servers.NextAsync();
        await client.DisposeAsync();
        Assert.Equal(
            [
                (MqttClientState.Connecting, MqttReasonCode.Success),
                (MqttClientState.Waiting, MqttReasonCode.Banned),
                (MqttClientState.Connecting, MqttReasonCode.Success),
                (MqttClientState.Connected, MqttReasonCode.Success),
                (MqttClientState.Waiting, MqttReasonCode.ServerShuttingDown),
                (MqttClientState.Connecting, MqttReasonCode.Success),
                (MqttClientState.Stopped, MqttReasonCode.Success),
            ],
            states);
    }

    [Fact]
    public async Task More_messages_than_the_clients_receive_maximum_end_the_connection()
    {
        var (client, servers) = Scripted(change: o => o with { ReceiveMaximum = 2 });
        await using var owner = client;
        client.Start();
        var server = await servers.NextAsync();
        Assert.Equal((ushort?)2, (await server.AcceptAsync(sessionPresent: false)).ReceiveMaximum);
        var release = new TaskCompletionSource();
        var subscribe = client.SubscribeAsync(new MqttSubscription("#"), async (_, _) => await release.Task);
        await server.GrantAsync();
        await subscribe;
        for (ushort id = 1; id <= 3; id++)
            await server.PublishAsync("t", "x", MqttQos.AtLeastOnce, id);
        Assert.Equal(MqttReasonCode.ReceiveMaximumExceeded, await server.NextDisconnectAsync());
        release.SetResult();
    }

    [Fact]
    public async Task A_handler_that_fails_is_answered_with_an_error()
    {
        await using var harness = new Harness();
        var (client, servers) = Scripted();
        await using var owner = client;
        client.Start();
        var server = await servers.NextAsync();
        await server.AcceptAsync(sessionPresent: false);
        var subscribe = client.SubscribeAsync(new MqttSubscription("#"), (_, _) => throw new InvalidOperationException("no"));
        await server.GrantAsync();
        await subscribe;
        await server.PublishAsync("t", "x", MqttQos.AtLeastOnce, 9);
        var (header, body) = await server.NextAsync();
        Assert.True(AckPacket.TryRead((MqttPacketType)(header >> 4), body, MqttProtocolVersion.V5, MqttLimits.Default, out var ack, out _));
        Assert.Equal((9, MqttReasonCode.ImplementationSpecificError), ((int)ack.PacketId, ack.Reason));
    }

    [Fact]
    public async Task Everything_published_arrives_across_many_cuts()
    {
        await using var harness = new Harness();
        var subscriber = await harness.ConnectedAsync("subscriber");
        var seen = new HashSet<string>();
        await subscriber.SubscribeAsync(new MqttSubscription("t"), (m, _) =>
        {
            lock (seen)
                seen.Add(Collector.Text(m));
            return default;
        });
        var publisher = await harness.ConnectedAsync("publisher", o => o with { MaximumInFlight = 50 });
        using var done = new CancellationTokenSource();
        var cutting = Task.Run(async () =>
        {
            for (var i = 0; i < 15 && !done.IsCancellationRequested; i++)
            {
                await Task.Delay(10);
                harness.CutLast();
            }
        });
        var batches = Enumerable.Range(0, 20).Select(_ => new MqttPublishBatch()).ToArray();
        var sent = batches.Select((batch, b) =>
        {
            for (var i = 0; i < 500; i++)
                batch.Add("t"u8, Encoding.UTF8.GetBytes($"{b}/{i}"));
            return publisher.PublishAsync(batch).AsTask();
        }).ToArray();
        Assert.All(await Task.WhenAll(sent).WaitAsync(Harness.Patience), failed => Assert.Equal(0, failed));
        await done.CancelAsync();
        await cutting;
        await Eventually.TrueAsync(() =>
        {
            lock (seen)
                return seen.Count == 10_000;
        });
    }

    [Fact]
    public async Task Over_tcp_and_tls_against_our_own_broker()
    {
        using var certificates = new Certificates();
        await using var broker = new MqttBroker(new MqttBrokerOptions
        {
            Listeners =
            [
                new MqttListenerOptions { Port = 0 },
                new MqttListenerOptions { Port = 0, Tls = new SslServerAuthenticationOptions { ServerCertificate = certificates.Server } },
            ],
        });
        await broker.StartAsync();
        await using var plain = new MqttClient(new MqttClientOptions { Port = broker.EndPoints[0].Port, ClientId = "plain" });
        await using var secure = new MqttClient(new MqttClientOptions
        {
            Port = broker.EndPoints[1].Port,
            ClientId = "secure",
            Tls = new SslClientAuthenticationOptions { TargetHost = "localhost", CertificateChainPolicy = certificates.Trust() },
        });
        await Task.WhenAll(plain.ConnectAsync(), secure.ConnectAsync()).WaitAsync(Harness.Patience);
        var collector = new Collector();
        await secure.SubscribeAsync(new MqttSubscription("big", MqttQos.ExactlyOnce), collector.Take);
        var payload = new byte[900_000];
        Random.Shared.NextBytes(payload);
        Assert.Equal(MqttReasonCode.Success, await plain.PublishAsync("big", payload, new MqttPublishOptions { Qos = MqttQos.ExactlyOnce }));
        Assert.Equal(payload, (await collector.NextAsync()).Payload.ToArray());
        await secure.StopAsync(Harness.Patience);
    }

    private static (MqttClient Client, ScriptedServers Servers) Scripted(
        TimeProvider? time = null, Func<MqttClientOptions, MqttClientOptions>? change = null, Microsoft.Extensions.Logging.ILoggerFactory? loggers = null)
    {
        var servers = new ScriptedServers();
        var options = new MqttClientOptions { ClientId = "c", Connector = _ => new ValueTask<Connection>(servers.Open()), Backoff = Harness.Quick };
        return (new MqttClient(change?.Invoke(options) ?? options, time, loggers), servers);
    }

    /// <summary>Each attempt to connect is handed to the test, which plays the server.</summary>
    private sealed class ScriptedServers
    {
        private readonly System.Threading.Channels.Channel<RawPeer> _accepted = System.Threading.Channels.Channel.CreateUnbounded<RawPeer>();

        public Connection Open()
        {
            var (near, far) = InMemoryConnection.CreatePair();
            _accepted.Writer.TryWrite(new RawPeer(far));
            return near;
        }

        public Task<RawPeer> NextAsync() => _accepted.Reader.ReadAsync().AsTask().WaitAsync(Harness.Patience);
    }
}

/// <summary>The server's side of an exchange.</summary>
internal static class ServerSteps
{
    public static async Task<ConnectPacket> AcceptAsync(this RawPeer peer, bool sessionPresent)
    {
        var connect = ConnectPacket.TryRead((await peer.NextAsync()).Body, MqttLimits.Default, out _, out _)!;
        await peer.SendAsync(o => new ConnAckPacket { SessionPresent = sessionPresent }.Write(o, MqttProtocolVersion.V5));
        return connect;
    }

    public static async Task RefuseAsync(this RawPeer peer, MqttReasonCode reason)
    {
        await peer.NextAsync();
        await peer.SendAsync(o => new ConnAckPacket { Reason = reason }.Write(o, MqttProtocolVersion.V5));
    }

    public static Task AckAsync(this RawPeer peer, MqttPacketType type, ushort id) =>
        peer.SendAsync(o => new AckPacket(id, 0).Write(o, type, MqttProtocolVersion.V5));

    public static async Task<SubscribePacket> GrantAsync(this RawPeer peer)
    {
        var (header, body) = await peer.NextAsync();
        Assert.Equal(0x82, header);
        var packet = SubscribePacket.TryRead(body, MqttProtocolVersion.V5, MqttLimits.Default, out _)!;
        await peer.SendAsync(o => new SubAckPacket { PacketId = packet.PacketId, Reasons = [.. packet.Subscriptions.Select(s => (MqttReasonCode)s.Qos)] }
            .Write(o, MqttPacketType.SubAck, MqttProtocolVersion.V5));
        return packet;
    }
}
