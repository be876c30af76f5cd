using FloorGateway.Model.Values;

namespace FloorGateway.Configuration.Sections;

/// <summary>The words under <c>type</c>: OPC UA's built-in types (Part 6, 5.1.2), with <c>[]</c> behind them for an array.</summary>
internal static class TagTypes
{
    private static readonly Dictionary<string, ValueKind> Scalars = new()
    {
        ["Boolean"] = ValueKind.Boolean,
        ["SByte"] = ValueKind.Int64,
        ["Int16"] = ValueKind.Int64,
        ["Int32"] = ValueKind.Int64,
        ["Int64"] = ValueKind.Int64,
        ["Byte"] = ValueKind.UInt64,
        ["UInt16"] = ValueKind.UInt64,
        ["UInt32"] = ValueKind.UInt64,
        ["UInt64"] = ValueKind.UInt64,
        ["Float"] = ValueKind.Single,
        ["Double"] = ValueKind.Double,
        ["DateTime"] = ValueKind.DateTime,
        ["String"] = ValueKind.String,
        ["ByteString"] = ValueKind.Bytes,
        ["Structure"] = ValueKind.Structure,
    };

    public static IReadOnlyCollection<string> Names => Scalars.Keys;

    /// <summary>False where the word is unknown.</summary>
    public static bool TryGet(string word, out ValueKind kind, out ValueKind element)
    {
        element = ValueKind.Null;
        var isArray = word.EndsWith("[]", StringComparison.Ordinal);
        if (!Scalars.TryGetValue(isArray ? word[..^2] : word, out kind))
            return false;
        if (isArray)
            (kind, element) = (ValueKind.Array, kind);
        return true;
    }
}
