using System.Buffers;

namespace FloorGateway.OpcUa.Encoding;

/// <summary>A growing buffer on the shared array pool, for bodies whose length must be known before they are written.</summary>
internal sealed class ScratchBuffer : IBufferWriter<byte>, IDisposable
{
    private const int InitialSize = 4096;

    [ThreadStatic]
    private static ScratchBuffer? s_cached;

    private byte[] _array = [];
    private int _written;

    public ReadOnlySpan<byte> Written => _array.AsSpan(0, _written);

    public static ScratchBuffer Rent()
    {
        var buffer = s_cached ?? new ScratchBuffer();
        s_cached = null;
        return buffer;
    }

    public void Advance(int count)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)count, (uint)(_array.Length - _written), nameof(count));
        _written += count;
    }

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return _array.AsMemory(_written);
    }

    public Span<byte> GetSpan(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return _array.AsSpan(_written);
    }

    public void Dispose()
    {
        if (_array.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_array);
        }

        _array = [];
        _written = 0;
        s_cached = this;
    }

    private void Reserve(int sizeHint)
    {
        var needed = _written + Math.Max(sizeHint, 1);
        if (needed <= _array.Length)
        {
            return;
        }

        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(Math.Max(needed, _array.Length * 2), InitialSize));
        Written.CopyTo(larger);
        if (_array.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_array);
        }

        _array = larger;
    }
}
