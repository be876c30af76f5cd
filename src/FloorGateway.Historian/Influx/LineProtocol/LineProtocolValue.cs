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
                var single = value.AsSingle();
                return float.IsFinite(single) && single.TryFormat(room, out length) ? length : 0;
            case ValueKind.Double:
                var number = BitConverter.Int64BitsToDouble(value.Bits);
                if (TryFormatDecimal(number, room, out length))
                    return length;
                return double.IsFinite(number) && number.TryFormat(room, out length) ? length : 0;
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

        if (options.Arrays == ArrayFields.Elements && CountElements(in value, 0) <= options.MaxElements)
        {
            var start = output.Length;
            Explode(in value, Encoding.UTF8.GetString(one.FieldName), options.Unsigned, output, start);
            return output.Length > start ? FieldOutcome.Written : FieldOutcome.CannotHold;
        }

        using var json = new LineBuffer(4096);
        using (var writer = new Utf8JsonWriter(json))
            TagValueJson.Write(writer, in value);
        output.Append(one.Field);
        LineProtocolText.WriteJson(output, json.Written.Span);
        return FieldOutcome.Written;
    }

    /// <summary>
    /// Writes a number of up to four decimals, which most sensors give, in a quarter of the time: with at most 15 digits it is the shortest text that gives the
    /// number back, the same as the runtime's.
    /// </summary>
    private static bool TryFormatDecimal(double number, Span<byte> room, out int length)
    {
        const int Decimals = 4;
        const double Scale = 10_000;
        length = 0;
        var scaled = Math.Round(number * Scale);
        // Written so that NaN fails; minus zero keeps its sign elsewhere.
        if (!(Math.Abs(scaled) < 1e15) || scaled / Scale != number || (scaled == 0 && double.IsNegative(number)))
            return false;
        var (whole, fraction) = Math.DivRem(Math.Abs((long)scaled), (long)Scale);
        if (scaled < 0)
            room[length++] = (byte)'-';
        Utf8Formatter.TryFormat(whole, room[length..], out var digits);
        length += digits;
        if (fraction == 0)
            return true;
        room[length] = (byte)'.';
        for (var i = Decimals; i > 0; i--, fraction /= 10)
            room[length + i] = (byte)('0' + (fraction % 10));
        length += Decimals + 1;
        while (room[length - 1] == '0')
            length--;
        return true;
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
