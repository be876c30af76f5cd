using FloorGateway.Mqtt.Codec;

namespace FloorGateway.Mqtt.Broker;

/// <summary>Where the messages of one topic name go; immutable, rebuilt when subscriptions change.</summary>
internal sealed class Route(long version, RouteTarget[] targets, ShareGroup[] groups, LocalSubscription[] locals)
{
    /// <summary>Version of the index it was built from.</summary>
    public long Version => version;

    public RouteTarget[] Targets => targets;

    public ShareGroup[] Groups => groups;

    public LocalSubscription[] Locals => locals;
}

/// <summary>One session's share in a route; overlapping subscriptions are merged, so each message comes once (MQTT 5 §3.3.4).</summary>
/// <param name="Session">Receiver.</param>
/// <param name="Qos">Highest QoS of the subscriptions that match.</param>
/// <param name="NoLocal">True when every one of them asks for it.</param>
/// <param name="RetainAsPublished">True when one of them asks for it.</param>
/// <param name="Identifiers">Encoded subscription identifier properties; empty: none.</param>
internal readonly record struct RouteTarget(
    BrokerSession Session, MqttQos Qos, bool NoLocal, bool RetainAsPublished, byte[] Identifiers);

/// <summary>Members of one shared subscription (MQTT 5 §4.8.2): each message goes to one of them, in turn.</summary>
internal sealed class ShareGroup
{
    private volatile RouteTarget[] _members = [];
    private int _turn;

    public bool IsEmpty => _members.Length == 0;

    /// <summary>Adds a member, or renews its options.</summary>
    public void Set(RouteTarget target)
    {
        Remove(target.Session);
        _members = [.. _members, target];
    }

    public bool Remove(BrokerSession session)
    {
        var rest = _members.Where(m => m.Session != session).ToArray();
        var removed = rest.Length < _members.Length;
        _members = rest;
        return removed;
    }

    /// <summary>The member whose turn it is: the next one that is connected, or failing that the next one whose session is kept.</summary>
    public bool TryPick(out RouteTarget target)
    {
        var members = _members;
        var start = (uint)Interlocked.Increment(ref _turn);
        for (var i = 0; i < members.Length; i++)
        {
            target = members[(int)((start + (uint)i) % (uint)members.Length)];
            if (target.Session.IsConnected)
                return true;
        }

        target = members.Length == 0 ? default : members[(int)(start % (uint)members.Length)];
        return members.Length > 0;
    }
}
