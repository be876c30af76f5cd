using System.Text;
using System.Threading.Channels;
using FloorGateway.Mqtt.Broker;
using FloorGateway.Mqtt.Client;
using FloorGateway.Mqtt.Codec;
using FloorGateway.Mqtt.Packets;
using FloorGateway.Net.InMemory;
using FloorGateway.Net.Timing;
using FloorGateway.Net.Transport;

namespace FloorGateway.Mqtt.Tests;

/// <summary>A broker without ports and clients joined to it in memory.</summary>
internal sealed class Harness : IAsyncDisposable
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly List<MqttClient> _clients = [];
    private readonly TimeProvider _time;

    public Harness(MqttBrokerOptions? options = null, TimeProvider? time = null)
    {
        _time = time ?? TimeProvider.System;
        Broker = new MqttBroker((options ?? new MqttBrokerOptions()) with { Listeners = [] }, _time);
    }

    public MqttBroker Broker { get; }

    /// <summary>Client ends of all links made so far, for cutting them.</summary>
    public List<Connection> Links { get; } = [];

    public static BackoffOptions Quick { get; } = new() { First = TimeSpan.FromMilliseconds(1), Max = TimeSpan.FromMilliseconds(20) };

    public Connection Open()
    {
        var (near, far) = InMemoryConnection.CreatePair();
        lock (Links)
            Links.Add(near);
        Broker.Serve(far);
        return near;
    }

    public MqttClientOptions Options(string id, MqttProtocolVersion version = MqttProtocolVersion.V5) => new()
    {
        ClientId = id,
        Version = version,
        Connector = _ => new ValueTask<Connection>(Open()),
        Backoff = Quick,
    };

    public MqttClient Client(string id, Func<MqttClientOptions, MqttClientOptions>? change = null, MqttProtocolVersion version = MqttProtocolVersion.V5)
    {
        var options = Options(id, version);
        var client = new MqttClient(change is null ? options : change(options), _time);
        _clients.Add(client);
        return client;
    }

    public async Task<MqttClient> ConnectedAsync(string id, Func<MqttClientOptions, MqttClientOptions>? change = null, MqttProtocolVersion version = MqttProtocolVersion.V5)
    {
        var client = Client(id, change, version);
        await client.ConnectAsync().WaitAsync(Patience);
        return client;
    }

    public void CutLast()
    {
        lock (Links)
            Links[^1].Abort();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var client in _clients)
            await client.DisposeAsync().AsTask().WaitAsync(Patience);
        await Broker.DisposeAsync().AsTask().WaitAsync(Patience);
    }
}

/// <summary>Collects what a subscription delivers.</summary>
internal sealed class Collector
{
    private readonly Channel<MqttMessage> _messages = Channel.CreateUnbounded<MqttMessage>();

    public ValueTask Take(MqttMessage message, CancellationToken cancel) => _messages.Writer.WriteAsync(message, cancel);

    public async Task<MqttMessage> NextAsync() => await _messages.Reader.ReadAsync().AsTask().WaitAsync(Harness.Patience);

    public async Task<List<string>> TextsAsync(int count)
    {
        var texts = new List<string>();
        while (texts.Count < count)
            texts.Add(Text(await NextAsync()));
        return texts;
    }

    public bool IsEmpty => !_messages.Reader.TryPeek(out _);

    public static string Text(MqttMessage message) => Encoding.UTF8.GetString(message.Payload.Span);
}
