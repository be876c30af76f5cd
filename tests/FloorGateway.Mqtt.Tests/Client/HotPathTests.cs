// The session is driven step by step on one thread, so each answer is known to be there when it is looked at.
#pragma warning disable CA2012, xUnit1031
using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using FloorGateway.Mqtt.Client;
using FloorGateway.Mqtt.Codec;
using FloorGateway.Mqtt.Packets;
using FloorGateway.Mqtt.Session;
using FloorGateway.Net.InMemory;
using FloorGateway.TestKit;

namespace FloorGateway.Mqtt.Tests.Client;

/// <summary>The session without sockets: batches in, packets out, acknowledgements in.</summary>
public sealed class HotPathTests
{
    private readonly MqttClientOptions _options = new() { ReceiveMaximum = 100, MaximumInFlight = 65535 };

    [Fact]
    public void A_warm_batch_is_filled_sent_and_acknowledged_without_allocating()
    {
        var (session, pump) = Attached(receiveMaximum: 65535);
        var topic = new MqttTopicHandle("enterprise/site/area/line/cell/unit/torque", MqttLimits.Default);
        var batch = new MqttPublishBatch(1000, 256 * 1024);
        var output = new ScratchWriter(1 << 20);
        var acks = new byte[1000 * 4];
        var allocated = Allocations.LeastOf(() =>
        {
            for (var round = 0; round < 5; round++)
                Send();
        });

        // The test's own assertions allocate a little a round; a message must not.
        Assert.True(allocated < 5_000, $"{allocated} bytes over 5000 messages");

        void Send()
        {
            batch.Clear();
            for (var i = 0; i < 1000; i++)
            {
                batch.Begin(topic);
                "{\"v\":21.5,\"t\":1795334797123,\"q\":192}"u8.CopyTo(batch.GetSpan(64));
                batch.Advance(37);
                batch.End();
            }

            var sent = session.Publish(batch);
            output.Reset();
            while (session.Fill(output))
            {
            }

            var length = Acknowledge(output.Written, acks);
            var buffer = new ReadOnlySequence<byte>(acks, 0, length);
            Assert.False(session.OnReceived(ref buffer, pump).IsFault);
            Assert.True(sent.IsCompletedSuccessfully);
            Assert.Equal(0, sent.Result);
        }
    }

    [Fact]
    public void Batches_are_pipelined_up_to_the_receive_maximum()
    {
        var (session, pump) = Attached(receiveMaximum: 10);
        var batches = Enumerable.Range(0, 4).Select(_ => new MqttPublishBatch()).ToArray();
        var sent = new List<ValueTask<int>>();
        foreach (var batch in batches)
        {
            for (var i = 0; i < 6; i++)
                batch.Add("t"u8, [1]);
            sent.Add(session.Publish(batch));
        }

        var output = new ScratchWriter(1 << 16);
        var acks = new byte[1000];
        var counts = new List<int>();
        for (var round = 0; round < 3; round++)
        {
            output.Reset();
            session.Fill(output);
            var length = Acknowledge(output.Written, acks);
            counts.Add(length / 4);
            var buffer = new ReadOnlySequence<byte>(acks, 0, length);
            session.OnReceived(ref buffer, pump);
        }

        Assert.Equal([10, 10, 4], counts);
        Assert.All(sent, s => Assert.True(s.IsCompletedSuccessfully));
    }

    [Fact]
    public void A_topic_is_sent_once_and_then_its_alias()
    {
        var (session, _) = Attached(receiveMaximum: 100, aliases: 1);
        var first = new MqttTopicHandle("long/topic", MqttLimits.Default);
        var second = new MqttTopicHandle("no/alias/left", MqttLimits.Default);
        var batch = new MqttPublishBatch();
        batch.Add(first, [1]);
        batch.Add(first, [2]);
        batch.Add(second, [3]);
        _ = session.Publish(batch);
        var output = new ScratchWriter(4096);
        session.Fill(output);
        Assert.Equal([("long/topic", (uint?)1), ("", 1), ("no/alias/left", null)], Published(output.Written).Select(p => (p.Topic, p.Alias)));

        // Another connection knows no alias.
        session.Detach();
        var (near, _) = InMemoryConnection.CreatePair();
        session.Attach(Link(100, 1, present: true), new PacketPump(near, TimeProvider.System), new KeepAliveClock(TimeProvider.System, default));
        output.Reset();
        session.Fill(output);
        var again = Published(output.Written);
        Assert.Equal([("long/topic", (uint?)1), ("", 1), ("no/alias/left", null)], again.Select(p => (p.Topic, p.Alias)));
        Assert.All(again, p => Assert.True(p.Duplicate));
    }

    [Fact]
    public void What_the_server_would_refuse_fails_alone()
    {
        var (session, pump) = Attached(receiveMaximum: 100, change: l => l with { MaximumPacketSize = 100, MaximumQos = MqttQos.AtLeastOnce, RetainAvailable = false });
        var batch = new MqttPublishBatch();
        batch.Add("good"u8, [1]);
        batch.Add("large"u8, new byte[200]);
        batch.Add("qos"u8, [1], MqttQos.ExactlyOnce);
        batch.Add("retain"u8, [1], retain: true);
        batch.Add("wild/#"u8, [1]);
        var sent = session.Publish(batch);
        var output = new ScratchWriter(4096);
        session.Fill(output);
        var acks = new byte[100];
        var buffer = new ReadOnlySequence<byte>(acks, 0, Acknowledge(output.Written, acks));
        session.OnReceived(ref buffer, pump);
        Assert.Equal(4, sent.Result);
        Assert.Equal(
            [MqttReasonCode.Success, MqttReasonCode.PacketTooLarge, MqttReasonCode.QosNotSupported, MqttReasonCode.RetainNotSupported, MqttReasonCode.TopicNameInvalid],
            Enumerable.Range(0, 5).Select(batch.ReasonOf));
    }

    [Fact]
    public void A_lost_session_publishes_anew_what_was_not_acknowledged_before_anything_newer()
    {
        var (session, _) = Attached(receiveMaximum: 2);
        var batch = new MqttPublishBatch();
        for (byte i = 0; i < 4; i++)
            batch.Add("t"u8, [i]);
        _ = session.Publish(batch);
        var output = new ScratchWriter(4096);
        session.Fill(output);
        Assert.Equal([0, 1], Published(output.Written).Select(p => (int)p.Payload[0]));

        session.Detach();
        var (near, _) = InMemoryConnection.CreatePair();
        session.Attach(Link(10, 0, present: false), new PacketPump(near, TimeProvider.System), new KeepAliveClock(TimeProvider.System, default));
        output.Reset();
        session.Fill(output);
        var again = Published(output.Written);
        Assert.Equal([0, 1, 2, 3], again.Select(p => (int)p.Payload[0]));
        Assert.All(again, p => Assert.False(p.Duplicate));
    }

    [Fact]
    public void A_batch_on_its_way_can_be_neither_cleared_nor_filled_nor_sent_again()
    {
        var (session, _) = Attached(receiveMaximum: 10);
        var batch = new MqttPublishBatch();
        batch.Add("t"u8, [1]);
        _ = session.Publish(batch);
        Assert.Throws<InvalidOperationException>(batch.Clear);
        Assert.Throws<InvalidOperationException>(() => batch.Add("t"u8, [1]));
        Assert.Throws<InvalidOperationException>(() => { _ = session.Publish(batch); });
    }

    private (ClientSession Session, PacketPump Pump) Attached(int receiveMaximum, int aliases = 0, Func<MqttNegotiated, MqttNegotiated>? change = null)
    {
        var session = new ClientSession(_options, new ClientInbox(_options));
        var (near, _) = InMemoryConnection.CreatePair();
        var pump = new PacketPump(near, TimeProvider.System);
        var link = Link(receiveMaximum, aliases, present: false);
        session.Attach(change?.Invoke(link) ?? link, pump, new KeepAliveClock(TimeProvider.System, default));
        return (session, pump);
    }

    private static MqttNegotiated Link(int receiveMaximum, int aliases, bool present) => new()
    {
        Version = MqttProtocolVersion.V5,
        ClientId = "c",
        ReceiveMaximum = receiveMaximum,
        TopicAliasMaximum = aliases,
        SessionPresent = present,
    };

    // A PUBACK for each PUBLISH with an identifier.
    private static int Acknowledge(ReadOnlyMemory<byte> written, byte[] acks)
    {
        var length = 0;
        var buffer = new ReadOnlySequence<byte>(written);
        while (MqttFrame.TryRead(ref buffer, int.MaxValue, out var frame, out _) == MqttFrameStatus.Complete)
        {
            Assert.True(PublishPacket.TryRead(frame.Flags, frame.Body.FirstSpan, MqttProtocolVersion.V5, MqttLimits.Default, out var packet, out _));
            if (packet.PacketId != 0)
                length += AckPacket.Write(acks.AsSpan(length), MqttPacketType.PubAck, packet.PacketId, MqttReasonCode.Success, MqttProtocolVersion.V5);
        }

        return length;
    }

    private static List<(string Topic, uint? Alias, byte[] Payload, bool Duplicate)> Published(ReadOnlyMemory<byte> written)
    {
        var list = new List<(string Topic, uint? Alias, byte[] Payload, bool Duplicate)>();
        var buffer = new ReadOnlySequence<byte>(written);
        while (MqttFrame.TryRead(ref buffer, int.MaxValue, out var frame, out _) == MqttFrameStatus.Complete)
        {
            Assert.True(PublishPacket.TryRead(frame.Flags, frame.Body.FirstSpan, MqttProtocolVersion.V5, MqttLimits.Default, out var packet, out _));
            list.Add((Encoding.UTF8.GetString(packet.Topic), packet.Properties.Number(MqttPropertyId.TopicAlias), packet.Payload.ToArray(), packet.Duplicate));
        }

        return list;
    }

    /// <summary>A pipe's writing end that keeps everything in one array.</summary>
    private sealed class ScratchWriter(int capacity) : PipeWriter
    {
        private readonly byte[] _buffer = new byte[capacity];
        private int _used;

        public ReadOnlyMemory<byte> Written => _buffer.AsMemory(0, _used);

        public void Reset() => _used = 0;

        public override void Advance(int bytes) => _used += bytes;

        public override Memory<byte> GetMemory(int sizeHint = 0) => _buffer.AsMemory(_used);

        public override Span<byte> GetSpan(int sizeHint = 0) => _buffer.AsSpan(_used);

        public override void CancelPendingFlush()
        {
        }

        public override void Complete(Exception? exception = null)
        {
        }

        public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default) => default;
    }
}
