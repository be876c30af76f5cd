using System.Text;
using FloorGateway.Mqtt.Client;
using FloorGateway.Mqtt.Codec;
using FloorGateway.Mqtt.Packets;

namespace FloorGateway.Mqtt.Tests.Client;

public sealed class PublishSubscribeTests
{
    [Theory]
    [InlineData(MqttProtocolVersion.V5, MqttQos.AtMostOnce)]
    [InlineData(MqttProtocolVersion.V5, MqttQos.AtLeastOnce)]
    [InlineData(MqttProtocolVersion.V5, MqttQos.ExactlyOnce)]
    [InlineData(MqttProtocolVersion.V311, MqttQos.AtMostOnce)]
    [InlineData(MqttProtocolVersion.V311, MqttQos.AtLeastOnce)]
    [InlineData(MqttProtocolVersion.V311, MqttQos.ExactlyOnce)]
    public async Task Delivers_in_order_at_every_qos(MqttProtocolVersion version, MqttQos qos)
    {
        await using var harness = new Harness();
        var subscriber = await harness.ConnectedAsync("subscriber", version: version);
        var publisher = await harness.ConnectedAsync("publisher", version: version);
        var collector = new Collector();
        Assert.Equal((MqttReasonCode)qos, await subscriber.SubscribeAsync(new MqttSubscription("plant/+/temp", qos), collector.Take));

        for (var i = 0; i < 100; i++)
            Assert.Equal(MqttReasonCode.Success, await publisher.PublishAsync("plant/cell1/temp", Encoding.UTF8.GetBytes($"{i}"), new MqttPublishOptions { Qos = qos }));

        Assert.Equal(Enumerable.Range(0, 100).Select(i => $"{i}"), await collector.TextsAsync(100));
    }

    [Fact]
    public async Task A_batch_completes_when_every_message_is_acknowledged()
    {
        await using var harness = new Harness();
        var subscriber = await harness.ConnectedAsync("subscriber");
        var publisher = await harness.ConnectedAsync("publisher");
        var collector = new Collector();
        await subscriber.SubscribeAsync(new MqttSubscription("line/#"), collector.Take);

        var topic = publisher.CreateTopic("line/station/torque");
        var batch = new MqttPublishBatch();
        for (var round = 0; round < 3; round++)
        {
            batch.Clear();
            for (var i = 0; i < 5000; i++)
                batch.Add(topic, Encoding.UTF8.GetBytes($"{round}/{i}"));
            Assert.Equal(0, await publisher.PublishAsync(batch));
        }

        var expected = Enumerable.Range(0, 3).SelectMany(r => Enumerable.Range(0, 5000).Select(i => $"{r}/{i}"));
        Assert.Equal(expected, await collector.TextsAsync(15000));
    }

    [Fact]
    public async Task A_publish_that_nobody_subscribed_to_says_so()
    {
        await using var harness = new Harness();
        var publisher = await harness.ConnectedAsync("publisher");
        Assert.Equal(MqttReasonCode.NoMatchingSubscribers, await publisher.PublishAsync("nobody/there", "x"u8.ToArray()));
    }
}
