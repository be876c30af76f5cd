namespace FloorGateway.OpcUa.AddressSpace;

/// <summary>One end of a reference as its holder sees it: the type, the node at the other end, the direction (OPC 10000-3, 5.3).</summary>
public readonly struct Reference(ReferenceTypeNode type, Node target, bool isInverse)
{
    public ReferenceTypeNode Type { get; } = type;

    public Node Target { get; } = target;

    /// <summary>True when the other node is the source of the reference.</summary>
    public bool IsInverse { get; } = isInverse;
}
