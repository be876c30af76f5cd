using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using FloorGateway.OpcUa.Types;

namespace FloorGateway.OpcUa.AddressSpace;

/// <summary>
/// The nodes of one server with the references between them. Finding, browsing and setting values never lock;
/// adding and removing nodes and references takes one lock.
/// </summary>
public sealed class AddressSpace
{
    private readonly ConcurrentDictionary<NodeId, Node> nodes = new(concurrencyLevel: 1, capacity: 5000);
    private readonly Lock gate = new();
    private volatile string[] namespaceUris;

    /// <summary>Makes an address space that holds namespace 0.</summary>
    /// <param name="applicationUri">The server's application URI, which is namespace 1 (OPC 10000-5, 6.3.1).</param>
    /// <param name="clock">Source of server timestamps; the system's clock when null.</param>
    public AddressSpace(string applicationUri, TimeProvider? clock = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(applicationUri);
        namespaceUris = [Namespaces.OpcUa, applicationUri];
        Clock = clock ?? TimeProvider.System;
        DefaultNamespace = 1;
        Namespace0.Load(this);
        Objects = Get<ObjectNode>(ObjectIds.ObjectsFolder);
        Server = Get<ObjectNode>(ObjectIds.Server);
    }

    public TimeProvider Clock { get; }

    /// <summary>The Objects folder.</summary>
    public ObjectNode Objects { get; }

    /// <summary>The Server object.</summary>
    public ObjectNode Server { get; }

    /// <summary>The namespace table; an index never changes its URI.</summary>
    public IReadOnlyList<string> NamespaceUris => namespaceUris;

    /// <summary>The namespace of nodes added below a parent in namespace 0. 1 until <see cref="AddNamespace"/> is called for the first time.</summary>
    public ushort DefaultNamespace { get; set; }

    public int NodeCount => nodes.Count;

    /// <summary>Every node, in no order.</summary>
    public IEnumerable<Node> Nodes => nodes.Select(pair => pair.Value);

    /// <summary>Adds a namespace, or finds it.</summary>
    /// <returns>Its index.</returns>
    public ushort AddNamespace(string uri)
    {
        ArgumentException.ThrowIfNullOrEmpty(uri);
        lock (gate)
        {
            var index = Array.IndexOf(namespaceUris, uri);
            if (index < 0)
            {
                index = namespaceUris.Length;
                namespaceUris = [.. namespaceUris, uri];
                if (index == 2)
                    DefaultNamespace = 2;
            }

            return (ushort)index;
        }
    }

    public Node? Find(NodeId id) => nodes.GetValueOrDefault(id);

    public bool TryFind<T>(NodeId id, [NotNullWhen(true)] out T? node)
        where T : Node => (node = nodes.GetValueOrDefault(id) as T) is not null;

    /// <summary>The node with this id.</summary>
    /// <exception cref="KeyNotFoundException">There is none of this class.</exception>
    public T Get<T>(NodeId id)
        where T : Node =>
        TryFind<T>(id, out var node) ? node : throw new KeyNotFoundException($"The address space has no {typeof(T).Name} with id {id}. Add it first, or check the namespace index.");

    /// <summary>True when <paramref name="type"/> is <paramref name="super"/> or derives from it.</summary>
    public bool IsSubtype(NodeId type, NodeId super) =>
        type == super || (Find(type) is { } node && Find(super) is { } ancestor && node.IsSubtypeOf(ancestor));

    /// <summary>The built-in type behind a data type; Variant when any may come, Null when the type is not known.</summary>
    public BuiltInType BuiltInOf(NodeId dataType) => Find(dataType) is DataTypeNode node ? node.BuiltIn : BuiltInType.Null;

    /// <summary>Adds a reference, seen from both ends. Adding one that is there changes nothing.</summary>
    public void AddReference(Node source, NodeId referenceType, Node target)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(target);
        AddReference(source, Get<ReferenceTypeNode>(referenceType), target);
    }

    internal void AddReference(Node source, ReferenceTypeNode type, Node target)
    {
        lock (gate)
        {
            // Look for a duplicate from the end with fewer references: a folder may hold a hundred thousand.
            var oneWay = type.Id.NamespaceIndex == 0 && type.Id.Numeric is (ReferenceTypeIds.HasTypeDefinition or ReferenceTypeIds.HasModellingRule);
            if (oneWay || source.References.Count <= target.References.Count ? source.HasReference(type, target, false) : target.HasReference(type, source, true))
                return;
            source.AddReference_NeedsLock(new Reference(type, target, false));
            if (type.Id.NamespaceIndex == 0)
            {
                // A type's instances and a rule's users number in the hundred thousands and nobody asks for them:
                // OPC 10000-3, 7.13 and 7.12 let a server leave out these inverse references.
                if (oneWay)
                    return;
                if (type.Id.Numeric == ReferenceTypeIds.HasSubtype)
                    target.Supertype = source;
                if (type.Id.Numeric == ReferenceTypeIds.HasEncoding && source is DataTypeNode data && target.BrowseName.Name == "Default Binary")
                    data.BinaryEncoding = target;
            }

            target.AddReference_NeedsLock(new Reference(type, source, true));
        }
    }

    /// <summary>Removes a node with the references at both ends. Its children stay; who monitors it is told BadNodeIdUnknown.</summary>
    public bool Remove(Node node)
    {
        ArgumentNullException.ThrowIfNull(node);
        lock (gate)
        {
            if (!nodes.TryRemove(node.Id, out _))
                return false;
            foreach (var reference in node.References)
                reference.Target.RemoveReference_NeedsLock(reference.Type, node, !reference.IsInverse);
        }

        (node as VariableNode)?.SetValue(Variant.Null, StatusCodes.BadNodeIdUnknown);
        return true;
    }

    internal T Add<T>(T node)
        where T : Node =>
        nodes.TryAdd(node.Id, node)
            ? node
            : throw new ArgumentException($"The address space already has a node {node.Id} ('{nodes[node.Id].BrowseName}'). Give '{node.BrowseName}' another name or an explicit node id.");
}
