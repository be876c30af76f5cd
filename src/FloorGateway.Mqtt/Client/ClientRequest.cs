using FloorGateway.Mqtt.Codec;
using FloorGateway.Mqtt.Packets;

namespace FloorGateway.Mqtt.Client;

/// <summary>The filters of one SubscribeAsync call with their handler; restored on every connection without a session.</summary>
internal sealed class ClientSubscription(int identifier, IReadOnlyList<MqttSubscription> filters, MqttMessageHandler handler)
{
    private volatile MqttSubscription[] _filters = [.. filters];
    private volatile byte[][] _plain = Encode(filters);

    public int Identifier => identifier;

    public MqttMessageHandler Handler => handler;

    public MqttSubscription[] Filters => _filters;

    public void Remove(string filter)
    {
        var rest = _filters.Where(f => f.Filter != filter).ToArray();
        _filters = rest;
        _plain = Encode(rest);
    }

    /// <summary>True when the message was sent for these filters; the identifier tells overlapping subscriptions' copies apart.</summary>
    /// <param name="message">The message.</param>
    /// <param name="byIdentifier">False: by the filters alone, for identifiers that an earlier process gave its subscriptions.</param>
    public bool Matches(MqttMessage message, bool byIdentifier)
    {
        if (byIdentifier && !message.SubscriptionIdentifiers.Contains(identifier))
            return false;
        Span<byte> topic = stackalloc byte[512];
        if (!System.Text.Encoding.UTF8.TryGetBytes(message.Topic, topic, out var length))
        {
            topic = MqttUtf8.GetBytes(message.Topic, "topic name");
            length = topic.Length;
        }

        return MatchesName(topic[..length]);
    }

    private bool MatchesName(ReadOnlySpan<byte> topicUtf8)
    {
        foreach (var filter in _plain)
        {
            if (MqttTopic.Matches(filter, topicUtf8))
                return true;
        }

        return false;
    }

    private static byte[][] Encode(IReadOnlyList<MqttSubscription> filters)
    {
        var encoded = new byte[filters.Count][];
        for (var i = 0; i < encoded.Length; i++)
        {
            var bytes = MqttUtf8.GetBytes(filters[i].Filter, "topic filter");
            encoded[i] = MqttTopic.TrySplitShare(bytes, out _, out var inner) ? inner.ToArray() : bytes;
        }

        return encoded;
    }
}

/// <summary>A SUBSCRIBE or UNSUBSCRIBE to send, and who waits for its answer.</summary>
internal sealed class ClientRequest(
    ClientSubscription? subscription, string[] unsubscribe, TaskCompletionSource<IReadOnlyList<MqttReasonCode>>? waiter)
{
    /// <summary>Null for UNSUBSCRIBE.</summary>
    public ClientSubscription? Subscription => subscription;

    public string[] Unsubscribe => unsubscribe;

    /// <summary>The filters as they were sent last, in the order of the answer.</summary>
    public MqttSubscription[] Sent { get; set; } = [];

    /// <summary>Filters asked for at first.</summary>
    public int Count { get; } = subscription?.Filters.Length ?? unsubscribe.Length;

    /// <summary>Null for subscriptions that are being restored.</summary>
    public TaskCompletionSource<IReadOnlyList<MqttReasonCode>>? Waiter => waiter;
}
