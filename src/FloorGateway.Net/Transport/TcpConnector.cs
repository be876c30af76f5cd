using System.Net.Sockets;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace FloorGateway.Net.Transport;

/// <summary>Opens TCP connections. One instance serves a whole client; it owns the I/O queues that its connections share.</summary>
public sealed class TcpConnector : IDisposable
{
    private readonly SocketConnectionContextFactory factory;
    private readonly TcpOptions options;

    public TcpConnector(TcpOptions? options = null, ILoggerFactory? loggers = null)
    {
        this.options = options ?? new TcpOptions();
        factory = new SocketConnectionContextFactory(
            new SocketConnectionFactoryOptions
            {
                MaxReadBufferSize = this.options.MaxReadBuffer,
                MaxWriteBufferSize = this.options.MaxWriteBuffer,
                IOQueueCount = 1,
                // A gateway has few links and all are busy: a buffer held by each costs less than a second system call for every read.
                WaitForDataBeforeAllocatingBuffer = false,
                // Readers and the socket's sending loop run where the data came up, not on a thread woken for it. "Unsafe" for users who block; nothing here does.
                UnsafePreferInlineScheduling = true,
            },
            (loggers ?? NullLoggerFactory.Instance).CreateLogger<TcpConnector>());
    }

    /// <summary>Connects to <paramref name="host"/>:<paramref name="port"/>, trying each address the name resolves to.</summary>
    /// <exception cref="SocketException">No address answered within <see cref="TcpOptions.ConnectTimeout"/> or all refused.</exception>
    public async ValueTask<Connection> ConnectAsync(string host, int port, CancellationToken cancel)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        timeout.CancelAfter(options.ConnectTimeout);
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            options.ApplyKeepAlive(socket);
            await socket.ConnectAsync(host, port, timeout.Token).ConfigureAwait(false);
            return new SocketConnection(factory.Create(socket));
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            socket.Dispose();
            throw new SocketException((int)SocketError.TimedOut, $"{host}:{port} did not answer within {options.ConnectTimeout.TotalSeconds:0.#} s");
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    public void Dispose() => factory.Dispose();
}
