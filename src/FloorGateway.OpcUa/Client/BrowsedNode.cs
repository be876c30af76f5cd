using FloorGateway.OpcUa.Types;

namespace FloorGateway.OpcUa.Client;

/// <summary>A browsed node with all its references, or the status that says why there are none.</summary>
public sealed record BrowsedNode(NodeId NodeId, StatusCode Status, IReadOnlyList<ReferenceDescription> References);

/// <summary>How far <see cref="UaClient.BrowseAllAsync"/> walks.</summary>
public sealed record BrowseAllOptions
{
    /// <summary>References to follow, subtypes included.</summary>
    public NodeId ReferenceType { get; init; } = new(ReferenceTypeIds.HierarchicalReferences);

    /// <summary>Levels below the root; deeper trees are almost always loops by generated node ids.</summary>
    public int MaxDepth { get; init; } = 64;

    /// <summary>Nodes in all: bounds the memory that a server can make us use.</summary>
    public int MaxNodes { get; init; } = 1_000_000;
}
