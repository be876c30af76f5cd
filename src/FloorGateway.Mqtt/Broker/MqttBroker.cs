using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using FloorGateway.Mqtt.Codec;
using FloorGateway.Mqtt.Packets;
using FloorGateway.Net.Timing;
using FloorGateway.Net.Tls;
using FloorGateway.Net.Transport;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace FloorGateway.Mqtt.Broker;

/// <summary>
/// An MQTT 5 and 3.1.1 broker inside the process: for a line without one of its own, for screens and for tests. Sessions and retained
/// messages live in memory.
/// </summary>
public sealed partial class MqttBroker : IAsyncDisposable
{
    private readonly MqttBrokerOptions _options;
    private readonly TimeProvider _time;
    private readonly ILoggerFactory _loggers;
    private readonly ILogger _logger;
    private readonly EventGate _strangers;
    private readonly List<TcpServer> _servers = [];
    private readonly List<Task> _accepting = [];
    private readonly HashSet<BrokerConnection> _connections = [];
    private readonly ConcurrentDictionary<Task, bool> _handshakes = new();
    private readonly CancellationTokenSource _stopping = new();

    // Links in the middle of their TLS handshake, oldest first; at most as many as connections.
    private readonly List<Connection> _handshaking = [];

    /// <summary>Makes a broker; nothing listens until <see cref="StartAsync"/>.</summary>
    public MqttBroker(MqttBrokerOptions options, TimeProvider? time = null, ILoggerFactory? loggers = null)
    {
        _options = options;
        _time = time ?? TimeProvider.System;
        _loggers = loggers ?? NullLoggerFactory.Instance;
        _logger = _loggers.CreateLogger<MqttBroker>();
        _strangers = new EventGate(_time);
        _retained = new RetainedStore(options.MaximumRetainedMessages, options.MaximumRetainedBytes);
    }

    /// <summary>Bound addresses in the order of the listeners; hold the ports the system chose.</summary>
    public IReadOnlyList<IPEndPoint> EndPoints { get; private set; } = [];

    /// <summary>Binds every listener.</summary>
    /// <exception cref="IOException">A port is taken.</exception>
    public async Task StartAsync(CancellationToken cancel = default)
    {
        foreach (var listener in _options.Listeners)
        {
            var server = await TcpServer.ListenAsync(new IPEndPoint(listener.Address, listener.Port), _options.Tcp, _loggers, cancel);
            _servers.Add(server);
            var loopback = IPAddress.IsLoopback(listener.Address);
            if (!loopback && listener.AllowAnonymous == true)
                LogAnonymous(_logger, server.EndPoint);
            if (!loopback && listener.Tls is null)
                LogPlain(_logger, server.EndPoint);
            LogListening(_logger, server.EndPoint, listener.Tls is not null);
            _accepting.Add(Task.Run(() => AcceptAsync(server, listener), CancellationToken.None));
        }

        EndPoints = [.. _servers.Select(s => s.EndPoint)];
    }

    /// <summary>Serves a connection that came some other way, for instance an in-memory one, as on a loopback listener.</summary>
    /// <param name="connection">Owned by the broker from here on.</param>
    /// <param name="allowAnonymous">Overrides the rule for anonymous clients.</param>
    public void Serve(Connection connection, bool? allowAnonymous = null) =>
        Serve(connection, AllowsAnonymous(allowAnonymous, loopback: true));

    /// <summary>Publishes from inside the process; gives the number of subscribers it was queued for.</summary>
    /// <exception cref="ArgumentException">Not a topic name.</exception>
    public int Publish(string topic, ReadOnlySpan<byte> payload, MqttPublishOptions? options = null)
    {
        options ??= MqttPublishOptions.Default;
        var name = MqttUtf8.GetBytes(topic, "topic name");
        if (!MqttTopic.IsValidName(name, _options.Limits))
            throw new ArgumentException($"'{topic}' is not a topic name: it is empty, too long, too deep or holds '+' or '#'.", nameof(topic));
        Interlocked.Increment(ref Counters.Received);
        Route(null, name, new MqttProperties(options.Properties.Encode()), payload, options.Qos, options.Retain, out var receivers);
        return receivers;
    }

    /// <summary>Publishes from inside the process; the code says whether anybody subscribed, or QuotaExceeded when the retained store is full.</summary>
    public ValueTask<MqttReasonCode> PublishAsync(string topic, ReadOnlyMemory<byte> payload, MqttPublishOptions? options = null) =>
        new(Publish(topic, payload.Span, options) == 0 ? MqttReasonCode.NoMatchingSubscribers : MqttReasonCode.Success);

    /// <summary>
    /// Subscribes from inside the process. <paramref name="handler"/> runs on the publisher's task, first with what is retained: it must
    /// be quick and must not wait. Disposing the answer ends the subscription.
    /// </summary>
    /// <exception cref="ArgumentException">Not a topic filter, or a shared one.</exception>
    public IDisposable Subscribe(string filter, Action<MqttMessage> handler)
    {
        var bytes = MqttUtf8.GetBytes(filter, "topic filter");
        if (!MqttTopic.IsValidFilter(bytes, _options.Limits) || bytes.AsSpan().StartsWith("$share/"u8))
            throw new ArgumentException($"'{filter}' is not a topic filter that can be subscribed to from inside the process.", nameof(filter));
        return SubscribeLocal(bytes, handler);
    }

    /// <summary>Counters and gauges; what other brokers publish under $SYS.</summary>
    public MqttBrokerStatistics GetStatistics()
    {
        int connections, sessions, retained;
        lock (_gate)
        {
            connections = _sessions.Values.Count(s => s.IsConnected);
            sessions = _sessions.Count;
        }

        lock (_retainedGate)
            retained = _retained.Count;
        return new MqttBrokerStatistics
        {
            Connections = connections,
            Sessions = sessions,
            Subscriptions = _index.Count,
            RetainedMessages = retained,
            LiveMessages = _live.Count,
            ConnectionsAccepted = Interlocked.Read(ref Counters.Accepted),
            ConnectionsRefused = Interlocked.Read(ref Counters.Refused),
            MessagesReceived = Interlocked.Read(ref Counters.Received),
            MessagesQueued = Interlocked.Read(ref Counters.Queued),
            MessagesSent = Interlocked.Read(ref Counters.Sent),
            MessagesDropped = Interlocked.Read(ref Counters.Dropped),
            MessagesExpired = Interlocked.Read(ref Counters.Expired),
            MessagesRefused = Interlocked.Read(ref Counters.RefusedMessages),
            SlowConsumersDisconnected = Interlocked.Read(ref Counters.SlowConsumers),
            WillsPublished = Interlocked.Read(ref Counters.Wills),
        };
    }

    /// <summary>Sends a client away; false when it is not connected.</summary>
    public bool Disconnect(string clientId, MqttReasonCode reason = MqttReasonCode.AdministrativeAction)
    {
        BrokerConnection? connection;
        lock (_gate)
            connection = _sessions.GetValueOrDefault(clientId)?.Connection;
        connection?.Close(new MqttFault(reason, "The client was sent away by the broker's operator."));
        return connection is not null;
    }

    /// <summary>Sends all clients away with ServerShuttingDown, publishes no wills, and lets go of everything.</summary>
    public async ValueTask DisposeAsync()
    {
        BrokerConnection[] connections;
        lock (_gate)
        {
            _stopped = true;
            connections = [.. _connections];
        }

        // From here on nothing new is served: _stopped is looked at under the same lock.
        foreach (var server in _servers)
            await server.DisposeAsync();
        await _stopping.CancelAsync();
        await Task.WhenAll(_accepting);
        await Task.WhenAll(_handshakes.Keys);
        foreach (var connection in connections)
            connection.Close(new MqttFault(MqttReasonCode.ServerShuttingDown, "The broker is stopping."));
        await Task.WhenAll(connections.Select(c => c.Ended));
        lock (_gate)
        {
            foreach (var session in _sessions.Values)
                session.End();
            _sessions.Clear();
        }

        lock (_retainedGate)
            _retained.Clear();
    }

    private async Task AcceptAsync(TcpServer server, MqttListenerOptions listener)
    {
        var anonymous = AllowsAnonymous(listener.AllowAnonymous, IPAddress.IsLoopback(listener.Address));
        try
        {
            while (await server.AcceptAsync() is { } connection)
            {
                if (listener.Tls is { } tls)
                    Own(HandshakeAsync(connection, tls, anonymous));
                else
                    Serve(connection, anonymous);
            }
        }
        catch (Exception e)
        {
            LogListenerFailed(_logger, e, server.EndPoint);
        }
    }

    private void Own(Task handshake)
    {
        _handshakes[handshake] = true;
        handshake.ContinueWith(t => _handshakes.TryRemove(t, out _), TaskScheduler.Default);
    }

    private async Task HandshakeAsync(Connection connection, SslServerAuthenticationOptions tls, bool anonymous)
    {
        Connection? oldest = null;
        lock (_gate)
        {
            if (_handshaking.Count >= _options.MaximumConnections)
            {
                oldest = _handshaking[0];
                _handshaking.RemoveAt(0);
            }

            _handshaking.Add(connection);
        }

        oldest?.Abort();
        try
        {
            await Task.Yield();
            using var timeout = new CancellationTokenSource(_options.ConnectTimeout, _time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, _stopping.Token);
            Serve(await TlsConnection.ServerAsync(connection, tls, either.Token), anonymous);
        }
        catch (Exception e)
        {
            OnConnectionFailed(connection.RemoteEndPoint, e);
        }
        finally
        {
            lock (_gate)
                _handshaking.Remove(connection);
        }
    }

    private bool AllowsAnonymous(bool? configured, bool loopback) => configured ?? (loopback && _options.Authenticator is null);

    private void Serve(Connection connection, bool anonymous)
    {
        var served = new BrokerConnection(this, _options, connection, anonymous, _time);
        lock (_gate)
        {
            if (_stopped || (_connections.Count >= _options.MaximumConnections && !MakeRoom_NeedsLock()))
                served = null;
            else
                _connections.Add(served);
        }

        if (served is null)
        {
            // Without a CONNACK: a broker at its limit spends nothing on who comes next.
            Interlocked.Increment(ref Counters.Refused);
            connection.Abort();
            _ = connection.DisposeAsync().AsTask();
            return;
        }

        _ = Task.Run(() => RunAsync(served));
    }

    /// <summary>A full house gives up the oldest link on which no client was let in yet: strangers that say nothing must not keep clients out.</summary>
    private bool MakeRoom_NeedsLock()
    {
        // Those that were given up take a moment to end.
        if (_connections.Count >= 2 * _options.MaximumConnections)
            return false;
        var oldest = _connections.Where(c => !c.IsAccepted && !c.IsAborted).MinBy(c => c.OpenedAt);
        oldest?.Abort();
        return oldest is not null;
    }

    private async Task RunAsync(BrokerConnection connection)
    {
        await connection.RunAsync();
        lock (_gate)
            _connections.Remove(connection);
    }
}
