using FloorGateway.Mqtt.Codec;
using FloorGateway.Mqtt.Packets;
using FloorGateway.Mqtt.Session;

namespace FloorGateway.Mqtt.Client;

/// <summary>
/// A client's session: what is in flight, waiting and subscribed, across connections. All state is under one lock that is taken once per
/// chunk of packets, never per message, and never held over I/O.
/// </summary>
internal sealed partial class ClientSession : IPacketHandler
{
    private readonly Lock _gate = new();
    private readonly MqttClientOptions _options;
    private readonly ClientInbox _inbox;
    private readonly OutboundWindow<Outgoing> _window;
    private readonly Queue<MqttPublishBatch> _batches = new();
    private readonly Queue<ClientRequest> _requests = new();
    private readonly Queue<PendingAck> _acks = new();
    private volatile ClientSubscription[] _subscriptions = [];
    private Queue<Outgoing> _again = new();
    private TaskCompletionSource? _idle;
    private MqttNegotiated? _link;
    private PacketPump? _pump;
    private KeepAliveClock? _keepAlive;
    private bool _pingDue;
    private bool _stopped;
    private int _nextSubscription;

    public ClientSession(MqttClientOptions options, ClientInbox inbox)
    {
        _options = options;
        _inbox = inbox;
        // Some places beyond the in-flight limit, so that SUBSCRIBE finds an identifier while the window is full.
        _window = new OutboundWindow<Outgoing>(options.MaximumInFlight + 16);
    }

    /// <summary>Counts connections; an acknowledgement belongs to the one its packet came on.</summary>
    public long Epoch { get; private set; }

    /// <summary>DISCONNECT of the server on this connection, if it sent one.</summary>
    public MqttFault ServerGoodbye { get; private set; }

    /// <summary>Replaced as a whole when it changes, so that dispatching a message copies nothing.</summary>
    public ClientSubscription[] Subscriptions => _subscriptions;

    /// <summary>Told of a filter that the server granted before and refused on a later connection.</summary>
    public Action<string, MqttReasonCode>? RestoreRefused { get; init; }

    /// <summary>Goes on over a new connection: resumes or restarts what was in flight, restores subscriptions.</summary>
    public void Attach(MqttNegotiated link, PacketPump pump, KeepAliveClock keepAlive)
    {
        lock (_gate)
        {
            Epoch++;
            _link = link;
            _pump = pump;
            _keepAlive = keepAlive;
            _pingDue = false;
            ServerGoodbye = default;
            _acks.Clear();
            Array.Clear(_aliases);
            _inboundInUse = 0;
            _nextAlias = 0;
            var restored = new List<ClientRequest>();
            if (link.SessionPresent)
            {
                _window.Resume(link.ReceiveMaximum, (_, item) => restored.Add(item.Request!));
            }
            else
            {
                _received.Clear();
                Restart(link, restored);
            }

            // Requests that were answered by silence come first, in their order.
            restored.AddRange(_requests);
            _requests.Clear();
            restored.ForEach(_requests.Enqueue);
        }

        pump.Signal();
    }

    // The server forgot the session (or never had one): what was not acknowledged is published anew, before anything newer.
    private void Restart(MqttNegotiated link, List<ClientRequest> requests)
    {
        var pending = new HashSet<ClientSubscription>();
        foreach (var request in _requests)
            Note(request);
        var again = new Queue<Outgoing>();
        _window.Reset(link.ReceiveMaximum, (state, item) =>
        {
            if (item.Request is not null)
            {
                requests.Add(item.Request);
                Note(item.Request);
            }
            else if (state == DeliveryState.AwaitPubComp)
            {
                item.Batch!.Complete(item.Index, MqttReasonCode.Success); // PUBREC came: the server had it
            }
            else
            {
                again.Enqueue(item);
            }
        });
        foreach (var item in _again)
            again.Enqueue(item);
        _again = again;
        var restore = _subscriptions.Where(s => s.Filters.Length > 0 && !pending.Contains(s));
        requests.InsertRange(0, restore.Select(s => new ClientRequest(s, [], null)));

        void Note(ClientRequest request)
        {
            if (request.Subscription is not null)
                pending.Add(request.Subscription);
        }
    }

    /// <summary>The connection is gone.</summary>
    public void Detach()
    {
        lock (_gate)
        {
            _link = null;
            _pump = null;
            _keepAlive = null;
        }
    }

    public ValueTask<int> Publish(MqttPublishBatch batch)
    {
        var task = batch.Send();
        if (batch.Count == 0)
            return task;
        PacketPump? pump;
        lock (_gate)
        {
            if (_stopped || _batches.Count >= _options.MaximumWaitingBatches)
            {
                batch.CompleteRest(_stopped ? MqttReasonCode.UnspecifiedError : MqttReasonCode.QuotaExceeded);
                return task;
            }

            _batches.Enqueue(batch);
            pump = _pump;
        }

        pump?.Signal();
        return task;
    }

    public Task<IReadOnlyList<MqttReasonCode>> Subscribe(
        IReadOnlyList<MqttSubscription> filters, MqttMessageHandler handler)
    {
        lock (_gate)
        {
            var subscription = new ClientSubscription(++_nextSubscription, filters, handler);
            _subscriptions = [.. _subscriptions, subscription];
            return Request(subscription, []);
        }
    }

    public Task<IReadOnlyList<MqttReasonCode>> Unsubscribe(string[] filters)
    {
        lock (_gate)
        {
            foreach (var subscription in _subscriptions)
            {
                foreach (var filter in filters)
                    subscription.Remove(filter);
            }

            return Request(null, filters);
        }
    }

    private Task<IReadOnlyList<MqttReasonCode>> Request(ClientSubscription? subscription, string[] unsubscribe)
    {
        ObjectDisposedException.ThrowIf(_stopped, typeof(MqttClient));
        var waiter = new TaskCompletionSource<IReadOnlyList<MqttReasonCode>>(TaskCreationOptions.RunContinuationsAsynchronously);
        _requests.Enqueue(new ClientRequest(subscription, unsubscribe, waiter));
        _pump?.Signal();
        return waiter.Task;
    }

    /// <summary>Completes when nothing is waiting or in flight any more.</summary>
    public Task WhenIdleAsync()
    {
        lock (_gate)
        {
            _idle = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            CheckIdle();
            return _idle.Task;
        }
    }

    /// <summary>Ends everything that waits: nobody will send it any more.</summary>
    public void Stop()
    {
        lock (_gate)
        {
            _stopped = true;
            _window.Reset(0, (_, item) => Fail(item));
            foreach (var item in _again)
                Fail(item);
            foreach (var batch in _batches)
                batch.CompleteRest(MqttReasonCode.UnspecifiedError);
            foreach (var request in _requests)
                Fail(new Outgoing(request));
            _again.Clear();
            _batches.Clear();
            _requests.Clear();
            CheckIdle();
        }

        static void Fail(Outgoing item)
        {
            item.Batch?.Complete(item.Index, MqttReasonCode.UnspecifiedError);
            item.Request?.Waiter?.TrySetException(new ObjectDisposedException(nameof(MqttClient), "The client was stopped before the server answered."));
        }
    }

    /// <summary>Asks the keep-alive clock; runs on a timer.</summary>
    public void CheckKeepAlive()
    {
        PacketPump? pump;
        lock (_gate)
        {
            pump = _pump;
            var step = _keepAlive?.Check() ?? KeepAliveStep.None;
            if (pump is null || step == KeepAliveStep.None)
                return;
            if (step == KeepAliveStep.Ping)
                _pingDue = true;
            else
                pump.Close(new MqttFault(MqttReasonCode.KeepAliveTimeout, "The server was silent for one and a half keep-alive intervals."));
        }

        pump.Signal();
    }

    private void CheckIdle()
    {
        if (_idle is not null && _window.Count == 0 && _batches.Count == 0 && _again.Count == 0 && _acks.Count == 0)
            _idle.TrySetResult();
    }

    private readonly record struct PendingAck(MqttPacketType Type, ushort Id, MqttReasonCode Reason);

    /// <summary>What an identifier in flight stands for: a message of a batch, or a request.</summary>
    private readonly struct Outgoing
    {
        private readonly object _owner;

        public Outgoing(MqttPublishBatch batch, int index)
        {
            _owner = batch;
            Index = index;
        }

        public Outgoing(ClientRequest request) => _owner = request;

        public int Index { get; }

        public MqttPublishBatch? Batch => _owner as MqttPublishBatch;

        public ClientRequest? Request => _owner as ClientRequest;
    }
}
