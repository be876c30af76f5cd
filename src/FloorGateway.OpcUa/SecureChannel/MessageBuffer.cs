using System.Buffers;

namespace FloorGateway.OpcUa.SecureChannel;

/// <summary>The pooled memory behind a <see cref="ReceivedMessage"/>: one chunk in place, or the bodies of several joined.</summary>
internal sealed class MessageBuffer(MessagePool pool)
{
    private int version;

    public byte[] Array { get; private set; } = [];

    /// <summary>First byte of the encoded message.</summary>
    public int Offset { get; set; }

    public int Length { get; set; }

    /// <summary>Bytes of the type id at <see cref="Offset"/>.</summary>
    public int TypeIdLength { get; set; }

    public uint RequestId { get; set; }

    public uint TypeId { get; set; }

    public long ReceivedTicks { get; set; }

    public int Version => Volatile.Read(ref version);

    public ReadOnlySpan<byte> Encoded => Array.AsSpan(Offset, Length);

    public void Rent(int size)
    {
        Array = ArrayPool<byte>.Shared.Rent(size);
        (Offset, Length, TypeIdLength, RequestId, TypeId, ReceivedTicks) = (0, 0, 0, 0, 0, 0);
    }

    /// <summary>Makes room behind the bytes that are there.</summary>
    public void Reserve(int size)
    {
        var end = Offset + Length;
        if (end + size <= Array.Length)
            return;
        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(end + size, Array.Length * 2));
        Array.AsSpan(0, end).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(Array);
        Array = larger;
    }

    /// <summary>Gives everything back when <paramref name="expected"/> is still the current version; a stale handle does nothing.</summary>
    public void Release(int expected)
    {
        if (Interlocked.CompareExchange(ref version, unchecked(expected + 1), expected) != expected)
            return;
        var array = Array;
        Array = [];
        ArrayPool<byte>.Shared.Return(array);
        pool.Return(this);
    }
}
