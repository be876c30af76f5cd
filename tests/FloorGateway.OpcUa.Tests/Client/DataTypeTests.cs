using FloorGateway.OpcUa.AddressSpace;
using FloorGateway.OpcUa.Client;
using FloorGateway.OpcUa.Security;
using FloorGateway.OpcUa.Server;
using FloorGateway.OpcUa.Types;
using Space = FloorGateway.OpcUa.AddressSpace.AddressSpace;

namespace FloorGateway.OpcUa.Tests.Client;

/// <summary>Structures of a server's own, known to the client by their definitions only.</summary>
public sealed class DataTypeTests : IAsyncLifetime
{
    private readonly Space space = new("urn:example.com:test");
    private readonly ApplicationCertificate certificate = ApplicationCertificate.CreateSelfSigned(new ApplicationCertificateOptions { ApplicationName = "test", ApplicationUri = "urn:example.com:test" });
    private readonly DataTypeNode state;
    private readonly StructureDataType point;
    private readonly StructureDataType job;
    private readonly StructureDataType choice;
    private readonly StructureDataType tree;
    private readonly StructureDataType box;
    private UaServer server = null!;
    private UaClient client = null!;

    public DataTypeTests()
    {
        space.AddNamespace("http://example.com/plant/");
        state = space.AddEnumeration("State", "Idle", "Running");
        point = space.AddStructure("Point", new DataTypeField("X", BuiltInType.Double), new DataTypeField("Y", BuiltInType.Double));
        job = space.AddStructure(
            "Job",
            new DataTypeField("Name", BuiltInType.String),
            new DataTypeField("Note", BuiltInType.String) { IsOptional = true },
            new DataTypeField("State", state.Id),
            new DataTypeField("Where", point.Node.Id),
            new DataTypeField("Path", point.Node.Id, ValueRanks.OneDimension),
            new DataTypeField("Map", new NodeId(DataTypeIds.Int32), 2),
            new DataTypeField("Range", new NodeId(DataTypeIds.Range)) { IsOptional = true },
            new DataTypeField("Any", new NodeId(DataTypeIds.BaseDataType)));
        choice = space.AddUnion("Choice", new DataTypeField("Number", BuiltInType.Int32), new DataTypeField("Place", point.Node.Id));
        tree = space.AddStructure("Tree", new DataTypeField("Name", BuiltInType.String), new DataTypeField("Children", new NodeId(2, "Tree"), ValueRanks.OneDimension));
        box = space.AddStructure("Box", new DataTypeField("Content", new NodeId(DataTypeIds.Structure)) { AllowSubtypes = true }, new DataTypeField("Number", new NodeId(DataTypeIds.Number)) { AllowSubtypes = true });
    }

    public async ValueTask InitializeAsync()
    {
        server = await UaServer.StartAsync(
            new UaServerOptions
            {
                ApplicationName = "test",
                ApplicationUri = "urn:example.com:test",
                Certificate = certificate,
                Port = 0,
                HostName = "127.0.0.1",
                Security = [EndpointSecurity.None],
                AnonymousMayWrite = true,
            },
            space);
        client = await UaClient.ConnectAsync(new UaClientOptions
        {
            EndpointUrl = $"opc.tcp://127.0.0.1:{server.Port}",
            SecurityPolicy = SecurityPolicy.None,
            SecurityMode = MessageSecurityMode.None,
            MaxOperationsPerCall = 5,
        });
    }

    public async ValueTask DisposeAsync()
    {
        await client.DisposeAsync();
        await server.DisposeAsync();
        certificate.Dispose();
    }

    [Fact]
    public async Task A_structure_is_read_filled_in_and_written_by_its_fields_names()
    {
        var node = Add("job", job, job.CreateValue(
            Variant.From("A7"), Variant.Null, Variant.From(1), point.CreateValue(Variant.From(1.0), Variant.From(2.0)),
            Variant.From([point.Create(Variant.From(3.0), Variant.From(4.0)).ToExtensionObject()]), Variant.FromMatrix(BuiltInType.Int32, new[] { 1, 2, 3, 4, 5, 6 }, [2, 3]),
            Variant.From(new OpcUa.Types.Range { Low = 1, High = 9 }), Variant.From((short)-3)));
        var read = Structure(await client.ReadDecodedAsync(node.Id));
        Assert.Equal(("A7", "Running", 2.0, (short)-3), (read["Name"].AsString(), read.EnumName("State"), read.Nested("Where")!["Y"].AsDouble(), (short)read["Any"].AsInt32()));
        Assert.False(read.Has("Note"));
        Assert.Equal(9, read["Range"].AsStructure<OpcUa.Types.Range>()!.High);
        Assert.Equal([2, 3], read["Map"].ArrayDimensions);
        Assert.Equal([1, 2, 3, 4, 5, 6], (int[])read["Map"].Elements!);
        Assert.Equal(4.0, ((DynamicStructure)read["Path"].AsArray<ExtensionObject>()![0].Decoded!)["Y"].AsDouble());

        read["Note"] = Variant.From("in haste");
        read["Range"] = Variant.Null;
        Assert.Equal(StatusCodes.Good, (await client.WriteValueAsync(node.Id, read.ToVariant())).Value);
        var again = Structure(await client.ReadDecodedAsync(node.Id));
        Assert.Equal(("in haste", false, "A7"), (again["Note"].AsString(), again.Has("Range"), again["Name"].AsString()));
        Assert.Throws<ArgumentException>(() => again["Name"] = Variant.From(1));
        Assert.Throws<KeyNotFoundException>(() => again["Nome"]);
    }

    [Fact]
    public async Task A_new_structure_starts_with_defaults()
    {
        var node = Add("job", job, Variant.Null);
        var made = await client.CreateStructureForAsync(node.Id);
        made["Name"] = Variant.From("B1");
        Assert.Equal(StatusCodes.Good, (await client.WriteValueAsync(node.Id, made.ToVariant())).Value);
        var read = Structure(await client.ReadDecodedAsync(node.Id));
        Assert.Equal(("B1", "Idle", 0.0), (read["Name"].AsString(), read.EnumName("State"), read.Nested("Where")!["X"].AsDouble()));
    }

    [Fact]
    public async Task A_union_holds_the_field_that_was_set_last()
    {
        var node = Add("choice", choice, choice.CreateValue(Variant.From(5), Variant.Null));
        var read = Structure(await client.ReadDecodedAsync(node.Id));
        Assert.Equal(("Number", 5), (read.UnionField, read["Number"].AsInt32()));
        read["Place"] = point.CreateValue(Variant.From(1.0), Variant.From(2.0));
        Assert.Equal(StatusCodes.Good, (await client.WriteValueAsync(node.Id, read.ToVariant())).Value);
        read = Structure(await client.ReadDecodedAsync(node.Id));
        Assert.Equal(("Place", 2.0, false), (read.UnionField, read.Nested("Place")!["Y"].AsDouble(), read.Has("Number")));
        Assert.Throws<ArgumentException>(() => choice.Create(Variant.From(1), point.CreateValue(Variant.From(1.0), Variant.From(2.0))));
    }

    [Fact]
    public async Task Types_may_hold_arrays_of_themselves_and_subtypes_of_what_they_declare()
    {
        var leaf = tree.Create(Variant.From("leaf"), Variant.From(Array.Empty<ExtensionObject>()));
        var trees = Add("tree", tree, tree.CreateValue(Variant.From("root"), Variant.From([leaf.ToExtensionObject(), leaf.ToExtensionObject()])));
        var root = Structure(await client.ReadDecodedAsync(trees.Id));
        Assert.Equal(["leaf", "leaf"], root["Children"].AsArray<ExtensionObject>()!.Select(c => ((DynamicStructure)c.Decoded!)["Name"].AsString()));

        var boxes = Add("box", box, box.CreateValue(point.CreateValue(Variant.From(1.0), Variant.From(2.0)), Variant.From((byte)7)));
        var read = Structure(await client.ReadDecodedAsync(boxes.Id));
        Assert.Equal((2.0, 7), (read.Nested("Content")!["Y"].AsDouble(), read["Number"].AsInt32()));
        Assert.Equal(StructureType.StructureWithSubtypedValues, read.Layout.Kind);
    }

    [Fact]
    public async Task Enumerations_option_sets_and_simple_types_are_described()
    {
        var type = await client.DataTypes.ReadTypeAsync(state.Id);
        Assert.Equal(("State", BuiltInType.Int32, "Running", "7"), (type.Name, type.BuiltIn, type.NameOf(1), type.NameOf(7)));
        var bits = await client.DataTypes.ReadTypeAsync(DataTypeIds.AccessLevelType);
        Assert.Equal((BuiltInType.Byte, true, "CurrentRead|HistoryRead"), (bits.BuiltIn, bits.IsOptionSet, bits.NameOf(5)));
        var duration = await client.DataTypes.ReadTypeAsync(DataTypeIds.Duration);
        Assert.Equal((BuiltInType.Double, null), (duration.BuiltIn, duration.Layout));
        Assert.Equal(BuiltInType.Variant, (await client.DataTypes.ReadTypeAsync(DataTypeIds.Number)).BuiltIn);
        await Assert.ThrowsAsync<UaServiceException>(async () => await client.DataTypes.CreateAsync(DataTypeIds.Duration));
    }

    [Fact]
    public async Task Methods_tell_their_arguments_with_types()
    {
        var method = space.Objects.AddMethod(
            "Start", (_, _) => (StatusCodes.Good, []), [new MethodArgument("Job", job.Node.Id, Description: "what to do"), new MethodArgument("Modes", state.Id, ValueRanks.OneDimension)], [new MethodArgument("Ticket", BuiltInType.UInt32)]);
        var described = await client.ReadMethodArgumentsAsync(method.Id);
        Assert.Equal(["Job", "Modes"], described.Inputs.Select(i => i.Name));
        Assert.Equal("what to do", described.Inputs[0].Description);
        Assert.Equal(8, described.Inputs[0].Type.Layout!.Members.Count);
        Assert.Equal((1, "Running"), (described.Inputs[1].ValueRank, described.Inputs[1].Type.NameOf(1)));
        Assert.Equal(BuiltInType.UInt32, described.Outputs[0].Type.BuiltIn);
        Assert.Empty((await client.ReadMethodArgumentsAsync(MethodIds.Server_ResendData)).Outputs);
    }

    [Fact]
    public async Task What_does_not_match_its_definition_stays_as_bytes()
    {
        var node = Add("job", job, Variant.From(new ExtensionObject(point.EncodingId, new byte[] { 1, 2, 3 })));
        var value = Assert.IsType<ExtensionObject>((await client.ReadDecodedAsync(node.Id)).Value.Boxed);
        Assert.Null(value.Decoded);
        Assert.Equal(3, value.Body.Length);
        node.SetValue(Variant.From(new ExtensionObject(new NodeId(2, "unknown"), new byte[] { 1 })));
        Assert.Null(((ExtensionObject)(await client.ReadDecodedAsync(node.Id)).Value.Boxed!).Decoded);
    }

    [Fact]
    public async Task A_definition_without_end_is_refused()
    {
        var endless = space.AddStructure("Endless", new DataTypeField("Next", new NodeId(2, "Endless")));
        var error = await Assert.ThrowsAsync<UaServiceException>(async () => await client.DataTypes.ReadTypeAsync(endless.Node.Id));
        Assert.Contains("without end", error.Message, StringComparison.Ordinal);
    }

    private VariableNode Add(string name, StructureDataType type, Variant value) =>
        space.Objects.AddVariable(name, BuiltInType.ExtensionObject, dataType: type.Node.Id, value: value, writable: true);

    private static DynamicStructure Structure(DataValue value) => Assert.IsType<DynamicStructure>(Assert.IsType<ExtensionObject>(value.Value.Boxed).Decoded);
}
