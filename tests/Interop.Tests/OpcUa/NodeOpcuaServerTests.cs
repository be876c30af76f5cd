using System.Buffers.Binary;
using FloorGateway.OpcUa.Client;
using FloorGateway.OpcUa.Types;

namespace Interop.Tests.OpcUa;

/// <summary>Our client against a node-opcua server with small limits and one variable of everything.</summary>
public sealed class NodeOpcuaServerTests(Zoo zoo) : IClassFixture<Zoo>
{
    public static TheoryData<string, MessageSecurityMode, bool> Securities => new()
    {
        { "None", MessageSecurityMode.None, false },
        { "None", MessageSecurityMode.None, true },
        { "Basic256Sha256", MessageSecurityMode.Sign, false },
        { "Basic256Sha256", MessageSecurityMode.Sign, true },
        { "Basic256Sha256", MessageSecurityMode.SignAndEncrypt, false },
        { "Basic256Sha256", MessageSecurityMode.SignAndEncrypt, true },
    };

    public static TheoryData<string> Names => [.. ZooValues.Names];

    [Fact]
    public async Task Endpoints_are_listed_with_policies_modes_and_user_tokens()
    {
        var endpoints = await UaClient.GetEndpointsAsync(zoo.Options());
        Assert.Equal(
            ["Basic256Sha256 Sign", "Basic256Sha256 SignAndEncrypt", "None None"],
            endpoints.Select(e => $"{e.SecurityPolicyUri!.Split('#')[1]} {e.SecurityMode}").Order(StringComparer.Ordinal));
        Assert.All(endpoints, e =>
        {
            Assert.Contains(e.UserIdentityTokens, t => t.TokenType == UserTokenType.Anonymous);
            Assert.Contains(e.UserIdentityTokens, t => t.TokenType == UserTokenType.UserName);
        });
    }

    [Theory]
    [MemberData(nameof(Securities))]
    public async Task Sessions_open_on_every_security_for_every_kind_of_user(string policy, MessageSecurityMode mode, bool named)
    {
        await using var client = await UaClient.ConnectAsync(zoo.Options(policy, mode, named ? UserIdentity.UserName("anna", "s3cret") : null));
        var value = await client.ReadValueAsync(zoo.Node("Array.Double"));
        Assert.Equal(ZooValues.Of("Array.Double"), value.Value);
    }

    [Theory]
    [InlineData("None", MessageSecurityMode.None)]
    [InlineData("Basic256Sha256", MessageSecurityMode.SignAndEncrypt)]
    public async Task A_wrong_password_is_refused_with_the_name_of_the_user(string policy, MessageSecurityMode mode)
    {
        var refused = await Assert.ThrowsAsync<UaServiceException>(() => UaClient.ConnectAsync(zoo.Options(policy, mode, UserIdentity.UserName("anna", "S3cret"))));
        Assert.True(refused.Status.CodeBits is StatusCodes.BadUserAccessDenied or StatusCodes.BadIdentityTokenRejected, refused.Status.ToString());
        Assert.Contains("anna", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("S3cret", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Limits_of_the_server_are_kept()
    {
        var limits = zoo.Client.Limits;
        Assert.Equal((13, 5, 7, 3, 11, 2), (limits.MaxNodesPerRead, limits.MaxNodesPerWrite, limits.MaxNodesPerBrowse, limits.MaxNodesPerTranslate, limits.MaxMonitoredItemsPerCall, limits.MaxNodesPerMethodCall));
        NodeId[] nodes = [.. Enumerable.Range(0, 50).Select(i => zoo.Node($"Hall3.{i}"))];
        Assert.Equal(Enumerable.Range(0, 50), (await zoo.Client.ReadValuesAsync(nodes)).Select(v => v.Value.AsInt32()));
    }

    [Fact]
    public async Task Everything_below_Root_is_browsed_through_continuation_points()
    {
        Dictionary<NodeId, BrowsedNode> found = [];
        await foreach (var node in zoo.Client.BrowseAllAsync(ObjectIds.RootFolder))
            Assert.True(found.TryAdd(node.NodeId, node), $"{node.NodeId} came twice");
        Assert.Empty(found.Values.Where(n => n.Status.IsBad).Select(n => $"{n.NodeId} {n.Status}"));
        Assert.All(Enumerable.Range(0, 9), hall =>
        {
            var animals = found[zoo.Node($"Hall{hall}")].References.Where(r => r.ReferenceTypeId == (NodeId)ReferenceTypeIds.Organizes).Select(r => r.BrowseName.Name);
            Assert.Equal(Enumerable.Range(0, 50 + hall).Select(i => $"Animal{i}"), animals);
        });
        Assert.Contains(zoo.Node("Floor25"), found.Keys);
    }

    [Fact]
    public async Task Nodes_that_get_no_continuation_point_are_browsed_again()
    {
        // Seven nodes in one call, each with more references than fit, and a server that keeps two continuation points.
        BrowseDescription[] halls = [.. Enumerable.Range(0, 9).Select(i => new BrowseDescription
        {
            NodeId = zoo.Node($"Hall{i}"),
            ReferenceTypeId = ReferenceTypeIds.Organizes,
            IncludeSubtypes = true,
            BrowseDirection = BrowseDirection.Forward,
            ResultMask = (uint)BrowseResultMask.All,
        })];
        var browsed = await zoo.Client.BrowseAsync(halls);
        Assert.Equal(Enumerable.Range(50, 9), browsed.Select(b => b.References.Count));
        Assert.All(browsed, b => Assert.True(b.Status.IsGood, b.Status.ToString()));
    }

    [Fact]
    public async Task Paths_are_translated_however_deep_and_many()
    {
        QualifiedName Name(string text) => new(zoo.Namespace, text);
        QualifiedName[] path = [Name("Zoo"), .. Enumerable.Range(1, 25).Select(i => Name($"Floor{i}"))];
        Assert.Equal(zoo.Node("Floor25"), await zoo.Client.TranslateBrowsePathAsync(ObjectIds.ObjectsFolder, path));
        Assert.Null(await zoo.Client.TranslateBrowsePathAsync(ObjectIds.ObjectsFolder, [Name("Zoo"), Name("NoSuchCage")]));
        var many = await zoo.Client.TranslateBrowsePathsAsync([.. Enumerable.Range(0, 10).Select(i => new BrowsePath
        {
            StartingNode = zoo.Node("Hall0"),
            RelativePath = new RelativePath { Elements = [new RelativePathElement { ReferenceTypeId = ReferenceTypeIds.Organizes, TargetName = Name($"Animal{i}") }] },
        })]);
        Assert.Equal(Enumerable.Range(0, 10).Select(i => zoo.Node($"Hall0.{i}")), many.Select(r => r.Targets.Single().TargetId.NodeId));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Values_are_read_and_written_back_bit_for_bit(string name)
    {
        var expected = ZooValues.Of(name);
        var read = await zoo.Client.ReadValueAsync(zoo.Node(name));
        Assert.Equal((name, "Good"), (name, read.Status.ToString()));
        Assert.Equal(expected.Type, read.Value.Type);
        Assert.Equal(expected.ArrayDimensions, read.Value.ArrayDimensions);
        Assert.Equal(expected.IsArray ? expected.Elements : expected.Boxed, read.Value.IsArray ? read.Value.Elements : read.Value.Boxed);

        var written = await zoo.Client.WriteValueAsync(zoo.Node($"Copy.{name}"), expected);
        Assert.Equal((name, "Good"), (name, written.ToString()));
        var bytes = await zoo.Server.AskAsync("same", new { a = name, b = $"Copy.{name}" });
        Assert.Equal(bytes.GetProperty("a").GetString(), bytes.GetProperty("b").GetString());
    }

    [Fact]
    public async Task Structures_of_the_standard_are_decoded_and_written_back()
    {
        var read = await zoo.Client.ReadValueAsync(zoo.Node("Standard.Structure"));
        var argument = read.Value.AsStructure<Argument>();
        Assert.Equal(("speed", (NodeId)DataTypeIds.Double, -1, "m/s"), (argument!.Name, argument.DataType, argument.ValueRank, argument.Description.Text));
        await WriteBackAsync("Standard.Structure", read.Value);
    }

    [Fact]
    public async Task Structures_nobody_knows_keep_their_bytes_and_are_written_back()
    {
        var read = await zoo.Client.ReadValueAsync(zoo.Node("Custom.Structure"));
        Assert.True(read.Value.TryGet<ExtensionObject>(out var reading), read.Status.ToString());
        var types = (ushort)zoo.Client.NamespaceUris.ToList().IndexOf("http://zoo.example/UA/Types/");
        Assert.Equal(new NodeId(types, 5002), reading.TypeId.NodeId);
        Assert.Equal("north"u8, reading.Body.Span[4..9]);
        Assert.Equal(1.5, BinaryPrimitives.ReadDoubleLittleEndian(reading.Body.Span[9..]));
        await WriteBackAsync("Custom.Structure", read.Value);

        var several = await zoo.Client.ReadValueAsync(zoo.Node("Custom.Structures"));
        Assert.Equal(2, several.Value.AsArray<ExtensionObject>()!.Length);
        await WriteBackAsync("Custom.Structures", several.Value);
    }

    [Fact]
    public async Task The_definition_of_a_foreign_structure_is_read()
    {
        var types = (ushort)zoo.Client.NamespaceUris.ToList().IndexOf("http://zoo.example/UA/Types/");
        var read = await zoo.Client.ReadAsync([new ReadValueId { NodeId = new NodeId(types, 3002), AttributeId = AttributeIds.DataTypeDefinition }]);
        var definition = read[0].Value.AsStructure<StructureDefinition>();
        Assert.Equal(["Name", "Value", "Limits", "Place"], definition!.Fields.Select(f => f.Name));
        Assert.Equal([(NodeId)DataTypeIds.String, DataTypeIds.Double, DataTypeIds.Double, new NodeId(types, 3001)], definition.Fields.Select(f => f.DataType));
        Assert.Equal([-1, -1, 1, -1], definition.Fields.Select(f => f.ValueRank));
    }

    [Fact]
    public async Task A_bad_value_comes_with_its_status_and_times()
    {
        var read = await zoo.Client.ReadValueAsync(zoo.Node("Broken"));
        Assert.Equal(StatusCodes.BadSensorFailure, read.Status.CodeBits);
        Assert.Equal(new DateTime(2027, 3, 15, 0, 0, 0, 1, DateTimeKind.Utc), read.SourceTimestamp);
    }

    [Fact]
    public async Task A_refused_operation_is_a_status_of_its_own_among_others()
    {
        Assert.Equal(StatusCodes.BadNotWritable, (await zoo.Client.WriteValueAsync(zoo.Node("ReadOnly"), Variant.From(2.0))).CodeBits);
        Assert.Equal(StatusCodes.BadTypeMismatch, (await zoo.Client.WriteValueAsync(zoo.Node("Copy.Scalar.Guid"), Variant.From("no guid"))).CodeBits);
        var mixed = await zoo.Client.ReadValuesAsync([zoo.Node("Hall0.1"), zoo.Node("NoSuchCage"), zoo.Node("Hall0.2")]);
        Assert.Equal([0u, StatusCodes.BadNodeIdUnknown, 0u], mixed.Select(m => m.Status.CodeBits));
    }

    [Fact]
    public async Task Methods_are_called_with_arguments_and_results()
    {
        var called = await zoo.Client.CallAsync(zoo.Node("Zoo"), zoo.Node("Add"), [Variant.From(40), Variant.From(2.5)]);
        Assert.True(called.StatusCode.IsGood, called.StatusCode.ToString());
        Assert.Equal([Variant.From(42.5), Variant.From("40 + 2.5")], called.OutputArguments);
        Assert.Equal(StatusCodes.BadArgumentsMissing, (await zoo.Client.CallAsync(zoo.Node("Zoo"), zoo.Node("Add"), [Variant.From(40)])).StatusCode.CodeBits);
        Assert.Equal(StatusCodes.BadInvalidState, (await zoo.Client.CallAsync(zoo.Node("Zoo"), zoo.Node("Fail"), [])).StatusCode.CodeBits);
        var five = await zoo.Client.CallAsync([.. Enumerable.Range(0, 5).Select(i => new CallMethodRequest
        {
            ObjectId = zoo.Node("Zoo"),
            MethodId = zoo.Node("Add"),
            InputArguments = [Variant.From(i), Variant.From(0.5)],
        })]);
        Assert.Equal([0.5, 1.5, 2.5, 3.5, 4.5], five.Select(r => r.OutputArguments[0].AsDouble()));
    }

    private async Task WriteBackAsync(string name, Variant value)
    {
        var written = await zoo.Client.WriteValueAsync(zoo.Node($"Copy.{name}"), value);
        Assert.Equal((name, "Good"), (name, written.ToString()));
        var bytes = await zoo.Server.AskAsync("same", new { a = name, b = $"Copy.{name}" });
        Assert.Equal(bytes.GetProperty("a").GetString(), bytes.GetProperty("b").GetString());
    }
}
