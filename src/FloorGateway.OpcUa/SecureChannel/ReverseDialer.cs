using System.Net.Sockets;
using FloorGateway.Net.Timing;
using FloorGateway.Net.Transport;
using FloorGateway.OpcUa.Transport;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace FloorGateway.OpcUa.SecureChannel;

/// <summary>
/// The server's side of reverse connect (Part 6, 7.1.3): keeps one connection waiting at each client, and makes the next one as soon as it is
/// taken into use. What comes after ReverseHello is the listener's, as with any other connection.
/// </summary>
public sealed class ReverseDialer : IAsyncDisposable
{
    private readonly ServerChannelListener listener;
    private readonly ReverseConnectOptions options;
    private readonly ReverseHelloMessage hello;
    private readonly TimeProvider time;
    private readonly ILogger log;
    private readonly TcpConnector connector;
    private readonly CancellationTokenSource stopping = new();
    private readonly Task running;

    /// <param name="listener">Serves the connections; it may listen on a port as well, or not.</param>
    /// <param name="options">Whom to dial.</param>
    /// <param name="serverUri">The server's application URI.</param>
    /// <param name="endpointUrl">The endpoint that clients are to open.</param>
    /// <param name="time">For waits between attempts.</param>
    /// <param name="loggers">For what goes wrong.</param>
    /// <exception cref="ChannelException">A client's URL is not one.</exception>
    public ReverseDialer(ServerChannelListener listener, ReverseConnectOptions options, string serverUri, string endpointUrl, TimeProvider? time = null, ILoggerFactory? loggers = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        (this.listener, this.options, this.time) = (listener, options, time ?? TimeProvider.System);
        hello = new ReverseHelloMessage(serverUri, endpointUrl);
        log = (loggers ?? NullLoggerFactory.Instance).CreateLogger<ReverseDialer>();
        connector = new TcpConnector(loggers: loggers);
        var targets = options.ClientUrls.Select(url => (Url: url, Address: EndpointAddress.Parse(url))).ToArray();
        running = Task.WhenAll(targets.Select(t => Task.Run(() => DialAsync(t.Url, t.Address))));
    }

    /// <summary>Stops dialling. Connections that were made stay with the listener.</summary>
    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync().ConfigureAwait(false);
        await running.ConfigureAwait(false);
        connector.Dispose();
        stopping.Dispose();
    }

    private async Task DialAsync(string url, EndpointAddress address)
    {
        var backoff = new Backoff(options.Retry);
        List<Task> open = [];
        var reachable = true;
        try
        {
            while (!stopping.IsCancellationRequested)
            {
                open.RemoveAll(static t => t.IsCompleted);
                if (open.Count >= options.MaxConnectionsPerClient)
                {
                    await Task.WhenAny(open).WaitAsync(stopping.Token).ConfigureAwait(false);
                    continue;
                }

                if (await ConnectAsync(url, address, reachable).ConfigureAwait(false) is { } connection)
                {
                    if (!reachable)
                        ChannelLog.ReverseReached(log, url);
                    reachable = true;
                    var (greeted, ended) = listener.ServeReversed(connection, options.HelloTimeout);
                    open.Add(ended);
                    await Task.WhenAny(greeted, ended).WaitAsync(stopping.Token).ConfigureAwait(false);
                    if (greeted.IsCompletedSuccessfully)
                    {
                        backoff.Reset();
                        await Task.Delay(options.MinInterval, time, stopping.Token).ConfigureAwait(false);
                        continue;
                    }
                }
                else
                {
                    reachable = false;
                }

                await Task.Delay(backoff.Next(), time, stopping.Token).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // Stopped while it waited.
        }
    }

    private async ValueTask<Connection?> ConnectAsync(string url, EndpointAddress address, bool firstFailure)
    {
        Connection? connection = null;
        try
        {
            connection = await connector.ConnectAsync(address.Host, address.Port, stopping.Token).ConfigureAwait(false);
            hello.Write(connection.Output);
            await connection.Output.FlushAsync(stopping.Token).ConfigureAwait(false);
            return connection;
        }
        catch (Exception e) when (e is SocketException or IOException or InvalidOperationException)
        {
            if (firstFailure)
                ChannelLog.ReverseFailed(log, url, e.Message);
        }
        catch (OperationCanceledException)
        {
            // Stopped, as the caller will see.
        }

        if (connection is not null)
        {
            connection.Abort();
            await connection.DisposeAsync().ConfigureAwait(false);
        }

        return null;
    }
}
