using System.Net.Security;
using System.Text;
using FloorGateway.Mqtt.Client;
using FloorGateway.Mqtt.Codec;
using FloorGateway.Mqtt.Packets;
using FloorGateway.TestKit;

namespace FloorGateway.Mqtt.Tests.Foreign;

/// <summary>Our client against Eclipse mosquitto.</summary>
public sealed class ClientAgainstMosquittoTests
{
    private const string Missing = "mosquitto is not installed (apt install mosquitto mosquitto-clients)";

    public static TheoryData<MqttProtocolVersion, MqttQos> Combinations()
    {
        var data = new TheoryData<MqttProtocolVersion, MqttQos>();
        foreach (var version in new[] { MqttProtocolVersion.V5, MqttProtocolVersion.V311 })
        {
            foreach (var qos in Enum.GetValues<MqttQos>())
                data.Add(version, qos);
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Combinations))]
    public async Task Publishes_and_receives(MqttProtocolVersion version, MqttQos qos)
    {
        Assert.SkipUnless(Mosquitto.IsInstalled, Missing);
        await using var server = await Mosquitto.StartAsync();
        await using var client = Client(server, version);
        await client.ConnectAsync().WaitAsync(Harness.Patience);
        var collector = new Collector();
        Assert.Equal((MqttReasonCode)qos, await client.SubscribeAsync(new MqttSubscription("f/+/x", qos), collector.Take));
        var batch = new MqttPublishBatch();
        var topic = client.CreateTopic("f/1/x");
        for (var i = 0; i < 500; i++)
            batch.Add(topic, Encoding.UTF8.GetBytes($"{i}"), qos);
        Assert.Equal(0, await client.PublishAsync(batch));
        Assert.Equal(Enumerable.Range(0, 500).Select(i => $"{i}"), await collector.TextsAsync(500));
    }

    [Fact]
    public async Task Properties_come_back_as_sent()
    {
        Assert.SkipUnless(Mosquitto.IsInstalled, Missing);
        await using var server = await Mosquitto.StartAsync();
        await using var client = Client(server);
        await client.ConnectAsync().WaitAsync(Harness.Patience);
        var collector = new Collector();
        await client.SubscribeAsync(new MqttSubscription("a"), collector.Take);
        var sent = new MqttPublishProperties
        {
            PayloadIsUtf8 = true,
            ContentType = "application/json",
            ResponseTopic = "answers/1",
            CorrelationData = [1, 0, 255],
            MessageExpiryInterval = 100,
            UserProperties = [new("unit", "kN·m"), new("unit", "again")],
        };
        await client.PublishAsync("a", "{}"u8.ToArray(), new MqttPublishOptions { Properties = sent });
        var got = (await collector.NextAsync()).Properties;
        Assert.Equal((true, "application/json", "answers/1"), (got.PayloadIsUtf8, got.ContentType, got.ResponseTopic));
        Assert.Equal(sent.CorrelationData, got.CorrelationData);
        Assert.Equal(sent.UserProperties, got.UserProperties);
        Assert.InRange(got.MessageExpiryInterval!.Value, 90u, 100u);
    }

    [Fact]
    public async Task Retained_messages_come_at_once_and_can_be_cleared()
    {
        Assert.SkipUnless(Mosquitto.IsInstalled, Missing);
        await using var server = await Mosquitto.StartAsync();
        await using var client = Client(server);
        await client.ConnectAsync().WaitAsync(Harness.Patience);
        var options = new MqttPublishOptions { Retain = true };
        await client.PublishAsync("r/1", "one"u8.ToArray(), options);
        await client.PublishAsync("r/2", "two"u8.ToArray(), options);
        await client.PublishAsync("r/1", default, options);
        var collector = new Collector();
        await client.SubscribeAsync(new MqttSubscription("r/#"), collector.Take);
        var message = await collector.NextAsync();
        Assert.Equal(("r/2", "two", true), (message.Topic, Collector.Text(message), message.Retain));
        Assert.True(collector.IsEmpty);
    }

    [Theory]
    [InlineData(MqttProtocolVersion.V5)]
    [InlineData(MqttProtocolVersion.V311)]
    public async Task The_will_is_published_when_the_link_breaks_and_not_after_a_goodbye(MqttProtocolVersion version)
    {
        Assert.SkipUnless(Mosquitto.IsInstalled, Missing);
        await using var server = await Mosquitto.StartAsync();
        await using var watcher = Client(server, id: "watcher");
        await watcher.ConnectAsync().WaitAsync(Harness.Patience);
        var collector = new Collector();
        await watcher.SubscribeAsync(new MqttSubscription("will/#"), collector.Take);

        MqttWill Will(string text) => new() { Topic = $"will/{text}", Payload = Encoding.UTF8.GetBytes(text), Qos = MqttQos.AtLeastOnce };
        var polite = Client(server, version, "polite", o => o with { Will = Will("polite") });
        await polite.ConnectAsync().WaitAsync(Harness.Patience);
        await polite.DisposeAsync();

        FloorGateway.Net.Transport.Connection? link = null;
        using var connector = new FloorGateway.Net.Transport.TcpConnector();
        await using var cut = Client(server, version, "cut", o => o with
        {
            Will = Will("cut"),
            Backoff = new() { First = TimeSpan.FromHours(1), Max = TimeSpan.FromHours(1) },
            Connector = async cancel => link = await connector.ConnectAsync("127.0.0.1", server.Port, cancel),
        });
        await cut.ConnectAsync().WaitAsync(Harness.Patience);
        link!.Abort();
        Assert.Equal("cut", Collector.Text(await collector.NextAsync()));
    }

    [Fact]
    public async Task Tls_with_a_trusted_authority()
    {
        Assert.SkipUnless(Mosquitto.IsInstalled, Missing);
        using var certificates = new Certificates();
        await using var server = await Mosquitto.StartAsync(tls: certificates);
        await using var client = Client(server, change: o => o with
        {
            Tls = new SslClientAuthenticationOptions { TargetHost = "localhost", CertificateChainPolicy = certificates.Trust() },
        });
        await client.ConnectAsync().WaitAsync(Harness.Patience);
        var collector = new Collector();
        await client.SubscribeAsync(new MqttSubscription("t"), collector.Take);
        Assert.Equal(MqttReasonCode.Success, await client.PublishAsync("t", new byte[100_000]));
        Assert.Equal(100_000, (await collector.NextAsync()).Payload.Length);
    }

    [Fact]
    public async Task Tls_with_an_unknown_authority_is_refused()
    {
        Assert.SkipUnless(Mosquitto.IsInstalled, Missing);
        using var certificates = new Certificates();
        await using var server = await Mosquitto.StartAsync(tls: certificates);
        await using var client = Client(server, change: o => o with { Tls = new SslClientAuthenticationOptions { TargetHost = "localhost" } });
        var refused = new TaskCompletionSource<MqttClientStateChange>(TaskCreationOptions.RunContinuationsAsynchronously);
        client.StateChanged += change =>
        {
            if (change.State == MqttClientState.Waiting)
                refused.TrySetResult(change);
        };
        client.Start();
        Assert.Contains("certificate", (await refused.Task.WaitAsync(Harness.Patience)).Detail, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task A_wrong_password_is_told_as_such()
    {
        Assert.SkipUnless(Mosquitto.IsInstalled, Missing);
        using var folder = new TempDirectory();
        var hash = ForeignProcess.Start("/usr/bin/mosquitto_passwd", ["-c", "-b", folder["passwords"], "line", "right"]);
        Assert.Equal(0, await hash.WaitForExitAsync());
        await using var server = await Mosquitto.StartAsync($"allow_anonymous false\npassword_file {folder["passwords"]}");
        await using var right = Client(server, change: o => o with { UserName = "line", Password = "right"u8.ToArray() });
        await right.ConnectAsync().WaitAsync(Harness.Patience);

        await using var wrong = Client(server, id: "wrong", change: o => o with { UserName = "line", Password = "wrong"u8.ToArray() });
        var refused = new TaskCompletionSource<MqttReasonCode>(TaskCreationOptions.RunContinuationsAsynchronously);
        wrong.StateChanged += change =>
        {
            if (change.State == MqttClientState.Waiting)
                refused.TrySetResult(change.Reason);
        };
        wrong.Start();
        Assert.Equal(MqttReasonCode.NotAuthorized, await refused.Task.WaitAsync(Harness.Patience));
    }

    [Fact]
    public async Task A_restarted_server_gets_what_it_did_not_acknowledge_and_the_subscriptions_again()
    {
        Assert.SkipUnless(Mosquitto.IsInstalled, Missing);
        var server = await Mosquitto.StartAsync();
        await using var client = Client(server);
        await client.ConnectAsync().WaitAsync(Harness.Patience);
        var collector = new Collector();
        await client.SubscribeAsync(new MqttSubscription("s/#"), collector.Take);
        await server.DisposeAsync();

        var waiting = client.PublishAsync("s/1", "kept"u8.ToArray());
        await using var again = await Mosquitto.StartAsync(port: server.Port);
        Assert.Equal(MqttReasonCode.Success, await waiting.WaitAsync(Harness.Patience));
        Assert.Equal("kept", Collector.Text(await collector.NextAsync()));
    }

    private static MqttClient Client(
        Mosquitto server, MqttProtocolVersion version = MqttProtocolVersion.V5, string id = "ours", Func<MqttClientOptions, MqttClientOptions>? change = null)
    {
        var options = new MqttClientOptions { Port = server.Port, ClientId = id, Version = version, Backoff = Harness.Quick };
        return new MqttClient(change is null ? options : change(options));
    }
}
