using System.Buffers;

namespace FloorGateway.OpcUa.Server.Subscriptions;

/// <summary>A growing buffer on the shared pool whose written bytes can still be changed: lengths are patched in afterwards.</summary>
internal sealed class PooledBuffer : IBufferWriter<byte>, IDisposable
{
    private const int InitialSize = 1024;

    private byte[] array = [];

    public int Length { get; private set; }

    public Span<byte> Written => array.AsSpan(0, Length);

    public ReadOnlyMemory<byte> WrittenMemory => array.AsMemory(0, Length);

    public void Advance(int count)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)count, (uint)(array.Length - Length), nameof(count));
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
        return array.AsMemory(Length);
    }

    public Span<byte> GetSpan(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return array.AsSpan(Length);
    }

    public void Dispose()
    {
        if (array.Length != 0)
            ArrayPool<byte>.Shared.Return(array);
        array = [];
        Length = 0;
    }

    private void Reserve(int sizeHint)
    {
        var needed = Length + Math.Max(sizeHint, 1);
        if (needed <= array.Length)
            return;
        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(Math.Max(needed, array.Length * 2), InitialSize));
        Written.CopyTo(larger);
        if (array.Length != 0)
            ArrayPool<byte>.Shared.Return(array);
        array = larger;
    }
}
