using System.Collections.Concurrent;
using FloorGateway.Model.Gaps;
using FloorGateway.Model.Ports;
using FloorGateway.Model.Samples;

namespace FloorGateway.Pipeline.Tests.Feeds;

/// <summary>A destination that does what the test says and keeps what it acknowledged.</summary>
internal sealed class FakeDestination(string name = "fake", int maxBatch = 100, int maxBacklogBatch = 0) : IFeedDestination
{
    private readonly Lock gate = new();

    public string Name => name;

    public int MaxBatch => maxBatch;

    public int MaxBacklogBatch => maxBacklogBatch;

    public List<Sample> Taken { get; } = [];

    public List<long> Sequences { get; } = [];

    public List<GapRecord> Gaps { get; } = [];

    public ConcurrentQueue<int> Sizes { get; } = [];

    public int Attempts;

    public bool Disposed { get; private set; }

    public Exception? FailsToClose { get; set; }

    /// <summary>Decides about a batch; null = delivered.</summary>
    public Func<FeedBatch, int, ValueTask<DeliveryResult>>? Behaviour { get; set; }

    public int TakenCount
    {
        get
        {
            lock (gate)
                return Taken.Count;
        }
    }

    public async ValueTask<DeliveryResult> DeliverAsync(FeedBatch batch, CancellationToken cancel)
    {
        var attempt = Interlocked.Increment(ref Attempts);
        Sizes.Enqueue(batch.Samples.Length);
        var result = Behaviour is null ? DeliveryResult.Delivered : await Behaviour(batch, attempt);
        if (result.Outcome != DeliveryOutcome.Delivered && result.Refused is null)
            return result;
        lock (gate)
        {
            for (var i = 0; i < batch.Samples.Length; i++)
            {
                if (result.Refused?.Any(r => r.Index == i) == true)
                    continue;
                Taken.Add(batch.Samples.Span[i]);
                Sequences.Add(batch.FirstSequence + i);
            }

            Gaps.AddRange(batch.Gaps);
        }

        return result;
    }

    public ValueTask DisposeAsync()
    {
        Disposed = true;
        return FailsToClose is null ? ValueTask.CompletedTask : ValueTask.FromException(FailsToClose);
    }
}
