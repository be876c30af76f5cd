using FloorGateway.OpcUa.Types;

namespace FloorGateway.OpcUa.AddressSpace;

/// <summary>What a user may do beyond reading where no role permissions say more, and what they are decided by where they do.</summary>
public readonly record struct UserRights(bool MayWrite, bool MayCall)
{
    public UserRoles Roles { get; init; } = UserRoles.Anonymous;

    /// <summary>The protection of the channel the session is on.</summary>
    public MessageSecurityMode Mode { get; init; } = MessageSecurityMode.None;
}

/// <summary>
/// Decides on access by roles and by the channel's protection (OPC 10000-3, 4.9). Role permissions of the node count, else those of its
/// namespace; where neither has any, everybody browses and reads, and <see cref="UserRights"/> says who writes and calls.
/// </summary>
public static class AccessCheck
{
    private const PermissionType Always =
        PermissionType.Browse | PermissionType.Read | PermissionType.ReadHistory | PermissionType.ReceiveEvents | PermissionType.ReadRolePermissions;

    /// <summary>The permissions the user has on a node.</summary>
    public static PermissionType Permissions(Node node, in UserRights rights)
    {
        ArgumentNullException.ThrowIfNull(node);
        if (RolesOf(node) is { } access)
            return access.Granted(rights.Roles);
        return Always
            | (rights.MayWrite ? PermissionType.Write | PermissionType.InsertHistory | PermissionType.ModifyHistory | PermissionType.DeleteHistory : 0)
            | (rights.MayCall ? PermissionType.Call : 0);
    }

    /// <summary>Checks the channel first, then the roles.</summary>
    /// <returns>Good, BadSecurityModeInsufficient or BadUserAccessDenied.</returns>
    public static StatusCode Check(Node node, PermissionType needed, in UserRights rights)
    {
        ArgumentNullException.ThrowIfNull(node);
        if (!ChannelSuffices(node, rights, needed == PermissionType.Browse))
            return StatusCodes.BadSecurityModeInsufficient;
        return (Permissions(node, rights) & needed) == needed ? StatusCodes.Good : StatusCodes.BadUserAccessDenied;
    }

    /// <summary>True when the user may know of the node.</summary>
    public static bool MayBrowse(Node node, in UserRights rights) => !Check(node, PermissionType.Browse, rights).IsBad;

    internal static NodeAccess? RolesOf(Node node) =>
        node.Access is { RolePermissions: not null } own ? own
        : node.Space.DefaultAccessOf(node.Id.NamespaceIndex) is { RolePermissions: not null } standard ? standard
        : null;

    internal static AccessRestrictionType? RestrictionsOf(Node node) =>
        node.Access?.Restrictions ?? node.Space.DefaultAccessOf(node.Id.NamespaceIndex)?.Restrictions;

    // SessionRequired is always met: there are no services without a session here.
    private static bool ChannelSuffices(Node node, in UserRights rights, bool browsing)
    {
        if (RestrictionsOf(node) is not { } restrictions || (browsing && (restrictions & AccessRestrictionType.ApplyRestrictionsToBrowse) == 0))
            return true;
        if ((restrictions & AccessRestrictionType.EncryptionRequired) != 0)
            return rights.Mode == MessageSecurityMode.SignAndEncrypt;
        return (restrictions & AccessRestrictionType.SigningRequired) == 0 || rights.Mode is MessageSecurityMode.Sign or MessageSecurityMode.SignAndEncrypt;
    }
}
