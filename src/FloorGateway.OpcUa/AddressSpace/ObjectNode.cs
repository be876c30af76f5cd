using FloorGateway.OpcUa.Types;

namespace FloorGateway.OpcUa.AddressSpace;

/// <summary>An object: a machine, a station, a folder (OPC 10000-3, 5.5.1).</summary>
public sealed class ObjectNode : Node
{
    internal ObjectNode(AddressSpace space, NodeId id, QualifiedName browseName)
        : base(space, id, browseName)
    {
    }

    public override NodeClass NodeClass => NodeClass.Object;

    /// <summary>Bit 0: events can be subscribed to here.</summary>
    public byte EventNotifier { get; set; }
}

/// <summary>A view: a subset of the address space (OPC 10000-3, 5.4).</summary>
public sealed class ViewNode : Node
{
    internal ViewNode(AddressSpace space, NodeId id, QualifiedName browseName)
        : base(space, id, browseName)
    {
    }

    public override NodeClass NodeClass => NodeClass.View;

    /// <summary>True when following references of this view never comes back to where it was.</summary>
    public bool ContainsNoLoops { get; init; } = true;
}
