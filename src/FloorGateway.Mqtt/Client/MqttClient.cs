using FloorGateway.Mqtt.Codec;
using FloorGateway.Mqtt.Packets;
using FloorGateway.Mqtt.Session;
using FloorGateway.Net.Timing;
using FloorGateway.Net.Tls;
using FloorGateway.Net.Transport;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace FloorGateway.Mqtt.Client;

/// <summary>
/// An MQTT 5 and 3.1.1 client. It connects, and connects again with growing delays, until it is stopped; sessions, unacknowledged
/// messages and subscriptions survive in between.
/// </summary>
public sealed partial class MqttClient : IAsyncDisposable
{
    // A link that broke sooner than this counts as a failed attempt, so that two clients with one identifier do not flip-flop at full speed.
    private static readonly TimeSpan LastingLink = TimeSpan.FromSeconds(5);

    private readonly MqttClientOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly ClientInbox _inbox;
    private readonly ClientSession _session;
    private readonly TcpConnector _connector;
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _gate = new();
    private TaskCompletionSource _connected = NewSource();
    private Task _running = Task.CompletedTask;
    private Task _dispatching = Task.CompletedTask;
    private PacketPump? _pump;
    private string _clientId;
    private bool _started;

    /// <summary>Makes a client; nothing happens until <see cref="Start"/>.</summary>
    public MqttClient(MqttClientOptions options, TimeProvider? time = null, ILoggerFactory? loggers = null)
    {
        _options = options;
        _time = time ?? TimeProvider.System;
        _logger = (loggers ?? NullLoggerFactory.Instance).CreateLogger<MqttClient>();
        _clientId = options.ClientId;
        _inbox = new ClientInbox(options);
        _session = new ClientSession(options, _inbox)
        {
            RestoreRefused = (filter, reason) => LogRestoreRefused(_logger, _clientId, filter, reason),
        };
        _connector = new TcpConnector(options.Tcp, loggers);
    }

    /// <summary>Each change of state, in order, on the client's own task: don't block it.</summary>
    public event Action<MqttClientStateChange>? StateChanged;

    /// <summary>The current state.</summary>
    public MqttClientState State { get; private set; } = MqttClientState.Stopped;

    /// <summary>What was agreed on the present (or last) connection; null before the first.</summary>
    public MqttNegotiated? Negotiated { get; private set; }

    /// <summary>QoS 0 messages dropped because their handler was too slow.</summary>
    public long DroppedMessages => _inbox.Dropped;

    /// <summary>Messages that no handler's filter matched.</summary>
    public long UnhandledMessages { get; private set; }

    /// <summary>Starts connecting. Publishing and subscribing may begin before, and wait for the connection.</summary>
    public void Start()
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_stop.IsCancellationRequested, this);
            if (_started)
                return;
            _started = true;
            _dispatching = Task.Run(DispatchAsync);
            _running = Task.Run(RunAsync);
        }
    }

    /// <summary>Starts, and waits until connected.</summary>
    /// <exception cref="OperationCanceledException">Cancelled; the client goes on trying.</exception>
    public Task ConnectAsync(CancellationToken cancel = default)
    {
        Start();
        lock (_gate)
            return _connected.Task.WaitAsync(cancel);
    }

    /// <summary>Checks and encodes a topic name once, for publishing to it again and again; uses a topic alias where the server takes them.</summary>
    /// <exception cref="ArgumentException">Not a topic name.</exception>
    public MqttTopicHandle CreateTopic(string topic) => new(topic, _options.Limits);

    /// <summary>
    /// Sends a batch; the answer is the number of messages that were refused (see <see cref="MqttPublishBatch.ReasonOf"/>), once every
    /// one is acknowledged (QoS 0: written). Several batches may be on their way; they are sent in order, as far as the server's Receive
    /// Maximum allows. Survives reconnects. Await the result exactly once.
    /// </summary>
    public ValueTask<int> PublishAsync(MqttPublishBatch batch) => _session.Publish(batch);

    /// <summary>Publishes one message and gives its reason code. Waits while there is no connection.</summary>
    /// <exception cref="ArgumentException">Not a topic name.</exception>
    /// <exception cref="OperationCanceledException">Cancelled; the message may still be sent.</exception>
    public async Task<MqttReasonCode> PublishAsync(
        string topic, ReadOnlyMemory<byte> payload, MqttPublishOptions? options = null, CancellationToken cancel = default)
    {
        options ??= MqttPublishOptions.Default;
        var batch = new MqttPublishBatch(1, Math.Max(payload.Length, 16)) { Properties = options.Properties };
        batch.Add(new MqttTopicHandle(topic, _options.Limits).Utf8, payload.Span, options.Qos, options.Retain);
        await _session.Publish(batch).AsTask().WaitAsync(cancel);
        return batch.ReasonOf(0);
    }

    /// <summary>Subscribes to one filter and gives the server's answer; the subscription is restored after reconnects.</summary>
    public async Task<MqttReasonCode> SubscribeAsync(
        MqttSubscription subscription, MqttMessageHandler handler, CancellationToken cancel = default) =>
        (await SubscribeAsync([subscription], handler, cancel))[0];

    /// <summary>Subscribes to several filters with one handler; one reason code a filter. Refused filters are not restored.</summary>
    public Task<IReadOnlyList<MqttReasonCode>> SubscribeAsync(
        IReadOnlyList<MqttSubscription> subscriptions, MqttMessageHandler handler, CancellationToken cancel = default)
    {
        foreach (var subscription in subscriptions)
            CheckFilter(subscription.Filter);
        return _session.Subscribe(subscriptions, handler).WaitAsync(cancel);
    }

    /// <summary>Ends subscriptions; one reason code a filter.</summary>
    public Task<IReadOnlyList<MqttReasonCode>> UnsubscribeAsync(IReadOnlyList<string> filters, CancellationToken cancel = default)
    {
        foreach (var filter in filters)
            CheckFilter(filter);
        return _session.Unsubscribe([.. filters]).WaitAsync(cancel);
    }

    /// <summary>
    /// Waits up to <paramref name="drain"/> for what is in flight, says goodbye to the server and stops for good. The will is not
    /// published, unless <paramref name="withWill"/> asks for it (MQTT 5).
    /// </summary>
    public async Task StopAsync(TimeSpan drain = default, bool withWill = false)
    {
        if (drain > TimeSpan.Zero && State == MqttClientState.Connected)
        {
            try
            {
                await _session.WhenIdleAsync().WaitAsync(drain, _time);
            }
            catch (TimeoutException)
            {
                LogDrainTimeout(_logger, _clientId, drain);
            }
        }

        PacketPump? pump;
        lock (_gate)
        {
            pump = _pump;
            if (!_stop.IsCancellationRequested)
                _stop.Cancel();
        }

        pump?.Close(new MqttFault(withWill ? MqttReasonCode.DisconnectWithWill : MqttReasonCode.Success, "The client was stopped."));
        await _running;
        _session.Stop();
        _inbox.Complete();
        await _dispatching;
        lock (_gate)
        {
            _connected.TrySetException(new ObjectDisposedException(nameof(MqttClient), "The client was stopped."));
            _ = _connected.Task.Exception; // perhaps nobody waits
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _connector.Dispose();
    }

    private void CheckFilter(string filter)
    {
        if (!MqttTopic.IsValidFilter(MqttUtf8.GetBytes(filter, "topic filter"), _options.Limits))
            throw new ArgumentException($"'{filter}' is not a topic filter: '+' stands alone in its level, '#' alone in the last.", nameof(filter));
    }

    private async Task RunAsync()
    {
        var backoff = new Backoff(_options.Backoff);
        var first = true;
        while (!_stop.IsCancellationRequested)
        {
            SetState(MqttClientState.Connecting, MqttReasonCode.Success, "Connecting.");
            var end = await RunConnectionAsync(first, backoff);
            first &= Negotiated is null;
            if (_stop.IsCancellationRequested)
                break;
            var delay = backoff.Next();
            SetState(MqttClientState.Waiting, end.Code, end.Detail ?? "The connection ended.");
            LogWaiting(_logger, _clientId, end.Code, end.Detail ?? "the connection ended", delay);
            await Task.Delay(delay, _time, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        SetState(MqttClientState.Stopped, MqttReasonCode.Success, "Stopped.");
    }

    private async Task<MqttFault> RunConnectionAsync(bool first, Backoff backoff)
    {
        Connection? connection = null;
        MqttNegotiated link;
        try
        {
            using var timeout = new CancellationTokenSource(_options.ConnectTimeout, _time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, _stop.Token);
            connection = await OpenAsync(either.Token);
            var (negotiated, fault) = await ClientHandshake.RunAsync(connection, _options, _clientId, first, either.Token);
            if (negotiated is null)
            {
                await connection.DisposeAsync();
                return fault;
            }

            link = negotiated;
        }
        catch (Exception e)
        {
            connection?.Abort();
            if (connection is not null)
                await connection.DisposeAsync();
            var text = e is OperationCanceledException ? "no answer within the connect timeout" : e.Message;
            return new MqttFault(MqttReasonCode.ServerUnavailable, $"Can't connect to {_options.Host}:{_options.Port}: {text}");
        }

        return await RunLinkAsync(connection, link, backoff);
    }

    private async Task<MqttFault> RunLinkAsync(Connection connection, MqttNegotiated link, Backoff backoff)
    {
        var pump = new PacketPump(connection, _time);
        var keepAlive = new KeepAliveClock(_time, link.KeepAlive);
        var since = _time.GetTimestamp();
        Negotiated = link;
        _clientId = link.ClientId;
        _session.Attach(link, pump, keepAlive);
        lock (_gate)
        {
            _pump = pump;
            if (_stop.IsCancellationRequested)
                pump.Close(new MqttFault(MqttReasonCode.Success, "The client was stopped."));
            _connected.TrySetResult();
        }

        LogConnected(_logger, link.ClientId, _options.Host, _options.Port, link.Version, link.SessionPresent);
        SetState(MqttClientState.Connected, MqttReasonCode.Success, "Connected.");
        await using (_time.CreateTimer(
            static s => ((ClientSession)s!).CheckKeepAlive(), _session, keepAlive.CheckPeriod, keepAlive.CheckPeriod))
        {
            await pump.RunAsync(_session);
        }

        var goodbye = _session.ServerGoodbye;
        lock (_gate)
        {
            _pump = null;
            if (_connected.Task.IsCompleted)
                _connected = NewSource();
        }

        _session.Detach();
        if (_time.GetElapsedTime(since) >= LastingLink)
            backoff.Reset();
        if (goodbye.IsFault)
            return goodbye;
        return pump.Fault.IsFault
            ? pump.Fault
            : new MqttFault(MqttReasonCode.ServerUnavailable, pump.Error?.Message ?? "The server closed the connection.");
    }

    private async ValueTask<Connection> OpenAsync(CancellationToken cancel)
    {
        if (_options.Connector is { } connector)
            return await connector(cancel);
        var connection = await _connector.ConnectAsync(_options.Host, _options.Port, cancel);
        if (_options.Tls is not { } tls)
            return connection;
        tls.TargetHost ??= _options.Host;
        return await TlsConnection.ClientAsync(connection, tls, cancel);
    }

    private async Task DispatchAsync()
    {
        await foreach (var item in _inbox.Reader.ReadAllAsync())
        {
            _inbox.Taken(item);
            var reason = await HandleAsync(item.Message);
            if (item.PacketId != 0)
                _session.Acknowledge(item, reason);
        }
    }

    private async ValueTask<MqttReasonCode> HandleAsync(MqttMessage message)
    {
        // A session of an earlier process may still send that one's identifiers, which mean nothing (or something else) here.
        var identified = message.SubscriptionIdentifiers.Count > 0;
        var reason = identified ? await HandleAsync(message, byIdentifier: true) : null;
        reason ??= await HandleAsync(message, byIdentifier: false);
        if (reason is null)
            UnhandledMessages++;
        return reason ?? MqttReasonCode.Success;
    }

    // Null: no subscription wanted it.
    private async ValueTask<MqttReasonCode?> HandleAsync(MqttMessage message, bool byIdentifier)
    {
        MqttReasonCode? reason = null;
        foreach (var subscription in _session.Subscriptions)
        {
            if (!subscription.Matches(message, byIdentifier))
                continue;
            reason ??= MqttReasonCode.Success;
            try
            {
                await subscription.Handler(message, _stop.Token);
            }
            catch (Exception e)
            {
                LogHandlerFailed(_logger, e, message.Topic);
                reason = MqttReasonCode.ImplementationSpecificError;
            }
        }

        return reason;
    }

    private void SetState(MqttClientState state, MqttReasonCode reason, string detail)
    {
        State = state;
        try
        {
            StateChanged?.Invoke(new MqttClientStateChange(state, reason, detail));
        }
        catch (Exception e)
        {
            LogListenerFailed(_logger, e);
        }
    }

    private static TaskCompletionSource NewSource() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
