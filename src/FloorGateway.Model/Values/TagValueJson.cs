using System.Text.Json;

namespace FloorGateway.Model.Values;

/// <summary>
/// A value as JSON: booleans, numbers (NaN and infinities as the strings <c>"NaN"</c>, <c>"Infinity"</c>, <c>"-Infinity"</c>), times as ISO 8601 UTC,
/// bytes as base64, arrays nested by dimension, structures as objects; a structure whose members are unknown is <c>{"typeName","body"}</c>.
/// </summary>
public static class TagValueJson
{
    /// <summary>Writes the value where a JSON value may stand. Nesting is as deep as the value itself.</summary>
    public static void Write(Utf8JsonWriter writer, in TagValue value)
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
                WriteSingle(writer, value.AsSingle());
                break;
            case ValueKind.Double:
                WriteDouble(writer, value.AsDouble());
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
                WriteArray(writer, value.AsArray()!);
                break;
            case ValueKind.Structure:
                WriteStructure(writer, value.AsStructure()!);
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

    private static void WriteSingle(Utf8JsonWriter writer, float value)
    {
        if (float.IsFinite(value))
            writer.WriteNumberValue(value);
        else
            WriteDouble(writer, value);
    }

    private static void WriteDouble(Utf8JsonWriter writer, double value)
    {
        if (double.IsFinite(value))
            writer.WriteNumberValue(value);
        else
            writer.WriteStringValue(double.IsNaN(value) ? "NaN" : value > 0 ? "Infinity" : "-Infinity");
    }

    private static void WriteArray(Utf8JsonWriter writer, Array array)
    {
        switch (array)
        {
            case double[] values:
                writer.WriteStartArray();
                foreach (var value in values)
                    WriteDouble(writer, value);
                writer.WriteEndArray();
                break;
            case float[] values:
                writer.WriteStartArray();
                foreach (var value in values)
                    WriteSingle(writer, value);
                writer.WriteEndArray();
                break;
            default:
                WriteDimension(writer, array, new int[array.Rank], 0);
                break;
        }
    }

    private static void WriteDimension(Utf8JsonWriter writer, Array array, int[] index, int dimension)
    {
        writer.WriteStartArray();
        for (var i = 0; i < array.GetLength(dimension); i++)
        {
            index[dimension] = i;
            if (dimension + 1 < array.Rank)
                WriteDimension(writer, array, index, dimension + 1);
            else
                Write(writer, Element(array, index));
        }

        writer.WriteEndArray();
    }

    private static void WriteStructure(Utf8JsonWriter writer, StructureValue structure)
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
            Write(writer, in value);
        }

        writer.WriteEndObject();
    }
}
