namespace FloorGateway.Historian.Sqlite.Chunks;

/// <summary>
/// A column of 64-bit integers: the first one, then differences in blocks of equal width. Differences of differences for times (a steady clock costs
/// nothing), plain ones for values. Arithmetic wraps, so every bit pattern comes back.
/// </summary>
internal static class IntegerColumn
{
    public static void Write(ReadOnlySpan<long> values, ChunkBuffer to)
    {
        if (values.IsEmpty)
            return;
        to.Signed(values[0]);
        Span<ulong> block = stackalloc ulong[BitPacking.Block];
        var previous = values[0];
        for (var at = 1; at < values.Length;)
        {
            var count = Math.Min(BitPacking.Block, values.Length - at);
            for (var i = 0; i < count; i++)
            {
                var value = values[at + i];
                block[i] = BitPacking.ZigZag(unchecked(value - previous));
                previous = value;
            }

            WriteBlock(block[..count], to);
            at += count;
        }
    }

    public static void Read(ref ChunkReader from, scoped Span<long> values)
    {
        if (values.IsEmpty)
            return;
        var value = values[0] = from.Signed();
        Span<ulong> block = stackalloc ulong[BitPacking.Block];
        for (var at = 1; at < values.Length;)
        {
            var count = Math.Min(BitPacking.Block, values.Length - at);
            ReadBlock(ref from, block[..count]);
            for (var i = 0; i < count; i++)
                values[at + i] = value = unchecked(value + BitPacking.UnZigZag(block[i]));
            at += count;
        }
    }

    /// <summary>Rising times in ticks, in the coarsest unit that loses nothing.</summary>
    public static void WriteTimes(ReadOnlySpan<long> times, ChunkBuffer to)
    {
        if (times.IsEmpty)
            return;
        var unit = UnitOf(times);
        to.Byte((byte)unit);
        var ticks = Units[unit];
        var previous = times[0] / ticks;
        to.Signed(previous);
        Span<ulong> block = stackalloc ulong[BitPacking.Block];
        var step = 0L;
        for (var at = 1; at < times.Length;)
        {
            var count = Math.Min(BitPacking.Block, times.Length - at);
            for (var i = 0; i < count; i++)
            {
                var time = times[at + i] / ticks;
                var next = unchecked(time - previous);
                block[i] = BitPacking.ZigZag(unchecked(next - step));
                (previous, step) = (time, next);
            }

            WriteBlock(block[..count], to);
            at += count;
        }
    }

    public static void ReadTimes(ref ChunkReader from, scoped Span<long> times)
    {
        if (times.IsEmpty)
            return;
        var unit = from.Byte();
        if (unit >= Units.Length)
            throw ChunkReader.Damaged();
        var ticks = Units[unit];
        var time = from.Signed();
        times[0] = unchecked(time * ticks);
        Span<ulong> block = stackalloc ulong[BitPacking.Block];
        var step = 0L;
        for (var at = 1; at < times.Length;)
        {
            var count = Math.Min(BitPacking.Block, times.Length - at);
            ReadBlock(ref from, block[..count]);
            for (var i = 0; i < count; i++)
            {
                step = unchecked(step + BitPacking.UnZigZag(block[i]));
                time = unchecked(time + step);
                times[at + i] = unchecked(time * ticks);
            }

            at += count;
        }
    }

    private static ReadOnlySpan<long> Units => [1, 10, 10_000, 10_000_000];

    private static int UnitOf(ReadOnlySpan<long> times)
    {
        var unit = Units.Length - 1;
        foreach (var time in times)
        {
            while (time % Units[unit] != 0)
                unit--;
            if (unit == 0)
                break;
        }

        return unit;
    }

    private static void WriteBlock(ReadOnlySpan<ulong> block, ChunkBuffer to)
    {
        var width = BitPacking.Width(block);
        to.Byte((byte)width);
        BitPacking.Pack(block, width, to);
    }

    private static void ReadBlock(ref ChunkReader from, scoped Span<ulong> block)
    {
        var width = from.Byte();
        BitPacking.Unpack(ref from, width, block);
    }
}
