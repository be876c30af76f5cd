using FloorGateway.OpcUa.Types;

namespace FloorGateway.OpcUa.AddressSpace;

/// <summary>
/// Who may do what with a node, and on which channels (OPC 10000-3, 5.2.9 and 5.2.11). Immutable, so many nodes share one.
/// </summary>
public sealed class NodeAccess
{
    private readonly RolePermissionType[]? rolePermissions;

    /// <param name="rolePermissions">What each role may do; null when the namespace's default, or without one the user's rights, decide.</param>
    /// <param name="restrictions">What the channel must have; null for the namespace's default.</param>
    public NodeAccess(IEnumerable<(NodeId Role, PermissionType Permissions)>? rolePermissions, AccessRestrictionType? restrictions = null)
    {
        this.rolePermissions = rolePermissions?.Select(p => new RolePermissionType { RoleId = p.Role, Permissions = p.Permissions }).ToArray();
        Restrictions = restrictions;
    }

    /// <summary>Permissions of well-known roles.</summary>
    public static NodeAccess For(params ReadOnlySpan<(UserRoles Roles, PermissionType Permissions)> permissions)
    {
        var list = new List<(NodeId, PermissionType)>();
        foreach (var (roles, granted) in permissions)
            list.AddRange(WellKnownRoles.ToIds(roles).Select(id => (id, granted)));
        return new NodeAccess(list);
    }

    public IReadOnlyList<RolePermissionType>? RolePermissions => rolePermissions;

    public AccessRestrictionType? Restrictions { get; }

    /// <summary>What a user with these roles may do: each role adds its permissions. Meaningless without <see cref="RolePermissions"/>.</summary>
    public PermissionType Granted(UserRoles roles)
    {
        var granted = PermissionType.None;
        foreach (var entry in rolePermissions ?? [])
        {
            if ((WellKnownRoles.FromId(entry.RoleId) & roles) != 0)
                granted |= entry.Permissions;
        }

        return granted;
    }

    internal RolePermissionType[] EntriesOf(UserRoles roles) =>
        [.. (rolePermissions ?? []).Where(entry => (WellKnownRoles.FromId(entry.RoleId) & roles) != 0)];
}
