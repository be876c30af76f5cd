using System.Buffers;
using FloorGateway.OpcUa.SecureChannel;

namespace FloorGateway.OpcUa.Server.Subscriptions;

/// <summary>
/// A growing buffer on the shared pool whose written bytes can still be changed: lengths are patched in afterwards. There is room
/// before them, so that a message can be sent from here, in the response around it, and be kept for Republish without a copy.
/// </summary>
internal sealed class PooledBuffer : IBufferWriter<byte>, IDisposable
{
    /// <summary>Bytes before the message: a response's header with some forty sequence numbers.</summary>
    public const int Room = 224;

    private const int InitialSize = 1024;

    private byte[] array = [];
    private int users = 1;
    private bool isFramed;

    public int Length { get; private set; }

    public Span<byte> Written => array.AsSpan(Room, Length);

    public void Advance(int count)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)count, (uint)Free, nameof(count));
        Length += count;
    }

    /// <summary>Takes back what was written from a position on.</summary>
    public void Truncate(int length)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)length, (uint)Length, nameof(length));
        Length = length;
    }

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return array.AsMemory(Room + Length);
    }

    public Span<byte> GetSpan(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return array.AsSpan(Room + Length);
    }

    /// <summary>Takes over an array of the shared pool in which somebody wrote behind <see cref="Room"/> bytes; the buffer must be empty.</summary>
    public void Adopt(byte[] rented, int length)
    {
        if (array.Length != 0)
            throw new InvalidOperationException("The buffer has been written to.");
        array = rented;
        Length = length;
    }

    /// <summary>The response around this message, in the memory of this buffer, which stays rented until both are disposed.</summary>
    /// <param name="head">What comes before the message.</param>
    /// <param name="tail">What comes after it.</param>
    /// <returns>Null when there is no room for that, or it was done before.</returns>
    public MessageBody? Frame(ReadOnlySpan<byte> head, ReadOnlySpan<byte> tail)
    {
        if (isFramed || head.Length > Room || tail.Length > Free)
            return null;
        isFramed = true;
        head.CopyTo(array.AsSpan(Room - head.Length));
        tail.CopyTo(array.AsSpan(Room + Length));
        Interlocked.Increment(ref users);
        return MessageBody.Share(array, Room - head.Length, head.Length + Length + tail.Length, this);
    }

    /// <summary>Once for whoever made the buffer, once for the response around it.</summary>
    public void Dispose()
    {
        if (Interlocked.Decrement(ref users) != 0)
            return;
        if (array.Length != 0)
            ArrayPool<byte>.Shared.Return(array);
        array = [];
        Length = 0;
    }

    private int Free => Math.Max(array.Length - Room - Length, 0);

    private void Reserve(int sizeHint)
    {
        var needed = Math.Max(sizeHint, 1);
        if (needed <= Free)
            return;
        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(Math.Max(Room + Length + needed, array.Length * 2), InitialSize));
        if (array.Length != 0)
        {
            Written.CopyTo(larger.AsSpan(Room));
            ArrayPool<byte>.Shared.Return(array);
        }

        array = larger;
    }
}
