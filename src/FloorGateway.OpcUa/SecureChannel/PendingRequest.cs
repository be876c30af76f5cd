using System.Threading.Tasks.Sources;

namespace FloorGateway.OpcUa.SecureChannel;

/// <summary>A request waiting for its response; reused, so that a request in flight costs no allocation.</summary>
internal sealed class PendingRequest(PendingRequests owner) : IValueTaskSource<ReceivedMessage>
{
    private ManualResetValueTaskSourceCore<ReceivedMessage> core = new() { RunContinuationsAsynchronously = true };

    public PendingRequests Owner => owner;

    public uint Id { get; set; }

    /// <summary>When it is given up, in timestamps of the time provider; <see cref="long.MaxValue"/> for never.</summary>
    public long Deadline { get; set; }

    public CancellationToken Cancel { get; set; }

    /// <summary>True: whoever waits goes on inside the receiving loop. For waiters that only hand the response on; it saves waking a thread.</summary>
    public bool Inline
    {
        get => !core.RunContinuationsAsynchronously;
        set => core.RunContinuationsAsynchronously = !value;
    }

    public CancellationTokenRegistration Registration { get; set; }

    public ValueTask<ReceivedMessage> Task => new(this, core.Version);

    public void Complete(ReceivedMessage message) => core.SetResult(message);

    public void Fail(Exception error) => core.SetException(error);

    public ReceivedMessage GetResult(short token)
    {
        try
        {
            return core.GetResult(token);
        }
        finally
        {
            Registration.Dispose();
            Registration = default;
            Cancel = default;
            core.Reset();
            owner.Return(this);
        }
    }

    public ValueTaskSourceStatus GetStatus(short token) => core.GetStatus(token);

    public void OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        core.OnCompleted(continuation, state, token, flags);
}
