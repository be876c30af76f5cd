using System.Threading.Channels;
using FloorGateway.Mqtt.Codec;
using FloorGateway.Mqtt.Packets;

namespace FloorGateway.Mqtt.Client;

/// <summary>
/// Received messages on their way to handlers: bounded, one reader. QoS 0 never makes the reading task wait (it carries the
/// acknowledgements that a handler may itself be waiting for): over the limit it is dropped and counted.
/// </summary>
internal sealed class ClientInbox
{
    private readonly Channel<Item> _channel;
    private readonly int _waitingQos0Maximum;
    private int _waitingQos0;
    private long _dropped;

    public ClientInbox(MqttClientOptions options)
    {
        _waitingQos0Maximum = options.MaximumWaitingQos0;
        _channel = Channel.CreateBounded<Item>(new BoundedChannelOptions(options.ReceiveMaximum + options.MaximumWaitingQos0)
        {
            SingleReader = true,
            SingleWriter = true,
        });
    }

    /// <summary>QoS 0 messages dropped since the start.</summary>
    public long Dropped => Interlocked.Read(ref _dropped);

    public ChannelReader<Item> Reader => _channel.Reader;

    public ValueTask AddAsync(in Item item, CancellationToken cancel)
    {
        if (item.Message.Qos != MqttQos.AtMostOnce)
            return _channel.Writer.TryWrite(item) ? default : _channel.Writer.WriteAsync(item, cancel);
        if (Volatile.Read(ref _waitingQos0) < _waitingQos0Maximum && _channel.Writer.TryWrite(item))
            Interlocked.Increment(ref _waitingQos0);
        else
            Interlocked.Increment(ref _dropped);
        return default;
    }

    public void Taken(in Item item)
    {
        if (item.Message.Qos == MqttQos.AtMostOnce)
            Interlocked.Decrement(ref _waitingQos0);
    }

    public void Complete() => _channel.Writer.TryComplete();

    /// <param name="Message">The message.</param>
    /// <param name="Epoch">Connection it came on.</param>
    /// <param name="PacketId">0 for QoS 0.</param>
    internal readonly record struct Item(MqttMessage Message, long Epoch, ushort PacketId);
}
