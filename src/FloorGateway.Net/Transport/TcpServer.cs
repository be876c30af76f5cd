using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace FloorGateway.Net.Transport;

/// <summary>A listening TCP port.</summary>
public sealed class TcpServer : IAsyncDisposable
{
    private readonly IConnectionListener listener;

    private TcpServer(IConnectionListener listener) => this.listener = listener;

    /// <summary>The bound address; holds the port the system chose where 0 was asked for.</summary>
    public IPEndPoint EndPoint => (IPEndPoint)listener.EndPoint;

    /// <summary>Binds and listens.</summary>
    /// <exception cref="AddressInUseException">The port is taken.</exception>
    public static async ValueTask<TcpServer> ListenAsync(IPEndPoint endPoint, TcpOptions? options = null, ILoggerFactory? loggers = null, CancellationToken cancel = default)
    {
        options ??= new TcpOptions();
        var factory = new SocketTransportFactory(
            Options.Create(new SocketTransportOptions
            {
                Backlog = options.Backlog,
                NoDelay = true,
                MaxReadBufferSize = options.MaxReadBuffer,
                MaxWriteBufferSize = options.MaxWriteBuffer,
                // As in TcpConnector: nothing that reads here blocks.
                UnsafePreferInlineScheduling = true,
            }),
            loggers ?? NullLoggerFactory.Instance);
        return new TcpServer(await factory.BindAsync(endPoint, cancel).ConfigureAwait(false));
    }

    /// <summary>The next connection, or null once the server has been stopped.</summary>
    public async ValueTask<Connection?> AcceptAsync(CancellationToken cancel = default) =>
        await listener.AcceptAsync(cancel).ConfigureAwait(false) is { } context ? new SocketConnection(context) : null;

    /// <summary>Stops accepting; open connections stay with their owners.</summary>
    public ValueTask StopAsync() => listener.UnbindAsync();

    public async ValueTask DisposeAsync()
    {
        await listener.UnbindAsync().ConfigureAwait(false);
        await listener.DisposeAsync().ConfigureAwait(false);
    }
}
