using FloorGateway.Pipeline.Normalisation;

namespace FloorGateway.Pipeline;

/// <summary>A server's own way into the journal: its normaliser and the guard that only one batch at a time is in it.</summary>
internal sealed class ServerLane(string name, Normaliser normaliser)
{
    private int busy;

    public string Name => name;

    public Normaliser Normaliser => normaliser;

    /// <summary>The server's number in the journal.</summary>
    public int Number { get; set; }

    public void Enter()
    {
        if (Interlocked.Exchange(ref busy, 1) != 0)
            throw new InvalidOperationException($"server {name} appends a second batch before the first is in the journal; await the first");
    }

    public void Leave() => Volatile.Write(ref busy, 0);
}
