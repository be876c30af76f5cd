using System.Buffers;
using System.Runtime.CompilerServices;

namespace FloorGateway.Historian.Influx.LineProtocol;

/// <summary>Bytes of line protocol in one pooled array that grows and is used again.</summary>
public sealed class LineBuffer(int capacity = 64 * 1024) : IBufferWriter<byte>, IDisposable
{
    private byte[] bytes = ArrayPool<byte>.Shared.Rent(capacity);

    public int Length { get; private set; }

    public ReadOnlyMemory<byte> Written => bytes.AsMemory(0, Length);

    public void Clear() => Length = 0;

    /// <summary>Room for at least <paramref name="size"/> bytes behind what is written.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Span<byte> Reserve(int size)
    {
        if (bytes.Length - Length < size)
            Grow(size);
        return bytes.AsSpan(Length);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Advance(int count)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)count, (uint)(bytes.Length - Length));
        Length += count;
    }

    public void Append(ReadOnlySpan<byte> more)
    {
        more.CopyTo(Reserve(more.Length));
        Length += more.Length;
    }

    public void Append(byte one)
    {
        Reserve(1)[0] = one;
        Length++;
    }

    /// <summary>Takes back what was written after <paramref name="length"/>.</summary>
    public void Truncate(int length)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)length, (uint)Length);
        Length = length;
    }

    Memory<byte> IBufferWriter<byte>.GetMemory(int sizeHint)
    {
        Reserve(Math.Max(sizeHint, 256));
        return bytes.AsMemory(Length);
    }

    Span<byte> IBufferWriter<byte>.GetSpan(int sizeHint) => Reserve(Math.Max(sizeHint, 256));

    public void Dispose()
    {
        var rented = bytes;
        bytes = [];
        Length = 0;
        if (rented.Length > 0)
            ArrayPool<byte>.Shared.Return(rented);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Grow(int size)
    {
        var bigger = ArrayPool<byte>.Shared.Rent(Math.Max(checked(Length + size), bytes.Length * 2));
        bytes.AsSpan(0, Length).CopyTo(bigger);
        if (bytes.Length > 0)
            ArrayPool<byte>.Shared.Return(bytes);
        bytes = bigger;
    }
}
