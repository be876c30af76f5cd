using System.Buffers.Binary;
using System.Numerics;

namespace FloorGateway.Historian.Sqlite.Chunks;

/// <summary>Numbers in as many bits as the widest of a block needs.</summary>
internal static class BitPacking
{
    /// <summary>Numbers that share one width: few enough that one outlier costs little, enough that the width's byte does not count.</summary>
    public const int Block = 64;

    public static ulong ZigZag(long value) => (ulong)((value << 1) ^ (value >> 63));

    public static long UnZigZag(ulong value) => (long)(value >> 1) ^ -(long)(value & 1);

    /// <summary>Bits that the widest of the numbers needs, 0 to 64.</summary>
    public static int Width(ReadOnlySpan<ulong> values)
    {
        ulong all = 0;
        foreach (var value in values)
            all |= value;
        return 64 - BitOperations.LeadingZeroCount(all);
    }

    /// <summary>Writes the numbers with <paramref name="width"/> bits each, lowest bit first.</summary>
    public static void Pack(ReadOnlySpan<ulong> values, int width, ChunkBuffer to)
    {
        if (width == 0)
            return;
        var size = Size(values.Length, width);
        var room = to.Reserve(size + 8);
        ulong pending = 0;
        var bits = 0;
        var at = 0;
        foreach (var value in values)
        {
            pending |= value << bits;
            bits += width;
            if (bits < 64)
                continue;
            BinaryPrimitives.WriteUInt64LittleEndian(room[at..], pending);
            at += 8;
            bits -= 64;
            pending = bits == 0 ? 0 : value >> (width - bits);
        }

        if (bits > 0)
            BinaryPrimitives.WriteUInt64LittleEndian(room[at..], pending);
        to.Advance(size);
    }

    /// <summary>Reads as many numbers as <paramref name="values"/> holds.</summary>
    public static void Unpack(ref ChunkReader from, int width, scoped Span<ulong> values)
    {
        if (width == 0)
        {
            values.Clear();
            return;
        }

        if (width > 64)
            throw ChunkReader.Damaged();
        // Beyond the block's own bytes follow others as a rule, so that eight can be read at once; those of the last block are gathered one by one.
        var data = from.Rest;
        _ = from.Take(Size(values.Length, width));
        var mask = ulong.MaxValue >> (64 - width);
        var bit = 0;
        for (var i = 0; i < values.Length; i++, bit += width)
        {
            var at = bit >> 3;
            var shift = bit & 7;
            ulong value;
            if (at + 9 <= data.Length)
            {
                value = BinaryPrimitives.ReadUInt64LittleEndian(data[at..]) >> shift;
                if (shift + width > 64)
                    value |= (ulong)data[at + 8] << (64 - shift);
            }
            else
            {
                UInt128 wide = 0;
                for (var k = 0; k < 9 && at + k < data.Length; k++)
                    wide |= (UInt128)data[at + k] << (8 * k);
                value = (ulong)(wide >> shift);
            }

            values[i] = value & mask;
        }
    }

    private static int Size(int count, int width) => ((count * width) + 7) / 8;
}
