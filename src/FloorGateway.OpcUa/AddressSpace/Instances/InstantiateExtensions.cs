using FloorGateway.OpcUa.Types;
using Space = FloorGateway.OpcUa.AddressSpace.AddressSpace;

namespace FloorGateway.OpcUa.AddressSpace.Instances;

/// <summary>Makes instances of object and variable types (OPC 10000-3, 6.4).</summary>
public static class InstantiateExtensions
{
    /// <summary>
    /// Makes an instance with the mandatory children of the type, its supertypes and its interfaces, and the optional ones that are
    /// chosen, at every level. Placeholders are left out. Methods are copied, so each instance has its own handlers. Children get string
    /// ids made of the path.
    /// </summary>
    /// <param name="type">An ObjectType or VariableType.</param>
    /// <param name="parent">Where it goes.</param>
    /// <param name="name">Its browse name, in the parent's namespace; the default one below namespace 0.</param>
    /// <param name="options">Which children, ids and reference.</param>
    /// <exception cref="ArgumentException">The type is abstract, contains itself without end, or a node id is taken. Nothing was added.</exception>
    public static Instance Instantiate(this TypeNode type, Node parent, string name, InstantiateOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(type);
        ArgumentNullException.ThrowIfNull(parent);
        ArgumentException.ThrowIfNullOrEmpty(name);
        return InstanceBuilder.Build(type, parent, options?.BrowseName ?? parent.ChildName(name), options ?? new InstantiateOptions());
    }

    /// <inheritdoc cref="Instantiate(TypeNode, Node, string, InstantiateOptions?)"/>
    public static Instance Instantiate(this Space space, NodeId type, Node parent, string name, InstantiateOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(space);
        return space.Get<TypeNode>(type).Instantiate(parent, name, options);
    }

    /// <summary>Finds a type, or any node, of a namespace by its URI and browse name: <c>space.FindType("http://opcfoundation.org/UA/Machinery/", "MachineComponentsType")</c>.</summary>
    /// <exception cref="KeyNotFoundException">There is none.</exception>
    public static TypeNode FindType(this Space space, string namespaceUri, string name)
    {
        ArgumentNullException.ThrowIfNull(space);
        var index = space.NamespaceUris.ToList().IndexOf(namespaceUri);
        return space.Nodes.OfType<TypeNode>().FirstOrDefault(t => t.BrowseName.NamespaceIndex == index && t.BrowseName.Name == name)
            ?? throw new KeyNotFoundException($"There is no type '{name}' of {namespaceUri}. {(index < 0 ? "Load its NodeSet2 file first." : "Check the name.")}");
    }
}
