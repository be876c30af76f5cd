using System.Buffers;
using System.Collections.Concurrent;

namespace FloorGateway.OpcUa.SecureChannel;

/// <summary>
/// A pooled buffer that a message is encoded into before it is sent. Sending hands it over: the channel disposes it. Whoever
/// rents one and does not send it disposes it.
/// </summary>
public sealed class MessageBody : IBufferWriter<byte>, IDisposable
{
    private const int InitialSize = 1024;
    private const int MaxPooled = 256;
    private static readonly ConcurrentQueue<MessageBody> Pool = new();
    private static int pooled;

    private byte[] array = [];
    private int length;

    private MessageBody()
    {
    }

    /// <summary>Bytes written so far.</summary>
    public int Length => length;

    public ReadOnlySpan<byte> Written => array.AsSpan(0, length);

    public static MessageBody Rent()
    {
        if (Pool.TryDequeue(out var body))
            Interlocked.Decrement(ref pooled);
        else
            body = new MessageBody();
        body.array = ArrayPool<byte>.Shared.Rent(InitialSize);
        body.length = 0;
        return body;
    }

    public void Advance(int count)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)count, (uint)(array.Length - length), nameof(count));
        length += count;
    }

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return array.AsMemory(length);
    }

    public Span<byte> GetSpan(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return array.AsSpan(length);
    }

    /// <summary>Gives the memory back. A second call does nothing until the buffer is rented again.</summary>
    public void Dispose()
    {
        var returned = Interlocked.Exchange(ref array, []);
        if (returned.Length == 0)
            return;
        ArrayPool<byte>.Shared.Return(returned);
        if (Interlocked.Increment(ref pooled) <= MaxPooled)
            Pool.Enqueue(this);
        else
            Interlocked.Decrement(ref pooled);
    }

    private void Reserve(int sizeHint)
    {
        ObjectDisposedException.ThrowIf(array.Length == 0, this);
        var needed = length + Math.Max(sizeHint, 1);
        if (needed <= array.Length)
            return;
        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(needed, array.Length * 2));
        array.AsSpan(0, length).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(array);
        array = larger;
    }
}
