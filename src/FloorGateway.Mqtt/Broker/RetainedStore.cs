using FloorGateway.Mqtt.Codec;

namespace FloorGateway.Mqtt.Broker;

/// <summary>The last retained message of each topic (MQTT 5 §3.3.1.3). The caller holds the broker's lock for retained messages.</summary>
internal sealed class RetainedStore(int maximum, long maximumBytes)
{
    private long _bytes;

    private readonly TopicTree<SharedPublish> _tree = new();

    public int Count => _tree.Count;

    /// <summary>Keeps a message, or clears its topic when the payload is empty. False: the store is full.</summary>
    public bool Set(SharedPublish message)
    {
        if (message.Payload.IsEmpty)
        {
            if (_tree.Find(message.Topic) is { } cleared)
                Remove(cleared);
            return true;
        }

        var before = _tree.Find(message.Topic);
        var bytes = _bytes + message.Size - (before?.Size ?? 0);
        if ((before is null && _tree.Count >= maximum) || bytes > maximumBytes)
            return false;
        _tree.Set(message.Topic, message.AddReference());
        before?.Release();
        _bytes = bytes;
        return true;
    }

    /// <summary>Messages of all topics a filter covers; those that expired are removed.</summary>
    public List<SharedPublish> Match(ReadOnlySpan<byte> filter, long nowTicks)
    {
        var found = new List<SharedPublish>();
        _tree.MatchFilter(filter, found);
        found.RemoveAll(message =>
        {
            if (message.ExpiresAt > nowTicks)
                return false;
            Remove(message);
            return true;
        });
        return found;
    }

    public void Clear()
    {
        var all = new List<SharedPublish>();
        _tree.MatchFilter("#"u8, all);
        _tree.MatchFilter("$SYS/#"u8, all);
        foreach (var message in all)
            Remove(message);
    }

    private void Remove(SharedPublish message)
    {
        _bytes -= message.Size;
        _tree.Remove(message.Topic);
        message.Release();
    }
}
