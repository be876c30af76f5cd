using FloorGateway.OpcUa.Encoding;
using FloorGateway.OpcUa.Types;

namespace FloorGateway.OpcUa.AddressSpace;

/// <summary>A data type with its definition, from which the DataTypeDefinition attribute is made (OPC 10000-3, 5.8.3).</summary>
public sealed class DataTypeNode : TypeNode
{
    private IUaStructure? definition;

    internal DataTypeNode(AddressSpace space, NodeId id, QualifiedName browseName)
        : base(space, id, browseName)
    {
    }

    public override NodeClass NodeClass => NodeClass.DataType;

    /// <summary>The fields this structure adds to those of its supertype; null for other types.</summary>
    public IReadOnlyList<DataTypeField>? Fields { get; init; }

    public bool IsUnion { get; init; }

    /// <summary>Names and values of an enumeration, or names and bit numbers of an option set; null for other types.</summary>
    public IReadOnlyList<(string Name, long Value)>? EnumValues { get; init; }

    /// <summary>The Default Binary encoding node, or null for abstract structures and for other types.</summary>
    public Node? BinaryEncoding { get; internal set; }

    /// <summary>The built-in type a value of this data type is encoded as; Variant for BaseDataType and the abstract numbers.</summary>
    public BuiltInType BuiltIn
    {
        get
        {
            for (Node? node = this; node is not null; node = node.Supertype)
            {
                if (node.Id.NamespaceIndex != 0)
                    continue;
                switch (node.Id.Numeric)
                {
                    case DataTypeIds.Enumeration:
                        return BuiltInType.Int32;
                    case DataTypeIds.Structure:
                        return BuiltInType.ExtensionObject;
                    case DataTypeIds.BaseDataType or DataTypeIds.Number or DataTypeIds.Integer or DataTypeIds.UInteger:
                        return BuiltInType.Variant;
                    case > 0 and <= (uint)BuiltInType.DiagnosticInfo and var id:
                        return (BuiltInType)id;
                }
            }

            return BuiltInType.Variant;
        }
    }

    /// <summary>All fields, inherited ones first (OPC 10000-3, 8.48).</summary>
    public IEnumerable<DataTypeField> AllFields =>
        Fields is null ? [] : Supertype is DataTypeNode { Fields: not null } parent ? parent.AllFields.Concat(Fields) : Fields;

    /// <summary>The DataTypeDefinition attribute, or null when the type has none.</summary>
    public IUaStructure? Definition => definition ??= Build();

    private IUaStructure? Build()
    {
        if (EnumValues is { } values)
        {
            return new EnumDefinition
            {
                Fields = [.. values.Select(v => new EnumField { Name = v.Name, Value = v.Value, DisplayName = new LocalizedText(v.Name) })],
            };
        }

        if (Fields is null)
            return null;
        var fields = AllFields.ToArray();
        return new StructureDefinition
        {
            DefaultEncodingId = BinaryEncoding?.Id ?? NodeId.Null,
            BaseDataType = Supertype?.Id ?? NodeId.Null,
            StructureType = (IsUnion, fields.Any(f => f.IsOptional), fields.Any(f => f.AllowSubtypes)) switch
            {
                (true, _, true) => StructureType.UnionWithSubtypedValues,
                (true, _, _) => StructureType.Union,
                (_, true, _) => StructureType.StructureWithOptionalFields,
                (_, _, true) => StructureType.StructureWithSubtypedValues,
                _ => StructureType.Structure,
            },
            Fields =
            [
                .. fields.Select(f => new StructureField
                {
                    Name = f.Name,
                    Description = f.Description is null ? default : new LocalizedText(f.Description),
                    DataType = f.DataType,
                    ValueRank = f.ValueRank,
                    ArrayDimensions = f.ValueRank > 0 ? new uint[f.ValueRank] : [],
                    IsOptional = f.IsOptional || f.AllowSubtypes,
                }),
            ],
        };
    }
}

/// <summary>A field of a structured data type.</summary>
public sealed record DataTypeField(string Name, NodeId DataType, int ValueRank = ValueRanks.Scalar)
{
    public DataTypeField(string name, BuiltInType type, int valueRank = ValueRanks.Scalar)
        : this(name, new NodeId((uint)type), valueRank)
    {
    }

    public string? Description { get; init; }

    /// <summary>The field may be left out; its presence is a bit in the encoding mask.</summary>
    public bool IsOptional { get; init; }

    /// <summary>The field may hold a subtype of its data type and travels as an extension object or variant.</summary>
    public bool AllowSubtypes { get; init; }
}
