using FloorGateway.Model.Values;

namespace FloorGateway.Pipeline.Journal.Columns;

/// <summary>Reads back what <see cref="ValueColumnWriter"/> wrote, into arrays in the order of tags.</summary>
internal ref struct ValueColumnReader
{
    private readonly ReadOnlySpan<byte> shapes;
    private readonly ReadOnlySpan<byte> marks;
    private readonly ReadOnlySpan<byte> columns;
    private readonly int[] columnAt;
    private readonly int[] columnEnd;
    private readonly ReadOnlySpan<byte> raw;
    private readonly ReadOnlySpan<byte> texts;
    private readonly NumberRun run;
    private readonly StringPool pool;
    private readonly List<string> known;
    private BitReader noise;
    private int shapesAt;
    private int marksAt;
    private int rawAt;
    private int textsAt;

    public ValueColumnReader(ref SectionReader sections, NumberRun run, StringPool pool)
    {
        shapes = sections.Next();
        marks = sections.Next();
        columnAt = new int[NumberForm.Columns];
        columnEnd = new int[NumberForm.Columns];
        columns = sections.Next(columnEnd);
        columnEnd.AsSpan(0, NumberForm.Columns - 1).CopyTo(columnAt.AsSpan(1));
        noise = new BitReader(sections.Next());
        raw = sections.Next();
        texts = sections.Next();
        (this.run, this.pool, known) = (run, pool, []);
    }

    /// <summary>Reads the values of the next tag.</summary>
    /// <param name="kindOf">Gets the kinds.</param>
    /// <param name="bits">Gets the scalars.</param>
    /// <param name="references">Gets what is no scalar; made where it is needed.</param>
    /// <param name="start">Place of the tag's first value in these.</param>
    /// <param name="count">Values of the tag.</param>
    public void ReadTag(byte[] kindOf, long[] bits, ref object?[]? references, int start, int count)
    {
        for (var at = start; at < start + count;)
        {
            int code = shapes[shapesAt++];
            var left = start + count - at;
            var length = Varint.Read(shapes, ref shapesAt);
            var of = length == 0 ? left : length <= (ulong)left ? (int)length : throw new InvalidDataException("a run is longer than its tag");
            if (code > ColumnCode.Last)
                throw new InvalidDataException($"value code {code} is unknown: the journal was written by a newer version");
            if (code >= ColumnCode.String)
                references ??= new object?[bits.Length];
            ReadRun(code, kindOf, bits, references, at, of);
            at += of;
        }
    }

    private void ReadRun(int code, byte[] kindOf, long[] bits, object?[]? references, int at, int count)
    {
        switch (code)
        {
            case ColumnCode.Null:
                kindOf.AsSpan(at, count).Clear();
                bits.AsSpan(at, count).Clear();
                break;
            case ColumnCode.String:
                kindOf.AsSpan(at, count).Fill((byte)ValueKind.String);
                for (var i = at; i < at + count; i++)
                    references![i] = ReadText();
                break;
            case ColumnCode.Other:
                ReadOthers(kindOf, bits, references!, at, count);
                break;
            case > ColumnCode.Arrays:
                kindOf.AsSpan(at, count).Fill((byte)ValueKind.Array);
                ReadArrays(code, references!, at, count);
                break;
            default:
                kindOf.AsSpan(at, count).Fill((byte)code);
                run.Clear();
                for (var i = 0; i < count; i++)
                    run.Add(1);
                ReadNumbers(code, NumberForm.Read(shapes, ref shapesAt));
                run.Bits.AsSpan(0, count).CopyTo(bits.AsSpan(at));
                break;
        }
    }

    private void ReadNumbers(int code, in NumberForm form) =>
        NumberReader.Read(run, ColumnCode.NumberKindOf(code), form, columns[..columnEnd[form.Column]], ref columnAt[form.Column], ref noise, raw, ref rawAt);

    private string ReadText()
    {
        var number = Varint.Read(marks, ref marksAt);
        if (number > (ulong)known.Count)
            throw new InvalidDataException("a text refers to none before it");
        if (number > 0)
            return known[(int)number - 1];
        var text = pool.Get(ValueCodec.ReadBytes(texts, ref textsAt));
        known.Add(text);
        return text;
    }

    private void ReadOthers(byte[] kindOf, long[] bits, object?[] references, int at, int count)
    {
        TagValue value = default;
        for (var i = at; i < at + count; i++)
        {
            if (marks[marksAt++] == 0)
                value = ValueCodec.ReadValue(raw, ref rawAt);
            (kindOf[i], bits[i], references[i]) = ((byte)value.Kind, value.Bits, value.Reference);
        }
    }

    private void ReadArrays(int code, object?[] references, int at, int count)
    {
        run.Clear();
        var form = NumberForm.Read(shapes, ref shapesAt);
        var length = 0L;
        for (var i = 0; i < count; i++)
        {
            length += Varint.Unfold(Varint.Read(marks, ref marksAt));
            // Every element takes a byte at least.
            if (length < 0 || length > columnEnd[form.Column] - columnAt[form.Column] - run.Count || length > ColumnLimits.MaxArrayElements)
                throw new InvalidDataException("an array is longer than its block");
            if (run.Vectors > 0 && run.Count + length > ColumnLimits.MaxRunNumbers)
                throw new InvalidDataException("a run of arrays is longer than any");
            run.Add((int)length);
        }

        ReadNumbers(code, form);
        var from = 0;
        for (var i = 0; i < count; i++)
        {
            references[at + i] = ToArray(ColumnCode.KindOf(code), run.Bits.AsSpan(from, run.Lengths[i]));
            from += run.Lengths[i];
        }
    }

    private static Array ToArray(ValueKind kind, ReadOnlySpan<long> bits)
    {
        switch (kind)
        {
            case ValueKind.Single:
                var floats = new float[bits.Length];
                for (var i = 0; i < bits.Length; i++)
                    floats[i] = BitConverter.Int32BitsToSingle((int)bits[i]);
                return floats;
            case ValueKind.Double:
                var doubles = new double[bits.Length];
                for (var i = 0; i < bits.Length; i++)
                    doubles[i] = BitConverter.Int64BitsToDouble(bits[i]);
                return doubles;
            case ValueKind.Boolean:
                var bools = new bool[bits.Length];
                for (var i = 0; i < bits.Length; i++)
                    bools[i] = bits[i] != 0;
                return bools;
            case ValueKind.UInt64:
                var unsigned = new ulong[bits.Length];
                for (var i = 0; i < bits.Length; i++)
                    unsigned[i] = (ulong)bits[i];
                return unsigned;
            default:
                return bits.ToArray();
        }
    }
}
