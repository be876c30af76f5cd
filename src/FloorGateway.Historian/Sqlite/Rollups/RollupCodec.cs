using System.Runtime.InteropServices;
using FloorGateway.Historian.Sqlite.Chunks;

namespace FloorGateway.Historian.Sqlite.Rollups;

/// <summary>The cells of one tag, level and day as bytes: version, count, and a column for each of their members.</summary>
internal sealed class RollupCodec
{
    private const byte Version = 1;

    // A day has 8,640 cells of 10 s.
    private const int MaxCells = 8640;

    private readonly long[] column = new long[MaxCells];

    public void Encode(List<RollupCell> cells, ChunkBuffer to)
    {
        to.Byte(Version);
        to.Varint((ulong)cells.Count);
        var all = CollectionsMarshal.AsSpan(cells);
        Integers(all, to, (in RollupCell c) => c.Start / TimeSpan.TicksPerSecond);
        Integers(all, to, (in RollupCell c) => c.FirstTime - c.Start);
        Integers(all, to, (in RollupCell c) => c.LastTime - c.FirstTime);
        Integers(all, to, (in RollupCell c) => c.LastTime - c.FirstTime - c.HeldTicks);
        Integers(all, to, (in RollupCell c) => c.Count);
        Integers(all, to, (in RollupCell c) => c.NotGood);
        Integers(all, to, (in RollupCell c) => c.Held ? 1 : 0);
        Floats(all, to, (in RollupCell c) => c.Min);
        Floats(all, to, (in RollupCell c) => c.Max);
        Floats(all, to, (in RollupCell c) => c.Sum);
        Floats(all, to, (in RollupCell c) => c.First);
        Floats(all, to, (in RollupCell c) => c.Last);
        Floats(all, to, (in RollupCell c) => c.Integral);
    }

    /// <exception cref="InvalidDataException">The bytes are not what <see cref="Encode"/> writes.</exception>
    public void Decode(ReadOnlySpan<byte> row, List<RollupCell> into)
    {
        var from = new ChunkReader(row);
        if (from.Byte() != Version)
            throw ChunkReader.Damaged();
        var count = from.UpTo(MaxCells);
        CollectionsMarshal.SetCount(into, count);
        var all = CollectionsMarshal.AsSpan(into);
        all.Clear();
        Integers(ref from, all, (ref RollupCell c, long v) => c.Start = v * TimeSpan.TicksPerSecond);
        Integers(ref from, all, (ref RollupCell c, long v) => c.FirstTime = c.Start + v);
        Integers(ref from, all, (ref RollupCell c, long v) => c.LastTime = c.FirstTime + v);
        Integers(ref from, all, (ref RollupCell c, long v) => c.HeldTicks = c.LastTime - c.FirstTime - v);
        Integers(ref from, all, (ref RollupCell c, long v) => c.Count = v);
        Integers(ref from, all, (ref RollupCell c, long v) => c.NotGood = v);
        Integers(ref from, all, (ref RollupCell c, long v) => c.Held = v != 0);
        Floats(ref from, all, (ref RollupCell c, double v) => c.Min = v);
        Floats(ref from, all, (ref RollupCell c, double v) => c.Max = v);
        Floats(ref from, all, (ref RollupCell c, double v) => c.Sum = v);
        Floats(ref from, all, (ref RollupCell c, double v) => c.First = v);
        Floats(ref from, all, (ref RollupCell c, double v) => c.Last = v);
        Floats(ref from, all, (ref RollupCell c, double v) => c.Integral = v);
    }

    private delegate T Getter<out T>(in RollupCell cell);

    private delegate void Setter<in T>(ref RollupCell cell, T value);

    private void Integers(ReadOnlySpan<RollupCell> cells, ChunkBuffer to, Getter<long> member)
    {
        for (var i = 0; i < cells.Length; i++)
            column[i] = member(in cells[i]);
        IntegerColumn.Write(column.AsSpan(0, cells.Length), to);
    }

    private void Floats(ReadOnlySpan<RollupCell> cells, ChunkBuffer to, Getter<double> member)
    {
        for (var i = 0; i < cells.Length; i++)
            column[i] = BitConverter.DoubleToInt64Bits(member(in cells[i]));
        FloatColumn.Write(column.AsSpan(0, cells.Length), single: false, to);
    }

    private void Integers(ref ChunkReader from, Span<RollupCell> cells, Setter<long> member)
    {
        IntegerColumn.Read(ref from, column.AsSpan(0, cells.Length));
        for (var i = 0; i < cells.Length; i++)
            member(ref cells[i], column[i]);
    }

    private void Floats(ref ChunkReader from, Span<RollupCell> cells, Setter<double> member)
    {
        FloatColumn.Read(ref from, single: false, column.AsSpan(0, cells.Length));
        for (var i = 0; i < cells.Length; i++)
            member(ref cells[i], BitConverter.Int64BitsToDouble(column[i]));
    }
}
