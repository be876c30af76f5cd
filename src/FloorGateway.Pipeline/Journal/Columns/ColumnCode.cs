using FloorGateway.Model.Values;

namespace FloorGateway.Pipeline.Journal.Columns;

/// <summary>What a run of a tag's values is. Stored: never renumber.</summary>
internal static class ColumnCode
{
    public const int Null = 0;

    /// <summary>1 to 6: the scalars, as <see cref="ValueKind"/> numbers them.</summary>
    public const int Boolean = 1;
    public const int DateTime = 6;
    public const int String = 7;

    /// <summary>Bytes, structures, arrays of several dimensions or of other elements.</summary>
    public const int Other = 8;

    /// <summary>9 to 13: arrays of one dimension of the numeric kinds 1 to 5.</summary>
    public const int Arrays = 8;
    public const int Last = 13;

    public static int Of(in TagValue value)
    {
        if (value.Kind <= ValueKind.DateTime)
            return (int)value.Kind;
        if (value.Kind == ValueKind.String)
            return String;
        if (value.Kind != ValueKind.Array || value.AsArray() is not { Rank: 1 } array)
            return Other;
        // By exact type: the runtime's pattern matching takes long[] for ulong[].
        var type = array.GetType();
        return type == typeof(float[]) ? Arrays + (int)ValueKind.Single
            : type == typeof(double[]) ? Arrays + (int)ValueKind.Double
            : type == typeof(long[]) ? Arrays + (int)ValueKind.Int64
            : type == typeof(ulong[]) ? Arrays + (int)ValueKind.UInt64
            : type == typeof(bool[]) ? Arrays + (int)ValueKind.Boolean
            : Other;
    }

    public static bool IsArray(int code) => code > Arrays;

    /// <summary>The scalar's or element's kind.</summary>
    public static ValueKind KindOf(int code) => (ValueKind)(IsArray(code) ? code - Arrays : code);

    public static NumberKind NumberKindOf(int code) => KindOf(code) switch
    {
        ValueKind.Single => NumberKind.Single,
        ValueKind.Double => NumberKind.Double,
        _ => NumberKind.Integer,
    };
}
