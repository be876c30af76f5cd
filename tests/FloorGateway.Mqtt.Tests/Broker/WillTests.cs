using System.Text;
using FloorGateway.Mqtt.Codec;
using FloorGateway.Mqtt.Packets;
using FloorGateway.TestKit;

namespace FloorGateway.Mqtt.Tests.Broker;

public sealed class WillTests
{
    private readonly ManualTimeProvider _time = new();
    private readonly List<string> _seen = [];

    [Fact]
    public async Task A_broken_link_publishes_the_will_at_once()
    {
        await using var harness = Watched();
        var peer = await ConnectAsync(harness, delay: 0, expiry: 0);
        peer.Connection.Abort();
        await Eventually.TrueAsync(() => _seen.Count == 1);
        Assert.Equal("gone", _seen[0]);
    }

    [Fact]
    public async Task A_goodbye_takes_the_will_back()
    {
        await using var harness = Watched();
        var peer = await ConnectAsync(harness, delay: 0, expiry: 0);
        await peer.SendAsync(o => new DisconnectPacket().Write(o, MqttProtocolVersion.V5));
        await GoneAsync(harness);
        Assert.Empty(_seen);
    }

    [Fact]
    public async Task A_goodbye_may_ask_for_the_will()
    {
        await using var harness = Watched();
        var peer = await ConnectAsync(harness, delay: 0, expiry: 0);
        await peer.SendAsync(o => new DisconnectPacket { Reason = MqttReasonCode.DisconnectWithWill }.Write(o, MqttProtocolVersion.V5));
        await Eventually.TrueAsync(() => _seen.Count == 1);
    }

    [Fact]
    public async Task A_delayed_will_waits_for_its_delay()
    {
        await using var harness = Watched();
        var peer = await ConnectAsync(harness, delay: 30, expiry: 100);
        peer.Connection.Abort();
        await GoneAsync(harness);
        _time.Advance(TimeSpan.FromSeconds(29));
        Assert.Empty(_seen);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Single(_seen);
        _time.Advance(TimeSpan.FromSeconds(100));
        Assert.Single(_seen);
        Assert.Equal(0, harness.Broker.GetStatistics().Sessions);
    }

    [Fact]
    public async Task A_client_that_comes_back_in_time_takes_its_delayed_will_back()
    {
        await using var harness = Watched();
        var peer = await ConnectAsync(harness, delay: 30, expiry: 100);
        peer.Connection.Abort();
        await GoneAsync(harness);
        _time.Advance(TimeSpan.FromSeconds(20));
        var again = new RawPeer(harness.Open());
        Assert.True((await again.ConnectAsync(new ConnectPacket { ClientId = "w", CleanStart = false, SessionExpiryInterval = 100 })).SessionPresent);
        _time.Advance(TimeSpan.FromSeconds(60));
        Assert.Empty(_seen);
    }

    [Fact]
    public async Task The_end_of_a_session_does_not_wait_for_the_delay()
    {
        await using var harness = Watched();
        var peer = await ConnectAsync(harness, delay: 1000, expiry: 10);
        peer.Connection.Abort();
        await GoneAsync(harness);
        _time.Advance(TimeSpan.FromSeconds(10));
        Assert.Single(_seen);
    }

    [Fact]
    public async Task A_clean_start_ends_the_session_and_so_publishes_a_waiting_will()
    {
        await using var harness = Watched();
        var peer = await ConnectAsync(harness, delay: 30, expiry: 100);
        peer.Connection.Abort();
        await GoneAsync(harness);
        await new RawPeer(harness.Open()).ConnectAsync(new ConnectPacket { ClientId = "w", CleanStart = true });
        Assert.Single(_seen);
    }

    [Fact]
    public async Task A_retained_will_stays()
    {
        await using var harness = Watched();
        var peer = await ConnectAsync(harness, delay: 0, expiry: 0, retain: true);
        peer.Connection.Abort();
        await Eventually.TrueAsync(() => _seen.Count == 1);
        Assert.Equal(1, harness.Broker.GetStatistics().RetainedMessages);
    }

    private Harness Watched()
    {
        var harness = new Harness(time: _time);
        harness.Broker.Subscribe("will", m => _seen.Add(Encoding.UTF8.GetString(m.Payload.Span)));
        return harness;
    }

    private static async Task<RawPeer> ConnectAsync(Harness harness, uint delay, uint expiry, bool retain = false)
    {
        var peer = new RawPeer(harness.Open());
        await peer.ConnectAsync(new ConnectPacket
        {
            ClientId = "w",
            SessionExpiryInterval = expiry,
            Will = new MqttWill { Topic = "will", Payload = "gone"u8.ToArray(), DelayInterval = delay, Retain = retain },
        });
        return peer;
    }

    private static Task GoneAsync(Harness harness) => Eventually.TrueAsync(() => harness.Broker.GetStatistics() is { ConnectionsAccepted: > 0, Connections: 0 });
}
