using System.Globalization;
using System.Text.Unicode;
using FloorGateway.Model.Values;
using FloorGateway.OpcUa.Client.Subscriptions;
using FloorGateway.OpcUa.Encoding;
using FloorGateway.OpcUa.Types;

namespace FloorGateway.Connectors.OpcUa;

/// <summary>Turns OPC UA values into the gateway's. Scalars in place; nothing is dropped: what has no kind of its own becomes text or a structure.</summary>
public static class ValueConverter
{
    public static TagValue ToTagValue(in Variant value) => value.IsArray ? FromElements(value) : FromScalar(value);

    /// <summary>The value that the reader stands on; numbers, booleans and times without a detour.</summary>
    public static TagValue ToTagValue(ref DataChangeReader change)
    {
        if (!change.IsArray)
        {
            switch (change.Type)
            {
                case BuiltInType.Double:
                    return TagValue.FromBits(ValueKind.Double, (long)change.ScalarBits);
                case BuiltInType.Float:
                    return TagValue.FromBits(ValueKind.Single, (long)change.ScalarBits);
                case BuiltInType.Boolean:
                    return TagValue.From(change.ScalarBits != 0);
                case >= BuiltInType.SByte and <= BuiltInType.UInt64:
                    return TagValue.FromBits(IsSigned(change.Type) ? ValueKind.Int64 : ValueKind.UInt64, (long)change.ScalarBits);
                case BuiltInType.DateTime:
                    return TagValue.FromBits(ValueKind.DateTime, (long)change.ScalarBits);
                case BuiltInType.String when !Utf8.IsValid(change.Bytes):
                    return FromCodePage(ref change);
            }
        }

        return ToTagValue(change.GetVariant());
    }

    /// <summary>Looked at apart, so that one text in another code page does not end the walk through its message.</summary>
    /// <exception cref="FormatException">No code page is configured for it.</exception>
    private static TagValue FromCodePage(ref DataChangeReader change) =>
        change.TextFallback is { } codePage
            ? TagValue.From(codePage.GetString(change.Bytes))
            : throw new FormatException($"the text is not UTF-8 ({Convert.ToHexString(change.Bytes[..Math.Min(change.Bytes.Length, 16)])}...); give the server's textEncoding, e.g. GB18030");

    private static TagValue FromScalar(in Variant value) => value.Type switch
    {
        BuiltInType.Null => TagValue.Null,
        BuiltInType.Boolean => TagValue.From(value.ScalarBits != 0),
        >= BuiltInType.SByte and <= BuiltInType.Int64 when IsSigned(value.Type) => TagValue.From((long)value.ScalarBits),
        >= BuiltInType.SByte and <= BuiltInType.UInt64 => TagValue.From(value.ScalarBits),
        BuiltInType.Float => TagValue.From(BitConverter.UInt32BitsToSingle((uint)value.ScalarBits)),
        BuiltInType.Double => TagValue.From(BitConverter.UInt64BitsToDouble(value.ScalarBits)),
        BuiltInType.DateTime => TagValue.FromBits(ValueKind.DateTime, (long)value.ScalarBits),
        BuiltInType.StatusCode => TagValue.From(value.ScalarBits),
        _ => FromObject(value.Boxed),
    };

    /// <summary>SByte, Int16, Int32 and Int64 have even numbers, Byte, UInt16, UInt32 and UInt64 odd ones (OPC 10000-6, 5.1.2).</summary>
    private static bool IsSigned(BuiltInType type) => ((int)type & 1) == 0;

    private static TagValue FromElements(in Variant value)
    {
        if (value.Elements is not { } elements)
            return TagValue.Null;
        var flat = Flatten(elements);
        var dimensions = value.ArrayDimensions;
        if (dimensions.Length < 2 || dimensions.Aggregate(1L, (product, length) => product * length) != flat.Length)
            return TagValue.From(flat);
        // Bytes are a value of their own in one dimension only; a picture's matrix becomes numbers.
        if (flat is byte[] bytes)
            flat = Array.ConvertAll(bytes, x => (ulong)x);
        var shaped = Array.CreateInstance(flat.GetType().GetElementType()!, dimensions);
        var index = new int[dimensions.Length];
        for (var i = 0; i < flat.Length; i++)
        {
            shaped.SetValue(flat.GetValue(i), index);
            for (var d = dimensions.Length - 1; d >= 0 && ++index[d] == dimensions[d]; d--)
                index[d] = 0;
        }

        return TagValue.From(shaped);
    }

    // By type code, not by pattern: to a pattern an array of uint is an array of int as well, and large values would turn negative.
    private static Array Flatten(Array elements) => Type.GetTypeCode(elements.GetType().GetElementType()) switch
    {
        TypeCode.Boolean or TypeCode.Double or TypeCode.Single or TypeCode.Int64 or TypeCode.UInt64 or TypeCode.DateTime or TypeCode.String or TypeCode.Byte => elements,
        TypeCode.SByte => Array.ConvertAll((sbyte[])elements, x => (long)x),
        TypeCode.Int16 => Array.ConvertAll((short[])elements, x => (long)x),
        TypeCode.Int32 => Array.ConvertAll((int[])elements, x => (long)x),
        TypeCode.UInt16 => Array.ConvertAll((ushort[])elements, x => (ulong)x),
        TypeCode.UInt32 => Array.ConvertAll((uint[])elements, x => (ulong)x),
        _ => elements switch
        {
            StatusCode[] a => Array.ConvertAll(a, x => (ulong)x.Value),
            byte[][] a => a,
            ExtensionObject[] a => Array.ConvertAll(a, x => StructureConverter.Convert(x)!),
            Variant[] a => Array.ConvertAll(a, x => ToTagValue(x).ToString()),
            _ => elements.Cast<object?>().Select(x => FromObject(x).ToString()).ToArray(),
        },
    };

    internal static TagValue FromObject(object? value) => value switch
    {
        null => TagValue.Null,
        bool flag => TagValue.From(flag),
        Enum or sbyte or short or int or long => TagValue.From(System.Convert.ToInt64(value, CultureInfo.InvariantCulture)),
        byte or ushort or uint or ulong => TagValue.From(System.Convert.ToUInt64(value, CultureInfo.InvariantCulture)),
        float number => TagValue.From(number),
        double number => TagValue.From(number),
        DateTime time => TagValue.From(time),
        StatusCode status => TagValue.From((ulong)status.Value),
        string text => TagValue.From(text),
        byte[] bytes => TagValue.From(bytes),
        LocalizedText text => TagValue.From(text.Text),
        QualifiedName name => TagValue.From(name.Name),
        ExtensionObject structure => TagValue.From(StructureConverter.Convert(structure)),
        Variant inner => ToTagValue(inner),
        DataValue inner => ToTagValue(inner.Value),
        IUaStructure structure => TagValue.From(StructureConverter.Convert(structure)),
        Array elements => TagValue.From(Flatten(elements)),
        _ => TagValue.From(value.ToString()),
    };
}
