using System.Xml.Linq;
using FloorGateway.OpcUa.Types;
using Space = FloorGateway.OpcUa.AddressSpace.AddressSpace;

namespace FloorGateway.OpcUa.AddressSpace.NodeSets;

/// <summary>A node read from a file, with what can be settled only when all nodes are there.</summary>
internal sealed class PendingNode
{
    public required Node Node { get; init; }

    public required string File { get; init; }

    public required int Line { get; init; }

    public required NodeSetIds Ids { get; init; }

    /// <summary>True when the address space had the node already: only its missing references are added.</summary>
    public bool IsKnown { get; init; }

    public XElement? Value { get; init; }

    public NodeId MethodDeclaration { get; init; }

    public NodeSetException Fail(string problem, Exception? inner = null) => new(File, Line, Node.Id.ToString(), problem, inner);
}

internal readonly record struct PendingReference(PendingNode Owner, NodeId Type, NodeId Target, bool IsForward, int Line);

/// <summary>All that was read and is not yet in the address space. Nothing of it is seen from outside until it is published as a whole.</summary>
internal sealed class NodeSetBuild(Space space, NodeSetOptions options)
{
    private readonly List<string> uris = [.. space.NamespaceUris];

    public Space Space { get; } = space;

    public NodeSetOptions Options { get; } = options;

    public StringPool Pool { get; } = new(space.Nodes);

    /// <summary>Namespaces the address space had when reading began; the rest of <see cref="Uris"/> is new.</summary>
    public int UrisBefore { get; } = space.NamespaceUris.Count;

    public IReadOnlyList<string> Uris => uris;

    public Dictionary<NodeId, PendingNode> Nodes { get; } = [];

    public List<PendingReference> References { get; } = [];

    public List<NodeSetModel> Models { get; } = [];

    public Dictionary<ushort, NodeAccess> DefaultAccess { get; } = [];

    public ushort IndexOf(string uri)
    {
        var index = uris.IndexOf(uri);
        if (index < 0)
        {
            index = uris.Count;
            uris.Add(uri);
        }

        return (ushort)index;
    }

    public Node? Find(NodeId id) => Nodes.TryGetValue(id, out var pending) ? pending.Node : Space.Find(id);

    public DataTypeNode? FindDataType(NodeId id) => Find(id) as DataTypeNode;
}
