using FloorGateway.OpcUa.Encoding;
using FloorGateway.OpcUa.Types;

namespace FloorGateway.OpcUa.AddressSpace;

/// <summary>A data type with its definition, from which the DataTypeDefinition attribute is made (OPC 10000-3, 5.8.3).</summary>
public sealed class DataTypeNode : TypeNode
{
    private IUaStructure? definition;
    private StructureLayout? layout;

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

    /// <summary>True for Structure and everything below it.</summary>
    public bool IsStructure => BuiltIn == BuiltInType.ExtensionObject;

    /// <summary>All fields, inherited ones first (OPC 10000-3, 8.48). A type without fields of its own has those it inherits.</summary>
    public IEnumerable<DataTypeField> AllFields => (Supertype as DataTypeNode)?.AllFields.Concat(Fields ?? []) ?? Fields ?? [];

    /// <summary>The DataTypeDefinition attribute, or null when the type has none.</summary>
    public IUaStructure? Definition => definition ??= Build();

    /// <summary>How values lie on the wire; null for types that are no structures, and for Structure itself.</summary>
    public StructureLayout? Layout => LayoutFor(id => Space.Find(id) as DataTypeNode);

    /// <summary>Names, values and texts of an enumeration where a nodeset has more to say than <see cref="EnumValues"/>.</summary>
    internal EnumField[]? EnumFields { get; init; }

    internal StructureLayout? LayoutFor(Func<NodeId, DataTypeNode?> find)
    {
        if (layout is not null)
            return layout;

        // Kept only when all are done: a type may hold an array of itself.
        var made = new Dictionary<DataTypeNode, StructureLayout>();
        MakeLayout(find, made, 0);
        foreach (var (node, finished) in made)
            node.layout = finished;
        return layout;
    }

    private StructureLayout? MakeLayout(Func<NodeId, DataTypeNode?> find, Dictionary<DataTypeNode, StructureLayout> made, int depth)
    {
        if (depth > StructureLayout.MaxNesting)
            throw new NotSupportedException($"{BrowseName.Name} is nested in more than {StructureLayout.MaxNesting} structures within each other. Flatten them.");
        if (layout is not null || !IsStructure || Supertype is not DataTypeNode { IsStructure: true })
            return layout;
        if (made.TryGetValue(this, out var begun))
            return begun;
        var fields = AllFields.ToArray();
        var members = new List<StructureMember>(fields.Length);
        var result = new StructureLayout(BrowseName.Name ?? "", Id, BinaryEncoding?.Id ?? NodeId.Null, KindOf(fields), members);
        made.Add(this, result);
        foreach (var field in fields)
        {
            var type = find(field.DataType);
            members.Add(new StructureMember
            {
                Name = field.Name,
                DataType = field.DataType,
                BuiltIn = type?.BuiltIn ?? BuiltInType.Variant,
                ValueRank = field.ValueRank,
                IsOptional = field.IsOptional,
                AllowsSubtypes = field.AllowSubtypes,
                EnumNames = type?.EnumValues?.DistinctBy(v => v.Value).ToDictionary(v => v.Value, v => v.Name),
                Structure = field.AllowSubtypes || type is null or { IsAbstract: true } ? null : type.MakeLayout(find, made, depth + 1),
            });
        }

        return result;
    }

    private StructureType KindOf(DataTypeField[] fields) => (IsUnion, fields.Any(f => f.IsOptional), fields.Any(f => f.AllowSubtypes)) switch
    {
        (true, _, true) => StructureType.UnionWithSubtypedValues,
        (true, _, _) => StructureType.Union,
        (_, true, _) => StructureType.StructureWithOptionalFields,
        (_, _, true) => StructureType.StructureWithSubtypedValues,
        _ => StructureType.Structure,
    };

    private IUaStructure? Build()
    {
        if (EnumFields is not null || EnumValues is not null)
        {
            return new EnumDefinition
            {
                Fields = EnumFields ?? [.. EnumValues!.Select(v => new EnumField { Name = v.Name, Value = v.Value, DisplayName = new LocalizedText(v.Name) })],
            };
        }

        if (Fields is null && (!IsStructure || Supertype is not DataTypeNode { IsStructure: true }))
            return null;
        var fields = AllFields.ToArray();
        var kind = KindOf(fields);
        return new StructureDefinition
        {
            DefaultEncodingId = BinaryEncoding?.Id ?? NodeId.Null,
            BaseDataType = Supertype?.Id ?? NodeId.Null,
            StructureType = kind,
            Fields =
            [
                .. fields.Select(f => new StructureField
                {
                    Name = f.Name,
                    Description = f.Description is null ? default : new LocalizedText(f.Description),
                    DataType = f.DataType,
                    ValueRank = f.ValueRank,
                    ArrayDimensions = f.ArrayDimensions ?? (f.ValueRank > 0 ? new uint[f.ValueRank] : []),
                    MaxStringLength = f.MaxStringLength,
                    IsOptional = kind == StructureType.StructureWithOptionalFields ? f.IsOptional : f.AllowSubtypes,
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

    /// <summary>Lengths of the dimensions, 0 = variable; null for scalars and where all are variable.</summary>
    public uint[]? ArrayDimensions { get; init; }

    /// <summary>Most characters of a String or bytes of a ByteString; 0 = no limit.</summary>
    public uint MaxStringLength { get; init; }

    /// <summary>The field may be left out; its presence is a bit in the encoding mask.</summary>
    public bool IsOptional { get; init; }

    /// <summary>The field may hold a subtype of its data type and travels as an extension object or variant.</summary>
    public bool AllowSubtypes { get; init; }
}
