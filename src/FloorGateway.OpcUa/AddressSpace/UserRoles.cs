using FloorGateway.OpcUa.Types;

namespace FloorGateway.OpcUa.AddressSpace;

/// <summary>
/// The well-known roles (OPC 10000-18, 4.2) as a set. A set of bits, because the permissions of every node a client browses are
/// looked up by it. Other roles that a nodeset names are shown to clients but nobody has them.
/// </summary>
[Flags]
public enum UserRoles
{
    None = 0,

    /// <summary>Every session has it, also those with a name: nobody loses rights by logging in.</summary>
    Anonymous = 1,

    /// <summary>Whoever logged in.</summary>
    AuthenticatedUser = 2,

    /// <summary>Browses, reads live values and history, gets events.</summary>
    Observer = 4,

    /// <summary>Also writes some live values and calls some methods.</summary>
    Operator = 8,

    /// <summary>Also writes configuration.</summary>
    Engineer = 16,

    Supervisor = 32,

    /// <summary>Changes what is not about security.</summary>
    ConfigureAdmin = 64,

    /// <summary>Changes what is about security.</summary>
    SecurityAdmin = 128,
}

/// <summary>The node ids of the well-known roles.</summary>
public static class WellKnownRoles
{
    private static readonly (uint Id, UserRoles Role)[] All =
    [
        (ObjectIds.WellKnownRole_Anonymous, UserRoles.Anonymous),
        (ObjectIds.WellKnownRole_AuthenticatedUser, UserRoles.AuthenticatedUser),
        (ObjectIds.WellKnownRole_Observer, UserRoles.Observer),
        (ObjectIds.WellKnownRole_Operator, UserRoles.Operator),
        (ObjectIds.WellKnownRole_Engineer, UserRoles.Engineer),
        (ObjectIds.WellKnownRole_Supervisor, UserRoles.Supervisor),
        (ObjectIds.WellKnownRole_ConfigureAdmin, UserRoles.ConfigureAdmin),
        (ObjectIds.WellKnownRole_SecurityAdmin, UserRoles.SecurityAdmin),
    ];

    /// <summary>The role behind a node id; None when it is no well-known one.</summary>
    public static UserRoles FromId(NodeId id)
    {
        foreach (var (known, role) in All)
        {
            if (id == known)
                return role;
        }

        return UserRoles.None;
    }

    /// <summary>The node ids of a set of roles.</summary>
    public static NodeId[] ToIds(UserRoles roles) => [.. All.Where(r => (roles & r.Role) != 0).Select(r => new NodeId(r.Id))];
}
