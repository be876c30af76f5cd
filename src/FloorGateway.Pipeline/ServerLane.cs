using FloorGateway.Model.Samples;
using FloorGateway.Pipeline.Normalisation;

namespace FloorGateway.Pipeline;

/// <summary>A server's own way into the journal: its normaliser and the guard that only one batch at a time is in it.</summary>
// The semaphore holds nothing of the system's as long as nobody asks for its wait handle.
#pragma warning disable CA1001
internal sealed class ServerLane(string name, Normaliser normaliser)
#pragma warning restore CA1001
{
    // Shared with the pipeline's own timer and with what is only shown.
    private readonly SemaphoreSlim shared = new(1, 1);
    private int busy;
    private int[] received = [];
    private int receivedCount;

    public string Name => name;

    public Normaliser Normaliser => normaliser;

    /// <summary>The server's number in the journal.</summary>
    public int Number { get; set; }

    /// <summary>The tags of the batch that is in the lane, as they came.</summary>
    public ReadOnlySpan<int> Received => received.AsSpan(0, receivedCount);

    /// <summary>Remembers whose samples came, before normalisation takes some of them out.</summary>
    public void NoteReceived(ReadOnlySpan<Sample> samples)
    {
        if (received.Length < samples.Length)
            received = new int[Math.Max(samples.Length, 2 * received.Length)];
        for (var i = 0; i < samples.Length; i++)
            received[i] = samples[i].Tag;
        receivedCount = samples.Length;
    }

    /// <summary>The connector comes with a batch.</summary>
    public Task EnterAsync()
    {
        if (Interlocked.Exchange(ref busy, 1) != 0)
            throw new InvalidOperationException($"server {name} appends a second batch before the first is in the journal; await the first");
        return shared.WaitAsync();
    }

    public void Leave()
    {
        shared.Release();
        Volatile.Write(ref busy, 0);
    }

    /// <summary>The pipeline itself has something to do here.</summary>
    public Task BorrowAsync() => shared.WaitAsync();

    public void Return() => shared.Release();
}
