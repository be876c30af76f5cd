using FloorGateway.OpcUa.Types;
using Space = FloorGateway.OpcUa.AddressSpace.AddressSpace;

namespace FloorGateway.OpcUa.AddressSpace.Instances;

/// <summary>
/// Makes the nodes of one instance. Each node has several declarations that say something about it: those of its path in the type, its
/// supertypes and interfaces, and the type it is itself an instance of. The most derived one has the last word, all of them have children.
/// </summary>
internal sealed class InstanceBuilder
{
    private readonly Space space;
    private readonly InstantiateOptions options;
    private readonly string typeName;
    private readonly List<Node> made = [];
    private readonly HashSet<NodeId> ids = [];
    private readonly List<(Node Source, ReferenceTypeNode Type, Node Target)> links = [];
    private readonly Dictionary<Node, Node> byDeclaration = [];
    private readonly List<(Node Declaration, Node Made)> origins = [];

    private InstanceBuilder(TypeNode type, InstantiateOptions options)
    {
        space = type.Space;
        this.options = options;
        typeName = type.BrowseName.Name ?? "";
    }

    public static Instance Build(TypeNode type, Node parent, QualifiedName name, InstantiateOptions options)
    {
        if (type is not (ObjectTypeNode or VariableTypeNode))
            throw new ArgumentException($"{type} has no instances: only object and variable types do.", nameof(type));
        if (type.IsAbstract)
            throw new ArgumentException($"{type.BrowseName.Name} is abstract. Instantiate one of its subtypes.", nameof(type));
        var builder = new InstanceBuilder(type, options);
        var root = builder.MakeRoot(type, parent, name);
        builder.AddChildren(root, "", [], type, 0);
        builder.CopyOtherReferences();
        builder.space.Publish(builder.made, builder.links);
        return new Instance(root);
    }

    private Node MakeRoot(TypeNode type, Node parent, QualifiedName name)
    {
        var id = options.NodeId ?? parent.ChildId(name.Name!);
        var root = type switch
        {
            VariableTypeNode variable => Variable(new VariableNode(space, id, name)
            {
                DataType = options.DataTypes.TryGetValue("", out var chosen) ? chosen : variable.DataType,
                ValueRank = variable.ValueRank,
                ArrayDimensions = variable.ArrayDimensions,
            }, variable.Value),
            _ => (Node)new ObjectNode(space, id, name),
        };
        if (options.DisplayName is not null)
            root.DisplayName = new LocalizedText(options.DisplayName);
        Add(root);
        links.Add((root, Reference(ReferenceTypeIds.HasTypeDefinition), type));
        var isFolder = parent.TypeDefinition?.Id == ObjectTypeIds.FolderType;
        links.Add((parent, Reference(options.Reference ?? (isFolder ? ReferenceTypeIds.Organizes : ReferenceTypeIds.HasComponent)), root));
        foreach (var implemented in options.Interfaces)
            links.Add((root, Reference(ReferenceTypeIds.HasInterface), space.Get<ObjectTypeNode>(implemented)));
        return root;
    }

    private void AddChildren(Node node, string path, List<Node> declarations, Node? type, int depth)
    {
        if (depth > options.MaxDepth)
            throw new ArgumentException($"{typeName} goes deeper than {options.MaxDepth} levels, at '{path}': a type contains itself by mandatory children. Raise MaxDepth if it is meant.");
        foreach (var (name, found) in Declared(declarations, type, depth == 0 ? options.Interfaces : []))
        {
            var childPath = path.Length == 0 ? name.Name! : $"{path}/{name.Name}";
            var rule = found.Select(f => RuleOf(f.Node)).First(r => r != 0);
            if (rule != ObjectIds.ModellingRule_Mandatory && !(rule == ObjectIds.ModellingRule_Optional && IsChosen(path, name)))
                continue;
            List<Node> own = [.. found.Select(f => f.Node)];
            var child = Copy(node, name, childPath, own);
            foreach (var declaration in own)
            {
                byDeclaration.TryAdd(declaration, child);
                origins.Add((declaration, child));
            }

            links.Add((node, found[0].Reference, child));
            Node? childType = null;
            if (child is not MethodNode)
            {
                childType = options.Types.TryGetValue(childPath, out var chosen) ? space.Get<TypeNode>(chosen) : own.Select(d => d.TypeDefinition).FirstOrDefault(t => t is not null);
                links.Add((child, Reference(ReferenceTypeIds.HasTypeDefinition), childType ?? throw new ArgumentException($"The declaration of '{childPath}' has no type. Correct the nodeset.")));
            }

            AddChildren(child, childPath, own, childType, depth + 1);
        }
    }

    // Children by name: first what the declarations of this very path have, then the type with its supertypes, then interfaces.
    private static OrderedDictionary<QualifiedName, List<(Node Node, ReferenceTypeNode Reference)>> Declared(List<Node> declarations, Node? type, IEnumerable<NodeId> interfaces)
    {
        var sources = new List<Node>(declarations);
        AddChain(type);
        foreach (var implemented in interfaces)
            AddChain(type?.Space.Find(implemented));
        for (var i = 0; i < sources.Count; i++)
        {
            foreach (var reference in sources[i].References)
            {
                if (!reference.IsInverse && reference.Type.Id == ReferenceTypeIds.HasInterface)
                    AddChain(reference.Target);
            }
        }

        var children = new OrderedDictionary<QualifiedName, List<(Node, ReferenceTypeNode)>>();
        foreach (var source in sources)
        {
            foreach (var reference in source.References)
            {
                if (reference.IsInverse || !reference.Type.IsHierarchical || reference.Target is not (ObjectNode or VariableNode or MethodNode) || RuleOf(reference.Target) == 0)
                    continue;
                if (!children.TryGetValue(reference.Target.BrowseName, out var list))
                    children.Add(reference.Target.BrowseName, list = []);
                list.Add((reference.Target, reference.Type));
            }
        }

        return children;

        void AddChain(Node? from)
        {
            for (; from is not null && !sources.Contains(from); from = from.Supertype)
                sources.Add(from);
        }
    }

    private Node Copy(Node parent, QualifiedName name, string path, List<Node> declarations)
    {
        var id = parent.ChildId(name.Name!);
        if (ids.Contains(id) || space.Find(id) is not null)
            id = parent.ChildId($"{name.NamespaceIndex}:{name.Name}"); // the same name in another namespace
        var first = declarations[0];
        Node node = first switch
        {
            ObjectNode o => new ObjectNode(space, id, name) { EventNotifier = o.EventNotifier },
            MethodNode m => new MethodNode(space, id, name)
            {
                Inputs = declarations.OfType<MethodNode>().FirstOrDefault(d => d.Inputs.Count != 0)?.Inputs ?? m.Inputs,
                Outputs = declarations.OfType<MethodNode>().FirstOrDefault(d => d.Outputs.Count != 0)?.Outputs ?? m.Outputs,
            },
            _ => CopyVariable((VariableNode)first, id, name, path, declarations),
        };
        node.DisplayName = first.DisplayName;
        node.Description = declarations.Select(d => d.Description).FirstOrDefault(d => d is not null);
        node.Access = declarations.Select(d => d.Access).FirstOrDefault(a => a is not null);
        Add(node);
        return node;
    }

    private VariableNode CopyVariable(VariableNode first, NodeId id, QualifiedName name, string path, List<Node> declarations)
    {
        var node = new VariableNode(space, id, name)
        {
            DataType = options.DataTypes.TryGetValue(path, out var chosen) ? chosen : first.DataType,
            ValueRank = first.ValueRank,
            ArrayDimensions = first.ArrayDimensions,
            AccessLevel = first.AccessLevel & ~(AccessLevelType.HistoryRead | AccessLevelType.HistoryWrite), // until somebody keeps one
            MinimumSamplingInterval = first.MinimumSamplingInterval,
        };
        var values = declarations.OfType<VariableNode>().Select(d => d.GetValue()).Where(v => v.Status.IsGood && !v.Value.IsNull);
        return Variable(node, values.Select(v => (Variant?)v.Value).FirstOrDefault());
    }

    // References that are no part of the hierarchy lead to the copy where their target was copied, else to the target itself.
    private void CopyOtherReferences()
    {
        foreach (var (declaration, copy) in origins)
        {
            foreach (var reference in declaration.References)
            {
                var isOfDeclarations = reference.Type.Id is { NamespaceIndex: 0, Numeric: ReferenceTypeIds.HasTypeDefinition or ReferenceTypeIds.HasModellingRule or ReferenceTypeIds.HasInterface };
                if (reference.IsInverse || reference.Type.IsHierarchical || isOfDeclarations)
                    continue;
                if (byDeclaration.TryGetValue(reference.Target, out var other))
                    links.Add((copy, reference.Type, other));
                else if (RuleOf(reference.Target) == 0)
                    links.Add((copy, reference.Type, reference.Target));
            }
        }
    }

    private bool IsChosen(string parentPath, QualifiedName name)
    {
        if (options.AllOptional)
            return true;
        foreach (var wanted in options.Optional)
        {
            // A chosen path takes the optional nodes above it along.
            var elements = wanted.Split('/');
            var above = parentPath.Length == 0 ? [] : parentPath.Split('/');
            if (elements.Length > above.Length
                && above.Zip(elements).All(pair => pair.First == pair.Second || pair.Second.EndsWith(":" + pair.First, StringComparison.Ordinal))
                && BrowsePaths.Matches(elements[above.Length], name))
            {
                return true;
            }
        }

        return false;
    }

    private void Add(Node node)
    {
        if (!ids.Add(node.Id) || space.Find(node.Id) is not null)
            throw new ArgumentException($"The node id {node.Id} for '{node.BrowseName}' is taken. Give the instance another name or a NodeId of its own.");
        if (made.Count >= options.MaxNodes)
            throw new ArgumentException($"An instance of {typeName} would have more than {options.MaxNodes} nodes. Choose fewer optional children, or raise MaxNodes.");
        made.Add(node);
    }

    private ReferenceTypeNode Reference(NodeId id) => space.Get<ReferenceTypeNode>(id);

    private static VariableNode Variable(VariableNode node, Variant? value)
    {
        if (value is { IsNull: false } initial)
            node.SetValue(initial);
        return node;
    }

    /// <summary>The id of the node's modelling rule; 0 when it is no instance declaration.</summary>
    private static uint RuleOf(Node node)
    {
        foreach (var reference in node.References)
        {
            if (!reference.IsInverse && reference.Type.Id is { NamespaceIndex: 0, Numeric: ReferenceTypeIds.HasModellingRule } && reference.Target.Id.NamespaceIndex == 0)
                return reference.Target.Id.Numeric;
        }

        return 0;
    }
}
