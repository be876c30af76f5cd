using System.Collections.Concurrent;

namespace FloorGateway.OpcUa.SecureChannel;

/// <summary>Buffers of received messages. One pool per client channel or listener, so that a test can see every buffer come back.</summary>
internal sealed class MessagePool
{
    private const int MaxPooled = 256;
    private readonly ConcurrentQueue<MessageBuffer> free = new();
    private int count;
    private int outstanding;

    /// <summary>Buffers rented and not yet given back.</summary>
    public int Outstanding => Volatile.Read(ref outstanding);

    public MessageBuffer Rent(int size)
    {
        if (free.TryDequeue(out var buffer))
            Interlocked.Decrement(ref count);
        else
            buffer = new MessageBuffer(this);
        buffer.Rent(size);
        Interlocked.Increment(ref outstanding);
        return buffer;
    }

    public void Return(MessageBuffer buffer)
    {
        Interlocked.Decrement(ref outstanding);
        if (Interlocked.Increment(ref count) <= MaxPooled)
            free.Enqueue(buffer);
        else
            Interlocked.Decrement(ref count);
    }
}
