using System.IO.Pipelines;
using System.Net;

namespace FloorGateway.Net.Transport;

/// <summary>
/// One byte stream to a peer as a pair of pipes, whatever carries it (TCP, TLS, memory). The owner reads <see cref="Input"/> and writes
/// <see cref="Output"/> from one task each; <see cref="IAsyncDisposable.DisposeAsync"/> flushes what was written and closes.
/// </summary>
public abstract class Connection : IAsyncDisposable
{
    /// <summary>Bytes from the peer. Completed when the peer closed; faulted with an <see cref="IOException"/> when the link broke.</summary>
    public abstract PipeReader Input { get; }

    /// <summary>Bytes to the peer.</summary>
    public abstract PipeWriter Output { get; }

    public abstract EndPoint? LocalEndPoint { get; }

    public abstract EndPoint? RemoteEndPoint { get; }

    /// <summary>Cancelled once the link is down, for whatever reason.</summary>
    public abstract CancellationToken Closed { get; }

    /// <summary>Drops the link at once, without flushing. Safe to call from any thread, any number of times.</summary>
    public abstract void Abort();

    public abstract ValueTask DisposeAsync();
}
