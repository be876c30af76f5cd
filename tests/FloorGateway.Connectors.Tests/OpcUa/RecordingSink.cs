using FloorGateway.Model.Gaps;
using FloorGateway.Model.Ports;
using FloorGateway.Model.Samples;

namespace FloorGateway.Connectors.Tests.OpcUa;

/// <summary>A journal that keeps everything in memory and can be told to fail.</summary>
internal sealed class RecordingSink : ISampleSink
{
    private readonly Lock gate = new();
    private readonly List<Sample> samples = [];
    private readonly List<GapRecord> gaps = [];
    private TaskCompletionSource changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Appends that will throw before they are taken.</summary>
    public int Failures { get; set; }

    public long? Last { get; init; }

    public IReadOnlyList<Sample> Samples
    {
        get
        {
            lock (gate)
                return [.. samples];
        }
    }

    public IReadOnlyList<GapRecord> Gaps
    {
        get
        {
            lock (gate)
                return [.. gaps];
        }
    }

    public ValueTask AppendAsync(string server, SampleBatch batch, CancellationToken cancel)
    {
        lock (gate)
        {
            if (Failures > 0)
            {
                Failures--;
                throw new IOException("the disk is full");
            }

            samples.AddRange(batch.Samples);
        }

        Signal();
        return default;
    }

    public ValueTask AppendGapAsync(GapRecord gap, CancellationToken cancel)
    {
        lock (gate)
            gaps.Add(gap);
        Signal();
        return default;
    }

    public long? LastComplete(string server) => Last;

    /// <summary>Waits for a state of what was recorded.</summary>
    public async Task WaitForAsync(Func<RecordingSink, bool> isSo)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (true)
        {
            Task next;
            lock (gate)
                next = changed.Task;
            if (isSo(this))
                return;
            await next.WaitAsync(limit.Token);
        }
    }

    private void Signal()
    {
        lock (gate)
        {
            changed.TrySetResult();
            changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }
}
