using FloorGateway.Historian.Influx;
using FloorGateway.Model.Ports;
using FloorGateway.Model.Samples;

namespace Benchmarks.Outage;

/// <summary>A destination that is down until it is switched on, and keeps count of what passes.</summary>
internal sealed class SwitchedDestination(InfluxDestination inner, TimeProvider time) : IFeedDestination
{
    private readonly Lock gate = new();
    private readonly List<double> liveLags = [];
    private volatile bool isUp;

    public string Name => inner.Name;

    public int MaxBatch => inner.MaxBatch;

    public int MaxBacklogBatch => inner.MaxBacklogBatch;

    /// <summary>Bytes of request bodies.</summary>
    public long BytesSent => inner.BytesSent;

    /// <summary>Samples delivered that had not waited.</summary>
    public long Live { get; private set; }

    /// <summary>Samples delivered that had waited.</summary>
    public long Replayed { get; private set; }

    public void SwitchOn() => isUp = true;

    public void SwitchOff() => isUp = false;

    /// <summary>Milliseconds from receipt to acknowledgement of each live batch's oldest sample.</summary>
    public double[] LiveLags()
    {
        lock (gate)
            return [.. liveLags.Order()];
    }

    public async ValueTask<DeliveryResult> DeliverAsync(FeedBatch batch, CancellationToken cancel)
    {
        if (!isUp)
            return DeliveryResult.Retry("the database is down");
        var result = await inner.DeliverAsync(batch, cancel);
        if (result.Outcome != DeliveryOutcome.Delivered || batch.Samples.Length == 0)
            return result;
        var first = batch.Samples.Span[0];
        lock (gate)
        {
            if (first.Origin == SampleOrigin.Replay)
                Replayed += batch.Samples.Length;
            else
                Live += batch.Samples.Length;
            if (first.Origin != SampleOrigin.Replay)
                liveLags.Add((time.GetUtcNow().UtcTicks - first.ReceiveTime) / (double)TimeSpan.TicksPerMillisecond);
        }

        return result;
    }

    public ValueTask DisposeAsync() => inner.DisposeAsync();
}
