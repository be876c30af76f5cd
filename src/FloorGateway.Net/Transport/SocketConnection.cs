using System.IO.Pipelines;
using System.Net;
using Microsoft.AspNetCore.Connections;

namespace FloorGateway.Net.Transport;

/// <summary>A TCP connection carried by Kestrel's socket transport, on either side.</summary>
internal sealed class SocketConnection(ConnectionContext context) : Connection
{
    public override PipeReader Input => context.Transport.Input;

    public override PipeWriter Output => context.Transport.Output;

    public override EndPoint? LocalEndPoint => context.LocalEndPoint;

    public override EndPoint? RemoteEndPoint => context.RemoteEndPoint;

    public override CancellationToken Closed => context.ConnectionClosed;

    public override void Abort() => context.Abort();

    public override async ValueTask DisposeAsync()
    {
        await context.Transport.Output.CompleteAsync().ConfigureAwait(false);
        await context.Transport.Input.CompleteAsync().ConfigureAwait(false);
        await context.DisposeAsync().ConfigureAwait(false);
    }
}
