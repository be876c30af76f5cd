using System.Collections.Concurrent;
using FloorGateway.Mqtt.Codec;
using FloorGateway.Mqtt.Packets;

namespace FloorGateway.Mqtt.Broker;

/// <summary>
/// All subscriptions by topic filter, with a cache of routes by topic name: telemetry comes on the same topics again and again, so the
/// tree is walked once a topic and change of subscriptions, not once a message.
/// </summary>
internal sealed class SubscriptionIndex
{
    // Names a hostile publisher may fill the cache with before it is emptied.
    private const int MaximumRoutes = 100_000;

    private readonly Lock _gate = new();
    private readonly TopicTree<FilterEntry> _tree = new();
    private readonly ConcurrentDictionary<byte[], Route> _routes = new(Utf8Comparer.Instance);
    private long _version;

    /// <summary>Subscriptions now.</summary>
    public int Count { get; private set; }

    /// <summary>The route of a topic name.</summary>
    public Route Find(ReadOnlySpan<byte> topic)
    {
        var lookup = _routes.GetAlternateLookup<ReadOnlySpan<byte>>();
        if (lookup.TryGetValue(topic, out var route) && route.Version == Interlocked.Read(ref _version))
            return route;
        lock (_gate)
            route = Build(topic);
        if (_routes.Count >= MaximumRoutes)
            _routes.Clear();
        lookup[topic] = route;
        return route;
    }

    /// <summary>Adds or replaces a session's subscription; true when it is new.</summary>
    public bool Add(BrokerSession session, MqttSubscription subscription, int? identifier)
    {
        byte[] identifiers = [];
        if (identifier is { } id)
        {
            identifiers = new byte[1 + MqttVarInt.Size(id)];
            identifiers[0] = (byte)MqttPropertyId.SubscriptionIdentifier;
            MqttVarInt.Write(identifiers.AsSpan(1), id);
        }

        var target = new RouteTarget(session, subscription.Qos, subscription.NoLocal, subscription.RetainAsPublished, identifiers);
        var filter = MqttUtf8.GetBytes(subscription.Filter, "topic filter");
        lock (_gate)
        {
            var entry = Entry(Split(filter, out var share));
            bool isNew;
            if (share is null)
            {
                isNew = !entry.Direct.ContainsKey(session);
                entry.Direct[session] = target;
            }
            else
            {
                if (!entry.Groups.TryGetValue(share, out var group))
                    entry.Groups[share] = group = new ShareGroup();
                isNew = !group.Remove(session);
                group.Set(target);
            }

            if (isNew)
                Count++;
            Interlocked.Increment(ref _version);
            return isNew;
        }
    }

    /// <summary>Removes a session's subscription; false when there was none.</summary>
    public bool Remove(BrokerSession session, string filterText)
    {
        var filter = MqttUtf8.GetBytes(filterText, "topic filter");
        lock (_gate)
        {
            var plain = Split(filter, out var share);
            if (_tree.Find(plain) is not { } entry)
                return false;
            bool removed;
            if (share is null)
            {
                removed = entry.Direct.Remove(session);
            }
            else
            {
                removed = entry.Groups.TryGetValue(share, out var group) && group.Remove(session);
                if (group is { IsEmpty: true })
                    entry.Groups.Remove(share);
            }

            Prune(plain, entry);
            if (removed)
            {
                Count--;
                Interlocked.Increment(ref _version);
            }

            return removed;
        }
    }

    public void Add(LocalSubscription local)
    {
        lock (_gate)
        {
            Entry(local.Filter).Locals.Add(local);
            Interlocked.Increment(ref _version);
        }
    }

    public void Remove(LocalSubscription local)
    {
        lock (_gate)
        {
            if (_tree.Find(local.Filter) is not { } entry || !entry.Locals.Remove(local))
                return;
            Prune(local.Filter, entry);
            Interlocked.Increment(ref _version);
        }
    }

    private Route Build(ReadOnlySpan<byte> topic)
    {
        var found = new List<FilterEntry>();
        _tree.MatchName(topic, found);
        var targets = new Dictionary<BrokerSession, RouteTarget>();
        var groups = new List<ShareGroup>();
        var locals = new List<LocalSubscription>();
        foreach (var entry in found)
        {
            foreach (var (session, target) in entry.Direct)
                targets[session] = targets.TryGetValue(session, out var other) ? Merge(other, target) : target;
            groups.AddRange(entry.Groups.Values);
            locals.AddRange(entry.Locals);
        }

        return new Route(_version, [.. targets.Values], [.. groups], [.. locals]);
    }

    private static RouteTarget Merge(in RouteTarget a, in RouteTarget b) => new(
        a.Session, (MqttQos)Math.Max((byte)a.Qos, (byte)b.Qos), a.NoLocal && b.NoLocal, a.RetainAsPublished || b.RetainAsPublished,
        [.. a.Identifiers, .. b.Identifiers]);

    private FilterEntry Entry(ReadOnlySpan<byte> filter)
    {
        if (_tree.Find(filter) is { } entry)
            return entry;
        entry = new FilterEntry();
        _tree.Set(filter, entry);
        return entry;
    }

    private void Prune(ReadOnlySpan<byte> filter, FilterEntry entry)
    {
        if (entry.Direct.Count == 0 && entry.Groups.Count == 0 && entry.Locals.Count == 0)
            _tree.Remove(filter);
    }

    private static ReadOnlySpan<byte> Split(ReadOnlySpan<byte> filter, out string? share)
    {
        if (!MqttTopic.TrySplitShare(filter, out var name, out var inner))
        {
            share = null;
            return filter;
        }

        share = MqttUtf8.GetString(name);
        return inner;
    }

    private sealed class FilterEntry
    {
        public Dictionary<BrokerSession, RouteTarget> Direct { get; } = [];

        public Dictionary<string, ShareGroup> Groups { get; } = [];

        public List<LocalSubscription> Locals { get; } = [];
    }
}
