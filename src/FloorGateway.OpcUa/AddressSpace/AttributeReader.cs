using FloorGateway.OpcUa.Types;

namespace FloorGateway.OpcUa.AddressSpace;

/// <summary>What a user may do beyond reading.</summary>
public readonly record struct UserRights(bool MayWrite, bool MayCall);

/// <summary>Reads any attribute of any node (OPC 10000-3, 5.2 to 5.8).</summary>
public static class AttributeReader
{
    /// <summary>True for the ids of the attributes the standard defines.</summary>
    public static bool IsKnown(uint attributeId) => attributeId is >= AttributeIds.NodeId and <= AttributeIds.AccessLevelEx;

    /// <summary>Reads an attribute other than Value.</summary>
    /// <returns>BadAttributeIdInvalid when the node's class has no such attribute or this node lacks it.</returns>
    public static StatusCode Read(Node node, uint attributeId, UserRights rights, out Variant value)
    {
        ArgumentNullException.ThrowIfNull(node);
        var found = attributeId switch
        {
            AttributeIds.NodeId => Variant.From(node.Id),
            AttributeIds.NodeClass => Variant.From((int)node.NodeClass),
            AttributeIds.BrowseName => Variant.From(node.BrowseName),
            AttributeIds.DisplayName => Variant.From(node.DisplayName),
            AttributeIds.Description => node.Description is null ? Variant.Null : Variant.From(new LocalizedText(node.Description)),
            AttributeIds.WriteMask or AttributeIds.UserWriteMask => Variant.From(0u),
            _ => node switch
            {
                VariableNode variable => OfVariable(variable, attributeId, rights),
                MethodNode method => OfMethod(method, attributeId, rights),
                ObjectNode instance => attributeId == AttributeIds.EventNotifier ? Variant.From(instance.EventNotifier) : Variant.Null,
                ViewNode => OfView(attributeId),
                TypeNode type => OfType(type, attributeId),
                _ => Variant.Null,
            },
        };
        value = found;
        return found.IsNull ? StatusCodes.BadAttributeIdInvalid : StatusCodes.Good;
    }

    /// <summary>What this user may do with the variable's value.</summary>
    public static AccessLevelType UserAccessLevel(VariableNode variable, UserRights rights)
    {
        ArgumentNullException.ThrowIfNull(variable);
        return rights.MayWrite ? variable.AccessLevel : variable.AccessLevel & ~(AccessLevelType.CurrentWrite | AccessLevelType.StatusWrite | AccessLevelType.TimestampWrite | AccessLevelType.HistoryWrite);
    }

    /// <summary>True when this user may call the method now.</summary>
    public static bool UserExecutable(MethodNode method, UserRights rights)
    {
        ArgumentNullException.ThrowIfNull(method);
        return method is { Handler: not null, Executable: true } && (rights.MayCall || method.AnonymousMayCall);
    }

    private static Variant OfVariable(VariableNode node, uint attributeId, UserRights rights) => attributeId switch
    {
        AttributeIds.DataType => Variant.From(node.DataType),
        AttributeIds.ValueRank => Variant.From(node.ValueRank),
        AttributeIds.ArrayDimensions => node.ArrayDimensions is null ? Variant.Null : Variant.From(node.ArrayDimensions),
        AttributeIds.AccessLevel => Variant.From((byte)node.AccessLevel),
        AttributeIds.UserAccessLevel => Variant.From((byte)UserAccessLevel(node, rights)),
        AttributeIds.MinimumSamplingInterval => Variant.From(node.MinimumSamplingInterval),
        AttributeIds.Historizing => Variant.From(node.Historizing),
        AttributeIds.AccessLevelEx => Variant.From((uint)node.AccessLevel),
        _ => Variant.Null,
    };

    private static Variant OfMethod(MethodNode node, uint attributeId, UserRights rights) => attributeId switch
    {
        AttributeIds.Executable => Variant.From(node is { Handler: not null, Executable: true }),
        AttributeIds.UserExecutable => Variant.From(UserExecutable(node, rights)),
        _ => Variant.Null,
    };

    private static Variant OfView(uint attributeId) => attributeId switch
    {
        AttributeIds.ContainsNoLoops => Variant.From(true),
        AttributeIds.EventNotifier => Variant.From((byte)0),
        _ => Variant.Null,
    };

    private static Variant OfType(TypeNode node, uint attributeId) => (attributeId, node) switch
    {
        (AttributeIds.IsAbstract, _) => Variant.From(node.IsAbstract),
        (AttributeIds.DataType, VariableTypeNode type) => Variant.From(type.DataType),
        (AttributeIds.ValueRank, VariableTypeNode type) => Variant.From(type.ValueRank),
        (AttributeIds.ArrayDimensions, VariableTypeNode { ArrayDimensions: { } dimensions }) => Variant.From(dimensions),
        (AttributeIds.Symmetric, ReferenceTypeNode type) => Variant.From(type.Symmetric),
        (AttributeIds.InverseName, ReferenceTypeNode { InverseName: { } name }) => Variant.From(new LocalizedText(name)),
        (AttributeIds.DataTypeDefinition, DataTypeNode { Definition: { } definition }) => Variant.From(definition),
        _ => Variant.Null,
    };
}
