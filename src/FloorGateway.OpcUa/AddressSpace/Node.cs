using FloorGateway.OpcUa.Types;

namespace FloorGateway.OpcUa.AddressSpace;

/// <summary>
/// A node of the address space with the attributes common to all classes (OPC 10000-3, 5.2). Reading never locks;
/// references change under the address space's lock and are published to readers without one.
/// </summary>
public abstract class Node
{
    private Reference[] references = [];
    private int referenceCount;

    private protected Node(AddressSpace space, NodeId id, QualifiedName browseName)
    {
        Space = space;
        Id = id;
        BrowseName = browseName;
    }

    /// <summary>The address space this node lives in.</summary>
    public AddressSpace Space { get; }

    public NodeId Id { get; }

    public abstract NodeClass NodeClass { get; }

    public QualifiedName BrowseName { get; }

    /// <summary>The text shown to people; the browse name's text when none was given.</summary>
    public LocalizedText DisplayName
    {
        get => DisplayText is null ? new LocalizedText(BrowseName.Name) : new LocalizedText(DisplayText);
        set => DisplayText = value.Text == BrowseName.Name ? null : value.Text;
    }

    /// <summary>Null when the node has no Description attribute.</summary>
    public string? Description { get; set; }

    /// <summary>Role permissions and access restrictions of this node's own; null where the namespace's default decides.</summary>
    public NodeAccess? Access { get; set; }

    private string? DisplayText { get; set; }

    /// <summary>The references in both directions at this moment. A node removed meanwhile may still be among them.</summary>
    public ReferenceEnumerable References => new(this);

    /// <summary>The node this one is an instance of: target of its HasTypeDefinition reference, or null.</summary>
    public Node? TypeDefinition
    {
        get
        {
            foreach (var reference in References)
            {
                if (!reference.IsInverse && reference.Type.Id.Numeric == ReferenceTypeIds.HasTypeDefinition && reference.Type.Id.NamespaceIndex == 0)
                    return reference.Target;
            }

            return null;
        }
    }

    /// <summary>The node a HasSubtype reference names as this type's base, or null. Kept as a field: filters walk it for every reference.</summary>
    public Node? Supertype { get; internal set; }

    /// <summary>The child reached by a forward hierarchical reference with this browse name, or null.</summary>
    public Node? FindChild(QualifiedName name)
    {
        foreach (var reference in References)
        {
            if (!reference.IsInverse && reference.Type.IsHierarchical && reference.Target.BrowseName == name)
                return reference.Target;
        }

        return null;
    }

    /// <summary>The child with this name in the node's own namespace, else in namespace 0; null when there is none.</summary>
    public Node? FindChild(string name) =>
        FindChild(new QualifiedName(Id.NamespaceIndex, name)) ?? FindChild(new QualifiedName(0, name));

    /// <summary>True when this type is <paramref name="type"/> or derives from it.</summary>
    public bool IsSubtypeOf(Node type)
    {
        for (var node = this; node is not null; node = node.Supertype)
        {
            if (ReferenceEquals(node, type))
                return true;
        }

        return false;
    }

    public override string ToString() => $"{NodeClass} {BrowseName} ({Id})";

    internal void AddReference_NeedsLock(in Reference reference)
    {
        var items = references;
        var count = referenceCount;
        if (count == items.Length)
        {
            // Most nodes are leaves with two or three references: start small, then double.
            var grown = new Reference[count == 0 ? 2 : count * 2];
            items.CopyTo(grown, 0);
            grown[count] = reference;
            Volatile.Write(ref references, grown);
        }
        else
        {
            items[count] = reference;
        }

        Volatile.Write(ref referenceCount, count + 1);
    }

    /// <summary>Makes room for exactly this many references; for a node that is not published yet.</summary>
    internal void Reserve(int count) => references = new Reference[count];

    internal bool RemoveReference_NeedsLock(Node type, Node target, bool isInverse)
    {
        for (var i = 0; i < referenceCount; i++)
        {
            var r = references[i];
            if (r.Type != type || r.Target != target || r.IsInverse != isInverse)
                continue;

            // A fresh array of the same length: readers that hold the old one finish on it, and those that
            // pair the new array with the old count meet an empty slot, which they skip.
            var shrunk = new Reference[references.Length];
            Array.Copy(references, shrunk, i);
            Array.Copy(references, i + 1, shrunk, i, referenceCount - i - 1);
            Volatile.Write(ref references, shrunk);
            Volatile.Write(ref referenceCount, referenceCount - 1);
            return true;
        }

        return false;
    }

    internal bool HasReference(Node type, Node target, bool isInverse)
    {
        foreach (var r in References)
        {
            if (r.Type == type && r.Target == target && r.IsInverse == isInverse)
                return true;
        }

        return false;
    }

    /// <summary>Walks the references without allocating.</summary>
    public readonly struct ReferenceEnumerable
    {
        private readonly Reference[] items;
        private readonly int count;

        internal ReferenceEnumerable(Node node)
        {
            // The count first: the array read afterwards is at least as new, so it holds that many slots.
            count = Volatile.Read(ref node.referenceCount);
            items = Volatile.Read(ref node.references);
        }

        /// <summary>Upper bound of the references that will be seen.</summary>
        public int Count => count;

        public Enumerator GetEnumerator() => new(items, count);

        /// <summary>The reference at a position; its Type is null when it was removed meanwhile.</summary>
        internal Reference At(int index) => items[index];

        public struct Enumerator(Reference[] items, int count)
        {
            private int index = -1;

            public readonly Reference Current => items[index];

            public bool MoveNext()
            {
                while (++index < count)
                {
                    if (items[index].Type is not null)
                        return true;
                }

                return false;
            }
        }
    }
}
