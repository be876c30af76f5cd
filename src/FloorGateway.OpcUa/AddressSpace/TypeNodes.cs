using FloorGateway.OpcUa.Types;

namespace FloorGateway.OpcUa.AddressSpace;

/// <summary>A type: object, variable, data or reference type. <see cref="Node.Supertype"/> is its base.</summary>
public abstract class TypeNode : Node
{
    private protected TypeNode(AddressSpace space, NodeId id, QualifiedName browseName)
        : base(space, id, browseName)
    {
    }

    /// <summary>True when there are no instances of this type itself.</summary>
    public bool IsAbstract { get; init; }
}

/// <summary>OPC 10000-3, 5.5.2.</summary>
public sealed class ObjectTypeNode : TypeNode
{
    internal ObjectTypeNode(AddressSpace space, NodeId id, QualifiedName browseName)
        : base(space, id, browseName)
    {
    }

    public override NodeClass NodeClass => NodeClass.ObjectType;
}

/// <summary>OPC 10000-3, 5.6.5.</summary>
public sealed class VariableTypeNode : TypeNode
{
    internal VariableTypeNode(AddressSpace space, NodeId id, QualifiedName browseName)
        : base(space, id, browseName)
    {
    }

    public override NodeClass NodeClass => NodeClass.VariableType;

    public NodeId DataType { get; init; }

    public int ValueRank { get; init; } = ValueRanks.Any;

    public uint[]? ArrayDimensions { get; init; }

    /// <summary>The default for instances; null when the type names none.</summary>
    public Variant? Value { get; internal set; }
}

/// <summary>OPC 10000-3, 5.3.2.</summary>
public sealed class ReferenceTypeNode : TypeNode
{
    internal ReferenceTypeNode(AddressSpace space, NodeId id, QualifiedName browseName)
        : base(space, id, browseName)
    {
    }

    public override NodeClass NodeClass => NodeClass.ReferenceType;

    public bool Symmetric { get; init; }

    /// <summary>The name in the other direction; null for symmetric and abstract types.</summary>
    public string? InverseName { get; init; }

    /// <summary>True for HierarchicalReferences and all below.</summary>
    public bool IsHierarchical
    {
        get
        {
            for (Node? node = this; node is not null; node = node.Supertype)
            {
                if (node.Id.NamespaceIndex == 0 && node.Id.Numeric == ReferenceTypeIds.HierarchicalReferences)
                    return true;
            }

            return false;
        }
    }
}
