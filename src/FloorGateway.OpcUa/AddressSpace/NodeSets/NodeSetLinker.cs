using FloorGateway.OpcUa.Types;
using Space = FloorGateway.OpcUa.AddressSpace.AddressSpace;

namespace FloorGateway.OpcUa.AddressSpace.NodeSets;

/// <summary>Ties the nodes of a build to each other, and notes what to add to nodes that are there already.</summary>
internal sealed class NodeSetLinker(NodeSetBuild build)
{
    /// <summary>Supertypes above one another; the deepest published chains have about ten.</summary>
    private const int MaxSupertypes = 100;

    /// <summary>References to add where one end or both are in the address space already.</summary>
    public List<(Node Source, ReferenceTypeNode Type, Node Target, bool AtSource, bool AtTarget)> Deferred { get; } = [];

    /// <summary>What was left out, by file.</summary>
    public List<(string File, string Text)> Findings { get; } = [];

    /// <exception cref="NodeSetException">A reference leads nowhere, a node lacks its type, or a value can't be read.</exception>
    public void Link()
    {
        var links = Resolve();
        Reserve(links);
        foreach (var (source, type, target) in links)
            Add(source, type, target);
        foreach (var pending in build.Nodes.Values)
            CheckSupertypes(pending);
        var values = new NodeSetValues(build);
        foreach (var pending in build.Nodes.Values)
        {
            if (!pending.IsKnown)
                Check(pending);
            if (pending is { Value: null, IsKnown: false, Node: VariableNode { } declaration } && IsDeclaration(declaration))
                declaration.SetValue(Variant.Null); // part of a type: there is nothing to wait for
            if (pending.Value is null || pending.IsKnown)
                continue;
            if (pending.Node is VariableNode variable)
                variable.SetValue(values.Read(pending));
            else if (pending.Node is VariableTypeNode type)
                type.Value = values.Read(pending);
        }

        foreach (var pending in build.Nodes.Values)
        {
            if (pending is { IsKnown: false, Node: MethodNode method })
                SetArguments(method, pending);
        }
    }

    private static bool IsDeclaration(Node node)
    {
        foreach (var reference in node.References)
        {
            if (!reference.IsInverse && reference.Type.Id == new NodeId(ReferenceTypeIds.HasModellingRule))
                return true;
        }

        return false;
    }

    private HashSet<(Node Source, ReferenceTypeNode Type, Node Target)> Resolve()
    {
        // A file may give a reference at both of its ends; it is one.
        var links = new HashSet<(Node, ReferenceTypeNode, Node)>(build.References.Count);
        foreach (var reference in build.References)
        {
            var owner = reference.Owner;
            if (build.Find(reference.Type) is not ReferenceTypeNode type)
                throw new NodeSetException(owner.File, reference.Line, owner.Node.Id.ToString(), $"The reference type {Named(reference.Type)} is not there. {Advice(reference.Type)}");
            if (build.Find(reference.Target) is not { } other)
            {
                if (IsDispensable(type))
                {
                    Findings.Add((owner.File, $"Line {reference.Line}: the {type.BrowseName.Name} reference of {owner.Node.Id} leads to {Named(reference.Target)}, which is not there; it was left out."));
                    continue;
                }

                throw new NodeSetException(owner.File, reference.Line, owner.Node.Id.ToString(), $"Its {type.BrowseName.Name} reference leads to {Named(reference.Target)}, which is not there. {Advice(reference.Target)}");
            }

            links.Add(reference.IsForward ? (owner.Node, type, other) : (other, type, owner.Node));
        }

        return links;
    }

    // Published specifications name dictionary entries that the dictionary's file does not have. The node is usable without.
    private static bool IsDispensable(ReferenceTypeNode type) =>
        type.Id is { NamespaceIndex: 0, Numeric: not (ReferenceTypeIds.HasTypeDefinition or ReferenceTypeIds.HasEncoding or ReferenceTypeIds.HasModellingRule or ReferenceTypeIds.HasInterface) }
        && !type.IsHierarchical;

    private void Reserve(HashSet<(Node Source, ReferenceTypeNode Type, Node Target)> links)
    {
        var counts = new Dictionary<Node, int>(build.Nodes.Count);
        foreach (var (source, type, target) in links)
        {
            Count(source);
            if (!Space.IsOneWay(type))
                Count(target);
        }

        foreach (var (node, count) in counts)
            node.Reserve(count);

        void Count(Node node)
        {
            if (IsNew(node))
                System.Runtime.InteropServices.CollectionsMarshal.GetValueRefOrAddDefault(counts, node, out _)++;
        }
    }

    // Whoever looks for a type's base walks up to the end, so there must be one before anything else is asked of the types.
    private static void CheckSupertypes(PendingNode pending)
    {
        var depth = 0;
        for (var type = pending.Node.Supertype; type is not null; type = type.Supertype)
        {
            if (++depth > MaxSupertypes)
                throw pending.Fail($"The type has more than {MaxSupertypes} supertypes above one another, or is its own. Correct its HasSubtype references.");
        }
    }

    private void Add(Node source, ReferenceTypeNode type, Node target)
    {
        if (!IsNew(target) && target is TypeNode && type.Id == ReferenceTypeIds.HasSubtype && target.Supertype != source)
        {
            // Another version of the standard may have moved a type; what is built in stays where it is.
            if (build.Nodes.TryGetValue(target.Id, out var known))
            {
                Findings.Add((known.File, $"Line {known.Line}: {target} keeps its supertype {target.Supertype?.BrowseName.Name}; the file has {source.BrowseName.Name}."));
                return;
            }

            throw new NodeSetException(build.Nodes.TryGetValue(source.Id, out var by) ? by.File : "nodeset", 0, source.Id.ToString(), $"It gives {target}, which is there already, another supertype. Take the HasSubtype reference out.");
        }

        var sourceIsNew = IsNew(source);
        var targetIsNew = IsNew(target);
        if (sourceIsNew)
            Space.AddForward_NeedsLock(source, type, target);
        if (targetIsNew)
            Space.AddInverse_NeedsLock(source, type, target);
        if (!sourceIsNew || !targetIsNew)
            Deferred.Add((source, type, target, !sourceIsNew, !targetIsNew));
    }

    private bool IsNew(Node node) => build.Nodes.TryGetValue(node.Id, out var pending) && !pending.IsKnown;

    private void Check(PendingNode pending)
    {
        switch (pending.Node)
        {
            case ObjectNode or VariableNode when pending.Node.TypeDefinition is null:
                throw pending.Fail("The node has no HasTypeDefinition reference. Add one.");
            case TypeNode { Supertype: null } type when !IsRoot(type):
                throw pending.Fail("The type has no supertype: no HasSubtype reference leads to it. Add one with IsForward=\"false\".");
            case VariableNode variable when build.FindDataType(variable.DataType) is null:
                throw pending.Fail($"Its data type {Named(variable.DataType)} is not there. {Advice(variable.DataType)}");
            case DataTypeNode { Fields: { } fields }:
                foreach (var field in fields)
                {
                    if (build.FindDataType(field.DataType) is null)
                        throw pending.Fail($"The data type {Named(field.DataType)} of its field '{field.Name}' is not there. {Advice(field.DataType)}");
                }

                try
                {
                    if (((DataTypeNode)pending.Node).LayoutFor(build.FindDataType)?.IsEndless() == true)
                        throw pending.Fail("A value of this structure would hold a value of the same structure, without end. Make the field an array or optional.");
                }
                catch (NotSupportedException e)
                {
                    throw pending.Fail(e.Message, e);
                }

                break;
        }
    }

    private static bool IsRoot(Node node) => node.Id.NamespaceIndex == 0 && node.Id.Numeric is
        ObjectTypeIds.BaseObjectType or VariableTypeIds.BaseVariableType or DataTypeIds.BaseDataType or ReferenceTypeIds.References;

    // A method of an instance may leave its arguments to the declaration in the type.
    private void SetArguments(MethodNode method, PendingNode pending)
    {
        method.Inputs = Arguments(method, "InputArguments") ?? (build.Find(pending.MethodDeclaration) is MethodNode d ? Arguments(d, "InputArguments") : null) ?? [];
        method.Outputs = Arguments(method, "OutputArguments") ?? (build.Find(pending.MethodDeclaration) is MethodNode e ? Arguments(e, "OutputArguments") : null) ?? [];
    }

    private static MethodArgument[]? Arguments(MethodNode method, string name) =>
        (method.FindChild(new QualifiedName(0, name)) as VariableNode)?.GetValue().Value.AsArray<ExtensionObject?>() is { } values
            ? [.. values.Select(v => v?.As<Argument>()).OfType<Argument>().Select(a => new MethodArgument(a.Name ?? "", a.DataType, a.ValueRank, a.Description.Text))]
            : null;

    private string Named(NodeId id) => id.NamespaceIndex < build.Uris.Count && id.NamespaceIndex != 0 ? $"{id} of {build.Uris[id.NamespaceIndex]}" : id.ToString();

    private string Advice(NodeId id) =>
        id.NamespaceIndex == 0 ? "It is newer than the namespace 0 that is built in, or one of its parts that were left out: load Opc.Ua.NodeSet2.xml together with this file."
        : build.Models.Exists(m => m.NamespaceIndex == id.NamespaceIndex) || build.Space.Models.Any(m => m.NamespaceIndex == id.NamespaceIndex)
            ? "The file of that namespace is loaded, but in a version without this node: get the version that this file asks for."
            : "Load the NodeSet2 file of that namespace before or together with this one.";
}
