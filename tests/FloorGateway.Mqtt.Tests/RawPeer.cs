using System.Buffers;
using FloorGateway.Mqtt.Codec;
using FloorGateway.Mqtt.Packets;
using FloorGateway.Net.Transport;

namespace FloorGateway.Mqtt.Tests;

/// <summary>Speaks MQTT packet by packet, for what a proper client would not do.</summary>
internal sealed class RawPeer(Connection connection, MqttProtocolVersion version = MqttProtocolVersion.V5)
{
    // What a broker sent before it acknowledged the subscription, as it may (MQTT 5.0, 3.8.4).
    private readonly Queue<(byte Header, byte[] Body)> early = [];

    public Connection Connection => connection;

    public async Task SendAsync(Action<IBufferWriter<byte>> write)
    {
        write(connection.Output);
        await connection.Output.FlushAsync();
    }

    public Task SendAsync(params byte[] bytes) => SendAsync(o => o.Write(bytes));

    public Task PublishAsync(string topic, string payload, MqttQos qos = MqttQos.AtMostOnce, ushort id = 0, byte[]? properties = null, byte flags = 0) => SendAsync(o =>
    {
        var topicBytes = MqttUtf8.GetBytes(topic, "topic");
        var payloadBytes = System.Text.Encoding.UTF8.GetBytes(payload);
        properties ??= [];
        var size = (int)PublishWriter.Measure(topicBytes.Length, qos, version, properties.Length, payloadBytes.Length, out var remaining);
        PublishWriter.Write(o.GetSpan(size), (int)remaining, (byte)(flags | (byte)qos << 1), topicBytes, id, version, properties, default, payloadBytes);
        o.Advance(size);
    });

    public async Task<ConnAckPacket> ConnectAsync(ConnectPacket connect)
    {
        await SendAsync(o => (connect with { Version = version }).Write(o));
        var (header, body) = await NextAsync();
        Assert.Equal(MqttPacketType.ConnAck, (MqttPacketType)(header >> 4));
        return ConnAckPacket.TryRead(body, version, MqttLimits.Default, out _)!;
    }

    public async Task SubscribeAsync(MqttSubscription subscription, int? identifier = null)
    {
        await SendAsync(o => new SubscribePacket { PacketId = 1, Subscriptions = [subscription], SubscriptionIdentifier = identifier }.Write(o, version));
        var packet = await ReadAsync();
        for (; (MqttPacketType)(packet.Header >> 4) == MqttPacketType.Publish; packet = await ReadAsync())
            early.Enqueue(packet);
        Assert.Equal(MqttPacketType.SubAck, (MqttPacketType)(packet.Header >> 4));
    }

    /// <summary>The next packet; null header 0 when the peer closed.</summary>
    public async Task<(byte Header, byte[] Body)> NextAsync() => early.TryDequeue(out var before) ? before : await ReadAsync();

    /// <summary>The next PUBLISH as text: flags, topic, payload.</summary>
    public async Task<(byte Flags, string Topic, string Payload, ushort Id, uint? Expiry)> NextPublishAsync()
    {
        var (header, body) = await NextAsync();
        Assert.Equal(MqttPacketType.Publish, (MqttPacketType)(header >> 4));
        Assert.True(PublishPacket.TryRead((byte)(header & 15), body, version, MqttLimits.Default, out var packet, out _));
        return (packet.Flags, MqttUtf8.GetString(packet.Topic), System.Text.Encoding.UTF8.GetString(packet.Payload), packet.PacketId, packet.Properties.Number(MqttPropertyId.MessageExpiryInterval));
    }

    /// <summary>The reason of the DISCONNECT that comes next.</summary>
    public async Task<MqttReasonCode> NextDisconnectAsync()
    {
        var (header, body) = await NextAsync();
        Assert.Equal(MqttPacketType.Disconnect, (MqttPacketType)(header >> 4));
        return DisconnectPacket.TryRead(body, version, MqttLimits.Default, out _)!.Reason;
    }

    /// <summary>True when the peer closed without a further packet.</summary>
    public async Task<bool> ClosedAsync() => (await NextAsync()).Header == 0;

    private async Task<(byte Header, byte[] Body)> ReadAsync()
    {
        while (true)
        {
            System.IO.Pipelines.ReadResult result;
            try
            {
                result = await connection.Input.ReadAsync().AsTask().WaitAsync(Harness.Patience);
            }
            catch (IOException)
            {
                return (0, []);
            }

            var buffer = result.Buffer;
            var status = MqttFrame.TryRead(ref buffer, int.MaxValue, out var frame, out _);
            var body = status == MqttFrameStatus.Complete ? frame.Body.ToArray() : [];
            connection.Input.AdvanceTo(buffer.Start, status == MqttFrameStatus.Complete ? buffer.Start : buffer.End);
            if (status == MqttFrameStatus.Complete)
                return (frame.Header, body);
            if (result.IsCompleted)
                return (0, []);
        }
    }
}
