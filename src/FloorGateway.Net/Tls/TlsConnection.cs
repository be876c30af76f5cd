using System.IO.Pipelines;
using System.Net;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using FloorGateway.Net.Transport;

namespace FloorGateway.Net.Tls;

/// <summary>TLS over any <see cref="Connection"/>.</summary>
public sealed class TlsConnection : Connection
{
    private readonly Connection inner;
    private readonly SslStream stream;

    private TlsConnection(Connection inner, SslStream stream)
    {
        this.inner = inner;
        this.stream = stream;
        Input = PipeReader.Create(stream, new StreamPipeReaderOptions(bufferSize: 16 * 1024, leaveOpen: true));
        Output = PipeWriter.Create(stream, new StreamPipeWriterOptions(minimumBufferSize: 16 * 1024, leaveOpen: true));
    }

    public override PipeReader Input { get; }

    public override PipeWriter Output { get; }

    public override EndPoint? LocalEndPoint => inner.LocalEndPoint;

    public override EndPoint? RemoteEndPoint => inner.RemoteEndPoint;

    public override CancellationToken Closed => inner.Closed;

    /// <summary>The peer's certificate, where it showed one.</summary>
    public X509Certificate? RemoteCertificate => stream.RemoteCertificate;

    /// <summary>Completes the handshake as the client; on failure the underlying connection is closed.</summary>
    /// <exception cref="System.Security.Authentication.AuthenticationException">The server's certificate was refused.</exception>
    public static ValueTask<Connection> ClientAsync(Connection inner, SslClientAuthenticationOptions options, CancellationToken cancel) =>
        HandshakeAsync(inner, stream => stream.AuthenticateAsClientAsync(options, cancel));

    /// <summary>Completes the handshake as the server; on failure the underlying connection is closed.</summary>
    public static ValueTask<Connection> ServerAsync(Connection inner, SslServerAuthenticationOptions options, CancellationToken cancel) =>
        HandshakeAsync(inner, stream => stream.AuthenticateAsServerAsync(options, cancel));

    private static async ValueTask<Connection> HandshakeAsync(Connection inner, Func<SslStream, Task> authenticate)
    {
        var stream = new SslStream(new DuplexPipeStream(inner.Input, inner.Output));
        try
        {
            await authenticate(stream).ConfigureAwait(false);
            return new TlsConnection(inner, stream);
        }
        catch
        {
            inner.Abort();
            await stream.DisposeAsync().ConfigureAwait(false);
            await inner.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    public override void Abort() => inner.Abort();

    public override async ValueTask DisposeAsync()
    {
        try
        {
            await Output.CompleteAsync().ConfigureAwait(false);
            await Input.CompleteAsync().ConfigureAwait(false);
            await stream.DisposeAsync().ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or InvalidOperationException)
        {
            // The link is already down: there is nobody left to say goodbye to.
        }

        await inner.DisposeAsync().ConfigureAwait(false);
    }
}
