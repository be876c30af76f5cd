using System.Buffers.Binary;

namespace FloorGateway.Pipeline.Journal.Columns;

/// <summary>Writes bits one behind the other, lowest first: the part of noisy numbers that no compressor makes smaller.</summary>
internal sealed class BitBuffer
{
    private readonly GrowingBuffer bytes = new(1 << 12);
    private ulong pending;
    private int count;

    public ReadOnlySpan<byte> Written => bytes.Written;

    public void Clear()
    {
        bytes.Clear();
        (pending, count) = (0, 0);
    }

    /// <summary>Appends the lowest <paramref name="bits"/> (0 to 64) of a value.</summary>
    public void Write(ulong value, int bits)
    {
        if (bits > 32)
        {
            Write(value & uint.MaxValue, 32);
            value >>= 32;
            bits -= 32;
        }

        pending |= (value & ((1UL << bits) - 1)) << count;
        count += bits;
        if (count < 32)
            return;
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.Reserve(4), (uint)pending);
        pending >>= 32;
        count -= 32;
    }

    /// <summary>Writes the last bits; nothing may be appended after it.</summary>
    public void Finish()
    {
        for (; count > 0; count -= 8, pending >>= 8)
            bytes.WriteByte((byte)pending);
        (pending, count) = (0, 0);
    }
}

/// <summary>Reads what <see cref="BitBuffer"/> wrote. An index error where there are too few.</summary>
internal ref struct BitReader(ReadOnlySpan<byte> from)
{
    private readonly ReadOnlySpan<byte> from = from;
    private ulong pending;
    private int count;
    private int at;

    public ulong Read(int bits)
    {
        if (bits > 32)
        {
            var low = Read(32);
            return low | (Read(bits - 32) << 32);
        }

        while (count < bits)
        {
            pending |= (ulong)from[at++] << count;
            count += 8;
        }

        var value = pending & ((1UL << bits) - 1);
        pending >>= bits;
        count -= bits;
        return value;
    }
}
