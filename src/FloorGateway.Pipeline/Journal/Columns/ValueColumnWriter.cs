using FloorGateway.Model.Samples;
using FloorGateway.Model.Values;

namespace FloorGateway.Pipeline.Journal.Columns;

/// <summary>Writes the values of a block, tag after tag, in runs of one kind.</summary>
internal sealed class ValueColumnWriter
{
    private readonly GrowingBuffer shapes = new(1 << 14);
    private readonly GrowingBuffer marks = new(1 << 12);
    private readonly GrowingBuffer[] columns = [.. Enumerable.Range(0, NumberForm.Columns).Select(_ => new GrowingBuffer(1 << 14))];
    private readonly BitBuffer noise = new();
    private readonly GrowingBuffer raw = new(1 << 12);
    private readonly GrowingBuffer texts = new(1 << 12);
    private readonly Dictionary<string, int> known = new(StringComparer.Ordinal);
    private readonly NumberRun run = new();
    private readonly NumberWriter numbers = new();

    /// <param name="samples">In journal order.</param>
    /// <param name="grouped">Indexes into them, tag after tag.</param>
    /// <param name="counts">Samples of each tag.</param>
    /// <param name="to">Gets the sections.</param>
    /// <param name="sections">Packs them.</param>
    public void Write(ReadOnlySpan<Sample> samples, ReadOnlySpan<int> grouped, ReadOnlySpan<int> counts, GrowingBuffer to, SectionWriter sections)
    {
        shapes.Clear();
        marks.Clear();
        foreach (var column in columns)
            column.Clear();
        noise.Clear();
        raw.Clear();
        texts.Clear();
        known.Clear();
        var start = 0;
        foreach (var count in counts)
        {
            WriteTag(samples, grouped.Slice(start, count));
            start += count;
        }

        noise.Finish();
        sections.Write(to, shapes.Written);
        sections.Write(to, marks.Written);
        foreach (var column in columns)
            sections.WriteDifferences(to, column.Written);
        SectionWriter.WriteStored(to, noise.Written);
        sections.Write(to, raw.Written);
        sections.Write(to, texts.Written);
        // Nothing of the block is to be kept alive by its texts.
        known.Clear();
    }

    private void WriteTag(ReadOnlySpan<Sample> samples, ReadOnlySpan<int> of)
    {
        for (var from = 0; from < of.Length;)
        {
            var code = ColumnCode.Of(samples[of[from]].Value);
            var end = from + 1;
            var size = SizeOf(samples[of[from]].Value, code);
            while (end < of.Length && ColumnCode.Of(samples[of[end]].Value) == code && (size += SizeOf(samples[of[end]].Value, code)) <= ColumnLimits.MaxRunNumbers)
                end++;
            shapes.WriteByte((byte)code);
            // Most often the run is all there is of the tag.
            shapes.WriteVarint(end == of.Length ? 0 : (ulong)(end - from));
            WriteRun(samples, of[from..end], code);
            from = end;
        }
    }

    private static int SizeOf(in TagValue value, int code) => ColumnCode.IsArray(code) ? value.AsArray()!.Length : 1;

    private void WriteRun(ReadOnlySpan<Sample> samples, ReadOnlySpan<int> of, int code)
    {
        switch (code)
        {
            case ColumnCode.Null:
                break;
            case ColumnCode.String:
                foreach (var index in of)
                    WriteText(samples[index].Value.AsString()!);
                break;
            case ColumnCode.Other:
                TagValue before = default;
                foreach (var index in of)
                    WriteOther(samples[index].Value, ref before);
                break;
            case > ColumnCode.Arrays:
                WriteArrays(samples, of, code);
                break;
            default:
                run.Clear();
                foreach (var index in of)
                    run.Add(1)[0] = samples[index].Value.Bits;
                numbers.Write(run, ColumnCode.NumberKindOf(code), shapes, columns, noise, raw);
                break;
        }
    }

    private void WriteText(string text)
    {
        if (known.TryGetValue(text, out var number))
        {
            marks.WriteVarint((ulong)number + 1);
            return;
        }

        known.Add(text, known.Count);
        marks.WriteByte(0);
        ValueCodec.WriteString(texts, text);
    }

    private void WriteOther(in TagValue value, ref TagValue before)
    {
        var same = SampleEquality.SameValue(value, before);
        marks.WriteByte(same ? (byte)1 : (byte)0);
        if (!same)
            ValueCodec.WriteValue(raw, value);
        before = value;
    }

    private void WriteArrays(ReadOnlySpan<Sample> samples, ReadOnlySpan<int> of, int code)
    {
        run.Clear();
        var length = 0L;
        foreach (var index in of)
        {
            var array = samples[index].Value.AsArray()!;
            if (array.Length > ColumnLimits.MaxArrayElements)
                throw new InvalidDataException($"an array of {array.Length} elements is too long for columns");
            marks.WriteVarint(Varint.Fold(array.Length - length));
            length = array.Length;
            Copy(array, run.Add(array.Length));
        }

        numbers.Write(run, ColumnCode.NumberKindOf(code), shapes, columns, noise, raw);
    }

    private static void Copy(Array from, Span<long> to)
    {
        switch (from)
        {
            case float[] floats:
                for (var i = 0; i < to.Length; i++)
                    to[i] = BitConverter.SingleToUInt32Bits(floats[i]);
                break;
            case double[] doubles:
                for (var i = 0; i < to.Length; i++)
                    to[i] = BitConverter.DoubleToInt64Bits(doubles[i]);
                break;
            case bool[] bools:
                for (var i = 0; i < to.Length; i++)
                    to[i] = bools[i] ? 1 : 0;
                break;
            // The runtime takes ulong[] for long[] here, and their bits are what is wanted.
            case long[] longs:
                longs.CopyTo(to);
                break;
        }
    }
}
