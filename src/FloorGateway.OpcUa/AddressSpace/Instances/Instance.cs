using FloorGateway.OpcUa.Types;

namespace FloorGateway.OpcUa.AddressSpace.Instances;

/// <summary>An instance of a type, and the way to what lies below it: bind its variables and methods through this.</summary>
public sealed class Instance
{
    /// <summary>A handle to any node: one made by hand, or found.</summary>
    public Instance(Node node) => Node = node;

    public Node Node { get; }

    public AddressSpace Space => Node.Space;

    /// <summary>The node at a path such as <c>Identification/SerialNumber</c>, or null.</summary>
    public Node? Find(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        var at = Node;
        foreach (var name in path.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            if (BrowsePaths.FindChild(at, name) is not { } next)
                return null;
            at = next;
        }

        return at;
    }

    /// <exception cref="KeyNotFoundException">There is no variable at the path; the message lists what is there.</exception>
    public VariableNode Variable(string path) => Get<VariableNode>(path);

    /// <exception cref="KeyNotFoundException">There is no object at the path; the message lists what is there.</exception>
    public ObjectNode Object(string path) => Get<ObjectNode>(path);

    /// <exception cref="KeyNotFoundException">There is no method at the path; the message lists what is there.</exception>
    public MethodNode Method(string path) => Get<MethodNode>(path);

    /// <summary>The part of the instance below a path.</summary>
    /// <exception cref="KeyNotFoundException">There is nothing at the path; the message lists what is there.</exception>
    public Instance At(string path) => new(Get<Node>(path));

    /// <summary>Sets what a method does.</summary>
    /// <exception cref="KeyNotFoundException">There is no method at the path.</exception>
    public Instance Bind(string path, MethodHandler handler)
    {
        Method(path).Handler = handler;
        return this;
    }

    /// <summary>Lets clients write a variable.</summary>
    /// <param name="path">The variable.</param>
    /// <param name="handler">Decides on each write; null takes every value of the right type.</param>
    /// <exception cref="KeyNotFoundException">There is no variable at the path.</exception>
    public Instance AllowWrite(string path, WriteHandler? handler = null)
    {
        var variable = Variable(path);
        variable.OnWrite = handler;
        variable.AccessLevel |= AccessLevelType.CurrentWrite;
        return this;
    }

    /// <summary>Sets a variable's value.</summary>
    /// <exception cref="KeyNotFoundException">There is no variable at the path.</exception>
    public Instance Set(string path, Variant value)
    {
        Variable(path).SetValue(value);
        return this;
    }

    /// <summary>Adds an add-in (OPC 10000-3, 7.21): an object of its own type under the name that the type prescribes.</summary>
    /// <param name="type">The add-in's object type.</param>
    /// <param name="name">Its name where the type prescribes none.</param>
    /// <param name="options">How it is made.</param>
    /// <exception cref="ArgumentException">The type prescribes no name and none is given, or it can't be instantiated.</exception>
    public Instance AddAddIn(NodeId type, string? name = null, InstantiateOptions? options = null)
    {
        var definition = Space.Get<ObjectTypeNode>(type);
        QualifiedName? prescribed = null;
        for (Node? at = definition; at is not null && prescribed is null; at = at.Supertype)
        {
            if ((at.FindChild(new QualifiedName("DefaultInstanceBrowseName")) as VariableNode)?.GetValue().Value.Boxed is QualifiedName given)
                prescribed = given;
        }

        var browseName = name is null ? prescribed : Node.ChildName(name);
        if (browseName is not { Name: not null } chosen)
            throw new ArgumentException($"{definition.BrowseName.Name} prescribes no name for its instances. Give one.", nameof(name));
        return InstanceBuilder.Build(definition, Node, chosen, (options ?? new InstantiateOptions()) with { Reference = options?.Reference ?? ReferenceTypeIds.HasAddIn });
    }

    private T Get<T>(string path)
        where T : Node
    {
        if (Find(path) is T found)
            return found;
        var parent = path.LastIndexOf('/') is > 0 and var slash ? Find(path[..slash]) : Node;
        var there = parent is null ? [] : BrowsePaths.Children(parent).Select(c => c.BrowseName.Name).Distinct().ToArray();
        throw new KeyNotFoundException(
            $"'{Node.BrowseName.Name}' has no {typeof(T).Name.Replace("Node", "", StringComparison.Ordinal)} at '{path}'. {(there.Length == 0 ? "Nothing is" : "There is " + string.Join(", ", there))} at that level; name optional children in InstantiateOptions.Optional.");
    }
}

/// <summary>Names without a namespace index match in any namespace.</summary>
internal static class BrowsePaths
{
    public static bool Matches(string element, QualifiedName name) =>
        element == name.Name || (element.Contains(':', StringComparison.Ordinal) && element == name.ToString());

    public static Node? FindChild(Node node, string element) => Children(node).FirstOrDefault(child => Matches(element, child.BrowseName));

    public static IEnumerable<Node> Children(Node node)
    {
        for (var i = 0; i < node.References.Count; i++)
        {
            var reference = node.References.At(i);
            if (reference.Type is not null && !reference.IsInverse && reference.Type.IsHierarchical)
                yield return reference.Target;
        }
    }
}
