using FloorGateway.OpcUa.AddressSpace;
using FloorGateway.OpcUa.Types;
using Space = FloorGateway.OpcUa.AddressSpace.AddressSpace;

namespace FloorGateway.OpcUa.Server.Services;

/// <summary>Does a value fit a data type and value rank? (OPC 10000-3, 5.6.2)</summary>
internal static class TypeCheck
{
    /// <returns>Good, BadTypeMismatch, or BadOutOfRange for an enumeration without that value.</returns>
    public static StatusCode Check(Space space, NodeId dataType, int valueRank, in Variant value)
    {
        if (space.Find(dataType) is not DataTypeNode type)
            return StatusCodes.BadTypeMismatch;
        if (value.IsNull)
            return type.Id.NamespaceIndex == 0 && type.Id.Numeric == DataTypeIds.BaseDataType ? StatusCodes.Good : StatusCodes.BadTypeMismatch;
        if (!FitsRank(valueRank, value))
            return StatusCodes.BadTypeMismatch;
        var expected = type.BuiltIn;
        if (expected == BuiltInType.Variant)
            return FitsAbstract(space, dataType, value.Type) ? StatusCodes.Good : StatusCodes.BadTypeMismatch;
        if (value.Type != expected)
            return StatusCodes.BadTypeMismatch;
        if (expected == BuiltInType.ExtensionObject)
            return FitsStructures(space, type, value) ? StatusCodes.Good : StatusCodes.BadTypeMismatch;
        return type.EnumValues is { } names && expected == BuiltInType.Int32 ? CheckEnumeration(names, value) : StatusCodes.Good;
    }

    /// <summary>A ByteString is taken where an array of Byte is expected: both are the same bytes (OPC 10000-3, 5.6.2).</summary>
    public static Variant BytesAsArray(Space space, NodeId dataType, int valueRank, in Variant value) =>
        value.TryGetByteString(out var bytes) && valueRank != ValueRanks.Scalar && space.BuiltInOf(dataType) == BuiltInType.Byte ? Variant.FromByteArray(bytes) : value;

    private static StatusCode CheckEnumeration(IReadOnlyList<(string Name, long Value)> names, in Variant value)
    {
        if (!value.IsArray)
            return IsNamed(value.AsInt32()) ? StatusCodes.Good : StatusCodes.BadOutOfRange;
        return Array.TrueForAll(value.Elements as int[] ?? [], number => IsNamed(number)) ? StatusCodes.Good : StatusCodes.BadOutOfRange;

        bool IsNamed(int number)
        {
            foreach (var (_, known) in names)
            {
                if (known == number)
                    return true;
            }

            return false;
        }
    }

    private static bool FitsRank(int rank, in Variant value)
    {
        var dimensions = value.IsArray ? Math.Max(1, value.ArrayDimensions.Length) : 0;
        return rank switch
        {
            ValueRanks.Any => true,
            ValueRanks.ScalarOrOneDimension => dimensions <= 1,
            ValueRanks.Scalar => dimensions == 0,
            ValueRanks.OneOrMoreDimensions => dimensions >= 1,
            _ => dimensions == rank,
        };
    }

    private static bool FitsAbstract(Space space, NodeId dataType, BuiltInType given) =>
        (dataType.NamespaceIndex == 0 && dataType.Numeric == DataTypeIds.BaseDataType) || space.IsSubtype(new NodeId((uint)given), dataType);

    private static bool FitsStructures(Space space, DataTypeNode type, in Variant value)
    {
        if (value.Elements is not { } elements)
            return value.IsArray || FitsStructure(space, type, value.Boxed as ExtensionObject);
        foreach (var element in elements)
        {
            if (!FitsStructure(space, type, element as ExtensionObject))
                return false;
        }

        return true;
    }

    private static bool FitsStructure(Space space, DataTypeNode type, ExtensionObject? value)
    {
        if (value is null || !value.TypeId.TryResolve(space.NamespaceUris, out var encodingId) || space.Find(encodingId) is not { } encoding)
            return false;
        foreach (var reference in encoding.References)
        {
            if (reference.IsInverse && reference.Target is DataTypeNode given && given.IsSubtypeOf(type))
                return true;
        }

        return false;
    }
}
