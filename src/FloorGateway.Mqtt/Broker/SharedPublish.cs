using System.Buffers;
using System.Collections.Concurrent;
using FloorGateway.Mqtt.Codec;

namespace FloorGateway.Mqtt.Broker;

/// <summary>
/// One message inside the broker: topic, properties and payload encoded once in a pooled buffer, shared by every queue it stands in.
/// Each queue, window and the retained store holds one reference; the last one gone returns the buffer.
/// </summary>
internal sealed class SharedPublish
{
    private const int Pooled = 1024;
    private static readonly ConcurrentQueue<SharedPublish> Pool = new();

    private readonly LiveCounter _none = new();
    private LiveCounter _live;
    private byte[] _buffer = [];
    private int _references;
    private int _topicLength;
    private int _propertiesLength;
    private int _payloadLength;

    private SharedPublish() => _live = _none;

    public ReadOnlySpan<byte> Topic => _buffer.AsSpan(0, _topicLength);

    /// <summary>Properties that travel with the message: all but alias, expiry and subscription identifiers.</summary>
    public ReadOnlySpan<byte> Properties => _buffer.AsSpan(_topicLength, _propertiesLength);

    public ReadOnlySpan<byte> Payload => _buffer.AsSpan(_topicLength + _propertiesLength, _payloadLength);

    /// <summary>Bytes it takes in memory.</summary>
    public int Size => _topicLength + _propertiesLength + _payloadLength;

    public MqttQos Qos { get; private set; }

    public bool Retain { get; private set; }

    /// <summary>UTC ticks from which it is not delivered any more; <see cref="long.MaxValue"/>: never.</summary>
    public long ExpiresAt { get; private set; }

    public static SharedPublish Rent(
        LiveCounter live, ReadOnlySpan<byte> topic, MqttProperties properties, ReadOnlySpan<byte> payload, MqttQos qos, bool retain,
        DateTimeOffset now)
    {
        var message = Pool.TryDequeue(out var pooled) ? pooled : new SharedPublish();
        message._live = live;
        live.Add(1);
        message._references = 1;
        message._buffer = ArrayPool<byte>.Shared.Rent(Math.Max(16, topic.Length + properties.Encoded.Length + payload.Length));
        message.Qos = qos;
        message.Retain = retain;
        message.ExpiresAt = properties.Number(MqttPropertyId.MessageExpiryInterval) is { } seconds
            ? now.UtcTicks + (seconds * TimeSpan.TicksPerSecond)
            : long.MaxValue;
        topic.CopyTo(message._buffer);
        message._topicLength = topic.Length;
        message._propertiesLength = CopyProperties(properties, message._buffer.AsSpan(topic.Length));
        payload.CopyTo(message._buffer.AsSpan(topic.Length + message._propertiesLength));
        message._payloadLength = payload.Length;
        return message;
    }

    public SharedPublish AddReference()
    {
        Interlocked.Increment(ref _references);
        return this;
    }

    public void Release()
    {
        if (Interlocked.Decrement(ref _references) != 0)
            return;
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = [];
        _topicLength = _propertiesLength = _payloadLength = 0;
        _live.Add(-1);
        _live = _none;
        if (Pool.Count < Pooled)
            Pool.Enqueue(this);
    }

    private static int CopyProperties(MqttProperties properties, Span<byte> destination)
    {
        var length = 0;
        foreach (var property in properties)
        {
            if (property.Id is MqttPropertyId.TopicAlias or MqttPropertyId.MessageExpiryInterval or MqttPropertyId.SubscriptionIdentifier)
                continue;
            property.Encoded.CopyTo(destination[length..]);
            length += property.Encoded.Length;
        }

        return length;
    }
}

/// <summary>Messages of one broker whose buffers are not back in the pool.</summary>
internal sealed class LiveCounter
{
    private long _count;

    public long Count => Interlocked.Read(ref _count);

    public void Add(int change) => Interlocked.Add(ref _count, change);
}
