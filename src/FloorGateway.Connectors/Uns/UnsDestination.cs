using System.Collections.Concurrent;
using System.Text.Json;
using FloorGateway.Model.Gaps;
using FloorGateway.Model.Ports;
using FloorGateway.Model.Samples;
using FloorGateway.Model.Tags;
using FloorGateway.Mqtt.Client;
using FloorGateway.Mqtt.Codec;
using FloorGateway.Mqtt.Packets;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace FloorGateway.Connectors.Uns;

/// <summary>
/// The unified namespace: every sample is one message on its tag's path (see <see cref="UnsPayload"/>), retained, so that the broker always holds the
/// latest. A delivery is complete when the broker has acknowledged each message. The gateway's own state stands retained on
/// <c>{site}/$gateway/{id}/state</c>, with a will that says so when the gateway vanishes; gap records go to <c>…/gap</c>.
/// </summary>
public sealed class UnsDestination : IFeedDestination
{
    private static readonly TimeSpan NoLinkPause = TimeSpan.FromMilliseconds(500);
    private readonly UnsOptions options;
    private readonly ITagCatalog catalog;
    private readonly MqttClient client;
    private readonly DateTimeOffset started;
    private readonly ConcurrentDictionary<Task, bool> stateMessages = new();
    private Channel[] channels = [];
    private MqttPublishBatch batch;
    private volatile string? hindrance = "not connected yet";
    private bool wasConnected;

    // The latest delivered sample of each tag: a broker that was restarted without its store has forgotten all retained messages.
    private Sample[] delivered = [];
    private bool[] isDelivered = [];
    private volatile bool forgotten;

    // The same over restarts: its time, to tell an older value from a newer one.
    private readonly RetainedTimes retained;

    public UnsDestination(UnsOptions options, ITagCatalog catalog, TimeProvider? time = null, ILoggerFactory? loggers = null)
    {
        this.options = options;
        this.catalog = catalog;
        started = (time ?? TimeProvider.System).GetUtcNow();
        retained = new RetainedTimes(options.Retain ? options.MemoryFile : null);
        batch = NewBatch();
        client = new MqttClient(
            options.Client with
            {
                Will = new MqttWill { Topic = options.GatewayTopic("state"), Payload = StatePayload("offline"), Qos = MqttQos.AtLeastOnce, Retain = true },
            },
            time,
            loggers ?? NullLoggerFactory.Instance);
        client.StateChanged += OnStateChanged;
        client.Start();
    }

    public string Name => options.Name;

    public int MaxBatch => options.MaxBatch;

    public string? Hindrance => hindrance;

    public async ValueTask<DeliveryResult> DeliverAsync(FeedBatch delivery, CancellationToken cancel)
    {
        if (client.State != MqttClientState.Connected)
            return DeliveryResult.Retry(hindrance ?? "not connected", NoLinkPause);
        if (forgotten && await RetainAgainAsync(cancel).ConfigureAwait(false) is { Outcome: DeliveryOutcome.Retry } trouble)
            return trouble;
        batch.Clear();
        Fill(delivery.Samples.Span);
        foreach (var gap in delivery.Gaps)
            batch.Add(client.CreateTopic(options.GatewayTopic("gap")), GapPayload(gap), MqttQos.AtLeastOnce);
        var result = await PublishAsync(cancel).ConfigureAwait(false);
        if (result.Outcome != DeliveryOutcome.Delivered || !options.Retain)
            return result;
        Remember(delivery.Samples.Span);
        // The broker was restarted under way. Part of what it has acknowledged may have gone with it, and it may be long until the next delivery.
        return forgotten ? await RetainAgainAsync(cancel).ConfigureAwait(false) : result;
    }

    private async ValueTask<DeliveryResult> PublishAsync(CancellationToken cancel)
    {
        var publishing = client.PublishAsync(batch);
        try
        {
            var failed = publishing.IsCompleted ? publishing.GetAwaiter().GetResult() : await publishing.AsTask().WaitAsync(cancel).ConfigureAwait(false);
            return failed == 0 ? DeliveryResult.Delivered : Failure(batch);
        }
        catch (OperationCanceledException)
        {
            // The client still holds the old batch; it goes when the client is disposed of.
            batch = NewBatch();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (client.State == MqttClientState.Connected)
        {
            // A clean goodbye: the will is not sent, so the state is told here.
            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(2));
            try
            {
                await client.PublishAsync(options.GatewayTopic("state"), StatePayload("stopped"), new MqttPublishOptions { Retain = true }, limit.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                // The broker does not answer; its will message will tell.
            }
        }

        client.StateChanged -= OnStateChanged;
        await client.DisposeAsync().ConfigureAwait(false);
        retained.Dispose();
        await Task.WhenAll(stateMessages.Keys).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <summary>Gives a broker that has lost its retained messages the latest of every tag, marked as a replay, before anything newer.</summary>
    private async ValueTask<DeliveryResult> RetainAgainAsync(CancellationToken cancel)
    {
        forgotten = false;
        for (var tag = 0; tag < delivered.Length;)
        {
            batch.Clear();
            for (; tag < delivered.Length && batch.Count < options.MaxBatch; tag++)
            {
                if (isDelivered[tag])
                    Fill(new(in delivered[tag]));
            }

            if (await PublishAsync(cancel).ConfigureAwait(false) is not { Outcome: DeliveryOutcome.Retry } trouble)
                continue;
            forgotten = true;
            return trouble;
        }

        return DeliveryResult.Delivered;
    }

    private void Remember(ReadOnlySpan<Sample> samples)
    {
        foreach (ref readonly var sample in samples)
        {
            if (sample.Tag >= delivered.Length)
            {
                Array.Resize(ref delivered, Math.Max(sample.Tag + 1, catalog.Count));
                Array.Resize(ref isDelivered, delivered.Length);
            }

            // What comes late must not stand for the latest.
            if (IsOlder(in sample))
                continue;
            delivered[sample.Tag] = sample;
            delivered[sample.Tag].Origin = SampleOrigin.Replay;
            isDelivered[sample.Tag] = true;
            retained.Set(sample.Tag, sample.SourceTime);
        }

        retained.Save();
    }

    private static MqttPublishBatch NewBatch() => new(4096, 1 << 20);

    private static DeliveryResult Failure(MqttPublishBatch batch)
    {
        for (var i = 0; i < batch.Count; i++)
        {
            var reason = batch.ReasonOf(i);
            if (!reason.IsFailure())
                continue;
            return reason is MqttReasonCode.PacketTooLarge or MqttReasonCode.PayloadFormatInvalid or MqttReasonCode.TopicNameInvalid
                ? DeliveryResult.Rejected($"the broker refused a message: {reason}")
                : DeliveryResult.Retry(reason == MqttReasonCode.NotAuthorized
                    ? "the broker says that this user may not publish here: give it the right to publish below the site's topic"
                    : $"the broker did not take a message: {reason}");
        }

        return DeliveryResult.Delivered;
    }

    private void Fill(ReadOnlySpan<Sample> samples)
    {
        var qos = options.Qos;
        var retain = options.Retain;
        foreach (ref readonly var sample in samples)
        {
            var channel = (uint)sample.Tag < (uint)channels.Length && channels[sample.Tag] is { } known ? known : ChannelOf(sample.Tag);
            // A retained message is the latest value; one from the past, sent after newer ones, goes to the subscribers only.
            batch.Begin(channel.Topic, qos, retain && !IsOlder(in sample));
            UnsPayload.Write(batch, sample, channel.UnitPart);
            batch.End();
        }
    }

    private bool IsOlder(in Sample sample) =>
        sample.Origin is SampleOrigin.Replay or SampleOrigin.Backfill && sample.SourceTime < retained[sample.Tag];

    private Channel ChannelOf(int tag)
    {
        if (tag >= channels.Length)
            Array.Resize(ref channels, Math.Max(tag + 1, catalog.Count));
        var definition = catalog[tag];
        return channels[tag] = new Channel(client.CreateTopic(options.TagTopic(definition.Path)), UnsPayload.UnitPart(definition.UnitSymbol));
    }

    private void OnStateChanged(MqttClientStateChange change)
    {
        hindrance = change.State == MqttClientState.Connected ? null : change.Detail;
        if (change.State != MqttClientState.Connected)
            return;
        // A broker that remembers the session has not lost what it retains either.
        forgotten |= wasConnected && options.Retain && client.Negotiated is { SessionPresent: false };
        wasConnected = true;
        var message = client.PublishAsync(options.GatewayTopic("state"), StatePayload("online"), new MqttPublishOptions { Retain = true });
        stateMessages[message] = true;
        message.ContinueWith(done => stateMessages.TryRemove(done, out _), TaskScheduler.Default);
    }

    private byte[] StatePayload(string state) =>
        JsonSerializer.SerializeToUtf8Bytes(new { gateway = options.GatewayId, state, started = started.UtcDateTime.ToString("O") });

    private static byte[] GapPayload(GapRecord gap) => JsonSerializer.SerializeToUtf8Bytes(new
    {
        server = gap.Server,
        tag = gap.Tag,
        from = Iso(gap.From),
        to = Iso(gap.To),
        cause = gap.Cause,
    });

    private static string Iso(long ticks) => new DateTime(Math.Clamp(ticks, 0, DateTime.MaxValue.Ticks), DateTimeKind.Utc).ToString("O");

    private sealed record Channel(MqttTopicHandle Topic, byte[] UnitPart);
}
