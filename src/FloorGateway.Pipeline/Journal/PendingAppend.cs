using System.Collections.Concurrent;
using System.Threading.Tasks.Sources;
using FloorGateway.Model.Gaps;
using FloorGateway.Model.Samples;

namespace FloorGateway.Pipeline.Journal;

internal enum AppendKind
{
    Samples,
    Gap,
    Marks,
}

/// <summary>Something on its way into the journal and the promise to its sender. Goes back to its pool when the sender has seen the outcome.</summary>
internal sealed class PendingAppend(ConcurrentQueue<PendingAppend> pool) : IValueTaskSource
{
    private ManualResetValueTaskSourceCore<bool> core = new() { RunContinuationsAsynchronously = true };

    public AppendKind Kind { get; private set; }

    public int Server { get; private set; }

    public ReadOnlyMemory<Sample> Samples { get; private set; }

    public BatchCounts Counts { get; private set; }

    public GapRecord? Gap { get; private set; }

    /// <summary>The sender's; heeded while the disk is full.</summary>
    public CancellationToken Cancel { get; private set; }

    /// <summary>Nobody waits for it.</summary>
    public bool Detached { get; private set; }

    public ValueTask Task => new(this, core.Version);

    public static PendingAppend Rent(ConcurrentQueue<PendingAppend> pool) => pool.TryDequeue(out var item) ? item : new PendingAppend(pool);

    public void SetSamples(int server, ReadOnlyMemory<Sample> samples, BatchCounts counts, CancellationToken cancel)
    {
        Kind = AppendKind.Samples;
        (Server, Samples, Counts, Cancel, Detached) = (server, samples, counts, cancel, false);
    }

    public void SetGap(int server, GapRecord gap, CancellationToken cancel)
    {
        Kind = AppendKind.Gap;
        (Server, Gap, Cancel, Detached) = (server, gap, cancel, false);
    }

    public void SetMarks()
    {
        Kind = AppendKind.Marks;
        Detached = true;
    }

    public void Complete(Exception? error)
    {
        if (Detached)
            Return();
        else if (error is null)
            core.SetResult(true);
        else
            core.SetException(error);
    }

    /// <summary>Gives it back unused.</summary>
    public void Return()
    {
        Samples = default;
        Gap = null;
        Cancel = default;
        core.Reset();
        pool.Enqueue(this);
    }

    void IValueTaskSource.GetResult(short token)
    {
        try
        {
            core.GetResult(token);
        }
        finally
        {
            Return();
        }
    }

    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => core.GetStatus(token);

    void IValueTaskSource.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        core.OnCompleted(continuation, state, token, flags);
}
