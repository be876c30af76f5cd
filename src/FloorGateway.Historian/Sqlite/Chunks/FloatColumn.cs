using System.Numerics;
using System.Runtime.CompilerServices;

namespace FloorGateway.Historian.Sqlite.Chunks;

/// <summary>
/// A column of floats in blocks. Values of limited resolution (what most sensors give) are whole numbers of a power of ten and stored as their
/// differences; others as the bits in which they differ from the value before. Every bit pattern comes back.
/// </summary>
internal static class FloatColumn
{
    // Head of a block that is stored by its bits; a lower number is the decimal exponent.
    private const byte Bitwise = 0x40;

    // Whole numbers beyond this are not all exact in a double.
    private const double MaxWhole = 1L << 53;

    private static ReadOnlySpan<double> Powers => [1, 10, 100, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9];

    /// <param name="bits">Bits of doubles, or of singles in the lower half.</param>
    /// <param name="single">Which of the two.</param>
    /// <param name="to">Where to.</param>
    public static void Write(ReadOnlySpan<long> bits, bool single, ChunkBuffer to)
    {
        Span<long> whole = stackalloc long[BitPacking.Block];
        Span<ulong> block = stackalloc ulong[BitPacking.Block];
        var exponent = 0;
        var previous = 0L;
        for (var at = 0; at < bits.Length;)
        {
            var count = Math.Min(BitPacking.Block, bits.Length - at);
            var values = bits.Slice(at, count);
            if (TryDecimals(values, single, ref exponent, whole))
            {
                to.Byte((byte)exponent);
                to.Signed(whole[0]);
                for (var i = 1; i < count; i++)
                    block[i - 1] = BitPacking.ZigZag(whole[i] - whole[i - 1]);
                var width = BitPacking.Width(block[..(count - 1)]);
                to.Byte((byte)width);
                BitPacking.Pack(block[..(count - 1)], width, to);
            }
            else
            {
                WriteBits(values, previous, block[..count], to);
            }

            previous = values[^1];
            at += count;
        }
    }

    public static void Read(ref ChunkReader from, bool single, scoped Span<long> bits)
    {
        Span<ulong> block = stackalloc ulong[BitPacking.Block];
        var previous = 0L;
        for (var at = 0; at < bits.Length;)
        {
            var count = Math.Min(BitPacking.Block, bits.Length - at);
            var values = bits.Slice(at, count);
            var head = from.Byte();
            if (head < Powers.Length)
            {
                var whole = from.Signed();
                BitPacking.Unpack(ref from, from.Byte(), block[..(count - 1)]);
                var power = Powers[head];
                values[0] = Restore(whole, power, single);
                for (var i = 1; i < count; i++)
                    values[i] = Restore(whole = unchecked(whole + BitPacking.UnZigZag(block[i - 1])), power, single);
            }
            else if (head == Bitwise)
            {
                var shift = from.Byte() & 63;
                BitPacking.Unpack(ref from, from.Byte(), block[..count]);
                var value = previous;
                for (var i = 0; i < count; i++)
                    values[i] = value ^= (long)(block[i] << shift);
            }
            else
            {
                throw ChunkReader.Damaged();
            }

            previous = values[^1];
            at += count;
        }
    }

    /// <summary>Finds the power of ten that makes whole numbers of all of them; the last one found is tried first.</summary>
    private static bool TryDecimals(ReadOnlySpan<long> bits, bool single, ref int exponent, Span<long> whole)
    {
        if (TryPower(bits, single, Powers[exponent], whole))
            return true;
        for (var other = 0; other < Powers.Length; other++)
        {
            if (other == exponent || !TryPower(bits, single, Powers[other], whole))
                continue;
            exponent = other;
            return true;
        }

        return false;
    }

    private static bool TryPower(ReadOnlySpan<long> bits, bool single, double power, Span<long> whole)
    {
        for (var i = 0; i < bits.Length; i++)
        {
            var value = single ? BitConverter.Int32BitsToSingle((int)bits[i]) : BitConverter.Int64BitsToDouble(bits[i]);
            var scaled = Math.Round(value * power);
            // Written so that NaN fails too.
            if (!(Math.Abs(scaled) < MaxWhole))
                return false;
            whole[i] = (long)scaled;
            if (Restore(whole[i], power, single) != bits[i])
                return false;
        }

        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static long Restore(long whole, double power, bool single)
    {
        var value = whole / power;
        return single ? BitConverter.SingleToUInt32Bits((float)value) : BitConverter.DoubleToInt64Bits(value);
    }

    private static void WriteBits(ReadOnlySpan<long> values, long previous, Span<ulong> block, ChunkBuffer to)
    {
        ulong all = 0;
        for (var i = 0; i < values.Length; i++)
        {
            block[i] = (ulong)(values[i] ^ previous);
            all |= block[i];
            previous = values[i];
        }

        var shift = all == 0 ? 0 : BitOperations.TrailingZeroCount(all);
        foreach (ref var difference in block)
            difference >>= shift;
        var width = 64 - BitOperations.LeadingZeroCount(all >> shift);
        to.Byte(Bitwise);
        to.Byte((byte)shift);
        to.Byte((byte)width);
        BitPacking.Pack(block, width, to);
    }
}
