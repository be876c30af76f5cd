using FloorGateway.Mqtt.Codec;

namespace FloorGateway.Mqtt.Broker;

/// <summary>The last retained message of each topic (MQTT 5 §3.3.1.3). The caller holds the broker's lock for retained messages.</summary>
internal sealed class RetainedStore(int maximum)
{
    private readonly TopicTree<SharedPublish> _tree = new();

    public int Count => _tree.Count;

    /// <summary>Keeps a message, or clears its topic when the payload is empty. False: the store is full.</summary>
    public bool Set(SharedPublish message)
    {
        if (message.Payload.IsEmpty)
        {
            _tree.Remove(message.Topic)?.Release();
            return true;
        }

        var before = _tree.Find(message.Topic);
        if (before is null && _tree.Count >= maximum)
            return false;
        _tree.Set(message.Topic, message.AddReference());
        before?.Release();
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
            _tree.Remove(message.Topic);
            message.Release();
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
        {
            _tree.Remove(message.Topic);
            message.Release();
        }
    }
}
