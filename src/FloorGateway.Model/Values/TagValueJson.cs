using System.Text.Json;

namespace FloorGateway.Model.Values;

/// <summary>
/// A value as JSON: booleans, numbers (NaN and infinities as the strings <c>"NaN"</c>, <c>"Infinity"</c>, <c>"-Infinity"</c>), times as ISO 8601 UTC,
/// bytes as base64, arrays nested by dimension, structures as objects; a structure whose members are unknown is <c>{"typeName","body"}</c>.
/// </summary>
public static class TagValueJson
{
    /// <summary>Writes the value where a JSON value may stand. Nesting is as deep as the value itself.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="value">What.</param>
    /// <param name="nonFiniteAsNull">NaN and infinities become null, for readers that expect a number or nothing.</param>
    public static void Write(Utf8JsonWriter writer, in TagValue value, bool nonFiniteAsNull = false)
    {
        switch (value.Kind)
        {
            case ValueKind.Null:
                writer.WriteNullValue();
                break;
            case ValueKind.Boolean:
                writer.WriteBooleanValue(value.AsBoolean());
                break;
            case ValueKind.Int64:
                writer.WriteNumberValue(value.Bits);
                break;
            case ValueKind.UInt64:
                writer.WriteNumberValue((ulong)value.Bits);
                break;
            case ValueKind.Single:
                WriteSingle(writer, value.AsSingle(), nonFiniteAsNull);
                break;
            case ValueKind.Double:
                WriteDouble(writer, value.AsDouble(), nonFiniteAsNull);
                break;
            case ValueKind.DateTime:
                writer.WriteStringValue(value.AsDateTime());
                break;
            case ValueKind.String:
                writer.WriteStringValue(value.AsString());
                break;
            case ValueKind.Bytes:
                writer.WriteBase64StringValue((byte[])value.Reference!);
                break;
            case ValueKind.Array:
                WriteArray(writer, value.AsArray()!, nonFiniteAsNull);
                break;
            case ValueKind.Structure:
                WriteStructure(writer, value.AsStructure()!, nonFiniteAsNull);
                break;
        }
    }

    /// <summary>One element of an array value.</summary>
    public static TagValue Element(Array array, params int[] index) => array switch
    {
        double[] a => TagValue.From(a[index[0]]),
        float[] a => TagValue.From(a[index[0]]),
        bool[] a => TagValue.From(a[index[0]]),
        _ => FromObject(array.GetValue(index)),
    };

    /// <summary>One element of an array of one dimension, without boxing numbers.</summary>
    public static TagValue Element(Array array, int index)
    {
        // By exact type: to the runtime an array of unsigned integers is one of signed ones too.
        var type = array.GetType();
        return type == typeof(float[]) ? TagValue.From(((float[])array)[index])
            : type == typeof(double[]) ? TagValue.From(((double[])array)[index])
            : type == typeof(long[]) ? TagValue.From(((long[])array)[index])
            : type == typeof(ulong[]) ? TagValue.From(((ulong[])array)[index])
            : type == typeof(bool[]) ? TagValue.From(((bool[])array)[index])
            : FromObject(array.GetValue(index));
    }

    private static TagValue FromObject(object? element) => element switch
    {
        null => TagValue.Null,
        bool v => TagValue.From(v),
        long v => TagValue.From(v),
        ulong v => TagValue.From(v),
        float v => TagValue.From(v),
        double v => TagValue.From(v),
        DateTime v => TagValue.From(v),
        string v => TagValue.From(v),
        Array v => TagValue.From(v),
        StructureValue v => TagValue.From(v),
        TagValue v => v,
        _ => throw new ArgumentException($"a value's array can't hold {element.GetType().Name}", nameof(element)),
    };

    private static void WriteSingle(Utf8JsonWriter writer, float value, bool nonFiniteAsNull)
    {
        if (float.IsFinite(value))
            writer.WriteNumberValue(value);
        else
            WriteDouble(writer, value, nonFiniteAsNull);
    }

    private static void WriteDouble(Utf8JsonWriter writer, double value, bool nonFiniteAsNull)
    {
        if (double.IsFinite(value))
            writer.WriteNumberValue(value);
        else if (nonFiniteAsNull)
            writer.WriteNullValue();
        else
            writer.WriteStringValue(double.IsNaN(value) ? "NaN" : value > 0 ? "Infinity" : "-Infinity");
    }

    private static void WriteArray(Utf8JsonWriter writer, Array array, bool nonFiniteAsNull)
    {
        switch (array)
        {
            case double[] values:
                writer.WriteStartArray();
                foreach (var value in values)
                    WriteDouble(writer, value, nonFiniteAsNull);
                writer.WriteEndArray();
                break;
            case float[] values:
                writer.WriteStartArray();
                foreach (var value in values)
                    WriteSingle(writer, value, nonFiniteAsNull);
                writer.WriteEndArray();
                break;
            default:
                WriteDimension(writer, array, new int[array.Rank], 0, nonFiniteAsNull);
                break;
        }
    }

    private static void WriteDimension(Utf8JsonWriter writer, Array array, int[] index, int dimension, bool nonFiniteAsNull)
    {
        writer.WriteStartArray();
        for (var i = 0; i < array.GetLength(dimension); i++)
        {
            index[dimension] = i;
            if (dimension + 1 < array.Rank)
                WriteDimension(writer, array, index, dimension + 1, nonFiniteAsNull);
            else
                Write(writer, Element(array, index), nonFiniteAsNull);
        }

        writer.WriteEndArray();
    }

    private static void WriteStructure(Utf8JsonWriter writer, StructureValue structure, bool nonFiniteAsNull)
    {
        writer.WriteStartObject();
        if (structure.Fields.Count == 0 && structure.Body is not null)
        {
            writer.WriteString("typeName", structure.TypeName);
            writer.WriteBase64String("body", structure.Body);
        }

        foreach (var (name, value) in structure.Fields)
        {
            writer.WritePropertyName(name);
            Write(writer, in value, nonFiniteAsNull);
        }

        writer.WriteEndObject();
    }
}
