using System.Text;
using FloorGateway.Model.Values;

namespace FloorGateway.Historian.Sqlite.Chunks;

/// <summary>
/// A column of strings, bytes, arrays or structures. Strings stand once each and are named by number; arrays of floats of one length are a column an
/// element, because each element changes like a signal of its own; all others stand one after the other.
/// </summary>
internal static class ReferenceColumn
{
    private const byte OneByOne = 0;
    private const byte Doubles = 1;
    private const byte Singles = 2;

    // An array longer than this is a curve, whose points have nothing to do with those of the curve before.
    private const int MaxElements = 512;

    public static void Write(ReadOnlySpan<object?> values, ValueKind kind, ChunkBuffer to)
    {
        if (kind == ValueKind.String)
        {
            WriteStrings(values, to);
        }
        else if (kind == ValueKind.Array && ElementsOf(values) is > 0 and var elements)
        {
            WriteElements(values, elements, to);
        }
        else
        {
            to.Byte(OneByOne);
            foreach (var value in values)
            {
                var blob = ValueBlob.Encode(Of(value, kind));
                to.Varint((ulong)blob.Length);
                to.Bytes(blob);
            }
        }
    }

    public static void Read(ref ChunkReader from, ValueKind kind, scoped Span<object?> values)
    {
        if (kind == ValueKind.String)
        {
            ReadStrings(ref from, values);
            return;
        }

        var form = from.Byte();
        if (form is Doubles or Singles)
        {
            ReadElements(ref from, form == Singles, values);
            return;
        }

        foreach (ref var value in values)
            value = ValueBlob.Decode(from.Take(from.Count())).Reference;
    }

    private static void WriteStrings(ReadOnlySpan<object?> values, ChunkBuffer to)
    {
        var numbers = new Dictionary<string, int>(StringComparer.Ordinal);
        var each = new ulong[values.Length];
        for (var i = 0; i < values.Length; i++)
        {
            var text = (string)values[i]!;
            if (!numbers.TryGetValue(text, out var number))
                numbers.Add(text, number = numbers.Count);
            each[i] = (ulong)number;
        }

        to.Varint((ulong)numbers.Count);
        foreach (var text in numbers.Keys)
        {
            var size = Encoding.UTF8.GetByteCount(text);
            to.Varint((ulong)size);
            to.Advance(Encoding.UTF8.GetBytes(text, to.Reserve(size)));
        }

        for (var at = 0; at < each.Length; at += BitPacking.Block)
        {
            var block = each.AsSpan(at, Math.Min(BitPacking.Block, each.Length - at));
            var width = BitPacking.Width(block);
            to.Byte((byte)width);
            BitPacking.Pack(block, width, to);
        }
    }

    private static void ReadStrings(ref ChunkReader from, scoped Span<object?> values)
    {
        var texts = new string[from.Count()];
        for (var i = 0; i < texts.Length; i++)
            texts[i] = Encoding.UTF8.GetString(from.Take(from.Count()));
        Span<ulong> block = stackalloc ulong[BitPacking.Block];
        for (var at = 0; at < values.Length; at += BitPacking.Block)
        {
            var count = Math.Min(BitPacking.Block, values.Length - at);
            BitPacking.Unpack(ref from, from.Byte(), block[..count]);
            for (var i = 0; i < count; i++)
                values[at + i] = block[i] < (ulong)texts.Length ? texts[block[i]] : throw ChunkReader.Damaged();
        }
    }

    /// <summary>The length that all of them share, if all are plain arrays of the same float type; 0 else.</summary>
    private static int ElementsOf(ReadOnlySpan<object?> values)
    {
        var first = values[0];
        var length = first switch { double[] doubles => doubles.Length, float[] singles => singles.Length, _ => 0 };
        if (length > MaxElements)
            return 0;
        foreach (var value in values)
        {
            if (value!.GetType() != first!.GetType() || ((Array)value).Length != length)
                return 0;
        }

        return length;
    }

    private static void WriteElements(ReadOnlySpan<object?> values, int elements, ChunkBuffer to)
    {
        var single = values[0] is float[];
        to.Byte(single ? Singles : Doubles);
        to.Varint((ulong)elements);
        var column = new long[values.Length];
        for (var element = 0; element < elements; element++)
        {
            for (var i = 0; i < column.Length; i++)
                column[i] = single ? BitConverter.SingleToUInt32Bits(((float[])values[i]!)[element]) : BitConverter.DoubleToInt64Bits(((double[])values[i]!)[element]);
            FloatColumn.Write(column, single, to);
        }
    }

    private static void ReadElements(ref ChunkReader from, bool single, scoped Span<object?> values)
    {
        var elements = from.UpTo(MaxElements);
        foreach (ref var value in values)
            value = single ? new float[elements] : new double[elements];
        var column = new long[values.Length];
        for (var element = 0; element < elements; element++)
        {
            FloatColumn.Read(ref from, single, column);
            for (var i = 0; i < column.Length; i++)
            {
                if (single)
                    ((float[])values[i]!)[element] = BitConverter.Int32BitsToSingle((int)column[i]);
                else
                    ((double[])values[i]!)[element] = BitConverter.Int64BitsToDouble(column[i]);
            }
        }
    }

    private static TagValue Of(object? value, ValueKind kind) => kind switch
    {
        ValueKind.Structure => TagValue.From((StructureValue?)value),
        _ => TagValue.From((Array?)value),
    };
}
