using FloorGateway.OpcUa.Types;

namespace FloorGateway.OpcUa.Client.DataTypes;

/// <summary>Makes descriptions of data types from what was read. Does no I/O; what a server says may be nonsense and must not loop or overflow.</summary>
internal sealed class TypeBuilder(IReadOnlyDictionary<NodeId, RawDataType> types)
{
    /// <summary>Supertypes above one another; the standard's deepest chain has six.</summary>
    private const int MaxSupertypes = 100;

    /// <summary>Optional fields have one bit each in a mask of 32 (OPC 10000-6, 5.2.7).</summary>
    private const int MaxOptionalFields = 32;

    private readonly Dictionary<NodeId, StructureLayout> layouts = [];

    /// <returns>The description, or null and what is wrong with the type.</returns>
    public DataTypeDescription? Build(NodeId id, out string? problem)
    {
        problem = null;
        var type = types[id];
        var layout = LayoutOf(id, 0, ref problem);
        if (layout is not null && problem is null && layout.IsEndless())
        {
            problem = $"a value of {type.Name} would hold others without end, or without an end in sight";
        }

        return problem is null ? new DataTypeDescription(id, type.Name, BuiltInOf(id)) { IsAbstract = type.IsAbstract, Layout = layout, EnumNames = type.EnumNames } : null;
    }

    private BuiltInType BuiltInOf(NodeId id)
    {
        for (var depth = 0; depth < MaxSupertypes; depth++)
        {
            if (id.NamespaceIndex == 0 && id.IdType == NodeIdType.Numeric)
            {
                switch (id.Numeric)
                {
                    case DataTypeIds.Enumeration:
                        return BuiltInType.Int32;
                    case DataTypeIds.BaseDataType or DataTypeIds.Number or DataTypeIds.Integer or DataTypeIds.UInteger:
                        return BuiltInType.Variant;
                    case > 0 and <= (uint)BuiltInType.DiagnosticInfo and var number:
                        return (BuiltInType)number;
                }
            }

            if (!types.TryGetValue(id, out var type) || type.Super.IsNull)
            {
                break;
            }

            id = type.Super;
        }

        return BuiltInType.Variant;
    }

    private StructureLayout? LayoutOf(NodeId id, int depth, ref string? problem)
    {
        if (layouts.TryGetValue(id, out var known))
        {
            return known;
        }

        if (!types.TryGetValue(id, out var type) || type.Structure is not { } definition || BuiltInOf(id) != BuiltInType.ExtensionObject)
        {
            return null;
        }

        if (depth > StructureLayout.MaxNesting)
        {
            problem = $"{type.Name} is nested in more than {StructureLayout.MaxNesting} structures within each other";
            return null;
        }

        var members = new List<StructureMember>(definition.Fields.Length);
        var layout = new StructureLayout(type.Name, id, definition.DefaultEncodingId, definition.StructureType, members);
        layouts.Add(id, layout); // before its fields: a type may hold an array of itself
        var hasOptional = definition.StructureType == StructureType.StructureWithOptionalFields;
        if (hasOptional && definition.Fields.Count(f => f.IsOptional) > MaxOptionalFields)
        {
            problem = $"{type.Name} has more than {MaxOptionalFields} optional fields";
        }

        foreach (var field in definition.Fields)
        {
            var nested = types.GetValueOrDefault(field.DataType);
            var allowsSubtypes = definition.StructureType is StructureType.StructureWithSubtypedValues or StructureType.UnionWithSubtypedValues && field.IsOptional;
            members.Add(new StructureMember
            {
                Name = field.Name ?? "",
                DataType = field.DataType,
                BuiltIn = BuiltInOf(field.DataType),
                ValueRank = field.ValueRank,
                IsOptional = hasOptional && field.IsOptional,
                AllowsSubtypes = allowsSubtypes,
                EnumNames = nested?.EnumNames,
                Structure = allowsSubtypes || nested is null or { IsAbstract: true } ? null : LayoutOf(field.DataType, depth + 1, ref problem),
            });
        }

        return layout;
    }
}
