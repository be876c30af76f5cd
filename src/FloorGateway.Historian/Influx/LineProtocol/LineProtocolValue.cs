using System.Buffers.Text;
using System.Text;
using System.Text.Json;
using FloorGateway.Model.Values;

namespace FloorGateway.Historian.Influx.LineProtocol;

/// <summary>What became of a value.</summary>
internal enum FieldOutcome
{
    /// <summary>There was no value to write.</summary>
    Nothing,

    /// <summary>At least one field was written.</summary>
    Written,

    /// <summary>Line protocol has no form for it.</summary>
    CannotHold,
}

/// <summary>Field values of line protocol.</summary>
internal static class LineProtocolValue
{
    private const int MaxDepth = 8;

    // Brackets, equals sign and an index; a number with its suffix.
    private const int IndexRoom = 14;
    private const int NumberRoom = 32;

    // A field of its own name: the same signal may be a number in another unit of the type, and a field has one type in a measurement.
    private static ReadOnlySpan<byte> JsonSuffix => ".json="u8;

    /// <summary>Writes a scalar; 0 = line protocol has no form for it. <paramref name="room"/> holds at least 32 bytes.</summary>
    public static int FormatScalar(in TagValue value, UnsignedFields unsigned, Span<byte> room)
    {
        int length;
        switch (value.Kind)
        {
            case ValueKind.Boolean:
                var text = value.AsBoolean() ? "true"u8 : "false"u8;
                text.CopyTo(room);
                return text.Length;
            case ValueKind.Int64:
                Utf8Formatter.TryFormat(value.Bits, room, out length);
                room[length] = (byte)'i';
                return length + 1;
            case ValueKind.UInt64:
                return FormatUnsigned((ulong)value.Bits, unsigned, room);
            case ValueKind.Single:
                return LineProtocolNumber.Format(value.AsSingle(), room);
            case ValueKind.Double:
                return LineProtocolNumber.Format(BitConverter.Int64BitsToDouble(value.Bits), room);
            case ValueKind.DateTime:
                return FormatTime(value.Bits, room);
            default:
                return 0;
        }
    }

    /// <summary>Writes a string, bytes (base64), an array or a structure under the tag's field name.</summary>
    public static FieldOutcome WriteReference(in TagValue value, LineProtocolSeries one, LineProtocolOptions options, LineBuffer output)
    {
        switch (value.Kind)
        {
            case ValueKind.String:
                output.Append(one.Field);
                LineProtocolText.WriteString(output, value.AsString());
                return FieldOutcome.Written;
            case ValueKind.Bytes:
                output.Append(one.Field);
                LineProtocolText.WriteString(output, Convert.ToBase64String((byte[])value.Reference!));
                return FieldOutcome.Written;
        }

        if (value.AsArray() is { Rank: 1 } array && array is float[] or double[] or long[] or ulong[] or bool[])
        {
            if (options.Arrays == ArrayFields.Json || array.Length > options.MaxElements)
                WriteNumbersAsText(array, one, output);
            else if (!TryWriteNumbers(array, one, options.Unsigned, output))
                return FieldOutcome.CannotHold;
            return FieldOutcome.Written;
        }

        if (options.Arrays == ArrayFields.Elements && CountElements(in value, 0) <= options.MaxElements)
        {
            var start = output.Length;
            Explode(in value, Encoding.UTF8.GetString(one.FieldName), options.Unsigned, output, start);
            return output.Length > start ? FieldOutcome.Written : FieldOutcome.CannotHold;
        }

        using var json = new LineBuffer(4096);
        using (var writer = new Utf8JsonWriter(json))
            TagValueJson.Write(writer, in value);
        output.Append(one.FieldName);
        output.Append(JsonSuffix);
        LineProtocolText.WriteJson(output, json.Written.Span);
        return FieldOutcome.Written;
    }

    /// <summary>A field an element; false where there is none that line protocol can hold.</summary>
    private static bool TryWriteNumbers(Array array, LineProtocolSeries one, UnsignedFields unsigned, LineBuffer output)
    {
        var start = output.Length;
        for (var i = 0; i < array.Length; i++)
        {
            var room = output.Reserve(one.FieldName.Length + IndexRoom + NumberRoom + 1);
            var at = 0;
            if (output.Length > start)
                room[at++] = (byte)',';
            one.FieldName.CopyTo(room[at..]);
            at += one.FieldName.Length;
            at += WriteIndex(i, room[at..]);
            var length = FormatScalar(TagValueJson.Element(array, i), unsigned, room[at..]);
            if (length > 0)
                output.Advance(at + length);
        }

        return output.Length > start;
    }

    /// <summary>The same text that <see cref="TagValueJson"/> makes of it.</summary>
    private static void WriteNumbersAsText(Array array, LineProtocolSeries one, LineBuffer output)
    {
        output.Append(one.FieldName);
        output.Append(JsonSuffix);
        output.Append("\"["u8);
        for (var i = 0; i < array.Length; i++)
        {
            if (i > 0)
                output.Append((byte)',');
            var room = output.Reserve(NumberRoom);
            var element = TagValueJson.Element(array, i);
            var length = element.Kind switch
            {
                ValueKind.Int64 => Formatted(Utf8Formatter.TryFormat(element.Bits, room, out var written), written),
                ValueKind.UInt64 => Formatted(Utf8Formatter.TryFormat((ulong)element.Bits, room, out var written), written),
                _ => FormatScalar(in element, UnsignedFields.Integer, room),
            };
            output.Advance(length);
            if (length == 0)
                output.Append(double.IsNaN(element.AsDouble()) ? "\\\"NaN\\\""u8 : element.AsDouble() > 0 ? "\\\"Infinity\\\""u8 : "\\\"-Infinity\\\""u8);
        }

        output.Append("]\""u8);

        static int Formatted(bool done, int written) => done ? written : 0;
    }

    private static int WriteIndex(int index, Span<byte> room)
    {
        room[0] = (byte)'[';
        Utf8Formatter.TryFormat(index, room[1..], out var digits);
        room[digits + 1] = (byte)']';
        room[digits + 2] = (byte)'=';
        return digits + 3;
    }

    private static int FormatUnsigned(ulong value, UnsignedFields form, Span<byte> room)
    {
        if (form == UnsignedFields.Integer && value > long.MaxValue)
            return 0;
        Utf8Formatter.TryFormat(value, room, out var length);
        if (form == UnsignedFields.Float)
            return length;
        room[length] = form == UnsignedFields.Unsigned ? (byte)'u' : (byte)'i';
        return length + 1;
    }

    // A time as a value is an integer of nanoseconds since 1970, like the timestamp itself; outside 1677-2262 it has no form.
    private static int FormatTime(long ticks, Span<byte> room)
    {
        var sinceEpoch = ticks - DateTime.UnixEpoch.Ticks;
        if (sinceEpoch is > long.MaxValue / 100 or < long.MinValue / 100)
            return 0;
        Utf8Formatter.TryFormat(sinceEpoch * 100, room, out var length);
        room[length] = (byte)'i';
        return length + 1;
    }

    private static long CountElements(in TagValue value, int depth)
    {
        if (depth > MaxDepth)
            return int.MaxValue;
        if (value.AsStructure() is { } structure)
            return structure.Fields.Count == 0 ? 1 : structure.Fields.Sum(field => CountElements(field.Value, depth + 1));
        if (value.AsArray() is not StructureValue[] structures || value.Kind != ValueKind.Array)
            return value.Kind == ValueKind.Array ? value.AsArray()!.Length : 1;
        return structures.Sum(element => CountElements(TagValue.From(element), depth + 1));
    }

    private static void Explode(in TagValue value, string name, UnsignedFields unsigned, LineBuffer output, int start)
    {
        switch (value.Kind)
        {
            case ValueKind.Null:
                break;
            case ValueKind.Structure:
                var structure = value.AsStructure()!;
                foreach (var (key, field) in structure.Fields)
                    Explode(in field, $"{name}.{LineProtocolText.Key(key)}", unsigned, output, start);
                if (structure.Fields.Count == 0 && structure.Body is { } body)
                    Explode(TagValue.From(body), name, unsigned, output, start);
                break;
            case ValueKind.Array:
                ExplodeArray(value.AsArray()!, name, unsigned, output, start);
                break;
            case ValueKind.String:
                Begin(name, output, start);
                LineProtocolText.WriteString(output, value.AsString());
                break;
            case ValueKind.Bytes:
                Begin(name, output, start);
                LineProtocolText.WriteString(output, Convert.ToBase64String((byte[])value.Reference!));
                break;
            default:
                var before = output.Length;
                Begin(name, output, start);
                var length = FormatScalar(in value, unsigned, output.Reserve(32));
                output.Advance(length);
                if (length == 0)
                    output.Truncate(before);
                break;
        }
    }

    private static void ExplodeArray(Array array, string name, UnsignedFields unsigned, LineBuffer output, int start)
    {
        var index = new int[array.Rank];
        for (var i = 0; i < array.Length; i++)
        {
            var at = i;
            for (var d = array.Rank - 1; d >= 0; d--)
                (at, index[d]) = Math.DivRem(at, array.GetLength(d));
            Explode(TagValueJson.Element(array, index), $"{name}[{string.Join("][", index)}]", unsigned, output, start);
        }
    }

    private static void Begin(string name, LineBuffer output, int start)
    {
        if (output.Length > start)
            output.Append((byte)',');
        var room = output.Reserve((name.Length * 3) + 1);
        var length = Encoding.UTF8.GetBytes(name, room);
        room[length] = (byte)'=';
        output.Advance(length + 1);
    }
}
