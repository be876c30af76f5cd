using System.Text;
using FloorGateway.Mqtt.Client;
using FloorGateway.Mqtt.Codec;
using FloorGateway.Mqtt.Packets;
using FloorGateway.Net.InMemory;
using FloorGateway.Net.Transport;

namespace FloorGateway.Mqtt.Tests.Client;

/// <summary>QoS 2 over links that are cut at each step of the exchange, on either side.</summary>
public sealed class ExactlyOnceTests
{
    public static TheoryData<MqttProtocolVersion, string, MqttPacketType, bool> Cuts()
    {
        var data = new TheoryData<MqttProtocolVersion, string, MqttPacketType, bool>();
        foreach (var version in new[] { MqttProtocolVersion.V5, MqttProtocolVersion.V311 })
        {
            foreach (var side in new[] { "publisher", "subscriber" })
            {
                foreach (var packet in new[] { MqttPacketType.Publish, MqttPacketType.PubRec, MqttPacketType.PubRel, MqttPacketType.PubComp })
                {
                    data.Add(version, side, packet, true);
                    data.Add(version, side, packet, false);
                }
            }
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Cuts))]
    public async Task Each_message_arrives_once(MqttProtocolVersion version, string side, MqttPacketType cutAt, bool delivered)
    {
        await using var harness = new Harness();
        var cutter = new Cutter(harness, cutAt, delivered);
        MqttClientOptions Through(MqttClientOptions o) => o with
        {
            CleanStart = false,
            Connector = _ => new ValueTask<Connection>(cutter.Open()),
        };
        var subscriber = await harness.ConnectedAsync("subscriber", side == "subscriber" ? Through : null, version);
        var publisher = await harness.ConnectedAsync("publisher", side == "publisher" ? Through : null, version);
        var collector = new Collector();
        await subscriber.SubscribeAsync(new MqttSubscription("q", MqttQos.ExactlyOnce), collector.Take).WaitAsync(Harness.Patience);

        for (var i = 0; i < 3; i++)
        {
            cutter.Arm();
            var reason = await publisher.PublishAsync("q", Encoding.UTF8.GetBytes($"{i}"), new MqttPublishOptions { Qos = MqttQos.ExactlyOnce }).WaitAsync(Harness.Patience);
            Assert.Equal(MqttReasonCode.Success, reason);
            Assert.Equal($"{i}", Collector.Text(await collector.NextAsync()));
        }

        await publisher.PublishAsync("q", "end"u8.ToArray(), new MqttPublishOptions { Qos = MqttQos.ExactlyOnce }).WaitAsync(Harness.Patience);
        Assert.Equal("end", Collector.Text(await collector.NextAsync()));
        Assert.True(collector.IsEmpty);
        Assert.True(cutter.Cuts >= 1, $"{cutter.Cuts} cuts");
    }

    /// <summary>Passes packets through and cuts the link at the next packet of one type, with or without passing that packet on.</summary>
    private sealed class Cutter(Harness harness, MqttPacketType at, bool deliver)
    {
        private int _armed;
        private int _cuts;

        public int Cuts => Volatile.Read(ref _cuts);

        public void Arm() => Volatile.Write(ref _armed, 1);

        public Connection Open()
        {
            var server = harness.Open();
            var (near, far) = InMemoryConnection.CreatePair();
            _ = PumpAsync(far, server, far, server);
            _ = PumpAsync(server, far, far, server);
            return near;
        }

        private async Task PumpAsync(Connection from, Connection to, Connection one, Connection other)
        {
            try
            {
                while (true)
                {
                    var result = await from.Input.ReadAsync();
                    var buffer = result.Buffer;
                    var start = buffer;
                    while (MqttFrame.TryRead(ref buffer, int.MaxValue, out var frame, out _) == MqttFrameStatus.Complete)
                    {
                        var cut = frame.Type == at && Interlocked.Exchange(ref _armed, 0) == 1;
                        if (!cut || deliver)
                        {
                            foreach (var part in start.Slice(0, buffer.Start))
                                await to.Output.WriteAsync(part);
                        }

                        if (cut)
                        {
                            Interlocked.Increment(ref _cuts);
                            // What was passed on must be read before the link goes, or it was not passed on.
                            for (var i = 0; deliver && i < 20; i++)
                                await Task.Delay(1);
                            one.Abort();
                            other.Abort();
                            return;
                        }

                        start = buffer;
                    }

                    from.Input.AdvanceTo(buffer.Start, buffer.End);
                    if (result.IsCompleted)
                        break;
                }
            }
            catch (Exception e) when (e is IOException or InvalidOperationException or OperationCanceledException)
            {
                // The other direction was cut.
            }

            one.Abort();
            other.Abort();
        }
    }
}
