using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using FloorGateway.Net.Timing;
using FloorGateway.Net.Transport;
using FloorGateway.OpcUa.Transport;
using FloorGateway.OpcUa.Types;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace FloorGateway.OpcUa.SecureChannel;

/// <summary>
/// Accepts connections and opens secure channels on them for an <see cref="IServerChannelHandler"/>; all policies and modes share
/// the port.
/// </summary>
public sealed class ServerChannelListener : IAsyncDisposable
{
    private readonly ServerChannelOptions options;
    private readonly IServerChannelHandler handler;
    private readonly ILogger log;
    private readonly MessagePool pool = new();
    private readonly EventGate strangers;
    private readonly ConcurrentDictionary<ServerConnection, Task> connections = new();
    private readonly ITimer timer;
    private TcpServer? server;
    private Task accepting = Task.CompletedTask;
    private uint lastChannelId = RandomStart();
    private volatile bool stopping;
    private volatile bool cutOff;

    /// <exception cref="ArgumentException">A policy other than None is offered without certificate or validator, or a pair makes no sense.</exception>
    public ServerChannelListener(ServerChannelOptions options, IServerChannelHandler handler)
    {
        ArgumentNullException.ThrowIfNull(options);
        foreach (var (policy, mode) in options.Endpoints)
        {
            if (policy.IsNone != (mode == MessageSecurityMode.None) || mode == MessageSecurityMode.Invalid)
                throw new ArgumentException($"{policy} can't be offered with {mode}: None goes with None, every other policy with Sign or SignAndEncrypt.", nameof(options));
            if (!policy.IsNone && (options.Certificate is null || options.Validator is null))
                throw new ArgumentException($"{policy} is offered but there is no certificate or no trust list.", nameof(options));
        }

        this.options = options;
        this.handler = handler;
        strangers = new EventGate(options.Time);
        log = (options.Loggers ?? NullLoggerFactory.Instance).CreateLogger<ServerChannelListener>();
        timer = options.Time.CreateTimer(static state => ((ServerChannelListener)state!).OnTick(), this, options.CheckInterval, options.CheckInterval);
    }

    /// <summary>The bound address, with the port the system chose where 0 was asked for; null before <see cref="ListenAsync"/>.</summary>
    public IPEndPoint? EndPoint => server?.EndPoint;

    /// <summary>Connections now, open channels and those on the way.</summary>
    public int ConnectionCount => connections.Count;

    /// <summary>True closes every new connection before a byte is read.</summary>
    internal bool IsCutOff
    {
        get => cutOff;
        set => cutOff = value;
    }

    /// <summary>Received messages that were not disposed yet.</summary>
    internal int OutstandingMessages => pool.Outstanding;

    internal IEnumerable<ServerConnection> Connections => connections.Keys;

    /// <summary>Binds a TCP port and begins to accept.</summary>
    public async Task ListenAsync(IPEndPoint endPoint, TcpOptions? tcp = null, CancellationToken cancel = default)
    {
        server = await TcpServer.ListenAsync(endPoint, tcp, options.Loggers, cancel).ConfigureAwait(false);
        ChannelLog.Listening(log, server.EndPoint);
        accepting = AcceptAsync(server);
    }

    /// <summary>Serves a connection that came another way: in memory, over TLS, dialled for reverse connect. The task ends with the connection.</summary>
    public Task ServeAsync(Connection connection)
    {
        ArgumentNullException.ThrowIfNull(connection);
        if (cutOff)
        {
            connection.Abort();
            return connection.DisposeAsync().AsTask();
        }

        if (!HasRoomFor(connection))
            return TurnAwayAsync(connection);
        return Serve(connection, helloTimeout: null).Ended;
    }

    /// <summary>Serves a connection that this side dialled, and on which ReverseHello was sent.</summary>
    /// <param name="connection">The connection.</param>
    /// <param name="helloTimeout">How long the client may leave it waiting.</param>
    /// <returns>A task that completes when the client said Hello, and one that ends with the connection.</returns>
    internal (Task Greeted, Task Ended) ServeReversed(Connection connection, TimeSpan helloTimeout) =>
        HasRoomFor(connection) ? Serve(connection, helloTimeout) : (new TaskCompletionSource().Task, TurnAwayAsync(connection));

    /// <summary>Stops accepting, tells every client BadShutdown, and waits for the connections to end.</summary>
    public async ValueTask DisposeAsync()
    {
        stopping = true;
        if (server is not null)
            await server.DisposeAsync().ConfigureAwait(false);
        await accepting.ConfigureAwait(false);
        foreach (var connection in connections.Keys)
            connection.Break(StatusCodes.BadShutdown, "The server is shutting down.", tellClient: true);
        await Task.WhenAll(connections.Values).ConfigureAwait(false);
        await timer.DisposeAsync().ConfigureAwait(false);
    }

    private static uint RandomStart() => (uint)RandomNumberGenerator.GetInt32(1, int.MaxValue);

    private static async Task TurnAwayAsync(Connection connection)
    {
        new ErrorMessage(StatusCodes.BadTcpNotEnoughResources, "All connections are taken.").Write(connection.Output);
        await connection.DisposeAsync().ConfigureAwait(false);
    }

    private (Task Greeted, Task Ended) Serve(Connection connection, TimeSpan? helloTimeout)
    {
        var served = new ServerConnection(connection, options, handler, pool, NextChannelId(), log, strangers, OnOpened, helloTimeout);
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        connections[served] = ended.Task;
        return (served.Greeted, RunAsync(served, ended));
    }

    private async Task RunAsync(ServerConnection served, TaskCompletionSource ended)
    {
        await served.RunAsync().ConfigureAwait(false);
        connections.TryRemove(served, out _);
        ended.SetResult();
    }

    private async Task AcceptAsync(TcpServer accepted)
    {
        try
        {
            while (await accepted.AcceptAsync().ConfigureAwait(false) is { } connection)
            {
                // The connection owns its task; the listener waits for it through the table of connections.
                _ = ServeAsync(connection);
            }
        }
        catch (Exception e) when (!stopping)
        {
            ChannelLog.AcceptFailed(log, e, accepted.EndPoint);
        }
        catch (Exception e) when (e is ObjectDisposedException or OperationCanceledException or IOException)
        {
            // The listener was stopped while it waited.
        }
    }

    private bool HasRoomFor(Connection connection)
    {
        if (stopping)
            return false;
        var address = ClientAddress.Of(connection.RemoteEndPoint);
        if (address is not null && connections.Keys.Count(c => c.Address == address && !c.IsBroken) >= options.MaxConnectionsPerAddress && !MakeRoom(c => c.Address == address))
        {
            if (strangers.TryPass(out var heldBack))
                ChannelLog.TooManyFromAddress(log, connection.RemoteEndPoint, options.MaxConnectionsPerAddress, heldBack);
            return false;
        }

        if (connections.Count >= options.MaxConnections && !MakeRoom(static _ => true))
        {
            if (strangers.TryPass(out var heldBack))
                ChannelLog.TooManyConnections(log, connection.RemoteEndPoint, options.MaxConnections, heldBack);
            return false;
        }

        return true;
    }

    /// <summary>
    /// A full house gives up the oldest connection that has not opened its channel, or else the oldest without a session, those without
    /// security first: anybody can make those, and a flood of them must not keep clients out.
    /// </summary>
    private bool MakeRoom(Func<ServerConnection, bool> among)
    {
        // Those that were given up take a moment to end.
        if (connections.Count >= 2 * options.MaxConnections)
            return false;
        var idle = connections.Keys.Where(c => !c.IsBroken && among(c) && !c.IsInUse).MinBy(c => (c.IsOpen, c.IsSecured, c.AcceptedAt));
        idle?.Break(StatusCodes.BadTcpNotEnoughResources, "It made room for another client.", tellClient: true);
        return idle is not null;
    }

    private void OnOpened()
    {
        var idle = connections.Keys.Where(c => c.IsOpen && !c.IsBroken && !c.IsInUse).ToArray();
        if (idle.Length > options.MaxChannelsWithoutSession)
            idle.MinBy(c => (c.IsSecured, c.AcceptedAt))!.Break(StatusCodes.BadTcpNotEnoughResources, "It had no session when too many channels had none.", tellClient: true);
    }

    private uint NextChannelId()
    {
        uint id;
        do
            id = Interlocked.Increment(ref lastChannelId);
        while (id == 0);
        return id;
    }

    private void OnTick()
    {
        foreach (var (connection, _) in connections)
            connection.Tick();
    }
}
