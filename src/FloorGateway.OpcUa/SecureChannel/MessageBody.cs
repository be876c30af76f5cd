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
    private int offset;
    private int length;
    private int max = int.MaxValue;
    private IDisposable? owner;

    private MessageBody()
    {
    }

    /// <summary>Bytes written so far.</summary>
    public int Length => length;

    public ReadOnlySpan<byte> Written => array.AsSpan(offset, length);

    /// <param name="maxLength">Bytes; writing more throws <see cref="MessageTooLongException"/> before they are allocated.</param>
    public static MessageBody Rent(int maxLength = int.MaxValue)
    {
        var body = Take();
        body.array = ArrayPool<byte>.Shared.Rent(InitialSize);
        (body.offset, body.length, body.max) = (0, 0, maxLength);
        return body;
    }

    /// <summary>A message that is written already, in memory of another owner, who is disposed with it. Nothing can be added.</summary>
    /// <param name="array">Holds it.</param>
    /// <param name="offset">Its first byte.</param>
    /// <param name="length">Its bytes.</param>
    /// <param name="owner">Whose memory it is.</param>
    internal static MessageBody Share(byte[] array, int offset, int length, IDisposable owner)
    {
        var body = Take();
        (body.array, body.offset, body.length, body.max, body.owner) = (array, offset, length, length, owner);
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

    /// <summary>Takes back what was written from a position on.</summary>
    internal void Truncate(int to)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)to, (uint)length, nameof(to));
        length = to;
    }

    /// <summary>Gives the memory back. A second call does nothing until the buffer is rented again.</summary>
    public void Dispose()
    {
        var returned = Interlocked.Exchange(ref array, []);
        if (returned.Length == 0)
            return;
        if (owner is null)
            ArrayPool<byte>.Shared.Return(returned);
        else
            owner.Dispose();
        owner = null;
        if (Interlocked.Increment(ref pooled) <= MaxPooled)
            Pool.Enqueue(this);
        else
            Interlocked.Decrement(ref pooled);
    }

    private static MessageBody Take()
    {
        if (!Pool.TryDequeue(out var body))
            return new MessageBody();
        Interlocked.Decrement(ref pooled);
        return body;
    }

    private void Reserve(int sizeHint)
    {
        ObjectDisposedException.ThrowIf(array.Length == 0, this);
        if (owner is not null)
            throw new MessageTooLongException();
        var needed = length + (long)Math.Max(sizeHint, 1);
        if (needed <= array.Length)
            return;
        if (needed > max)
            throw new MessageTooLongException();
        var larger = ArrayPool<byte>.Shared.Rent((int)Math.Min(Math.Max(needed, array.Length * 2L), Array.MaxLength));
        array.AsSpan(0, length).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(array);
        array = larger;
    }
}

/// <summary>A message grew beyond the length it may have.</summary>
public sealed class MessageTooLongException : Exception;
