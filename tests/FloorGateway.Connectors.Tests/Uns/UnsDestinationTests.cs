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
    public async Task Nor_does_it_after_a_restart_of_the_gateway()
    {
        using var folder = new TempDirectory();
        await using var broker = await BrokerAsync();
        await using (var before = Destination(folder["uns.retained"], ["LXE/X/A", "LXE/X/B", "LXE/X/C"]))
            await DeliverAsync(before, Sample(0, 4), Sample(1, 5) with { SourceTime = Time - 100 });
        await using var destination = Destination(folder["uns.retained"], ["LXE/X/A", "LXE/X/B", "LXE/X/C"]);
        await DeliverAsync(
            destination,
            Sample(0, 1) with { Origin = SampleOrigin.Replay, SourceTime = Time - 5 },
            Sample(0, 2) with { Origin = SampleOrigin.Backfill, SourceTime = Time - 4 },
            Sample(1, 6) with { Origin = SampleOrigin.Replay, SourceTime = Time - 5 },
            Sample(2, 7) with { Origin = SampleOrigin.Replay, SourceTime = Time - 5 });
        var retained = await RetainedAsync("LXE/#", 3);
        Assert.Contains("\"v\":4,", retained["LXE/X/A"], StringComparison.Ordinal);
        // What waited is newer than what the broker holds of B, and of C it holds nothing.
        Assert.Contains("\"v\":6,", retained["LXE/X/B"], StringComparison.Ordinal);
        Assert.Contains("\"v\":7,", retained["LXE/X/C"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_kill_takes_nothing_of_what_is_known_about_acknowledged_messages()
    {
        using var folder = new TempDirectory();
        await using var broker = await BrokerAsync();
        await using var before = Destination(folder["uns.retained"], [.. Enumerable.Range(0, 2000).Select(i => $"LXE/X/S{i}")]);
        await DeliverAsync(before, [.. Enumerable.Range(0, 2000).Select(i => Sample(i, i) with { SourceTime = Time + i })]);
        File.Copy(folder["uns.retained"], folder["copy"]);
        using var times = new RetainedTimes(folder["copy"]);
        Assert.All(Enumerable.Range(0, 2000), i => Assert.Equal(Time + i, times[i]));
        Assert.Equal(0, times[5000]);
    }

    [Fact]
    public async Task A_clock_that_was_set_back_is_followed_by_live_samples()
    {
        using var folder = new TempDirectory();
        await using var broker = await BrokerAsync();
        await using var destination = Destination(folder["uns.retained"], ["LXE/X/A"]);
        await DeliverAsync(destination, Sample(0, 1));
        await DeliverAsync(destination, Sample(0, 2) with { SourceTime = Time - 1000 });
        await DeliverAsync(destination, Sample(0, 3) with { SourceTime = Time - 900, Origin = SampleOrigin.Replay });
        Assert.Contains("\"v\":3,", (await RetainedAsync("LXE/#", 1))["LXE/X/A"], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("abc")]
    public void A_memory_cut_short_is_no_trouble(string content)
    {
        using var folder = new TempDirectory();
        File.WriteAllText(folder["x"], content);
        using (var times = new RetainedTimes(folder["x"]))
        {
            Assert.Equal(0, times[0]);
            times.Set(600, 5);
        }

        using var again = new RetainedTimes(folder["x"]);
        Assert.Equal((0, 5), (again[0], again[600]));
        using var nowhere = new RetainedTimes(folder["no/such/folder"]);
        nowhere.Set(1, 7);
        nowhere.Save();
        Assert.Equal(7, nowhere[1]);
    }

    [Fact]
    public async Task Gap_record_is_published_with_all_that_it_says()
    {
        await using var broker = await BrokerAsync();
        await using var client = new MqttClient(new MqttClientOptions { Port = port, ClientId = "watch" });
        await client.ConnectAsync(CancellationToken.None);
        var seen = new TaskCompletionSource<string>();
        await client.SubscribeAsync(
            new MqttSubscription("$gateway/edge-01/gap"),
            (message, _) =>
            {
                seen.TrySetResult(Encoding.UTF8.GetString(message.Payload.ToArray()));
                return default;
            },
            CancellationToken.None);
        await using var destination = Destination("LXE/X/A");
        await DeliverAsync(destination, Sample(0, 1));
        var gap = new GapRecord { Server = "cas", Tag = "LXE/X/A", From = Time, To = Time + TimeSpan.TicksPerMinute, Cause = "was not running" };
        Assert.Equal(DeliveryOutcome.Delivered, (await destination.DeliverAsync(new FeedBatch(0, default, [gap]), CancellationToken.None)).Outcome);
        Assert.Equal(
            """{"server":"cas","tag":"LXE/X/A","from":"2027-03-15T00:00:00.0000000Z","to":"2027-03-15T00:01:00.0000000Z","cause":"was not running"}""",
            await seen.Task.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken));
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

    private UnsDestination Destination(params string[] paths) => Destination(null, paths);

    private UnsDestination Destination(string? memory, string[] paths) => new(
        new UnsOptions
        {
            Name = "uns",
            GatewayId = "edge-01",
            MemoryFile = memory,
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
