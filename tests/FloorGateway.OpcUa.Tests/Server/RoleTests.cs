using FloorGateway.OpcUa.AddressSpace;
using FloorGateway.OpcUa.Server;
using FloorGateway.OpcUa.Types;

namespace FloorGateway.OpcUa.Tests.Server;

public sealed class RoleTests
{
    private readonly ServerHarness server = new ServerHarness().WithSession();
    private readonly ObjectNode cell;
    private readonly VariableNode setpoint;
    private readonly MethodNode start;

    public RoleTests()
    {
        cell = server.Space.Objects.AddObject("Cell");
        setpoint = cell.AddVariable("Setpoint", BuiltInType.Double, value: Variant.From(1.0), writable: true);
        setpoint.KeepHistory(10);
        start = cell.AddMethod("Start", (_, _) => (StatusCodes.Good, []));
        var access = NodeAccess.For(
            (UserRoles.Observer, PermissionType.Browse | PermissionType.Read | PermissionType.ReadHistory),
            (UserRoles.Operator, PermissionType.Browse | PermissionType.Read | PermissionType.Write | PermissionType.Call),
            (UserRoles.SecurityAdmin, PermissionType.Browse | PermissionType.ReadRolePermissions));
        setpoint.Access = access;
        start.Access = access;
    }

    [Fact]
    public void Roles_have_their_objects_below_the_server_s_capabilities()
    {
        var roles = server.Space.Get<ObjectNode>(ObjectIds.Server_ServerCapabilities_RoleSet);
        foreach (var role in Enum.GetValues<UserRoles>().Where(r => r != UserRoles.None))
        {
            var node = server.Space.Get<ObjectNode>(WellKnownRoles.ToIds(role)[0]);
            Assert.Equal(role.ToString(), node.BrowseName.Name);
            Assert.Same(node, roles.FindChild(node.BrowseName));
            Assert.Equal(role, WellKnownRoles.FromId(node.Id));
        }
    }

    [Fact]
    public void Nobody_loses_rights_by_logging_in()
    {
        Assert.Equal(UserRoles.Anonymous, new UserIdentity(null, true, true).Roles);
        Assert.Equal(UserRoles.Anonymous | UserRoles.AuthenticatedUser | UserRoles.Engineer, new UserIdentity("e", true, true) { Roles = UserRoles.Engineer }.Roles);
    }

    [Theory]
    [InlineData(UserRoles.None, StatusCodes.BadUserAccessDenied, StatusCodes.BadUserAccessDenied, StatusCodes.BadUserAccessDenied, StatusCodes.BadUserAccessDenied, 0)]
    [InlineData(UserRoles.Observer, StatusCodes.Good, StatusCodes.BadUserAccessDenied, StatusCodes.BadUserAccessDenied, StatusCodes.Good, 2)]
    [InlineData(UserRoles.Operator, StatusCodes.Good, StatusCodes.Good, StatusCodes.Good, StatusCodes.BadUserAccessDenied, 2)]
    [InlineData(UserRoles.Operator | UserRoles.Observer, StatusCodes.Good, StatusCodes.Good, StatusCodes.Good, StatusCodes.Good, 2)]
    public void Each_service_asks_for_its_own_permission(UserRoles roles, uint read, uint write, uint call, uint history, int children)
    {
        Become(roles);
        Assert.Equal(read, Read(AttributeIds.Value).Status.Value);
        Assert.Equal(write, Write().Value);
        Assert.Equal(call, server.Call<CallResponse>(new CallRequest { MethodsToCall = [new CallMethodRequest { ObjectId = cell.Id, MethodId = start.Id }] }).Results[0].StatusCode.Value);
        Assert.Equal(read, server.Monitor(server.Subscribe().SubscriptionId, setpoint.Id).StatusCode.Value);
        Assert.Equal(history, server.Call<HistoryReadResponse>(new HistoryReadRequest
        {
            TimestampsToReturn = TimestampsToReturn.Both,
            HistoryReadDetails = new ExtensionObject(new ReadRawModifiedDetails { StartTime = new DateTime(2000, 1, 1, 0, 0, 0, DateTimeKind.Utc), NumValuesPerNode = 1 }),
            NodesToRead = [new HistoryReadValueId { NodeId = setpoint.Id }],
        }).Results[0].StatusCode.Value);
        Assert.Equal(children, Browse(cell.Id).References.Length);
        Assert.Equal(children == 0 ? StatusCodes.BadUserAccessDenied : StatusCodes.Good, Browse(setpoint.Id).StatusCode.Value);
        Assert.Equal(children == 0 ? StatusCodes.BadNoMatch : StatusCodes.Good, Translate("Setpoint").Value);
    }

    [Fact]
    public void User_attributes_follow_from_the_roles()
    {
        Become(UserRoles.Observer);
        Assert.Equal((uint)(AccessLevelType.CurrentRead | AccessLevelType.HistoryRead), Read(AttributeIds.UserAccessLevel).Value.AsUInt32());
        Assert.False(Read(AttributeIds.UserExecutable, start.Id).Value.AsBoolean());
        Become(UserRoles.Operator);
        Assert.Equal((uint)(AccessLevelType.CurrentRead | AccessLevelType.CurrentWrite), Read(AttributeIds.UserAccessLevel).Value.AsUInt32());
        Assert.True(Read(AttributeIds.UserExecutable, start.Id).Value.AsBoolean());
        Assert.Equal([(NodeId)ObjectIds.WellKnownRole_Operator], Read(AttributeIds.UserRolePermissions).Value.AsArray<ExtensionObject>()!.Select(e => e.As<RolePermissionType>()!.RoleId));
        Assert.Equal(StatusCodes.BadUserAccessDenied, Read(AttributeIds.RolePermissions).Status.Value);
        Become(UserRoles.SecurityAdmin);
        Assert.Equal(3, Read(AttributeIds.RolePermissions).Value.AsArray<ExtensionObject>()!.Length);
        Assert.Equal(StatusCodes.BadUserAccessDenied, Read(AttributeIds.Value).Status.Value);
    }

    [Fact]
    public void A_namespace_has_defaults_for_nodes_without_permissions_of_their_own()
    {
        server.Space.SetDefaultAccess(cell.Id.NamespaceIndex, NodeAccess.For((UserRoles.Engineer, PermissionType.Browse | PermissionType.Read)));
        Become(UserRoles.Operator);
        Assert.Equal(StatusCodes.BadUserAccessDenied, Browse(cell.Id).StatusCode.Value);
        Assert.Equal(StatusCodes.Good, Read(AttributeIds.Value).Status.Value);
        Become(UserRoles.Engineer);
        Assert.Equal(StatusCodes.Good, Browse(cell.Id).StatusCode.Value);
    }

    [Theory]
    [InlineData(AccessRestrictionType.SigningRequired, MessageSecurityMode.None, StatusCodes.BadSecurityModeInsufficient)]
    [InlineData(AccessRestrictionType.SigningRequired, MessageSecurityMode.Sign, StatusCodes.Good)]
    [InlineData(AccessRestrictionType.EncryptionRequired, MessageSecurityMode.Sign, StatusCodes.BadSecurityModeInsufficient)]
    [InlineData(AccessRestrictionType.EncryptionRequired, MessageSecurityMode.SignAndEncrypt, StatusCodes.Good)]
    [InlineData(AccessRestrictionType.SessionRequired, MessageSecurityMode.None, StatusCodes.Good)]
    public void Restrictions_ask_for_a_protected_channel(AccessRestrictionType restriction, MessageSecurityMode mode, uint expected)
    {
        setpoint.Access = new NodeAccess(null, restriction);
        var rights = new UserRights(true, true) { Mode = mode };
        Assert.Equal(expected, AccessCheck.Check(setpoint, PermissionType.Read, rights).Value);
        Assert.True(AccessCheck.MayBrowse(setpoint, rights));
        setpoint.Access = new NodeAccess(null, restriction | AccessRestrictionType.ApplyRestrictionsToBrowse);
        Assert.Equal(expected == StatusCodes.Good, AccessCheck.MayBrowse(setpoint, rights));
        if (mode == MessageSecurityMode.None)
            Assert.Equal(expected, Read(AttributeIds.Value).Status.Value);
    }

    [Fact]
    public void A_call_needs_the_permission_on_the_object_too_where_it_has_any()
    {
        Become(UserRoles.Operator);
        cell.Access = NodeAccess.For((UserRoles.Operator, PermissionType.Browse));
        var call = new CallRequest { MethodsToCall = [new CallMethodRequest { ObjectId = cell.Id, MethodId = start.Id }] };
        Assert.Equal(StatusCodes.BadUserAccessDenied, server.Call<CallResponse>(call).Results[0].StatusCode.Value);
        cell.Access = NodeAccess.For((UserRoles.Operator, PermissionType.Browse | PermissionType.Call));
        Assert.Equal(StatusCodes.Good, server.Call<CallResponse>(call).Results[0].StatusCode.Value);
    }

    [Fact]
    public void Without_permissions_the_user_s_rights_decide()
    {
        setpoint.Access = null;
        Assert.Equal(StatusCodes.Good, Write().Value);
        server.Dispatcher.Sessions.Peek(server.Token)!.User = new UserIdentity("viewer", false, false);
        Assert.Equal(StatusCodes.BadUserAccessDenied, Write().Value);
        Assert.Equal(StatusCodes.Good, Read(AttributeIds.Value).Status.Value);
    }

    private void Become(UserRoles roles) => server.Dispatcher.Sessions.Peek(server.Token)!.User = new UserIdentity("someone", false, false) { Roles = roles };

    private DataValue Read(uint attribute, NodeId? node = null) =>
        server.Call<ReadResponse>(new ReadRequest { NodesToRead = [new ReadValueId { NodeId = node ?? setpoint.Id, AttributeId = attribute }], TimestampsToReturn = TimestampsToReturn.Neither }).Results[0];

    private StatusCode Write() => server.Call<WriteResponse>(new WriteRequest
    {
        NodesToWrite = [new WriteValue { NodeId = setpoint.Id, AttributeId = AttributeIds.Value, Value = new DataValue(Variant.From(2.0)) }],
    }).Results[0];

    private BrowseResult Browse(NodeId node) => server.Call<BrowseResponse>(new BrowseRequest
    {
        NodesToBrowse = [new BrowseDescription { NodeId = node, ReferenceTypeId = ReferenceTypeIds.HierarchicalReferences, IncludeSubtypes = true, ResultMask = 63 }],
    }).Results[0];

    private StatusCode Translate(string name) => server.Call<TranslateBrowsePathsToNodeIdsResponse>(new TranslateBrowsePathsToNodeIdsRequest
    {
        BrowsePaths = [new BrowsePath { StartingNode = cell.Id, RelativePath = new RelativePath { Elements = [new RelativePathElement { ReferenceTypeId = ReferenceTypeIds.HierarchicalReferences, IncludeSubtypes = true, TargetName = new QualifiedName(2, name) }] } }],
    }).Results[0].StatusCode;
}
