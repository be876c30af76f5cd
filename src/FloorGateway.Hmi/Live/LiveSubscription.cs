using System.Threading.Channels;

namespace FloorGateway.Hmi.Live;

/// <summary>One screen that watches. Dispose to stop.</summary>
public sealed class LiveSubscription : IDisposable
{
    // At two events a second a reader this far behind is better served by a new start.
    private const int Capacity = 16;

    private readonly Channel<ReadOnlyMemory<byte>> events = Channel.CreateBounded<ReadOnlyMemory<byte>>(new BoundedChannelOptions(Capacity) { SingleReader = true });
    private readonly Action<LiveSubscription> leave;

    internal LiveSubscription(string prefix, Action<LiveSubscription> leave)
    {
        Prefix = prefix;
        this.leave = leave;
    }

    /// <summary>Server-sent events, ready to write; completes when the gateway stops or this reader falls too far behind (it may come back and goes on where it was).</summary>
    public ChannelReader<ReadOnlyMemory<byte>> Events => events.Reader;

    /// <summary>Paths of interest begin with it.</summary>
    internal string Prefix { get; }

    public void Dispose() => leave(this);

    internal void Offer(ReadOnlyMemory<byte> one)
    {
        if (!events.Writer.TryWrite(one))
            leave(this);
    }

    internal void Complete() => events.Writer.TryComplete();
}
