using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using FloorGateway.Connectors.Uns;
using FloorGateway.Model.Gaps;
using FloorGateway.Model.Ports;
using FloorGateway.Model.Samples;
using FloorGateway.Model.Tags;
using FloorGateway.Model.Values;
using FloorGateway.Net.Transport;
using FloorGateway.Simulators.Faults;
using FloorGateway.TestKit;
using FloorGateway.TestKit.Foreign;
using Interop.Tests.OpcUa;

namespace Interop.Tests.Mqtt;

/// <summary>The unified namespace on a real mosquitto, seen by mosquitto_sub.</summary>
public sealed class UnsDestinationTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly long Time = new DateTime(2027, 3, 15, 0, 0, 0, DateTimeKind.Utc).AddTicks(1_234_567).Ticks;
    private readonly Catalogue catalogue = new();
    private MosquittoBroker? broker;

    private MosquittoBroker Broker => broker!;

    public async ValueTask InitializeAsync() => broker = await MosquittoBroker.StartAsync("max_inflight_messages 0");

    public async ValueTask DisposeAsync()
    {
        if (broker is not null) await broker.DisposeAsync();
    }

    [Fact]
    public async Task Every_tag_stands_retained_on_its_path_as_documented()
    {
        await using var uns = new UnsDestination(Options(), catalogue);
        await DeliverAsync(uns,
            new Sample { Tag = 0, Value = TagValue.From(6.48), SourceTime = Time },
            new Sample { Tag = 1, Value = TagValue.From("运行"), SourceTime = Time, Origin = SampleOrigin.Initial },
            new Sample { Tag = 2, Value = TagValue.Null, Status = StatusQuality.BadSensorFailure, SourceTime = Time, Origin = SampleOrigin.Backfill },
            new Sample { Tag = 3, Value = TagValue.From(new double[] { 1.5, -2 }), Status = StatusQuality.UncertainLastUsableValue, SourceTime = Time, Origin = SampleOrigin.Replay },
            new Sample { Tag = 0, Value = TagValue.From(6.5), SourceTime = Time + 1, Origin = SampleOrigin.Heartbeat });
        Assert.Equal(
            [
                """fg/LXE/JSH/CAS/L01/DC01/PRESS/Curve {"v":[1.5,-2],"q":"Uncertain","s":1083179008,"t":"2027-03-15T00:00:00.1234567Z","u":"m","o":"replay"} 1""",
                """fg/LXE/JSH/CAS/L01/DC01/PRESS/Pressure {"v":null,"q":"Bad","s":2156658688,"t":"2027-03-15T00:00:00.1234567Z","u":"MPa","o":"backfill"} 1""",
                """fg/LXE/JSH/CAS/L01/DC01/PRESS/Shot.Velocity {"v":6.5,"q":"Good","t":"2027-03-15T00:00:00.1234568Z","u":"m/s","o":"heartbeat"} 1""",
                """fg/LXE/JSH/CAS/L01/DC01/PRESS/State.Text {"v":"运行","q":"Good","t":"2027-03-15T00:00:00.1234567Z","o":"initial"} 1""",
            ],
            await RetainedAsync("fg/LXE/JSH/CAS/#", 4));
    }

    [Fact]
    public async Task Gaps_are_told_beside_the_state()
    {
        await using var uns = new UnsDestination(Options(), catalogue);
        await using var watcher = await WatchAsync("fg/LXE/JSH/$gateway/edge-01/gap", 1);
        var gap = new GapRecord { Server = "cas", Tag = null, From = Time, To = Time + TimeSpan.TicksPerSecond, Cause = "gateway was not running" };
        await UntilDeliveredAsync(uns, new FeedBatch(1, default, [gap]));
        Assert.Equal(0, await watcher.WaitForExitAsync());
        Assert.Equal(
            """fg/LXE/JSH/$gateway/edge-01/gap {"server":"cas","tag":null,"from":"2027-03-15T00:00:00.1234567Z","to":"2027-03-15T00:00:01.1234567Z","cause":"gateway was not running"} 0""",
            Assert.Single(Lines(watcher)));
    }

    [Fact]
    public async Task The_state_is_online_then_stopped_after_a_goodbye()
    {
        await using var watcher = await WatchAsync("fg/LXE/JSH/$gateway/edge-01/state", 2);
        await using (var uns = new UnsDestination(Options(), catalogue))
        {
            var online = await watcher.WaitForLineAsync("\"online\"", Patience);
            Assert.Equal("edge-01", Json(online).GetProperty("gateway").GetString());
            Assert.Contains("online", Assert.Single(await RetainedAsync("fg/LXE/JSH/$gateway/#", 1)), StringComparison.Ordinal);
        }

        await watcher.WaitForLineAsync("stopped", Patience);
        Assert.DoesNotContain("offline", watcher.Output, StringComparison.Ordinal);
        Assert.Contains("stopped", Assert.Single(await RetainedAsync("fg/LXE/JSH/$gateway/#", 1)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_state_is_offline_while_the_link_is_cut_and_online_again_after()
    {
        await using var relay = new TcpFaultProxy(Broker.Port);
        await using var watcher = await WatchAsync("fg/LXE/JSH/$gateway/edge-01/state", 3);
        var options = Options();
        using var connector = new TcpConnector();
        await using var uns = new UnsDestination(
            options with { Client = options.Client with { Connector = cancel => connector.ConnectAsync("127.0.0.1", relay.Port, cancel) } }, catalogue);
        await watcher.WaitForLineAsync("online", Patience);
        relay.Cut();
        await watcher.WaitForLineAsync("offline", Patience);
        Assert.Contains("offline", Assert.Single(await RetainedAsync("fg/LXE/JSH/$gateway/#", 1)), StringComparison.Ordinal);
        relay.Mend();
        Assert.Equal(0, await watcher.WaitForExitAsync());
        var states = Lines(watcher).Select(l => Json(l).GetProperty("state").GetString());
        Assert.Equal(["online", "offline", "online"], states);
    }

    [Fact]
    public async Task A_broker_restarted_in_the_middle_of_deliveries_loses_nothing()
    {
        const int PerBatch = 4000;
        await using (var registration = Subscriber("5", "-c", "-i", "auditor", "-x", "3600", "-q", "1", "-t", "fg/LXE/JSH/CAS/#", "-E"))
            Assert.Equal(0, await registration.WaitForExitAsync());

        await using var uns = new UnsDestination(Options(), catalogue);
        var sent = 0;
        var hits = 0;
        for (var round = 0; hits < 2; round++)
        {
            Assert.True(round < 20, $"Of {round} restarts {hits} fell into a delivery");
            var samples = Enumerable.Range(sent, PerBatch).Select(n => new Sample { Tag = n % 4, Value = TagValue.From((long)n), SourceTime = Time + n }).ToArray();
            var delivery = UntilDeliveredAsync(uns, new FeedBatch(sent, samples, []));
            await Broker.StopAsync();
            if (!delivery.IsCompleted) hits++;
            await Broker.StartAgainAsync();
            await delivery;
            sent += PerBatch;
        }

        await using var auditor = Subscriber("5", "-c", "-i", "auditor", "-x", "3600", "-q", "1", "-t", "fg/LXE/JSH/CAS/#", "-F", "%t %p %r");
        await auditor.WaitForLineAsync($"\"v\":{sent - 1},", Patience);
        var numbers = Lines(auditor).Select(l => Json(l).GetProperty("v").GetInt64()).ToArray();
        var missing = Enumerable.Range(0, sent).Select(n => (long)n).Except(numbers).ToArray();
        Assert.True(missing.Length == 0, $"{missing.Length} missing of {sent}: {string.Join(", ", missing.Take(20))}; {numbers.Length} came");

        // At least once: what was in flight at a restart may have come twice.
        Assert.InRange(numbers.Length, sent, 2 * sent);
    }

    [Fact]
    public async Task Without_a_broker_the_hindrance_is_told_and_deliveries_ask_for_a_retry()
    {
        await using var uns = new UnsDestination(Options(), catalogue);
        await DeliverAsync(uns, new Sample { Tag = 0, Value = TagValue.From(1.0), SourceTime = Time });
        Assert.Null(uns.Hindrance);
        await Broker.KillAsync();
        using var limit = new CancellationTokenSource(Patience);
        while (uns.Hindrance is null)
            await Task.Delay(20, limit.Token);
        var result = await uns.DeliverAsync(new FeedBatch(2, new[] { new Sample { Tag = 0, Value = TagValue.From(2.0), SourceTime = Time + 1 } }, []), limit.Token);
        Assert.Equal(DeliveryOutcome.Retry, result.Outcome);
        Assert.False(string.IsNullOrWhiteSpace(result.Reason));
        await Broker.StartAgainAsync();
        await DeliverAsync(uns, new Sample { Tag = 0, Value = TagValue.From(2.0), SourceTime = Time + 1 });
        Assert.Null(uns.Hindrance);
    }

    private UnsOptions Options() => new()
    {
        Name = "uns",
        GatewayId = "edge-01",
        Site = "LXE/JSH",
        TopicPrefix = "fg",
        Client = new() { Port = Broker.Port, ClientId = "edge-01", Backoff = new() { First = TimeSpan.FromMilliseconds(50), Max = TimeSpan.FromMilliseconds(500) } },
    };

    private static Task DeliverAsync(UnsDestination uns, params Sample[] samples) => UntilDeliveredAsync(uns, new FeedBatch(1, samples, []));

    /// <summary>As the feed does it: the same batch again until it is delivered.</summary>
    private static async Task UntilDeliveredAsync(UnsDestination uns, FeedBatch batch)
    {
        using var limit = new CancellationTokenSource(Patience);
        while (true)
        {
            var result = await uns.DeliverAsync(batch, limit.Token);
            Assert.NotEqual(DeliveryOutcome.Rejected, result.Outcome);
            if (result.Outcome == DeliveryOutcome.Delivered)
                return;
            await Task.Delay(result.RetryAfter ?? TimeSpan.FromMilliseconds(50), limit.Token);
        }
    }

    private ForeignProcess Subscriber(string version, params string[] arguments) =>
        ForeignProcess.Start("/usr/bin/mosquitto_sub", ["-V", version, "-h", "127.0.0.1", "-p", $"{Broker.Port}", .. arguments]);

    /// <summary>Is subscribed, prints topic, payload and retain flag of so many messages, then ends.</summary>
    private async Task<ForeignProcess> WatchAsync(string topic, int count)
    {
        await using (var marker = ForeignProcess.Start("/usr/bin/mosquitto_pub", ["-h", "127.0.0.1", "-p", $"{Broker.Port}", "-t", "subscribed", "-m", "yes", "-r", "-q", "1"]))
            Assert.Equal(0, await marker.WaitForExitAsync());

        // The retained marker comes with the subscription, so from its line on nothing is missed.
        var subscriber = Subscriber("5", "-q", "1", "-t", topic, "-t", "subscribed", "-C", $"{count + 1}", "-F", "%t %p %r");
        try
        {
            await subscriber.WaitForLineAsync("subscribed yes", Patience);
            return subscriber;
        }
        catch
        {
            await subscriber.DisposeAsync();
            throw;
        }
    }

    private async Task<IEnumerable<string>> RetainedAsync(string topic, int count)
    {
        await using var subscriber = Subscriber("311", "-t", topic, "-C", $"{count}", "--retained-only", "-F", "%t %p %r");
        Assert.Equal(0, await subscriber.WaitForExitAsync());
        return Lines(subscriber).Order(StringComparer.Ordinal);
    }

    private static string[] Lines(ForeignProcess subscriber) => [.. subscriber.Output.Split('\n').Where(l => l.StartsWith("fg/", StringComparison.Ordinal))];

    private static JsonElement Json(string line) => JsonDocument.Parse(line[line.IndexOf('{', StringComparison.Ordinal)..(line.LastIndexOf('}') + 1)]).RootElement;

    private sealed class Catalogue : ITagCatalog
    {
        private readonly TagDefinition[] tags = [Tag(0, "Shot.Velocity", "m/s"), Tag(1, "State.Text", null), Tag(2, "Pressure", "MPa"), Tag(3, "Curve", "m")];

        public int Count => tags.Length;

        public TagDefinition this[int id] => tags[id];

        public bool TryFind(string path, [NotNullWhen(true)] out TagDefinition? tag)
        {
            tag = Array.Find(tags, t => t.Path == path);
            return tag is not null;
        }

        private static TagDefinition Tag(int id, string signal, string? unit) => new()
        {
            Id = id,
            Path = $"LXE/JSH/CAS/L01/DC01/PRESS/{signal}",
            Server = "cas",
            EquipmentType = "DieCastCell",
            UnitPath = "LXE/JSH/CAS/L01/DC01/PRESS",
            Signal = signal,
            UnitSymbol = unit,
        };
    }
}
