using System.Runtime.InteropServices;
using FloorGateway.Model.Values;

namespace FloorGateway.Historian.Sqlite.Chunks;

/// <summary>
/// A chunk of one tag's samples as bytes: version, count, times, runs of equal status, runs of equal value kind, and for each kind that occurs the column
/// of its values. For one thread at a time.
/// </summary>
internal sealed class ChunkCodec
{
    /// <summary>Samples of one chunk at most: what a damaged count may cost before it is noticed.</summary>
    public const int MaxSamples = 1 << 20;

    private const byte Version = 1;
    private const int Kinds = (int)ValueKind.Structure + 1;

    private long[] gathered = [];
    private object?[] gatheredReferences = [];

    public void Encode(SampleColumns samples, int from, int count, ChunkBuffer to)
    {
        to.Byte(Version);
        to.Varint((ulong)count);
        IntegerColumn.WriteTimes(samples.Times.Slice(from, count), to);
        var status = samples.Status.Slice(from, count);
        for (var at = 0; at < count;)
        {
            var run = RunOf(status, at);
            to.Varint((ulong)run);
            to.Varint(status[at]);
            at += run;
        }

        var kinds = samples.Kinds.Slice(from, count);
        var kindBytes = MemoryMarshal.Cast<ValueKind, byte>(kinds);
        Span<int> found = stackalloc int[Kinds];
        found.Clear();
        for (var at = 0; at < count;)
        {
            var run = RunOf(kindBytes, at);
            to.Varint((ulong)run);
            to.Byte(kindBytes[at]);
            found[(int)kinds[at]] += run;
            at += run;
        }

        for (var kind = ValueKind.Boolean; kind <= ValueKind.Structure; kind++)
        {
            if (found[(int)kind] == 0)
                continue;
            if (kind <= ValueKind.DateTime)
                WriteScalars(kind, found[(int)kind] == count ? samples.Bits.Slice(from, count) : Gather(samples.Bits.Slice(from, count), kinds, kind), to);
            else
                ReferenceColumn.Write(found[(int)kind] == count ? samples.References.Slice(from, count) : Gather(samples.References.Slice(from, count), kinds, kind), kind, to);
        }
    }

    /// <summary>Replaces what the columns hold by the chunk's samples.</summary>
    /// <exception cref="InvalidDataException">The bytes are not what <see cref="Encode"/> writes.</exception>
    public void Decode(ReadOnlySpan<byte> chunk, SampleColumns into)
    {
        var from = new ChunkReader(chunk);
        if (from.Byte() != Version)
            throw ChunkReader.Damaged();
        var count = from.UpTo(MaxSamples);
        into.Resize(count, out var times, out var bits, out var status, out var kinds);
        IntegerColumn.ReadTimes(ref from, times);
        for (var at = 0; at < count;)
        {
            var run = from.UpTo((ulong)(count - at));
            status.Slice(at, run).Fill((uint)from.Varint());
            at += run > 0 ? run : throw ChunkReader.Damaged();
        }

        Span<int> found = stackalloc int[Kinds];
        for (var at = 0; at < count;)
        {
            var run = from.UpTo((ulong)(count - at));
            var kind = from.Byte();
            if (run == 0 || kind >= Kinds)
                throw ChunkReader.Damaged();
            kinds.Slice(at, run).Fill((ValueKind)kind);
            found[kind] += run;
            at += run;
        }

        if (found[(int)ValueKind.Null] > 0)
            bits.Clear();
        for (var kind = ValueKind.Boolean; kind <= ValueKind.Structure; kind++)
        {
            var of = found[(int)kind];
            if (of == 0)
                continue;
            if (kind <= ValueKind.DateTime)
                ReadScalars(ref from, kind, of, kinds, bits);
            else
                ReadReferences(ref from, kind, of, kinds, bits, into.ReferencesToFill());
        }
    }

    private static int RunOf<T>(ReadOnlySpan<T> values, int at)
        where T : struct, IEquatable<T>
    {
        var end = values[at..].IndexOfAnyExcept(values[at]);
        return end < 0 ? values.Length - at : end;
    }

    private static void WriteScalars(ValueKind kind, ReadOnlySpan<long> values, ChunkBuffer to)
    {
        if (kind is ValueKind.Single or ValueKind.Double)
            FloatColumn.Write(values, kind == ValueKind.Single, to);
        else
            IntegerColumn.Write(values, to);
    }

    private void ReadScalars(ref ChunkReader from, ValueKind kind, int count, ReadOnlySpan<ValueKind> kinds, Span<long> bits)
    {
        var all = count == bits.Length;
        var values = all ? bits : Room(count);
        if (kind is ValueKind.Single or ValueKind.Double)
            FloatColumn.Read(ref from, kind == ValueKind.Single, values);
        else
            IntegerColumn.Read(ref from, values);
        if (all)
            return;
        var next = 0;
        for (var i = 0; i < kinds.Length; i++)
        {
            if (kinds[i] == kind)
                bits[i] = values[next++];
        }
    }

    private void ReadReferences(ref ChunkReader from, ValueKind kind, int count, ReadOnlySpan<ValueKind> kinds, Span<long> bits, Span<object?> references)
    {
        if (gatheredReferences.Length < count)
            gatheredReferences = new object?[count];
        var values = gatheredReferences.AsSpan(0, count);
        ReferenceColumn.Read(ref from, kind, values);
        var next = 0;
        for (var i = 0; i < kinds.Length; i++)
        {
            if (kinds[i] == kind)
                (references[i], bits[i]) = (values[next++], 0);
        }

        values.Clear();
    }

    private Span<long> Room(int count)
    {
        if (gathered.Length < count)
            gathered = new long[count];
        return gathered.AsSpan(0, count);
    }

    private Span<long> Gather(ReadOnlySpan<long> values, ReadOnlySpan<ValueKind> kinds, ValueKind kind)
    {
        var room = Room(values.Length);
        var next = 0;
        for (var i = 0; i < values.Length; i++)
        {
            if (kinds[i] == kind)
                room[next++] = values[i];
        }

        return room[..next];
    }

    private Span<object?> Gather(ReadOnlySpan<object?> values, ReadOnlySpan<ValueKind> kinds, ValueKind kind)
    {
        if (gatheredReferences.Length < values.Length)
            gatheredReferences = new object?[values.Length];
        var next = 0;
        for (var i = 0; i < values.Length; i++)
        {
            if (kinds[i] == kind)
                gatheredReferences[next++] = values[i];
        }

        return gatheredReferences.AsSpan(0, next);
    }
}
