using System.Collections.Concurrent;
using FloorGateway.Net.InMemory;
using FloorGateway.Net.Transport;
using FloorGateway.OpcUa.Client;
using FloorGateway.OpcUa.Encoding;
using FloorGateway.OpcUa.SecureChannel;
using FloorGateway.OpcUa.Security;
using FloorGateway.OpcUa.Types;

namespace FloorGateway.OpcUa.Tests.Client;

/// <summary>
/// A server with one session and one subscription that does what a test tells it: loses connections, sessions, subscriptions
/// and messages. Lives over in-memory connections; its state is guarded by one lock.
/// </summary>
internal sealed class ScriptedServer : IServerChannelHandler, IAsyncDisposable
{
    private readonly Lock _gate = new();
    private readonly ServerChannelListener _listener;
    private readonly List<Task> _served = [];
    private readonly Queue<(ServerSecureChannel Channel, uint RequestId, uint Handle)> _publishRequests = new();
    private readonly Queue<NotificationMessage> _ready = new();
    private readonly SortedDictionary<uint, NotificationMessage> _kept = [];
    private ServerSecureChannel? _channel;
    private uint _session;
    private uint _nextSession = 100;
    private uint _subscription;
    private uint _nextSubscription = 1000;
    private uint _sequence;
    private long _clock = new DateTime(2027, 3, 15, 6, 0, 0, DateTimeKind.Utc).Ticks;

    public ScriptedServer() => _listener = new ServerChannelListener(
        new ServerChannelOptions { Endpoints = [new(SecurityPolicy.None, MessageSecurityMode.None)] },
        this);

    /// <summary>Services that were called, in order, Publish left out.</summary>
    public ConcurrentQueue<string> Calls { get; } = new();

    public List<uint> Acknowledged { get; } = [];

    /// <summary>Answers a service with a fault instead.</summary>
    public ConcurrentDictionary<string, StatusCode> Faults { get; } = new();

    /// <summary>What one call may hold, as the OperationLimits node says.</summary>
    public uint MaxPerCall { get; set; }

    public DateTime StartTime { get; set; } = new(2027, 3, 1, 0, 0, 0, DateTimeKind.Utc);

    /// <summary>Publish requests kept waiting; the oldest one is answered with BadTooManyPublishRequests when another comes.</summary>
    public int MaxPublishRequests { get; set; } = int.MaxValue;

    /// <summary>Sampling interval (ms) and queue size that items get whatever they ask for.</summary>
    public (double SamplingMs, uint Queue) Revised { get; set; }

    public bool RefuseConnections { get; set; }

    /// <summary>Fails the whole of a CreateMonitoredItems call that names the node "missing", as some controllers do.</summary>
    public bool OneBadItemFailsAll { get; set; }

    public int WaitingPublishRequests
    {
        get
        {
            lock (_gate)
            {
                return _publishRequests.Count;
            }
        }
    }

    public UaClientOptions Options => new()
    {
        EndpointUrl = "opc.tcp://localhost:4840",
        SecurityPolicy = SecurityPolicy.None,
        SecurityMode = MessageSecurityMode.None,
        KeepAliveInterval = TimeSpan.Zero,
        Connect = _ => RefuseConnections
            ? throw new ChannelException(StatusCodes.BadConnectionClosed, "refused by the script")
            : new(Connect()),
    };

    /// <summary>Sends a value change, or keeps it unsent as if it was lost on the way.</summary>
    public uint Publish(double value, bool loseOnTheWay = false)
    {
        lock (_gate)
        {
            _clock += TimeSpan.TicksPerSecond;
            var message = new NotificationMessage
            {
                SequenceNumber = ++_sequence,
                PublishTime = new DateTime(_clock, DateTimeKind.Utc),
                NotificationData = [new ExtensionObject(new DataChangeNotification
                {
                    MonitoredItems = [new MonitoredItemNotification { ClientHandle = 1, Value = new DataValue(Variant.From(value)) }],
                })],
            };
            _kept.Add(message.SequenceNumber, message);
            if (!loseOnTheWay)
            {
                _ready.Enqueue(message);
                Pump_NeedsLock();
            }

            return message.SequenceNumber;
        }
    }

    public void Forget(uint sequence)
    {
        lock (_gate)
        {
            _kept.Remove(sequence);
        }
    }

    public void ForgetSession() => _session = 0;

    public void ForgetSubscription()
    {
        lock (_gate)
        {
            _subscription = 0;
            _sequence = 0;
            _kept.Clear();
            _ready.Clear();
        }
    }

    public void KeepAlive()
    {
        lock (_gate)
        {
            _clock += TimeSpan.TicksPerSecond;
            _ready.Enqueue(new NotificationMessage { SequenceNumber = _sequence + 1, PublishTime = new DateTime(_clock, DateTimeKind.Utc) });
            Pump_NeedsLock();
        }
    }

    public void DropConnection()
    {
        lock (_gate)
        {
            _publishRequests.Clear();
        }

        _channel?.Abort(StatusCodes.BadConnectionClosed);
    }

    public ValueTask OnRequestAsync(ServerSecureChannel channel, ReceivedMessage message)
    {
        var requestId = message.RequestId;
        IUaStructure? decoded;
        using (message)
        {
            MessageCodec.TryDecode(message.Encoded, EncodingLimits.Default, out decoded);
        }

        var request = (IUaRequest)decoded!;
        var name = request.GetType().Name.Replace("Request", "", StringComparison.Ordinal);
        _channel = channel;
        lock (_gate)
        {
            var refused = Faults.TryGetValue(name, out var status);
            if (request is PublishRequest publish && !refused)
            {
                foreach (var acknowledgement in publish.SubscriptionAcknowledgements)
                {
                    Acknowledged.Add(acknowledgement.SequenceNumber);
                    _kept.Remove(acknowledgement.SequenceNumber);
                }

                _publishRequests.Enqueue((channel, requestId, request.RequestHeader.RequestHandle));
                Pump_NeedsLock();
                if (_publishRequests.Count > MaxPublishRequests)
                {
                    Calls.Enqueue(name);
                    var (oldest, id, handle) = _publishRequests.Dequeue();
                    var tooMany = Fault(StatusCodes.BadTooManyPublishRequests);
                    tooMany.ResponseHeader.RequestHandle = handle;
                    return oldest.SendResponseAsync(id, tooMany);
                }

                return ValueTask.CompletedTask;
            }

            Calls.Enqueue(name);
            var response = refused ? Fault(status) : Answer_NeedsLock(request);
            response.ResponseHeader.RequestHandle = request.RequestHeader.RequestHandle;
            response.ResponseHeader.Timestamp = new DateTime(_clock, DateTimeKind.Utc);
            return channel.SendResponseAsync(requestId, response);
        }
    }

    public bool IsInUse(ServerSecureChannel channel) => true;

    public void OnChannelClosed(ServerSecureChannel channel, StatusCode reason)
    {
    }

    public async ValueTask DisposeAsync()
    {
        await _listener.DisposeAsync();
        await Task.WhenAll(_served);
        Assert.Equal(0, _listener.OutstandingMessages);
    }

    private static ServiceFault Fault(StatusCode status) => new() { ResponseHeader = new ResponseHeader { ServiceResult = status } };

    private Connection Connect()
    {
        var (client, server) = InMemoryConnection.CreatePair();
        lock (_gate)
        {
            _served.Add(_listener.ServeAsync(server));
        }

        return client;
    }

    private void Pump_NeedsLock()
    {
        while (_ready.Count > 0 && _publishRequests.TryDequeue(out var waiting))
        {
            var response = new PublishResponse
            {
                ResponseHeader = new ResponseHeader { RequestHandle = waiting.Handle },
                SubscriptionId = _subscription,
                AvailableSequenceNumbers = [.. _kept.Keys],
                NotificationMessage = _ready.Dequeue(),
            };
            _ = waiting.Channel.SendResponseAsync(waiting.RequestId, response).AsTask();
        }
    }

    private IUaResponse Answer_NeedsLock(IUaRequest request)
    {
        switch (request)
        {
            case GetEndpointsRequest:
                return new GetEndpointsResponse { Endpoints = [Endpoint()] };
            case CreateSessionRequest:
                _session = ++_nextSession;
                return new CreateSessionResponse { SessionId = new NodeId(1, _session), AuthenticationToken = new NodeId(0, _session), RevisedSessionTimeout = 60_000 };
            case ActivateSessionRequest when request.RequestHeader.AuthenticationToken != new NodeId(0, _session):
                return Fault(StatusCodes.BadSessionIdInvalid);
            case ActivateSessionRequest:
                // What the lost channel had asked for goes with it.
                _publishRequests.Clear();
                return new ActivateSessionResponse();
            case ReadRequest read:
                return new ReadResponse { Results = [.. read.NodesToRead.Select(n => new DataValue(n.NodeId.Numeric switch
                {
                    VariableIds.Server_NamespaceArray => Variant.From(new string?[] { Namespaces.OpcUa, "urn:test" }),
                    VariableIds.Server_ServerStatus_StartTime => Variant.From(StartTime),
                    VariableIds.Server_ServerCapabilities_MaxMonitoredItemsPerSubscription or VariableIds.Server_ServerCapabilities_MaxSubscriptionsPerSession => Variant.From(0u),
                    _ => Variant.From(MaxPerCall),
                }))] };
            case CreateSubscriptionRequest:
                _subscription = ++_nextSubscription;
                _sequence = 0;
                _kept.Clear();
                return new CreateSubscriptionResponse { SubscriptionId = _subscription, RevisedPublishingInterval = 500, RevisedMaxKeepAliveCount = 10, RevisedLifetimeCount = 100 };
            case CreateMonitoredItemsRequest create when OneBadItemFailsAll && create.ItemsToCreate.Any(i => i.ItemToMonitor.NodeId.Identifier is "missing"):
                return Fault(StatusCodes.BadInvalidArgument);
            case CreateMonitoredItemsRequest create:
                return new CreateMonitoredItemsResponse { Results = [.. create.ItemsToCreate.Select(i => new MonitoredItemCreateResult
                {
                    StatusCode = i.ItemToMonitor.NodeId.Identifier is "missing" ? StatusCodes.BadNodeIdUnknown : StatusCodes.Good,
                    RevisedSamplingInterval = Revised.SamplingMs,
                    RevisedQueueSize = Revised.Queue,
                })] };
            case RepublishRequest republish when republish.SubscriptionId != _subscription:
                return Fault(StatusCodes.BadSubscriptionIdInvalid);
            case RepublishRequest republish:
                return _kept.TryGetValue(republish.RetransmitSequenceNumber, out var kept)
                    ? new RepublishResponse { NotificationMessage = kept }
                    : Fault(StatusCodes.BadMessageNotAvailable);
            case TransferSubscriptionsRequest transfer:
                var known = transfer.SubscriptionIds[0] == _subscription;
                return new TransferSubscriptionsResponse { Results = [new TransferResult
                {
                    StatusCode = known ? StatusCodes.Good : StatusCodes.BadSubscriptionIdInvalid,
                    AvailableSequenceNumbers = known ? [.. _kept.Keys] : [],
                }] };
            case CloseSessionRequest:
                return new CloseSessionResponse();
            default:
                return Fault(StatusCodes.BadServiceUnsupported);
        }
    }

    private static EndpointDescription Endpoint() => new()
    {
        EndpointUrl = "opc.tcp://localhost:4840",
        SecurityMode = MessageSecurityMode.None,
        SecurityPolicyUri = SecurityPolicy.None.Uri,
        UserIdentityTokens = [new UserTokenPolicy { PolicyId = "anonymous", TokenType = UserTokenType.Anonymous }],
    };
}
