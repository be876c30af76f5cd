using FloorGateway.Pipeline.Normalisation;

namespace FloorGateway.Pipeline;

/// <summary>A server's own way into the journal: its normaliser and the guard that only one batch at a time is in it.</summary>
internal sealed class ServerLane(string name, Normaliser normaliser)
{
    // Shared with the pipeline's own timer; only lanes with debounced tags have it.
    private readonly SemaphoreSlim? shared = normaliser.Debounced is null ? null : new SemaphoreSlim(1, 1);
    private int busy;

    public string Name => name;

    public Normaliser Normaliser => normaliser;

    /// <summary>The server's number in the journal.</summary>
    public int Number { get; set; }

    /// <summary>The connector comes with a batch.</summary>
    public ValueTask EnterAsync()
    {
        if (Interlocked.Exchange(ref busy, 1) != 0)
            throw new InvalidOperationException($"server {name} appends a second batch before the first is in the journal; await the first");
        return shared is null ? default : new ValueTask(shared.WaitAsync());
    }

    public void Leave()
    {
        shared?.Release();
        Volatile.Write(ref busy, 0);
    }

    /// <summary>The pipeline itself lets samples go that were held back.</summary>
    public Task BorrowAsync() => shared!.WaitAsync();

    public void Return() => shared!.Release();
}
