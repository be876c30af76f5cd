using System.Net;
using System.Threading.Channels;
using FloorGateway.Net.Timing;
using FloorGateway.Net.Transport;
using FloorGateway.OpcUa.Transport;
using FloorGateway.OpcUa.Types;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace FloorGateway.OpcUa.SecureChannel;

/// <summary>Limits of a <see cref="ReverseConnectListener"/>. Whoever reaches its port can dial it.</summary>
public sealed record ReverseListenerOptions
{
    /// <summary>Time for ReverseHello; a server sends it at once.</summary>
    public TimeSpan HelloTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Connections that have not said who they are; one more is turned away.</summary>
    public int MaxStrangers { get; init; } = 50;

    /// <summary>Connections of one server that wait for a client; one more costs the oldest, which the server may have given up.</summary>
    public int MaxWaitingPerServer { get; init; } = 4;

    public TimeProvider Time { get; init; } = TimeProvider.System;

    public ILoggerFactory? Loggers { get; init; }
}

/// <summary>
/// The client's side of reverse connect (OPC 10000-6, 7.1.3): one port that servers dial, for any number of clients. A client names the server
/// it waits for and goes on as if it had dialled: the server's certificate is checked as always.
/// <code>options = options with { Connect = listener.ConnectorFor("urn:press4.example.com:server") };</code>
/// </summary>
public sealed class ReverseConnectListener : IAsyncDisposable
{
    private readonly ReverseListenerOptions options;
    private readonly ILogger log;
    private readonly EventGate strangers;
    private readonly TcpServer server;
    private readonly Lock gate = new();
    private readonly Dictionary<string, Channel<Connection>> expected = new(StringComparer.Ordinal);
    private readonly HashSet<Task> greeting = [];
    private readonly CancellationTokenSource stopping = new();
    private readonly Task accepting;

    private ReverseConnectListener(TcpServer server, ReverseListenerOptions options)
    {
        (this.server, this.options) = (server, options);
        log = (options.Loggers ?? NullLoggerFactory.Instance).CreateLogger<ReverseConnectListener>();
        strangers = new EventGate(options.Time);
        accepting = AcceptAsync();
    }

    /// <summary>The bound address, with the port the system chose where 0 was asked for.</summary>
    public IPEndPoint EndPoint => server.EndPoint;

    /// <summary>Binds a port and begins to accept.</summary>
    /// <exception cref="IOException">The port is in use.</exception>
    public static async Task<ReverseConnectListener> ListenAsync(IPEndPoint endPoint, ReverseListenerOptions? options = null, CancellationToken cancel = default)
    {
        options ??= new();
        var server = await TcpServer.ListenAsync(endPoint, null, options.Loggers, cancel).ConfigureAwait(false);
        ChannelLog.Listening(options.Loggers is null ? NullLogger.Instance : options.Loggers.CreateLogger<ReverseConnectListener>(), server.EndPoint);
        return new ReverseConnectListener(server, options);
    }

    /// <summary>What opens connections to one server, for <c>Connect</c> of a client's options. From now on that server's connections are kept for it.</summary>
    /// <param name="serverUri">The server's application URI, as its certificate has it.</param>
    public Func<CancellationToken, ValueTask<Connection>> ConnectorFor(string serverUri)
    {
        ArgumentException.ThrowIfNullOrEmpty(serverUri);
        var waiting = Expect(serverUri);
        return cancel => TakeAsync(waiting.Reader, cancel);
    }

    /// <summary>Stops accepting and closes the connections that nobody took.</summary>
    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync().ConfigureAwait(false);
        await server.DisposeAsync().ConfigureAwait(false);
        await accepting.ConfigureAwait(false);
        Task[] last;
        Channel<Connection>[] channels;
        lock (gate)
        {
            last = [.. greeting];
            channels = [.. expected.Values];
        }

        await Task.WhenAll(last).ConfigureAwait(false);
        foreach (var channel in channels)
        {
            channel.Writer.TryComplete();
            while (channel.Reader.TryRead(out var connection))
                await DropAsync(connection).ConfigureAwait(false);
        }

        stopping.Dispose();
    }

    private static async ValueTask<Connection> TakeAsync(ChannelReader<Connection> waiting, CancellationToken cancel)
    {
        while (true)
        {
            Connection connection;
            try
            {
                connection = await waiting.ReadAsync(cancel).ConfigureAwait(false);
            }
            catch (ChannelClosedException e)
            {
                throw new ChannelException(StatusCodes.BadConnectionClosed, "The port that servers dial was closed by this application.", e);
            }

            // The server may have given it up while it waited; the next one is on its way.
            if (IsAlive(connection))
                return connection;
            await DropAsync(connection).ConfigureAwait(false);
        }
    }

    private static bool IsAlive(Connection connection)
    {
        if (connection.Closed.IsCancellationRequested)
            return false;
        try
        {
            if (!connection.Input.TryRead(out var read))
                return true;
            connection.Input.AdvanceTo(read.Buffer.Start);
            return !read.IsCompleted && read.Buffer.IsEmpty;
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or InvalidOperationException)
        {
            return false;
        }
    }

    private static async ValueTask DropAsync(Connection connection)
    {
        connection.Abort();
        await connection.DisposeAsync().ConfigureAwait(false);
    }

    private Channel<Connection> Expect(string serverUri)
    {
        lock (gate)
        {
            if (!expected.TryGetValue(serverUri, out var waiting))
            {
                waiting = Channel.CreateUnbounded<Connection>();
                expected.Add(serverUri, waiting);
            }

            return waiting;
        }
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (await server.AcceptAsync(stopping.Token).ConfigureAwait(false) is { } connection)
            {
                Task? task = null;
                lock (gate)
                {
                    greeting.RemoveWhere(static t => t.IsCompleted);
                    if (greeting.Count < options.MaxStrangers)
                        greeting.Add(task = GreetAsync(connection));
                }

                if (task is null)
                    await DropAsync(connection).ConfigureAwait(false);
            }
        }
        catch (Exception e) when (stopping.IsCancellationRequested && e is OperationCanceledException or ObjectDisposedException or IOException)
        {
            // The listener was stopped while it waited.
        }
        catch (Exception e)
        {
            ChannelLog.AcceptFailed(log, e, server.EndPoint);
        }
    }

    private async Task GreetAsync(Connection connection)
    {
        await Task.Yield();
        var peer = connection.RemoteEndPoint;
        string? refusal;
        Connection? replaced = null;
        try
        {
            using var deadline = new CancellationTokenSource(options.HelloTimeout, options.Time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, stopping.Token);
            var (header, body) = await HandshakeReader.ReadAsync(connection.Input, HelloMessage.MaxSize, either.Token).ConfigureAwait(false);
            refusal = body is not null && header.Type == MessageType.ReverseHello && ReverseHelloMessage.TryRead(body, out var hello)
                ? Keep(connection, hello!, out replaced)
                : "it did not begin with ReverseHello";
        }
        catch (Exception e) when (e is ChannelException or IOException or OperationCanceledException or InvalidOperationException)
        {
            refusal = e is OperationCanceledException ? $"it sent no ReverseHello within {options.HelloTimeout.TotalSeconds:0.#} s" : e.Message;
        }

        if (replaced is not null)
            await DropAsync(replaced).ConfigureAwait(false);
        if (refusal is null)
            return;
        if (!stopping.IsCancellationRequested && strangers.TryPass(out var heldBack))
            ChannelLog.ReverseRefused(log, peer, refusal, heldBack);
        try
        {
            new ErrorMessage(StatusCodes.BadTcpEndpointUrlInvalid, "Not expected here.").Write(connection.Output);
            await connection.DisposeAsync().ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or InvalidOperationException)
        {
            // It is gone already.
        }
    }

    /// <returns>Null when the connection waits for its client now, or why it does not.</returns>
    private string? Keep(Connection connection, ReverseHelloMessage hello, out Connection? replaced)
    {
        replaced = null;
        lock (gate)
        {
            if (!expected.TryGetValue(hello.ServerUri ?? "", out var waiting))
                return $"nobody here waits for the server \"{Security.PeerText.Clean(hello.ServerUri)}\"";
            if (waiting.Reader.Count >= options.MaxWaitingPerServer)
                waiting.Reader.TryRead(out replaced);
            if (!waiting.Writer.TryWrite(connection))
                return "this application is closing its port";
        }

        return null;
    }
}
