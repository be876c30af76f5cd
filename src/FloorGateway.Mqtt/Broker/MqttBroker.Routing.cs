using FloorGateway.Mqtt.Codec;
using FloorGateway.Mqtt.Packets;

namespace FloorGateway.Mqtt.Broker;

/// <content>Messages from publishers to subscribers.</content>
public sealed partial class MqttBroker
{
    // Keeps "retain it" and "deliver it" one step, so that a new subscriber never gets an older value after a newer one.
    private readonly Lock _retainedGate = new();
    private readonly RetainedStore _retained;
    private readonly SubscriptionIndex _index = new();
    private readonly LiveCounter _live = new();

    /// <summary>A client's PUBLISH; <paramref name="topic"/> has its alias resolved.</summary>
    internal MqttReasonCode Publish(
        MqttClientIdentity client, BrokerSession session, ReadOnlySpan<byte> topic, scoped in PublishPacket packet)
    {
        Interlocked.Increment(ref Counters.Received);
        if (!MayPublish(client, topic))
        {
            Interlocked.Increment(ref Counters.RefusedMessages);
            LogPublishRefused(_logger, client.ClientId);
            return MqttReasonCode.NotAuthorized;
        }

        if (!Route(session, topic, packet.Properties, packet.Payload, packet.Qos, packet.Retain, out var receivers))
        {
            Interlocked.Increment(ref Counters.RefusedMessages);
            return MqttReasonCode.QuotaExceeded;
        }

        return receivers == 0 ? MqttReasonCode.NoMatchingSubscribers : MqttReasonCode.Success;
    }

    /// <summary>Nobody publishes system topics; the rest is the authorizer's to decide.</summary>
    internal bool MayPublish(MqttClientIdentity client, ReadOnlySpan<byte> topic) =>
        !topic.StartsWith("$SYS/"u8) && (_options.Authorizer is not { } authorizer || authorizer.MayPublish(client, topic));

    internal MqttReasonCode Subscribe(
        MqttClientIdentity client, BrokerSession session, MqttSubscription subscription, int? identifier)
    {
        var filter = MqttUtf8.GetBytes(subscription.Filter, "topic filter");
        if (!MqttTopic.IsValidFilter(filter, _options.Limits))
            return MqttReasonCode.TopicFilterInvalid;
        var shared = MqttTopic.TrySplitShare(filter, out _, out var plain);
        if (!shared)
            plain = filter;
        if (_options.Authorizer is { } authorizer && !authorizer.MaySubscribe(client, plain))
            return MqttReasonCode.NotAuthorized;
        if (!session.Filters.Contains(subscription.Filter) && session.Filters.Count >= _options.MaximumSubscriptions)
            return MqttReasonCode.QuotaExceeded;

        lock (_retainedGate)
        {
            session.Filters.Add(subscription.Filter);
            var isNew = _index.Add(session, subscription, identifier);
            var wanted = subscription.RetainHandling switch
            {
                MqttRetainHandling.SendAtSubscribe => true,
                MqttRetainHandling.SendIfNew => isNew,
                _ => false,
            };
            // §4.8.2: no retained messages for shared subscriptions.
            if (wanted && !shared)
                SendRetained(session, subscription, plain, identifier);
        }

        return (MqttReasonCode)subscription.Qos;
    }

    internal MqttReasonCode Unsubscribe(BrokerSession session, string filter)
    {
        if (!session.Filters.Remove(filter))
            return MqttReasonCode.NoSubscriptionExisted;
        _index.Remove(session, filter);
        return MqttReasonCode.Success;
    }

    private void SendRetained(BrokerSession session, MqttSubscription subscription, ReadOnlySpan<byte> filter, int? identifier)
    {
        byte[] identifiers = [];
        if (identifier is { } id)
        {
            identifiers = new byte[1 + MqttVarInt.Size(id)];
            identifiers[0] = (byte)MqttPropertyId.SubscriptionIdentifier;
            MqttVarInt.Write(identifiers.AsSpan(1), id);
        }

        foreach (var message in _retained.Match(filter, _time.GetUtcNow().UtcTicks))
        {
            var qos = Math.Min((byte)message.Qos, (byte)subscription.Qos);
            session.Enqueue(message, (byte)(qos << 1 | PublishPacket.RetainFlag), identifiers);
        }
    }

    private LocalSubscription SubscribeLocal(byte[] filter, Action<MqttMessage> handler)
    {
        var local = new LocalSubscription(_index, filter, handler);
        lock (_retainedGate)
        {
            _index.Add(local);
            foreach (var message in _retained.Match(filter, _time.GetUtcNow().UtcTicks))
                Invoke(local, ToMessage(message, retain: true));
        }

        return local;
    }

    /// <summary>Encodes a message once, keeps it where it is to be retained, and queues it for everybody who subscribed. False: the retained store is full.</summary>
    private bool Route(
        BrokerSession? publisher, ReadOnlySpan<byte> topic, MqttProperties properties, ReadOnlySpan<byte> payload, MqttQos qos,
        bool retain, out int receivers)
    {
        var message = SharedPublish.Rent(_live, topic, properties, payload, qos, retain, _time.GetUtcNow());
        try
        {
            if (!retain)
            {
                receivers = Deliver(message, publisher);
                return true;
            }

            lock (_retainedGate)
            {
                receivers = 0;
                if (!_retained.Set(message))
                    return false;
                receivers = Deliver(message, publisher);
                return true;
            }
        }
        finally
        {
            message.Release();
        }
    }

    private int Deliver(SharedPublish message, BrokerSession? publisher)
    {
        var route = _index.Find(message.Topic);
        var receivers = 0;
        foreach (ref readonly var target in route.Targets.AsSpan())
        {
            if (target.NoLocal && target.Session == publisher)
                continue;
            Deliver(message, target);
            receivers++;
        }

        foreach (var group in route.Groups)
        {
            if (!group.TryPick(out var target))
                continue;
            Deliver(message, target);
            receivers++;
        }

        if (route.Locals.Length == 0)
            return receivers;
        var copy = ToMessage(message, message.Retain);
        foreach (var local in route.Locals)
            Invoke(local, copy);
        return receivers + route.Locals.Length;
    }

    private static void Deliver(SharedPublish message, in RouteTarget target)
    {
        var qos = Math.Min((byte)message.Qos, (byte)target.Qos);
        var retain = message.Retain && target.RetainAsPublished ? PublishPacket.RetainFlag : 0;
        target.Session.Enqueue(message, (byte)(qos << 1 | retain), target.Identifiers);
    }

    private void Invoke(LocalSubscription local, MqttMessage message)
    {
        try
        {
            local.Invoke(message);
        }
        catch (Exception e)
        {
            LogHandlerFailed(_logger, e, message.Topic);
        }
    }

    private static MqttMessage ToMessage(SharedPublish message, bool retain) => new(
        MqttUtf8.GetString(message.Topic), message.Payload.ToArray(), (byte)((byte)message.Qos << 1 | (retain ? 1 : 0)),
        message.Properties.ToArray(), []);
}
