using FloorGateway.OpcUa.Encoding;

namespace FloorGateway.OpcUa.Types;

/// <summary>
/// How values of a structured data type lie on the wire, as its definition says (OPC 10000-3, 8.48; OPC 10000-6, 5.2.6 to 5.2.8).
/// Made from a server's nodes or from what a client reads.
/// </summary>
public sealed class StructureLayout
{
    /// <summary>Structures directly within each other. What is beyond is nobody's model, and would cost a stack frame each.</summary>
    internal const int MaxNesting = 64;

    /// <summary>Fields of a value with those of the structures it holds. The largest of the companion specifications have some hundreds.</summary>
    private const int MaxInlineFields = 100_000;

    private int optionalCount = -1;
    private bool? endless;

    /// <param name="name">The data type's name.</param>
    /// <param name="dataType">The data type's node id.</param>
    /// <param name="encodingId">The id of its Default Binary encoding; null for abstract types.</param>
    /// <param name="kind">Structure, with optional fields, union.</param>
    /// <param name="members">All fields, inherited ones first.</param>
    public StructureLayout(string name, NodeId dataType, NodeId encodingId, StructureType kind, IReadOnlyList<StructureMember> members)
    {
        Name = name;
        DataType = dataType;
        EncodingId = encodingId;
        Kind = kind;
        Members = members;
    }

    public string Name { get; }

    public NodeId DataType { get; }

    public NodeId EncodingId { get; }

    public StructureType Kind { get; }

    public bool IsUnion => Kind is StructureType.Union or StructureType.UnionWithSubtypedValues;

    public IReadOnlyList<StructureMember> Members { get; }

    /// <summary>Bits of the mask in front. Counted when first asked for: members of types that nest in themselves come later.</summary>
    internal int OptionalCount => optionalCount >= 0 ? optionalCount : optionalCount = Kind == StructureType.StructureWithOptionalFields ? Members.Count(m => m.IsOptional) : 0;

    /// <summary>The generated decoder where this is a structure of namespace 0.</summary>
    internal StructureDecoder? Known => EncodingId.NamespaceIndex == 0 && StructureTable.TryGet(EncodingId.Numeric, out var decode) ? decode : null;

    /// <summary>The position of a field, or -1.</summary>
    public int IndexOf(string name)
    {
        for (var i = 0; i < Members.Count; i++)
        {
            if (Members[i].Name == name)
            {
                return i;
            }
        }

        return -1;
    }

    /// <summary>
    /// True when a value with nothing optional in it would have no end, or none in sight: structures that hold each other directly, twice in
    /// each level, or too deep. A definition of a few types is enough for that, and it comes from the server.
    /// </summary>
    internal bool IsEndless() => endless ??= HasNoEndInSight();

    private bool HasNoEndInSight()
    {
        var open = new Stack<(StructureLayout Layout, int Depth)>([(this, 0)]);
        for (var fields = 0L; open.TryPop(out var next);)
        {
            fields += 1 + next.Layout.Members.Count;
            if (fields > MaxInlineFields || next.Depth > MaxNesting)
            {
                return true;
            }

            foreach (var member in next.Layout.Members)
            {
                if (member is { ValueRank: < 0, IsOptional: false, IsInline: true, Structure: { } nested } && !next.Layout.IsUnion)
                {
                    open.Push((nested, next.Depth + 1));
                }
            }
        }

        return false;
    }

    public override string ToString() => $"{Name} ({string.Join(", ", Members.Select(m => m.Name))})";
}

/// <summary>A field of a structure.</summary>
public sealed class StructureMember
{
    public required string Name { get; init; }

    public required NodeId DataType { get; init; }

    /// <summary>What it is encoded as; Variant when any type may come.</summary>
    public required BuiltInType BuiltIn { get; init; }

    /// <summary>-1 scalar, 1 array, 2 and more a matrix.</summary>
    public int ValueRank { get; init; } = -1;

    /// <summary>May be left out.</summary>
    public bool IsOptional { get; init; }

    /// <summary>May hold a subtype: it travels as an extension object or a variant.</summary>
    public bool AllowsSubtypes { get; init; }

    /// <summary>The layout of a nested structure. Null for simple types and for structures that travel as extension objects.</summary>
    public StructureLayout? Structure { get; internal set; }

    /// <summary>Names of an enumeration's values, or of an option set's bits; null for other types.</summary>
    public IReadOnlyDictionary<long, string>? EnumNames { get; init; }

    /// <summary>True when the value stands without a type of its own in front.</summary>
    internal bool IsInline => !AllowsSubtypes && (BuiltIn != BuiltInType.ExtensionObject || Structure is not null);

    internal BuiltInType WireType => AllowsSubtypes && BuiltIn is not (BuiltInType.ExtensionObject or BuiltInType.Variant) ? BuiltInType.Variant : BuiltIn;
}
