using System.Net;
using System.Net.Security;
using System.Text;
using FloorGateway.Mqtt.Broker;
using FloorGateway.Mqtt.Codec;
using FloorGateway.Mqtt.Packets;
using FloorGateway.TestKit;

namespace FloorGateway.Mqtt.Tests.Foreign;

/// <summary>mosquitto_pub and mosquitto_sub against our broker.</summary>
public sealed class BrokerAgainstMosquittoClientsTests
{
    private const string Publisher = "/usr/bin/mosquitto_pub", Subscriber = "/usr/bin/mosquitto_sub";
    private const string Missing = "mosquitto-clients is not installed (apt install mosquitto-clients)";

    public static TheoryData<string, int> Combinations()
    {
        var data = new TheoryData<string, int>();
        foreach (var version in new[] { "5", "311" })
        {
            for (var qos = 0; qos < 3; qos++)
                data.Add(version, qos);
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Combinations))]
    public async Task Messages_pass_between_foreign_clients(string version, int qos)
    {
        Assert.SkipUnless(File.Exists(Subscriber), Missing);
        await using var broker = await StartAsync();
        await using var subscriber = Start(Subscriber, broker, version, "-t", "x/#", "-q", $"{qos}", "-C", "200", "-F", "got %t %p");
        await SubscribedAsync(broker, 1);
        await using var publisher = Start(Publisher, broker, version, "-t", "x/y", "-q", $"{qos}", "-l");
        for (var i = 0; i < 200; i++)
            await publisher.WriteLineAsync($"{i}");
        Assert.Equal(0, await subscriber.WaitForExitAsync());
        var got = subscriber.Output.Split('\n').Where(l => l.StartsWith("got ", StringComparison.Ordinal)).ToList();
        Assert.Equal(Enumerable.Range(0, 200).Select(i => $"got x/y {i}"), got);
    }

    [Theory]
    [InlineData("5")]
    [InlineData("311")]
    public async Task Retained_messages_and_properties_reach_a_foreign_subscriber(string version)
    {
        Assert.SkipUnless(File.Exists(Subscriber), Missing);
        await using var broker = await StartAsync();
        broker.Publish("tag/1", "21.5"u8, new MqttPublishOptions
        {
            Retain = true,
            Properties = new MqttPublishProperties { ContentType = "text/plain", UserProperties = [new("unit", "C")], MessageExpiryInterval = 600 },
        });
        await using var subscriber = Start(Subscriber, broker, version, "-t", "tag/+", "-C", "1", "-F", "%t %p retained=%r %C %P %E");
        var line = await subscriber.WaitForLineAsync("tag/1");
        Assert.StartsWith("tag/1 21.5 retained=1", line);
        if (version == "5")
            Assert.Contains("text/plain unit:C 600", line);
    }

    [Fact]
    public async Task A_foreign_will_is_published_when_its_process_is_killed()
    {
        Assert.SkipUnless(File.Exists(Subscriber), Missing);
        await using var broker = await StartAsync();
        var seen = new TaskCompletionSource<MqttMessage>(TaskCreationOptions.RunContinuationsAsynchronously);
        using var watch = broker.Subscribe("lwt/#", m => seen.TrySetResult(m));
        await using var victim = Start(Subscriber, broker, "5", "-t", "x", "--will-topic", "lwt/victim", "--will-payload", "gone", "--will-qos", "1");
        await SubscribedAsync(broker, 1);
        await victim.KillAsync();
        Assert.Equal("gone", Encoding.UTF8.GetString((await seen.Task.WaitAsync(Harness.Patience)).Payload.Span));
    }

    [Theory]
    [InlineData("5")]
    [InlineData("311")]
    public async Task A_session_keeps_messages_while_its_foreign_client_is_away(string version)
    {
        Assert.SkipUnless(File.Exists(Subscriber), Missing);
        await using var broker = await StartAsync();
        string[] session = version == "5" ? ["-c", "-x", "600"] : ["-c"];
        await using (var first = Start(Subscriber, broker, version, ["-i", "kept", "-t", "k/#", "-q", "1", "-E", .. session]))
            Assert.Equal(0, await first.WaitForExitAsync());
        for (var i = 0; i < 5; i++)
            broker.Publish("k/1", Encoding.UTF8.GetBytes($"{i}"));
        await using var second = Start(Subscriber, broker, version, ["-i", "kept", "-t", "k/#", "-q", "1", "-C", "5", "-F", "got %p", .. session]);
        Assert.Equal(0, await second.WaitForExitAsync());
        Assert.Equal(Enumerable.Range(0, 5).Select(i => $"got {i}"), second.Output.Split('\n').Where(l => l.StartsWith("got", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Tls_and_passwords()
    {
        Assert.SkipUnless(File.Exists(Subscriber), Missing);
        using var certificates = new Certificates();
        using var folder = new TempDirectory();
        File.WriteAllText(folder["ca.pem"], certificates.Authority.ExportCertificatePem());
        await using var broker = await StartAsync(new MqttBrokerOptions
        {
            Authenticator = new OneUser(),
            Listeners = [new MqttListenerOptions { Port = 0, Tls = new SslServerAuthenticationOptions { ServerCertificate = certificates.Server } }],
        });
        string[] tls = ["--cafile", folder["ca.pem"], "-t", "t", "-m", "hello", "-q", "1"];
        await using var good = Start(Publisher, broker, "5", [.. tls, "-u", "line", "-P", "right"]);
        Assert.Equal(0, await good.WaitForExitAsync());
        await using var bad = Start(Publisher, broker, "5", [.. tls, "-u", "line", "-P", "wrong"]);
        Assert.NotEqual(0, await bad.WaitForExitAsync());
        await using var nobody = Start(Publisher, broker, "311", tls);
        Assert.NotEqual(0, await nobody.WaitForExitAsync());
        Assert.Equal((1, 2), (broker.GetStatistics().MessagesReceived, broker.GetStatistics().ConnectionsRefused));
    }

    [Fact]
    public async Task Shared_subscriptions_split_the_messages_between_foreign_clients()
    {
        Assert.SkipUnless(File.Exists(Subscriber), Missing);
        await using var broker = await StartAsync();
        await using var one = Start(Subscriber, broker, "5", "-t", "$share/g/w/#", "-q", "1", "-C", "50");
        await using var two = Start(Subscriber, broker, "5", "-t", "$share/g/w/#", "-q", "1", "-C", "50");
        await SubscribedAsync(broker, 2);
        for (var i = 0; i < 100; i++)
            broker.Publish("w/1", Encoding.UTF8.GetBytes($"{i}"));
        Assert.Equal(0, await one.WaitForExitAsync());
        Assert.Equal(0, await two.WaitForExitAsync());
    }

    private static async Task<MqttBroker> StartAsync(MqttBrokerOptions? options = null)
    {
        var broker = new MqttBroker(options ?? new MqttBrokerOptions { Listeners = [new MqttListenerOptions { Port = 0 }] });
        await broker.StartAsync();
        return broker;
    }

    // The foreign clients buffer what they print, so the broker is asked instead.
    private static async Task SubscribedAsync(MqttBroker broker, int count)
    {
        using var patience = new CancellationTokenSource(Harness.Patience);
        while (broker.GetStatistics().Subscriptions < count)
            await Task.Delay(10, patience.Token);
    }

    private static ForeignProcess Start(string program, MqttBroker broker, string version, params string[] arguments) => ForeignProcess.Start(
        program, ["-h", broker.EndPoints[0].Address.Equals(IPAddress.Loopback) ? "127.0.0.1" : "localhost", "-p", $"{broker.EndPoints[0].Port}", "-V", version == "5" ? "mqttv5" : "mqttv311", .. arguments]);

    private sealed class OneUser : IMqttAuthenticator
    {
        public ValueTask<MqttReasonCode> AuthenticateAsync(MqttAuthenticationRequest request, CancellationToken cancel) => new(
            request.UserName == "line" && request.Password?.Span.SequenceEqual("right"u8) == true
                ? MqttReasonCode.Success
                : MqttReasonCode.BadUserNameOrPassword);
    }
}
