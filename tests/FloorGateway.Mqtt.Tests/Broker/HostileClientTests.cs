using System.Net;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using FloorGateway.Mqtt.Broker;
using FloorGateway.Mqtt.Client;
using FloorGateway.Mqtt.Codec;
using FloorGateway.Mqtt.Packets;
using FloorGateway.Net.Transport;
using FloorGateway.TestKit;

namespace FloorGateway.Mqtt.Tests.Broker;

/// <summary>What strangers, and clients with a login, may try at the expense of the others.</summary>
public sealed class HostileClientTests
{
    [Theory]
    [InlineData("b")]
    [InlineData(null)]
    public async Task Another_user_can_not_take_a_session_over_by_its_client_identifier(string? thief)
    {
        await using var harness = new Harness(new MqttBrokerOptions { Authenticator = new AnyPassword() });
        var owner = new RawPeer(harness.Open());
        var kept = new ConnectPacket { ClientId = "edge", UserName = "a", Password = [1], CleanStart = false, SessionExpiryInterval = 1000 };
        await owner.ConnectAsync(kept);
        await owner.SubscribeAsync(new MqttSubscription("secret/#", MqttQos.AtLeastOnce));

        var stolen = new ConnectPacket { ClientId = "edge", UserName = thief, Password = thief is null ? null : [1], CleanStart = false };
        Assert.Equal(MqttReasonCode.NotAuthorized, (await Anonymously(harness).ConnectAsync(stolen)).Reason);
        harness.Broker.Publish("secret/x", "for a"u8);
        Assert.Equal("for a", (await owner.NextPublishAsync()).Payload);

        await owner.Connection.DisposeAsync();
        await Eventually.TrueAsync(() => harness.Broker.GetStatistics().Connections == 0);
        Assert.Equal(MqttReasonCode.NotAuthorized, (await Anonymously(harness).ConnectAsync(stolen)).Reason);
        Assert.Equal(MqttReasonCode.NotAuthorized, (await Anonymously(harness).ConnectAsync(stolen with { CleanStart = true })).Reason);
        Assert.True((await Anonymously(harness).ConnectAsync(kept)).SessionPresent);

        static RawPeer Anonymously(Harness harness)
        {
            var (near, far) = FloorGateway.Net.InMemory.InMemoryConnection.CreatePair();
            harness.Broker.Serve(far, allowAnonymous: true);
            return new RawPeer(near);
        }
    }

    [Fact]
    public async Task A_will_may_not_go_to_a_system_topic()
    {
        await using var harness = new Harness();
        var ack = await new RawPeer(harness.Open()).ConnectAsync(new ConnectPacket { ClientId = "c", Will = new MqttWill { Topic = "$SYS/broker/uptime", Payload = [1] } });
        Assert.Equal(MqttReasonCode.NotAuthorized, ack.Reason);
    }

    [Fact]
    public async Task Retained_bytes_over_the_limit_are_refused_and_given_back_when_cleared()
    {
        await using var harness = new Harness(new MqttBrokerOptions { MaximumRetainedBytes = 1000 });
        var client = await harness.ConnectedAsync("one");
        var retained = new MqttPublishOptions { Retain = true };
        Assert.Equal(MqttReasonCode.NoMatchingSubscribers, await client.PublishAsync("r/1", new byte[600], retained));
        Assert.Equal(MqttReasonCode.QuotaExceeded, await client.PublishAsync("r/2", new byte[600], retained));
        Assert.Equal(MqttReasonCode.NoMatchingSubscribers, await client.PublishAsync("r/1", new byte[900], retained));
        Assert.Equal(MqttReasonCode.NoMatchingSubscribers, await client.PublishAsync("r/1", default, retained));
        Assert.Equal(MqttReasonCode.NoMatchingSubscribers, await client.PublishAsync("r/2", new byte[600], retained));
    }

    [Fact]
    public async Task Connections_that_say_nothing_make_room_for_a_client()
    {
        await using var harness = new Harness(new MqttBrokerOptions { MaximumConnections = 3 });
        var silent = Enumerable.Range(0, 3).Select(_ => new RawPeer(harness.Open())).ToList();
        var client = new RawPeer(harness.Open());
        Assert.Equal(MqttReasonCode.Success, (await client.ConnectAsync(new ConnectPacket { ClientId = "c" })).Reason);
        Assert.True(await silent[0].ClosedAsync());
    }

    [Fact]
    public async Task Connections_that_never_finish_their_tls_handshake_make_room_for_a_client()
    {
        using var key = RSA.Create(2048);
        using var certificate = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1).CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        await using var broker = new MqttBroker(new MqttBrokerOptions
        {
            MaximumConnections = 3,
            Listeners = [new MqttListenerOptions { Port = 0, Tls = new SslServerAuthenticationOptions { ServerCertificate = certificate } }],
        }, new ManualTimeProvider());
        await broker.StartAsync();
        using var connector = new TcpConnector();
        var silent = new List<Connection>();
        for (var i = 0; i < 6; i++)
            silent.Add(await connector.ConnectAsync("127.0.0.1", broker.EndPoints[0].Port, default));
        Assert.True(await new RawPeer(silent[0]).ClosedAsync());
        await using var client = new MqttClient(new MqttClientOptions
        {
            Port = broker.EndPoints[0].Port,
            Tls = new SslClientAuthenticationOptions { TargetHost = "localhost", RemoteCertificateValidationCallback = (_, c, _, _) => c?.GetCertHashString() == certificate.GetCertHashString() },
        });
        await client.ConnectAsync().WaitAsync(Harness.Patience);
        foreach (var one in silent)
            await one.DisposeAsync();
    }

    [Fact]
    public async Task A_connect_packet_is_small_whatever_messages_may_be()
    {
        await using var harness = new Harness(new MqttBrokerOptions { Limits = new MqttLimits { MaximumPacketSize = 64 << 20 } }, new ManualTimeProvider());
        var peer = new RawPeer(harness.Open());
        await peer.SendAsync(0x10, 0xFF, 0xFF, 0xFF, 0x0F); // CONNECT of 32 MB
        Assert.True(await peer.ClosedAsync());
    }

    [Theory]
    [InlineData("a\nINFO forged line")]
    [InlineData("\u001b[2J")]
    [InlineData(null)]
    public async Task A_client_identifier_fit_to_spoil_a_log_is_refused(string? id)
    {
        await using var harness = new Harness();
        var ack = await new RawPeer(harness.Open()).ConnectAsync(new ConnectPacket { ClientId = id ?? new string('x', 5000) });
        Assert.Equal(MqttReasonCode.ClientIdentifierNotValid, ack.Reason);
    }

    private sealed class AnyPassword : IMqttAuthenticator
    {
        public ValueTask<MqttReasonCode> AuthenticateAsync(MqttAuthenticationRequest request, CancellationToken cancel) => new(MqttReasonCode.Success);
    }
}
