using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Text;
using FloorGateway.Connectors.Uns;
using FloorGateway.Model.Gaps;
using FloorGateway.Model.Ports;
using FloorGateway.Model.Samples;
using FloorGateway.Model.Tags;
using FloorGateway.Model.Values;
using FloorGateway.Mqtt.Broker;
using FloorGateway.Mqtt.Client;
using FloorGateway.Mqtt.Packets;
using FloorGateway.TestKit;

namespace FloorGateway.Connectors.Tests.Uns;

public sealed class UnsDestinationTests
{
    private static readonly long Time = new DateTime(2027, 3, 15, 0, 0, 0, DateTimeKind.Utc).Ticks;
    private readonly int port = Ports.Free();

    [Fact]
    public async Task Broker_that_lost_its_retained_messages_gets_the_latest_of_every_tag_again()
    {
        var broker = await BrokerAsync();
        await using var destination = Destination("LXE/X/A", "LXE/X/B");
        await DeliverAsync(destination, Sample(0, 1), Sample(1, 2), Sample(0, 3));
        await broker.DisposeAsync();
        await using var restarted = await BrokerAsync();
        await DeliverAsync(destination, Sample(0, 4));
        var retained = await RetainedAsync("LXE/#", 2);
        // Live, or as a replay of it where the destination learns of the restart only while it delivers.
        Assert.Contains("\"v\":4,", retained["LXE/X/A"], StringComparison.Ordinal);
        Assert.Contains("\"v\":2,", retained["LXE/X/B"], StringComparison.Ordinal);
        Assert.Contains("\"o\":\"replay\"", retained["LXE/X/B"], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("LXE/+/A")]
    [InlineData("LXE/X#/A")]
    public async Task Tag_whose_path_is_no_topic_is_the_callers_fault_and_leaves_the_destination_usable(string path)
    {
        await using var broker = await BrokerAsync();
        await using var destination = Destination("LXE/X/A", path);
        await DeliverAsync(destination, Sample(0, 1));
        await Assert.ThrowsAnyAsync<ArgumentException>(() => destination.DeliverAsync(Batch(Sample(0, 2), Sample(1, 2)), CancellationToken.None).AsTask());
        await DeliverAsync(destination, Sample(0, 3));
        Assert.Contains("\"v\":3,", (await RetainedAsync("LXE/#", 1))["LXE/X/A"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Replayed_sample_never_takes_the_place_of_a_newer_retained_one()
    {
        await using var broker = await BrokerAsync();
        await using var destination = Destination("LXE/X/A", "LXE/X/B");
        await DeliverAsync(destination, Sample(0, 4));
        var (older, newer) = (Sample(0, 1) with { Origin = SampleOrigin.Replay, SourceTime = Time - 5 }, Sample(1, 2) with { Origin = SampleOrigin.Replay, SourceTime = Time - 5 });
        await DeliverAsync(destination, older, newer);
        var retained = await RetainedAsync("LXE/#", 2);
        Assert.Contains("\"v\":4,", retained["LXE/X/A"], StringComparison.Ordinal);
        // Of B nothing newer is known.
        Assert.Contains("\"v\":2,", retained["LXE/X/B"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Gap_from_before_all_calendars_is_delivered_at_their_beginning()
    {
        await using var broker = await BrokerAsync();
        await using var destination = Destination("LXE/X/A");
        await DeliverAsync(destination, Sample(0, 1));
        var gap = new GapRecord { Server = "cas", From = -5, To = Time, Cause = "test" };
        Assert.Equal(DeliveryOutcome.Delivered, (await destination.DeliverAsync(new FeedBatch(0, default, [gap]), CancellationToken.None)).Outcome);
    }

    private static Sample Sample(int tag, double value) => new() { Tag = tag, Value = TagValue.From(value), SourceTime = Time, ReceiveTime = Time };

    private static FeedBatch Batch(params Sample[] samples) => new(0, samples, []);

    private static async Task DeliverAsync(UnsDestination destination, params Sample[] samples)
    {
        for (var attempt = 0; attempt < 1000; attempt++)
        {
            if ((await destination.DeliverAsync(Batch(samples), CancellationToken.None)).Outcome == DeliveryOutcome.Delivered)
                return;
            await Task.Delay(20, CancellationToken.None);
        }

        Assert.Fail($"not delivered: {destination.Hindrance}");
    }

    private UnsDestination Destination(params string[] paths) => new(
        new UnsOptions
        {
            Name = "uns",
            GatewayId = "edge-01",
            Client = new MqttClientOptions { Port = port, ClientId = "edge-01" },
        },
        new Tags(paths));

    private async Task<MqttBroker> BrokerAsync()
    {
        var broker = new MqttBroker(new MqttBrokerOptions { Listeners = [new MqttListenerOptions { Address = IPAddress.Loopback, Port = port, AllowAnonymous = true }] });
        await broker.StartAsync(CancellationToken.None);
        return broker;
    }

    /// <summary>What somebody who subscribes only now is given.</summary>
    private async Task<IReadOnlyDictionary<string, string>> RetainedAsync(string filter, int count)
    {
        var messages = new ConcurrentDictionary<string, string>();
        await using var client = new MqttClient(new MqttClientOptions { Port = port, ClientId = "late" });
        await client.ConnectAsync(CancellationToken.None);
        await client.SubscribeAsync(
            new MqttSubscription(filter),
            (message, _) =>
            {
                messages[message.Topic] = Encoding.UTF8.GetString(message.Payload.ToArray());
                return default;
            },
            CancellationToken.None);
        for (var i = 0; i < 500 && messages.Count < count; i++)
            await Task.Delay(20, CancellationToken.None);
        Assert.True(messages.Count >= count, $"only {messages.Count} retained messages: {string.Join(", ", messages.Keys)}");
        return messages;
    }

    private sealed class Tags(string[] paths) : ITagCatalog
    {
        public int Count => paths.Length;

        public TagDefinition this[int id] => new() { Id = id, Path = paths[id], Server = "cas", EquipmentType = "T", UnitPath = "LXE/X", Signal = "A" };

        public bool TryFind(string path, [NotNullWhen(true)] out TagDefinition? tag)
        {
            tag = null;
            return false;
        }
    }
}
