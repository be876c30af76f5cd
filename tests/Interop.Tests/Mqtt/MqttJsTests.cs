using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using FloorGateway.Mqtt.Broker;
using FloorGateway.Mqtt.Codec;
using FloorGateway.Mqtt.Packets;

namespace Interop.Tests.Mqtt;

/// <summary>mqtt.js against the embedded broker, on both versions of the protocol.</summary>
public sealed class MqttJsTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly MqttBroker broker = new(new() { Listeners = [new() { Port = 0 }] });
    private JsonPeer? peer;

    public static TheoryData<int, int> VersionsAndQos => new() { { 5, 0 }, { 5, 1 }, { 5, 2 }, { 4, 0 }, { 4, 1 }, { 4, 2 } };

    public static TheoryData<int> Versions => [5, 4];

    private JsonPeer Peer => peer!;

    public async ValueTask InitializeAsync()
    {
        await broker.StartAsync();
        peer = await JsonPeer.StartAsync("mqtt-client.mjs");
    }

    public async ValueTask DisposeAsync()
    {
        if (peer is not null) await peer.DisposeAsync();
        await broker.DisposeAsync();
    }

    [Theory]
    [MemberData(nameof(VersionsAndQos))]
    public async Task Messages_pass_both_ways_complete_and_in_order(int version, int qos)
    {
        await ConnectAsync("a", version);
        await ConnectAsync("b", version);
        var granted = await Peer.AskAsync("subscribe", new { @as = "b", topic = "plant/+/x", qos });
        Assert.Equal(qos, granted.GetProperty("granted")[0].GetInt32());
        await Peer.AskAsync("publish", new { @as = "a", topic = "plant/1/x", count = 500, qos });
        var received = await ReceivedAsync("b", 500);
        Assert.Equal(Enumerable.Range(0, 500).Select(i => $"{i}"), received.Select(m => m.GetProperty("payload").GetString()));
        Assert.All(received, m => Assert.Equal((qos, false), (m.GetProperty("qos").GetInt32(), m.GetProperty("retain").GetBoolean())));

        // From the host's own side, and to it.
        ConcurrentQueue<string> local = new();
        using var all = new SemaphoreSlim(0);
        using var subscription = broker.Subscribe("plant/2/#", m =>
        {
            local.Enqueue(Encoding.UTF8.GetString(m.Payload.Span));
            all.Release();
        });
        for (var i = 0; i < 100; i++)
            await broker.PublishAsync("plant/3/x", Encoding.UTF8.GetBytes($"host {i}"), new MqttPublishOptions { Qos = (MqttQos)qos });
        await Peer.AskAsync("publish", new { @as = "a", topic = "plant/2/y", count = 100, qos });
        for (var i = 0; i < 100; i++)
            Assert.True(await all.WaitAsync(Patience), $"{i} of 100 came");
        Assert.Equal(Enumerable.Range(0, 100).Select(i => $"{i}"), local);
        Assert.Equal(Enumerable.Range(0, 100).Select(i => $"host {i}"), (await ReceivedAsync("b", 600)).Skip(500).Select(m => m.GetProperty("payload").GetString()));
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task Retained_values_come_at_once_and_are_marked(int version)
    {
        await broker.PublishAsync("LXE/JSH/CAS/temp", "{\"v\":681.5}"u8.ToArray(), new MqttPublishOptions { Retain = true });
        await ConnectAsync("writer", version);
        await Peer.AskAsync("publish", new { @as = "writer", topic = "LXE/JSH/CAS/state", payload = "6", qos = 1, retain = true });
        await Peer.AskAsync("publish", new { @as = "writer", topic = "LXE/JSH/CAS/gone", payload = "x", qos = 1, retain = true });
        await Peer.AskAsync("publish", new { @as = "writer", topic = "LXE/JSH/CAS/gone", payload = "", qos = 1, retain = true });

        await ConnectAsync("late", version);
        await Peer.AskAsync("subscribe", new { @as = "late", topic = "LXE/#", qos = 1 });
        var received = await ReceivedAsync("late", 2);
        Assert.Equal(
            ["LXE/JSH/CAS/state 6 True", "LXE/JSH/CAS/temp {\"v\":681.5} True"],
            received.Select(m => $"{m.GetProperty("topic")} {m.GetProperty("payload")} {m.GetProperty("retain")}").Order(StringComparer.Ordinal));
        await Peer.AskAsync("publish", new { @as = "writer", topic = "LXE/JSH/CAS/state", payload = "7", qos = 1, retain = true });
        var live = (await ReceivedAsync("late", 3))[2];
        Assert.Equal(("7", false), (live.GetProperty("payload").GetString(), live.GetProperty("retain").GetBoolean()));
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task A_will_is_published_after_a_lost_link_and_not_after_a_goodbye(int version)
    {
        await ConnectAsync("watcher", version);
        await Peer.AskAsync("subscribe", new { @as = "watcher", topic = "will/#", qos = 2 });
        await ConnectAsync("polite", version, new { will = new { topic = "will/polite", payload = "gone", qos = 1, retain = true } });
        await Peer.AskAsync("disconnect", new { @as = "polite" });
        await ConnectAsync("victim", version, new { will = new { topic = "will/victim", payload = "gone 压铸", qos = 2, retain = true } });
        await Peer.AskAsync("drop", new { @as = "victim" });
        var will = Assert.Single(await ReceivedAsync("watcher", 1));
        Assert.Equal(("will/victim", "gone 压铸", 2), (will.GetProperty("topic").GetString(), will.GetProperty("payload").GetString(), will.GetProperty("qos").GetInt32()));
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task A_session_is_resumed_with_what_came_meanwhile(int version)
    {
        var kept = new { clean = false };
        Assert.False((await ConnectAsync("sleeper", version, kept)).GetProperty("sessionPresent").GetBoolean());
        await Peer.AskAsync("subscribe", new { @as = "sleeper", topic = "night/#", qos = 2 });
        await Peer.AskAsync("drop", new { @as = "sleeper" });
        await ConnectAsync("writer", version);
        await Peer.AskAsync("publish", new { @as = "writer", topic = "night/1", from = 0, count = 100, qos = 1 });
        await Peer.AskAsync("publish", new { @as = "writer", topic = "night/2", from = 100, count = 100, qos = 2 });
        Assert.True((await ConnectAsync("sleeper", version, kept)).GetProperty("sessionPresent").GetBoolean());
        var received = await ReceivedAsync("sleeper", 200);
        Assert.Equal(Enumerable.Range(0, 200).Select(i => $"{i}"), received.Select(m => m.GetProperty("payload").GetString()));

        // A clean start forgets it all.
        await Peer.AskAsync("disconnect", new { @as = "sleeper" });
        Assert.False((await ConnectAsync("sleeper", version, new { clean = true })).GetProperty("sessionPresent").GetBoolean());
    }

    [Fact]
    public async Task Properties_of_version_5_pass_through_unchanged()
    {
        await ConnectAsync("a", 5);
        await ConnectAsync("b", 5);
        await Peer.AskAsync("subscribe", new { @as = "b", topic = "p", qos = 1 });
        await Peer.AskAsync("publish", new
        {
            @as = "a",
            topic = "p",
            payload = "x",
            qos = 1,
            properties = new { contentType = "application/json", responseTopic = "answer/here", correlationData = "42", messageExpiryInterval = 600, userProperties = new { unit = "m/s", line = "压铸" } },
        });
        var message = Assert.Single(await ReceivedAsync("b", 1));
        Assert.Equal("application/json", message.GetProperty("contentType").GetString());
        Assert.Equal("answer/here", message.GetProperty("responseTopic").GetString());
        Assert.Equal("42", message.GetProperty("correlation").GetString());
        Assert.InRange(message.GetProperty("expiry").GetInt32(), 1, 600);
        Assert.Equal("压铸", message.GetProperty("user").GetProperty("line").GetString());
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task After_unsubscribing_nothing_comes(int version)
    {
        await ConnectAsync("a", version);
        await Peer.AskAsync("subscribe", new { @as = "a", topic = "one", qos = 1 });
        await Peer.AskAsync("subscribe", new { @as = "a", topic = "two", qos = 1 });
        await Peer.AskAsync("unsubscribe", new { @as = "a", topic = "one" });
        await Peer.AskAsync("publish", new { @as = "a", topic = "one", payload = "no", qos = 1 });
        await Peer.AskAsync("publish", new { @as = "a", topic = "two", payload = "yes", qos = 1 });
        Assert.Equal("yes", Assert.Single(await ReceivedAsync("a", 1)).GetProperty("payload").GetString());
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task Only_users_with_their_password_are_let_in(int version)
    {
        await using var guarded = new MqttBroker(new() { Listeners = [new() { Port = 0 }], Authenticator = new OneUser() });
        await guarded.StartAsync();
        var port = guarded.EndPoints[0].Port;
        var right = await Peer.AskAsync("connect", new { @as = "right", version, port, user = "anna", password = "s3cret-压铸" });
        Assert.Equal(0, right.GetProperty("code").GetInt32());
        var wrong = await Assert.ThrowsAsync<PeerException>(() => Peer.AskAsync("connect", new { @as = "wrong", version, port, user = "anna", password = "S3cret" }));
        Assert.StartsWith(version == 5 ? "134 " : "4 ", wrong.Message);
        var nobody = await Assert.ThrowsAsync<PeerException>(() => Peer.AskAsync("connect", new { @as = "nobody", version, port }));
        Assert.Matches(version == 5 ? "^13[45] " : "^[45] ", nobody.Message);
    }

    private Task<JsonElement> ConnectAsync(string name, int version, object? more = null) =>
        Peer.AskAsync("connect", new { @as = name, port = broker.EndPoints[0].Port, version }, more);

    private async Task<JsonElement[]> ReceivedAsync(string name, int atLeast) =>
        [.. (await Peer.AskAsync("received", new { @as = name, atLeast })).GetProperty("messages").EnumerateArray()];

    private sealed class OneUser : IMqttAuthenticator
    {
        public ValueTask<MqttReasonCode> AuthenticateAsync(MqttAuthenticationRequest request, CancellationToken cancel) => new(
            request.UserName == "anna" && Encoding.UTF8.GetString(request.Password.GetValueOrDefault().Span) == "s3cret-压铸" ? MqttReasonCode.Success : MqttReasonCode.BadUserNameOrPassword);
    }
}
