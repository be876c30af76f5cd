using FloorGateway.OpcUa.AddressSpace;
using FloorGateway.OpcUa.Server;
using FloorGateway.OpcUa.Types;

namespace FloorGateway.OpcUa.Tests.Server;

public sealed class ViewServiceTests
{
    private readonly ServerHarness server = new ServerHarness().WithSession();

    [Fact]
    public void The_root_organizes_objects_types_and_views()
    {
        var references = Browse(ObjectIds.RootFolder, ReferenceTypeIds.HierarchicalReferences).References;
        Assert.Equal(["Objects", "Types", "Views"], references.Select(r => r.BrowseName.Name));
        Assert.All(references, r => Assert.Equal(new NodeId(ObjectTypeIds.FolderType), r.TypeDefinition.NodeId));
        Assert.All(references, r => Assert.True(r.IsForward));
    }

    [Fact]
    public void Subtypes_of_the_reference_type_count_only_when_asked_for()
    {
        Assert.NotEmpty(Browse(ObjectIds.Server, ReferenceTypeIds.HasChild).References);
        Assert.Empty(Browse(ObjectIds.Server, ReferenceTypeIds.HasChild, subtypes: false).References);
    }

    [Fact]
    public void Classes_and_fields_are_masked()
    {
        var references = Browse(ObjectIds.Server, ReferenceTypeIds.Aggregates, classes: (uint)NodeClass.Method, result: (uint)BrowseResultMask.BrowseName).References;
        Assert.Equal(["GetMonitoredItems", "ResendData"], references.Select(r => r.BrowseName.Name));
        Assert.All(references, r => Assert.True(r.ReferenceTypeId.IsNull && r.DisplayName.Text is null && r.NodeClass == NodeClass.Unspecified));
    }

    [Fact]
    public void The_inverse_direction_leads_to_the_parent() =>
        Assert.Equal("Objects", Assert.Single(Browse(ObjectIds.Server, ReferenceTypeIds.HierarchicalReferences, BrowseDirection.Inverse).References).BrowseName.Name);

    [Fact]
    public void Long_results_come_in_parts_none_lost_none_twice()
    {
        var folder = server.Space.Objects.AddFolder("Many");
        for (var i = 0; i < 25; i++)
            folder.AddVariable($"v{i}", BuiltInType.Double);
        var result = Browse(folder.Id, ReferenceTypeIds.Organizes, max: 10);
        var names = result.References.Select(r => r.BrowseName.Name).ToList();
        Assert.Equal(10, names.Count);
        while (result.ContinuationPoint is { Length: > 0 } point)
        {
            result = server.Call<BrowseNextResponse>(new BrowseNextRequest { ContinuationPoints = [point] }).Results[0];
            names.AddRange(result.References.Select(r => r.BrowseName.Name));
        }

        Assert.Equal(Enumerable.Range(0, 25).Select(i => $"v{i}"), names);
    }

    [Fact]
    public void A_continuation_point_serves_once_and_can_be_released()
    {
        var result = Browse(ObjectIds.Server, ReferenceTypeIds.Aggregates, max: 1);
        Assert.Equal(StatusCodes.Good, Next(result.ContinuationPoint, release: true).StatusCode.Value);
        Assert.Equal(StatusCodes.BadContinuationPointInvalid, Next(result.ContinuationPoint).StatusCode.Value);
        Assert.Equal(StatusCodes.BadContinuationPointInvalid, Next([1, 2, 3]).StatusCode.Value);
    }

    [Fact]
    public void One_request_gets_no_more_than_its_share_and_all_the_rest_later()
    {
        var small = new ServerHarness(o => o with { Limits = new ServerLimits { MaxReferencesPerBrowse = 5, MaxBrowseContinuationPoints = 2 } }).WithSession();
        var nodes = new NodeId[] { ObjectIds.ServerType_ServerCapabilities, ObjectIds.Server, ObjectIds.Server, ObjectIds.Server };
        var results = small.Call<BrowseResponse>(new BrowseRequest
        {
            NodesToBrowse = [.. nodes.Select(n => new BrowseDescription { NodeId = n, ReferenceTypeId = ReferenceTypeIds.Aggregates, IncludeSubtypes = true, ResultMask = 63 })],
        }).Results;
        Assert.Equal([5, 0, 0, 0], results.Select(r => r.References.Length));
        Assert.Equal([StatusCodes.Good, StatusCodes.Good, StatusCodes.BadNoContinuationPoints, StatusCodes.BadNoContinuationPoints], results.Select(r => r.StatusCode.Value));
        var more = small.Call<BrowseNextResponse>(new BrowseNextRequest { ContinuationPoints = [results[1].ContinuationPoint] }).Results[0];
        Assert.Equal(5, more.References.Length);
    }

    [Fact]
    public void Mistakes_are_named()
    {
        Assert.Equal(StatusCodes.BadNodeIdUnknown, Browse(new NodeId(9, "x"), 0).StatusCode.Value);
        Assert.Equal(StatusCodes.BadReferenceTypeIdInvalid, Browse(ObjectIds.Server, ObjectIds.Server).StatusCode.Value);
        Assert.Equal(StatusCodes.BadBrowseDirectionInvalid, Browse(ObjectIds.Server, 0, (BrowseDirection)7).StatusCode.Value);
        Assert.Equal((StatusCode)StatusCodes.BadNothingToDo, server.Fault(new BrowseRequest()));
        Assert.Equal((StatusCode)StatusCodes.BadViewIdUnknown, server.Fault(new BrowseRequest { View = new ViewDescription { ViewId = new NodeId(2, "v") }, NodesToBrowse = [new BrowseDescription()] }));
    }

    [Fact]
    public void Paths_are_followed()
    {
        var result = Translate(ObjectIds.ObjectsFolder, "Server", "ServerStatus", "CurrentTime");
        Assert.Equal(new NodeId(VariableIds.Server_ServerStatus_CurrentTime), Assert.Single(result.Targets).TargetId.NodeId);
        Assert.Equal(uint.MaxValue, result.Targets[0].RemainingPathIndex);
        Assert.Equal(StatusCodes.BadNoMatch, Translate(ObjectIds.ObjectsFolder, "Server", "Nothing").StatusCode.Value);
        Assert.Equal(StatusCodes.BadNothingToDo, Translate(ObjectIds.ObjectsFolder).StatusCode.Value);
        Assert.Equal(StatusCodes.BadBrowseNameInvalid, Translate(ObjectIds.ObjectsFolder, "", "ServerStatus").StatusCode.Value);
        Assert.Contains(Translate(ObjectIds.ObjectsFolder, "Server", "").Targets, t => t.TargetId.NodeId == ObjectIds.Server_ServerCapabilities);
        Assert.Equal(StatusCodes.BadNodeIdUnknown, Translate(new NodeId(7, "x"), "Server").StatusCode.Value);
    }

    [Fact]
    public void Registered_nodes_keep_their_ids()
    {
        var ids = new NodeId[] { ObjectIds.Server, new(2, "x") };
        Assert.Equal(ids, server.Call<RegisterNodesResponse>(new RegisterNodesRequest { NodesToRegister = ids }).RegisteredNodeIds);
        server.Call<UnregisterNodesResponse>(new UnregisterNodesRequest { NodesToUnregister = ids });
    }

    [Fact]
    public void Services_that_are_not_there_are_refused() =>
        Assert.Equal((StatusCode)StatusCodes.BadServiceUnsupported, server.Fault(new QueryFirstRequest()));

    private BrowseResult Browse(NodeId node, NodeId type, BrowseDirection direction = BrowseDirection.Forward, bool subtypes = true, uint classes = 0, uint result = 63, uint max = 0) =>
        server.Call<BrowseResponse>(new BrowseRequest
        {
            RequestedMaxReferencesPerNode = max,
            NodesToBrowse = [new BrowseDescription { NodeId = node, ReferenceTypeId = type, BrowseDirection = direction, IncludeSubtypes = subtypes, NodeClassMask = classes, ResultMask = result }],
        }).Results[0];

    private BrowseResult Next(byte[]? point, bool release = false) =>
        server.Call<BrowseNextResponse>(new BrowseNextRequest { ContinuationPoints = [point], ReleaseContinuationPoints = release }).Results[0];

    private BrowsePathResult Translate(NodeId start, params string[] names) =>
        server.Call<TranslateBrowsePathsToNodeIdsResponse>(new TranslateBrowsePathsToNodeIdsRequest
        {
            BrowsePaths =
            [
                new BrowsePath
                {
                    StartingNode = start,
                    RelativePath = new RelativePath
                    {
                        Elements = [.. names.Select(n => new RelativePathElement { ReferenceTypeId = ReferenceTypeIds.HierarchicalReferences, IncludeSubtypes = true, TargetName = new QualifiedName(n) })],
                    },
                },
            ],
        }).Results[0];
}
