using FloorGateway.OpcUa.Types;

namespace FloorGateway.OpcUa.AddressSpace;

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
            AttributeIds.RolePermissions => RolePermissionsFor(node, rights),
            AttributeIds.UserRolePermissions => AccessCheck.RolesOf(node) is { } access ? Variant.FromStructures<RolePermissionType>(access.EntriesOf(rights.Roles)) : Variant.Null,
            AttributeIds.AccessRestrictions => AccessCheck.RestrictionsOf(node) is { } restrictions ? Variant.From((ushort)restrictions) : Variant.Null,
            _ => node switch
            {
                VariableNode variable => OfVariable(variable, attributeId, rights),
                MethodNode method => OfMethod(method, attributeId, rights),
                ObjectNode instance => attributeId == AttributeIds.EventNotifier ? Variant.From(instance.EventNotifier) : Variant.Null,
                ViewNode view => OfView(view, attributeId),
                TypeNode type => OfType(type, attributeId),
                _ => Variant.Null,
            },
        };
        value = found;
        if (found.IsNull && attributeId == AttributeIds.RolePermissions && AccessCheck.RolesOf(node) is not null)
            return StatusCodes.BadUserAccessDenied;
        return found.IsNull ? StatusCodes.BadAttributeIdInvalid : StatusCodes.Good;
    }

    /// <summary>What this user may do with the variable's value.</summary>
    public static AccessLevelType UserAccessLevel(VariableNode variable, UserRights rights)
    {
        ArgumentNullException.ThrowIfNull(variable);
        var granted = AccessCheck.Permissions(variable, rights);
        var denied = AccessLevelType.None;
        if ((granted & PermissionType.Read) == 0)
            denied |= AccessLevelType.CurrentRead;
        if ((granted & PermissionType.Write) == 0)
            denied |= AccessLevelType.CurrentWrite | AccessLevelType.StatusWrite | AccessLevelType.TimestampWrite;
        if ((granted & PermissionType.ReadHistory) == 0)
            denied |= AccessLevelType.HistoryRead;
        if ((granted & (PermissionType.InsertHistory | PermissionType.ModifyHistory | PermissionType.DeleteHistory)) == 0)
            denied |= AccessLevelType.HistoryWrite;
        return variable.AccessLevel & ~denied;
    }

    /// <summary>True when this user may call the method now.</summary>
    public static bool UserExecutable(MethodNode method, UserRights rights)
    {
        ArgumentNullException.ThrowIfNull(method);
        return method is { Handler: not null, Executable: true } && (method.AnonymousMayCall || (AccessCheck.Permissions(method, rights) & PermissionType.Call) != 0);
    }

    // It takes a permission of its own to read them (10000-3, 8.55).
    private static Variant RolePermissionsFor(Node node, in UserRights rights) =>
        AccessCheck.RolesOf(node) is { } access && (access.Granted(rights.Roles) & PermissionType.ReadRolePermissions) != 0
            ? Variant.FromStructures<RolePermissionType>([.. access.RolePermissions!])
            : Variant.Null;

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

    private static Variant OfView(ViewNode node, uint attributeId) => attributeId switch
    {
        AttributeIds.ContainsNoLoops => Variant.From(node.ContainsNoLoops),
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
