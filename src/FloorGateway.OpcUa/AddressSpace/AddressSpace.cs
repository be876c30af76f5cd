using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using FloorGateway.OpcUa.AddressSpace.Events;
using FloorGateway.OpcUa.AddressSpace.NodeSets;
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
    private volatile NodeAccess?[] defaultAccess = [];
    private volatile NodeSetModel[] models = [new(Namespaces.OpcUa, "1.05.03", new DateTime(2023, 12, 15, 0, 0, 0, DateTimeKind.Utc)) { File = "built in" }];
    private bool hasDefaultNamespace;

    /// <summary>Makes an address space that holds namespace 0.</summary>
    /// <param name="applicationUri">The server's application URI, which is namespace 1 (OPC 10000-5, 6.3.1).</param>
    /// <param name="clock">Source of server timestamps; the system's clock when null.</param>
    public AddressSpace(string applicationUri, TimeProvider? clock = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(applicationUri);
        namespaceUris = [Namespaces.OpcUa, applicationUri];
        Clock = clock ?? TimeProvider.System;
        DefaultNamespace = 1;
        Events = new EventHub(this);
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

    internal EventHub Events { get; }

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
                if (!hasDefaultNamespace)
                    DefaultNamespace = (ushort)index;
                hasDefaultNamespace = true;
            }

            return (ushort)index;
        }
    }

    /// <summary>Sets what holds for the nodes of a namespace that have no role permissions or restrictions of their own (OPC 10000-5, 6.3.14).</summary>
    public void SetDefaultAccess(ushort namespaceIndex, NodeAccess? access)
    {
        lock (gate)
        {
            var grown = new NodeAccess?[Math.Max(defaultAccess.Length, namespaceIndex + 1)];
            defaultAccess.CopyTo(grown, 0);
            grown[namespaceIndex] = access;
            defaultAccess = grown;
        }
    }

    internal NodeAccess? DefaultAccessOf(ushort namespaceIndex)
    {
        var all = defaultAccess;
        return namespaceIndex < all.Length ? all[namespaceIndex] : null;
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
            if (IsOneWay(type) || source.References.Count <= target.References.Count ? source.HasReference(type, target, false) : target.HasReference(type, source, true))
                return;
            AddForward_NeedsLock(source, type, target);
            AddInverse_NeedsLock(source, type, target);
        }
    }

    /// <summary>Removes a reference, seen from both ends.</summary>
    /// <returns>False when there is none.</returns>
    public bool RemoveReference(Node source, NodeId referenceType, Node target)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(target);
        var type = Get<ReferenceTypeNode>(referenceType);
        lock (gate)
        {
            target.RemoveReference_NeedsLock(type, source, true);
            return source.RemoveReference_NeedsLock(type, target, false);
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

    /// <summary>Models loaded from NodeSet2 files, and the one that is built in.</summary>
    public IReadOnlyList<NodeSetModel> Models => models;

    /// <summary>
    /// A type's instances and a rule's users number in the hundred thousands and nobody asks for them: OPC 10000-3, 7.13 and 7.12 let a
    /// server leave out these inverse references.
    /// </summary>
    internal static bool IsOneWay(ReferenceTypeNode type) =>
        type.Id.NamespaceIndex == 0 && type.Id.Numeric is ReferenceTypeIds.HasTypeDefinition or ReferenceTypeIds.HasModellingRule;

    internal static void AddForward_NeedsLock(Node source, ReferenceTypeNode type, Node target)
    {
        source.AddReference_NeedsLock(new Reference(type, target, false));
        if (type.Id.NamespaceIndex == 0 && type.Id.Numeric == ReferenceTypeIds.HasEncoding && source is DataTypeNode data && target.BrowseName.Name == "Default Binary")
            data.BinaryEncoding = target;
    }

    internal static void AddInverse_NeedsLock(Node source, ReferenceTypeNode type, Node target)
    {
        if (IsOneWay(type))
            return;
        if (type.Id.NamespaceIndex == 0 && type.Id.Numeric == ReferenceTypeIds.HasSubtype)
            target.Supertype = source;
        target.AddReference_NeedsLock(new Reference(type, source, true));
    }

    /// <summary>Makes everything read from NodeSet2 files visible, or nothing.</summary>
    /// <exception cref="InvalidOperationException">Somebody added namespaces or one of the nodes meanwhile.</exception>
    internal void Publish(NodeSetBuild build, IEnumerable<(Node Source, ReferenceTypeNode Type, Node Target, bool AtSource, bool AtTarget)> deferred, IEnumerable<NodeSetModel> loaded)
    {
        lock (gate)
        {
            if (namespaceUris.Length != build.UrisBefore || build.Nodes.Values.Any(p => !p.IsKnown && nodes.ContainsKey(p.Node.Id)))
                throw new InvalidOperationException("Namespaces or nodes were added while NodeSet2 files were read. Load the files again, one loader at a time.");
            namespaceUris = [.. build.Uris];
            foreach (var pending in build.Nodes.Values)
            {
                if (!pending.IsKnown)
                    nodes.TryAdd(pending.Node.Id, pending.Node);
            }

            foreach (var (source, type, target, atSource, atTarget) in deferred)
            {
                if (atSource && !source.HasReference(type, target, false))
                    AddForward_NeedsLock(source, type, target);
                if (atTarget && !target.HasReference(type, source, true))
                    AddInverse_NeedsLock(source, type, target);
            }

            models = [.. models, .. loaded];
        }

        foreach (var (index, access) in build.DefaultAccess)
            SetDefaultAccess(index, access);
    }

    /// <summary>Makes the nodes of an instance visible together with all references of theirs, or none of them.</summary>
    /// <exception cref="ArgumentException">A node id is taken.</exception>
    internal void Publish(IReadOnlyCollection<Node> made, IEnumerable<(Node Source, ReferenceTypeNode Type, Node Target)> links)
    {
        lock (gate)
        {
            if (made.FirstOrDefault(n => nodes.ContainsKey(n.Id)) is { } taken)
                throw new ArgumentException($"The address space already has a node {taken.Id} ('{nodes[taken.Id].BrowseName}'). Give '{taken.BrowseName}' another name or an explicit node id.");
            foreach (var node in made)
                nodes.TryAdd(node.Id, node);
            foreach (var (source, type, target) in links)
                AddReference(source, type, target);
        }
    }

    internal T Add<T>(T node)
        where T : Node =>
        nodes.TryAdd(node.Id, node)
            ? node
            : throw new ArgumentException($"The address space already has a node {node.Id} ('{nodes[node.Id].BrowseName}'). Give '{node.BrowseName}' another name or an explicit node id.");
}
