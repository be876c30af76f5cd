using FloorGateway.Mqtt.Codec;
using FloorGateway.Mqtt.Session;

namespace FloorGateway.Mqtt.Tests.Session;

public sealed class OutboundWindowTests
{
    private static OutboundWindow<string> Window(int capacity = 16, int receiveMaximum = 16)
    {
        var window = new OutboundWindow<string>(capacity);
        window.Resume(receiveMaximum);
        return window;
    }

    [Fact]
    public void An_id_in_flight_is_never_given_out_again_across_many_wraps()
    {
        var window = Window(8, 8);
        var held = new Dictionary<ushort, string>();
        var random = new Random(1);
        for (var i = 0; i < 300_000; i++)
        {
            if (held.Count < 7 && (held.Count == 0 || random.Next(2) == 0))
            {
                Assert.True(window.TryBegin(DeliveryState.AwaitPubAck, $"{i}", out var id));
                Assert.NotEqual(0, id);
                Assert.True(held.TryAdd(id, $"{i}"));
            }
            else
            {
                // One message stays unacknowledged for a long time, so that the ids wrap around it.
                var id = held.Keys.Skip(held.Count > 1 ? 1 : 0).ElementAt(random.Next(Math.Max(1, held.Count - 1)));
                Assert.Equal(AckStep.Completed, window.Acknowledge(MqttPacketType.PubAck, id, false, out var cookie));
                Assert.Equal(held[id], cookie);
                held.Remove(id);
            }
        }
    }

    [Fact]
    public void The_receive_maximum_bounds_what_is_in_flight()
    {
        var window = Window(64, 2);
        Assert.True(window.TryBegin(DeliveryState.AwaitPubAck, "a", out var a));
        Assert.True(window.TryBegin(DeliveryState.AwaitPubRec, "b", out var b));
        Assert.False(window.TryBegin(DeliveryState.AwaitPubAck, "c", out _));
        Assert.True(window.TryBegin(DeliveryState.AwaitSubAck, "a request is not a message", out _));
        Assert.Equal(AckStep.Release, window.Acknowledge(MqttPacketType.PubRec, b, false, out _));
        Assert.Equal(0, window.Quota); // QoS 2 gives its place back with PUBCOMP
        window.Acknowledge(MqttPacketType.PubAck, a, false, out _);
        Assert.Equal(1, window.Quota);
        Assert.Equal(AckStep.Completed, window.Acknowledge(MqttPacketType.PubComp, b, false, out var cookie));
        Assert.Equal(("b", 2), (cookie, window.Quota));
    }

    [Fact]
    public void A_refused_pubrec_ends_the_exchange()
    {
        var window = Window();
        window.TryBegin(DeliveryState.AwaitPubRec, "a", out var id);
        Assert.Equal(AckStep.Completed, window.Acknowledge(MqttPacketType.PubRec, id, failed: true, out _));
        Assert.Equal(0, window.Count);
    }

    [Fact]
    public void Acknowledgements_of_unknown_ids_are_answered_as_the_standard_says()
    {
        var window = Window();
        Assert.Equal(AckStep.Ignore, window.Acknowledge(MqttPacketType.PubAck, 5, false, out _));
        Assert.Equal(AckStep.Ignore, window.Acknowledge(MqttPacketType.PubComp, 5, false, out _));
        Assert.Equal(AckStep.ReleaseUnknown, window.Acknowledge(MqttPacketType.PubRec, 5, false, out _));
    }

    [Fact]
    public void Acknowledgements_that_do_not_fit_are_violations()
    {
        var window = Window();
        window.TryBegin(DeliveryState.AwaitPubAck, "a", out var one);
        window.TryBegin(DeliveryState.AwaitPubRec, "b", out var two);
        Assert.Equal(AckStep.Violation, window.Acknowledge(MqttPacketType.PubRec, one, false, out _));
        Assert.Equal(AckStep.Violation, window.Acknowledge(MqttPacketType.PubAck, two, false, out _));
        Assert.Equal(AckStep.Violation, window.Acknowledge(MqttPacketType.PubComp, two, false, out _));
        Assert.Equal(2, window.Count);
    }

    [Fact]
    public void A_resumed_session_sends_again_in_the_first_order()
    {
        var window = Window();
        var ids = new ushort[4];
        window.TryBegin(DeliveryState.AwaitPubAck, "a", out ids[0]);
        window.TryBegin(DeliveryState.AwaitPubRec, "b", out ids[1]);
        window.TryBegin(DeliveryState.AwaitPubAck, "c", out ids[2]);
        window.TryBegin(DeliveryState.AwaitPubRec, "d", out ids[3]);
        window.Acknowledge(MqttPacketType.PubRec, ids[1], false, out _);
        window.Acknowledge(MqttPacketType.PubAck, ids[2], false, out _);
        window.Resume(16);

        Assert.True(window.HasResends);
        Assert.Equal([("a", DeliveryState.AwaitPubAck), ("b", DeliveryState.AwaitPubComp), ("d", DeliveryState.AwaitPubRec)], Resends(window));
        Assert.False(window.HasResends);
    }

    [Fact]
    public void A_lower_receive_maximum_holds_resends_back_but_not_pubrel()
    {
        var window = Window();
        var ids = new ushort[3];
        for (var i = 0; i < 3; i++)
            window.TryBegin(DeliveryState.AwaitPubRec, $"{i}", out ids[i]);
        window.Acknowledge(MqttPacketType.PubRec, ids[0], false, out _);
        window.Resume(1);
        Assert.Equal([("0", DeliveryState.AwaitPubComp), ("1", DeliveryState.AwaitPubRec)], Resends(window));
        Assert.True(window.HasResends);
        window.Acknowledge(MqttPacketType.PubComp, ids[0], false, out _); // took no place on this connection
        Assert.Empty(Resends(window));
        window.Acknowledge(MqttPacketType.PubRec, ids[1], true, out _);
        Assert.Equal([("2", DeliveryState.AwaitPubRec)], Resends(window));
    }

    [Fact]
    public void Requests_end_with_their_connection()
    {
        var window = Window();
        window.TryBegin(DeliveryState.AwaitSubAck, "subscribe", out _);
        window.TryBegin(DeliveryState.AwaitPubAck, "publish", out _);
        var ended = new List<string>();
        window.Resume(16, (_, cookie) => ended.Add(cookie));
        Assert.Equal(["subscribe"], ended);
        Assert.Equal(1, window.Count);
    }

    [Fact]
    public void A_lost_session_hands_back_everything_in_order()
    {
        var window = Window();
        for (var i = 0; i < 5; i++)
            window.TryBegin(DeliveryState.AwaitPubAck, $"{i}", out _);
        var back = new List<string>();
        window.Reset(16, (_, cookie) => back.Add(cookie));
        Assert.Equal(["0", "1", "2", "3", "4"], back);
        Assert.Equal((0, 16), (window.Count, window.Quota));
    }

    [Fact]
    public void A_full_window_of_65535_gives_every_id_once()
    {
        var window = Window(65536, 65535);
        var seen = new HashSet<ushort>();
        while (window.TryBegin(DeliveryState.AwaitPubAck, "", out var id))
            Assert.True(seen.Add(id));
        Assert.Equal(65535, seen.Count);
    }

    private static List<(string Cookie, DeliveryState State)> Resends(OutboundWindow<string> window)
    {
        var list = new List<(string Cookie, DeliveryState State)>();
        while (window.TryNextResend(out _, out var state, out var cookie))
            list.Add((cookie!, state));
        return list;
    }
}
