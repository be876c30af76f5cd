using System.Threading.Tasks.Sources;

namespace FloorGateway.Pipeline.Journal;

/// <summary>Wakes one waiting reader; a signal without a waiter is kept for the next wait. Allocates nothing.</summary>
internal sealed class TailSignal : IValueTaskSource
{
    private readonly Lock gate = new();
    private ManualResetValueTaskSourceCore<bool> core = new() { RunContinuationsAsynchronously = true };
    private bool signalled;
    private bool waiting;

    public void Set()
    {
        lock (gate)
        {
            if (!waiting)
            {
                signalled = true;
                return;
            }

            waiting = false;
        }

        core.SetResult(true);
    }

    public ValueTask WaitAsync()
    {
        lock (gate)
        {
            if (signalled)
            {
                signalled = false;
                return ValueTask.CompletedTask;
            }

            if (waiting)
                throw new InvalidOperationException("a journal reader is waited on twice at once");
            core.Reset();
            waiting = true;
            return new ValueTask(this, core.Version);
        }
    }

    void IValueTaskSource.GetResult(short token) => core.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => core.GetStatus(token);

    void IValueTaskSource.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        core.OnCompleted(continuation, state, token, flags);
}
