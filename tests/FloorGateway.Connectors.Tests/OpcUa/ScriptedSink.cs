using System.Threading.Channels;
using FloorGateway.Model.Gaps;
using FloorGateway.Model.Ports;
using FloorGateway.Model.Samples;

namespace FloorGateway.Connectors.Tests.OpcUa;

/// <summary>A way into the gateway that fails when told to, and keeps what it was given in its order.</summary>
internal sealed class ScriptedSink : ISampleSink
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly Channel<Sample> samples = Channel.CreateUnbounded<Sample>();
    private readonly Lock gate = new();

    public long? LastCompleteWas { get; init; }

    /// <summary>Batches to refuse before one is taken.</summary>
    public int Failures { get; set; }

    /// <summary>Batches to take and then to fail on, as a disk does that answers too late.</summary>
    public int LateFailures { get; set; }

    /// <summary>Gap records to refuse before one is taken.</summary>
    public int GapFailures { get; set; }

    /// <summary>Null = does not count.</summary>
    public long? Received { get; set; }

    public List<GapRecord> Gaps { get; } = [];

    /// <summary>What was called, in order: <c>gap</c>, <c>samples 3</c>, <c>refused</c>, <c>alive</c>, <c>hold</c>, <c>release</c>.</summary>
    public List<string> Calls { get; } = [];

    public long Alive { get; private set; }

    /// <summary>What was only shown; set with the first showing.</summary>
    public TaskCompletionSource<Sample[]> Shown { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public ValueTask ShowAsync(string server, SampleBatch batch, CancellationToken cancel)
    {
        Shown.TrySetResult(batch.Samples.ToArray());
        return ValueTask.CompletedTask;
    }

    public ValueTask AppendAsync(string server, SampleBatch batch, CancellationToken cancel)
    {
        lock (gate)
        {
            if (Failures > 0)
            {
                Failures--;
                Calls.Add("refused");
                throw new IOException("the disk is full");
            }

            Calls.Add($"samples {batch.Count}");
            Received += batch.Count;
        }

        foreach (ref readonly var sample in batch.Samples)
            samples.Writer.TryWrite(sample);
        if (LateFailures == 0)
            return ValueTask.CompletedTask;
        LateFailures--;
        throw new IOException("the disk answered too late");
    }

    public ValueTask AppendGapAsync(GapRecord gap, CancellationToken cancel)
    {
        lock (gate)
        {
            if (GapFailures > 0)
            {
                GapFailures--;
                throw new IOException("the disk is full");
            }

            Calls.Add("gap");
            Gaps.Add(gap);
        }

        return ValueTask.CompletedTask;
    }

    public long? LastComplete(string server) => LastCompleteWas;

    public long? CountReceived(string server) => Received;

    public void MarkAlive(string server, long utcTicks)
    {
        lock (gate)
        {
            Calls.Add("alive");
            Alive = utcTicks;
        }
    }

    public void HoldComplete(string server, bool hold)
    {
        lock (gate)
            Calls.Add(hold ? "hold" : "release");
    }

    public IReadOnlyList<string> CallsSoFar()
    {
        lock (gate)
            return [.. Calls];
    }

    public async Task<Sample> NextAsync()
    {
        using var limit = new CancellationTokenSource(Patience);
        try
        {
            return await samples.Reader.ReadAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"no sample came; calls: {string.Join(", ", CallsSoFar())}");
        }
    }
}
