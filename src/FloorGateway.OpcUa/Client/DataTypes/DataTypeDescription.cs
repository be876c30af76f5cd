using FloorGateway.OpcUa.Types;

namespace FloorGateway.OpcUa.Client.DataTypes;

/// <summary>A server's data type as its DataTypeDefinition attribute describes it (OPC 10000-3, 5.8.3).</summary>
/// <param name="Id">Its node id.</param>
/// <param name="Name">Its browse name.</param>
/// <param name="BuiltIn">What values are encoded as; Variant when any type may come.</param>
public sealed record DataTypeDescription(NodeId Id, string Name, BuiltInType BuiltIn)
{
    /// <summary>True when values are always of a subtype.</summary>
    public bool IsAbstract { get; init; }

    /// <summary>The fields of a structure or union; null for other types, and for structures whose server gives no definition.</summary>
    public StructureLayout? Layout { get; init; }

    /// <summary>Names of an enumeration's values, or of an option set's bits by number; null for other types.</summary>
    public IReadOnlyDictionary<long, string>? EnumNames { get; init; }

    /// <summary>True when <see cref="EnumNames"/> names bits.</summary>
    public bool IsOptionSet => EnumNames is not null && BuiltIn != BuiltInType.Int32;

    /// <summary>The names of a value: one for an enumeration, one for each bit that is set for an option set; the number where there is no name.</summary>
    public string NameOf(long value)
    {
        if (EnumNames is not { } names)
        {
            return value.ToString(System.Globalization.CultureInfo.InvariantCulture);
        }

        if (!IsOptionSet)
        {
            return names.GetValueOrDefault(value) ?? value.ToString(System.Globalization.CultureInfo.InvariantCulture);
        }

        return string.Join('|', Enumerable.Range(0, 64).Where(bit => (value >> bit & 1) != 0).Select(bit => names.GetValueOrDefault(bit) ?? $"bit {bit}"));
    }
}

/// <summary>An argument of a method, with its type.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Its data type, described.</param>
/// <param name="ValueRank">-1 scalar, 1 array, 2 and more a matrix, other values as the standard has them (OPC 10000-3, 5.6.2).</param>
/// <param name="Description">For people; null when the server gives none.</param>
public sealed record ArgumentDescription(string Name, DataTypeDescription Type, int ValueRank, string? Description);

/// <summary>What a method takes and gives.</summary>
public sealed record MethodDescription(IReadOnlyList<ArgumentDescription> Inputs, IReadOnlyList<ArgumentDescription> Outputs);
