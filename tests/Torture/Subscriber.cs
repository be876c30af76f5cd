using System.Globalization;
using System.Text.Json;
using FloorGateway.Mqtt.Client;
using FloorGateway.Mqtt.Codec;
using FloorGateway.Mqtt.Packets;

namespace Torture;

/// <summary>A consumer of the unified namespace: the set of all messages it ever got.</summary>
internal sealed class Subscriber : IAsyncDisposable
{
    private const string Probe = "LXE/probe";

    private readonly MqttClient client;
    private readonly Lock gate = new();
    private readonly Dictionary<SampleKey, SampleSet> samples = [];
    private readonly List<Gap> gaps = [];
    private readonly List<(SampleKey Key, bool IsReplay)> arrivals = [];
    private string lastProbe = "";

    public Subscriber(int port) => client = new MqttClient(new MqttClientOptions { Port = port, ClientId = "torture-consumer", ReceiveMaximum = 65535 });

    /// <summary>Messages with samples, repetitions included.</summary>
    public long Messages { get; private set; }

    /// <summary>Messages that this consumer was too slow for: then it can't witness.</summary>
    public long Dropped => client.DroppedMessages;

    public async Task StartAsync(CancellationToken cancel)
    {
        await client.ConnectAsync(cancel);
        await client.SubscribeAsync(new MqttSubscription("LXE/#", MqttQos.AtLeastOnce), Take, cancel);
    }

    /// <summary>Returns once a message sent to the broker comes back: from then on nothing passes this consumer by.</summary>
    public async Task WaitUntilListeningAsync(CancellationToken cancel)
    {
        for (var attempt = Guid.NewGuid(); ; attempt = Guid.NewGuid())
        {
            if (client.State == MqttClientState.Connected)
            {
                using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
                limit.CancelAfter(TimeSpan.FromSeconds(1));
                try
                {
                    await client.PublishAsync(Probe, JsonSerializer.SerializeToUtf8Bytes(attempt.ToString()), new MqttPublishOptions(), limit.Token);
                    while (Volatile.Read(ref lastProbe) != attempt.ToString())
                        await Task.Delay(20, limit.Token);
                    return;
                }
                catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
                {
                    // Not subscribed yet; the next probe may come back.
                }
            }

            await Task.Delay(50, cancel);
        }
    }

    /// <summary>A copy of what came so far.</summary>
    public Holding Holding()
    {
        lock (gate)
            return new Holding("MQTT", new(samples), [.. gaps]);
    }

    /// <summary>The samples in the order in which each came for the first time, and whether it came as a replay.</summary>
    public IReadOnlyList<(SampleKey Key, bool IsReplay)> Arrivals()
    {
        lock (gate)
            return [.. arrivals];
    }

    public ValueTask DisposeAsync() => client.DisposeAsync();

    private ValueTask Take(MqttMessage message, CancellationToken cancel)
    {
        using var json = JsonDocument.Parse(message.Payload);
        var root = json.RootElement;
        if (message.Topic == Probe)
        {
            Volatile.Write(ref lastProbe, root.GetString()!);
            return default;
        }

        lock (gate)
        {
            if (message.Topic.EndsWith("/gap", StringComparison.Ordinal) && message.Topic.Contains("/$gateway/", StringComparison.Ordinal))
            {
                gaps.Add(new Gap(root.GetProperty("server").GetString()!, root.GetProperty("tag").GetString(), Ticks(root, "from"), Ticks(root, "to"), root.GetProperty("cause").GetString()!));
            }
            else if (!message.Topic.Contains("/$gateway/", StringComparison.Ordinal))
            {
                Messages++;
                var key = new SampleKey(message.Topic, Ticks(root, "t"));
                if (!samples.ContainsKey(key))
                    arrivals.Add((key, root.GetProperty("o").GetString() == "replay"));
                SampleSet.Add(
                    samples, key, new SampleValue(JsonText.Of(root.GetProperty("v")), root.TryGetProperty("s", out var status) ? status.GetUInt32() : 0));
            }
        }

        return default;
    }

    private static long Ticks(JsonElement json, string name) =>
        DateTime.Parse(json.GetProperty(name).GetString()!, CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind).ToUniversalTime().Ticks;
}
