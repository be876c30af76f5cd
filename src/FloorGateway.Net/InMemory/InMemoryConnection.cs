using System.IO.Pipelines;
using System.Net;
using FloorGateway.Net.Transport;

namespace FloorGateway.Net.InMemory;

/// <summary>Two connected ends in one process, for tests and for peers that share it. Aborting one end breaks the other as a cut cable would.</summary>
public sealed class InMemoryConnection : Connection
{
    private readonly Pipe incoming;
    private readonly Pipe outgoing;
    private readonly CancellationTokenSource closed;

    private InMemoryConnection(Pipe incoming, Pipe outgoing, CancellationTokenSource closed)
    {
        this.incoming = incoming;
        this.outgoing = outgoing;
        this.closed = closed;
    }

    public override PipeReader Input => incoming.Reader;

    public override PipeWriter Output => outgoing.Writer;

    public override EndPoint? LocalEndPoint => null;

    public override EndPoint? RemoteEndPoint => null;

    public override CancellationToken Closed => closed.Token;

    /// <summary>Makes both ends. <paramref name="window"/> is the number of bytes in flight before a flush waits.</summary>
    public static (Connection A, Connection B) CreatePair(int window = 64 * 1024)
    {
        var options = new PipeOptions(pauseWriterThreshold: window, resumeWriterThreshold: window / 2, useSynchronizationContext: false);
        var aToB = new Pipe(options);
        var bToA = new Pipe(options);
        var closed = new CancellationTokenSource();
        return (new InMemoryConnection(bToA, aToB, closed), new InMemoryConnection(aToB, bToA, closed));
    }

    public override void Abort()
    {
        var cut = new IOException("The link was cut.");
        outgoing.Writer.CancelPendingFlush();
        outgoing.Writer.Complete(cut);
        incoming.Reader.CancelPendingRead();
        incoming.Writer.Complete(cut);
        closed.Cancel();
    }

    public override async ValueTask DisposeAsync()
    {
        await outgoing.Writer.CompleteAsync().ConfigureAwait(false);
        await incoming.Reader.CompleteAsync().ConfigureAwait(false);
    }
}
