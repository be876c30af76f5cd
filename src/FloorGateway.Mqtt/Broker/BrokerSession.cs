using FloorGateway.Mqtt.Codec;
using FloorGateway.Mqtt.Packets;
using FloorGateway.Mqtt.Session;

namespace FloorGateway.Mqtt.Broker;

/// <summary>One delivery waiting in a session.</summary>
/// <param name="Message">Holds one reference.</param>
/// <param name="Flags">QoS and RETAIN as they go to this receiver.</param>
/// <param name="Identifiers">Encoded subscription identifiers.</param>
internal readonly record struct Delivery(SharedPublish Message, byte Flags, byte[] Identifiers)
{
    public MqttQos Qos => (MqttQos)(Flags >> 1 & 3);
}

/// <summary>
/// What the broker keeps of one client (MQTT 5 §4.1): subscriptions, what waits and what is in flight, QoS 2 identifiers received, will.
/// Outgoing state is under <see cref="Gate"/>, which is never held while another session's is taken.
/// </summary>
internal sealed class BrokerSession
{
    private readonly MqttBrokerOptions _options;
    private readonly BrokerCounters _counters;
    private readonly Queue<Delivery> _queue = new();
    private long _queuedBytes;
    private bool _ended;
    private bool _awake;
    private volatile BrokerConnection? _connection;

    public BrokerSession(string clientId, string? userName, MqttBrokerOptions options, BrokerCounters counters)
    {
        ClientId = clientId;
        UserName = userName;
        _options = options;
        _counters = counters;
        Window = new OutboundWindow<Delivery>(options.MaximumInFlight);
    }

    public Lock Gate { get; } = new();

    public string ClientId { get; }

    /// <summary>The verified user who made it, or null for anybody: what it subscribed to, that user was allowed to.</summary>
    public string? UserName { get; }

    public OutboundWindow<Delivery> Window { get; }

    /// <summary>QoS 2 identifiers between PUBLISH and PUBREL; touched by the reading task of the one connection only.</summary>
    public HashSet<ushort> Received { get; } = [];

    /// <summary>Filters subscribed; touched by the reading task of the one connection only.</summary>
    public HashSet<string> Filters { get; } = [];

    /// <summary>How long the session outlives its connection.</summary>
    public TimeSpan Expiry { get; set; }

    /// <summary>Will that waits for its delay, under the broker's lock.</summary>
    public MqttWill? PendingWill { get; set; }

    /// <summary>UTC ticks when the pending will is due.</summary>
    public long WillDue { get; set; }

    /// <summary>UTC ticks when the session ends; under the broker's lock.</summary>
    public long EndDue { get; set; } = long.MaxValue;

    /// <summary>Fires for <see cref="WillDue"/> and <see cref="EndDue"/>.</summary>
    public ITimer? Timer { get; set; }

    public BrokerConnection? Connection => _connection;

    public bool IsConnected => _connection is not null;

    public int Waiting
    {
        get
        {
            lock (Gate)
                return _queue.Count + Window.Count;
        }
    }

    /// <summary>A connection takes the session up.</summary>
    public void Attach(BrokerConnection connection, int receiveMaximum)
    {
        lock (Gate)
        {
            _connection = connection;
            _awake = true; // the connection looks once when it starts
            Window.Resume(Math.Min(receiveMaximum, _options.MaximumInFlight));
        }
    }

    /// <summary>The connection is gone; QoS 0 does not wait for the next one.</summary>
    public void Detach()
    {
        lock (Gate)
        {
            _connection = null;
            for (var n = _queue.Count; n > 0; n--)
            {
                var delivery = _queue.Dequeue();
                if (delivery.Qos == MqttQos.AtMostOnce)
                    Drop(delivery);
                else
                    _queue.Enqueue(delivery);
            }
        }
    }

    /// <summary>Ends the session: everything goes back to its pool.</summary>
    public void End()
    {
        lock (Gate)
        {
            _ended = true;
            Window.Reset(0, static (_, delivery) => delivery.Message.Release());
            while (_queue.TryDequeue(out var delivery))
                delivery.Message.Release();
            _queuedBytes = 0;
        }

        Timer?.Dispose();
    }

    /// <summary>Queues a delivery; takes a reference to the message when it is kept.</summary>
    public void Enqueue(SharedPublish message, byte flags, byte[] identifiers)
    {
        BrokerConnection? wake = null, slow = null;
        lock (Gate)
        {
            if (_ended)
                return;
            var qos0 = (flags & 0x06) == 0;
            if ((qos0 && _connection is null) || (IsFull && !MakeRoom(qos0, ref slow)))
            {
                Interlocked.Increment(ref _counters.Dropped);
            }
            else
            {
                _queue.Enqueue(new Delivery(message.AddReference(), flags, identifiers));
                _queuedBytes += message.Size;
                Interlocked.Increment(ref _counters.Queued);
                if (!_awake)
                    wake = _connection;
                _awake = true;
            }
        }

        wake?.Wake();
        if (slow is not null && slow.Close(new MqttFault(MqttReasonCode.QuotaExceeded, "The client does not keep up: its queue is full.")))
            Interlocked.Increment(ref _counters.SlowConsumers);
    }

    /// <summary>The next delivery that is not expired; the caller owns its reference. Under <see cref="Gate"/>.</summary>
    public bool TryDequeue(long nowTicks, out Delivery delivery)
    {
        while (_queue.TryPeek(out delivery))
        {
            var expired = delivery.Message.ExpiresAt <= nowTicks;
            if (!expired && delivery.Qos != MqttQos.AtMostOnce && !Window.CanPublish)
                return false;
            _queue.Dequeue();
            _queuedBytes -= delivery.Message.Size;
            if (!expired)
                return true;
            delivery.Message.Release();
            Interlocked.Increment(ref _counters.Expired);
        }

        return false;
    }

    /// <summary>The writing task goes to sleep; the next delivery wakes it. Under <see cref="Gate"/>.</summary>
    public void Sleep() => _awake = false;

    private bool IsFull => _queue.Count >= _options.MaximumQueuedMessages || _queuedBytes >= _options.MaximumQueuedBytes;

    private bool MakeRoom(bool qos0, ref BrokerConnection? slow)
    {
        if (qos0 || _options.SlowConsumer == MqttSlowConsumerPolicy.DropNewest)
            return false;
        if (_options.SlowConsumer == MqttSlowConsumerPolicy.Disconnect)
        {
            slow = _connection;
            return false;
        }

        Drop(_queue.Dequeue());
        return true;
    }

    private void Drop(Delivery delivery)
    {
        _queuedBytes -= delivery.Message.Size;
        delivery.Message.Release();
        Interlocked.Increment(ref _counters.Dropped);
    }
}
