using System.Globalization;
using System.Text.Json;
using FloorGateway.Mqtt.Client;
using FloorGateway.Mqtt.Codec;
using FloorGateway.Mqtt.Packets;

namespace Torture;

/// <summary>A consumer of the unified namespace: the set of all messages it ever got.</summary>
internal sealed class Subscriber : IAsyncDisposable
{
    private readonly MqttClient client;
    private readonly Lock gate = new();
    private readonly HashSet<(string Path, long Ticks)> samples = [];
    private readonly List<Gap> gaps = [];

    public Subscriber(int port) => client = new MqttClient(new MqttClientOptions { Port = port, ClientId = "torture-consumer", ReceiveMaximum = 65535 });

    public long Messages { get; private set; }

    public bool IsConnected => client.State == MqttClientState.Connected;

    public async Task StartAsync(CancellationToken cancel)
    {
        await client.ConnectAsync(cancel);
        await client.SubscribeAsync(new MqttSubscription("LXE/#", MqttQos.AtLeastOnce), Take, cancel);
    }

    public Holding Holding()
    {
        lock (gate)
            return new Holding("MQTT", [.. samples], [.. gaps]);
    }

    public ValueTask DisposeAsync() => client.DisposeAsync();

    private ValueTask Take(MqttMessage message, CancellationToken cancel)
    {
        using var json = JsonDocument.Parse(message.Payload);
        lock (gate)
        {
            Messages++;
            if (message.Topic.EndsWith("/gap", StringComparison.Ordinal) && message.Topic.Contains("/$gateway/", StringComparison.Ordinal))
                gaps.Add(new Gap(json.RootElement.GetProperty("server").GetString()!, json.RootElement.GetProperty("tag").GetString(), Ticks(json, "from"), Ticks(json, "to"), json.RootElement.GetProperty("cause").GetString()!));
            else if (!message.Topic.Contains("/$gateway/", StringComparison.Ordinal))
                samples.Add((message.Topic, Ticks(json, "t")));
        }

        return default;
    }

    private static long Ticks(JsonDocument json, string name) =>
        DateTime.Parse(json.RootElement.GetProperty(name).GetString()!, CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind).ToUniversalTime().Ticks;
}
