using System.Buffers;
using FloorGateway.OpcUa.Encoding;
using FloorGateway.OpcUa.Types;
using FloorGateway.TestKit;

namespace FloorGateway.OpcUa.Tests.AddressSpace;

using FloorGateway.OpcUa.AddressSpace;

public sealed class BuilderTests
{
    private readonly ManualTimeProvider clock = new();
    private readonly AddressSpace space;

    public BuilderTests()
    {
        space = new AddressSpace("urn:example.com:test", clock);
        space.AddNamespace("http://example.com/plant/");
    }

    [Fact]
    public void Node_ids_are_made_of_the_path()
    {
        var machine = space.AddObject(space.Objects, "DC01");
        var velocity = machine.AddVariable("Shot.Velocity", BuiltInType.Double, eu: "MTS", range: (0, 10));
        Assert.Equal("ns=2;s=DC01", machine.Id.ToString());
        Assert.Equal("ns=2;s=DC01.Shot.Velocity", velocity.Id.ToString());
        Assert.Same(velocity, machine.FindChild("Shot.Velocity"));
        Assert.Throws<ArgumentException>(() => machine.AddVariable("Shot.Velocity", BuiltInType.Double));
    }

    [Fact]
    public void An_analog_variable_has_its_unit_and_range_as_properties()
    {
        var velocity = space.Objects.AddVariable("v", BuiltInType.Double, eu: "MTS", range: (0, 10));
        Assert.Equal(new NodeId(VariableTypeIds.AnalogUnitRangeType), velocity.TypeDefinition!.Id);
        var range = ((VariableNode)velocity.FindChild("EURange")!).GetValue().Value.AsStructure<OpcUa.Types.Range>();
        Assert.Equal((0.0, 10.0), (range!.Low, range.High));
        var unit = ((VariableNode)velocity.FindChild("EngineeringUnits")!).GetValue().Value.AsStructure<EUInformation>();
        Assert.Equal("m/s", unit!.DisplayName.Text);
        Assert.Equal(5067859, unit.UnitId);
    }

    [Fact]
    public void A_variable_without_a_value_waits_for_one()
    {
        var node = space.Objects.AddVariable("v", BuiltInType.Int32);
        Assert.Equal((StatusCode)StatusCodes.BadWaitingForInitialData, node.GetValue().Status);
        node.SetValue(5);
        Assert.Equal(5, node.GetValue().Value.AsInt32());
        Assert.True(node.GetValue().Status.IsGood);
        Assert.Equal(clock.GetUtcNow().UtcTicks, node.GetValue().SourceTicks);
    }

    [Fact]
    public void A_source_time_is_kept_beside_the_server_time()
    {
        var node = space.Objects.AddVariable("v", BuiltInType.Double);
        var sampled = clock.GetUtcNow().UtcDateTime;
        clock.Advance(TimeSpan.FromSeconds(1));
        node.SetValue(1.5, StatusCodes.UncertainLastUsableValue, sampled);
        var value = node.GetValue();
        Assert.Equal(sampled, value.SourceTimestamp);
        Assert.Equal(sampled.AddSeconds(1), value.ServerTimestamp);
        Assert.True(value.Status.IsUncertain);
    }

    [Fact]
    public void Enumerations_get_strings_when_dense_and_values_when_sparse()
    {
        var state = space.AddEnumeration("MachineState", "Idle", "Running", "Faulted");
        Assert.NotNull(state.FindChild("EnumStrings"));
        var alarm = space.AddEnumeration("AlarmClass", ("Low", 10), ("High", 20));
        Assert.NotNull(alarm.FindChild("EnumValues"));
        Assert.Equal([10L, 20L], Assert.IsType<EnumDefinition>(alarm.Definition).Fields.Select(f => f.Value));
        var node = space.Objects.AddEnumVariable("State", state, 1);
        Assert.Equal(state.Id, node.DataType);
        Assert.Equal(BuiltInType.Int32, space.BuiltInOf(node.DataType));
    }

    [Fact]
    public void A_structure_value_is_encoded_field_after_field()
    {
        var curve = space.AddStructure("Curve", new DataTypeField("Step", BuiltInType.Double), new DataTypeField("Points", BuiltInType.Double, ValueRanks.OneDimension), new DataTypeField("Name", BuiltInType.String));
        var value = curve.Create(Variant.From(0.5), Variant.From([1.0, 2.0]), Variant.From("p"));
        var encoded = new ArrayBufferWriter<byte>();
        var writer = new UaWriter(encoded);
        value.Encode(ref writer);
        writer.Flush();
        var reader = new UaReader(encoded.WrittenSpan);
        Assert.Equal(0.5, reader.ReadDouble());
        Assert.Equal(2, reader.ReadInt32());
        Assert.Equal([1.0, 2.0], [reader.ReadDouble(), reader.ReadDouble()]);
        Assert.Equal("p", reader.ReadString());
        Assert.Equal(0, reader.Remaining);
        Assert.Equal(curve.EncodingId, value.ToExtensionObject().TypeId.NodeId);
        var definition = Assert.IsType<StructureDefinition>(curve.Node.Definition);
        Assert.Equal(curve.EncodingId, definition.DefaultEncodingId);
        Assert.Throws<ArgumentException>(() => curve.Create(Variant.From(1), Variant.From([1.0]), Variant.From("p")));
    }

    [Fact]
    public void A_method_has_argument_properties()
    {
        var method = space.Objects.AddMethod("Start", (_, _) => (StatusCodes.Good, []), [new MethodArgument("Recipe", BuiltInType.String)], [new MethodArgument("Job", BuiltInType.UInt32)]);
        Assert.Equal("Recipe", ((VariableNode)method.FindChild("InputArguments")!).GetValue().Value.AsArray<ExtensionObject>()![0].As<Argument>()!.Name);
        Assert.Equal("Job", ((VariableNode)method.FindChild("OutputArguments")!).GetValue().Value.AsArray<ExtensionObject>()![0].As<Argument>()!.Name);
    }

    [Fact]
    public void Removing_a_node_removes_the_references_to_it()
    {
        var machine = space.AddObject(space.Objects, "M");
        var a = machine.AddVariable("a", BuiltInType.Double);
        var b = machine.AddVariable("b", BuiltInType.Double);
        Assert.True(space.Remove(a));
        Assert.Null(machine.FindChild("a"));
        Assert.Same(b, machine.FindChild("b"));
        Assert.Null(space.Find(a.Id));
        Assert.False(space.Remove(a));
    }

    [Fact]
    public void Setting_a_number_allocates_nothing()
    {
        var node = space.Objects.AddVariable("v", BuiltInType.Double);
        var ticks = clock.GetUtcNow().UtcTicks;
        node.SetValue(Variant.From(1.0), default, ticks);
        Assert.Equal(0, Allocations.LeastOf(() =>
        {
            for (var i = 0; i < 1000; i++)
                node.SetValue(Variant.From((double)i), default, ticks, ticks);
        }));
    }

    [Fact]
    public void Readers_never_see_half_a_value()
    {
        var node = space.Objects.AddVariable("v", BuiltInType.Int64);
        node.SetValue(Variant.From(0L), default, 1, 1);
        var writers = Enumerable.Range(0, 2).Select(_ => new Thread(() =>
        {
            for (var i = 1; i < 50_000; i++)
                node.SetValue(Variant.From((long)i), (uint)i << 16, i, i);
        })).ToArray();
        foreach (var writer in writers)
            writer.Start();
        while (writers.Any(w => w.IsAlive))
        {
            var value = node.GetValue();
            if (value.ServerTicks > 1)
                Assert.Equal((value.ServerTicks, (uint)value.ServerTicks << 16), (value.Value.AsInt64(), value.Status.Value));
        }

        foreach (var writer in writers)
            writer.Join();
    }

    [Fact]
    public void Every_attribute_of_every_node_can_be_read()
    {
        var rights = new UserRights(true, true);
        foreach (var node in space.Nodes)
        {
            foreach (var id in new[] { AttributeIds.NodeId, AttributeIds.NodeClass, AttributeIds.BrowseName, AttributeIds.DisplayName, AttributeIds.WriteMask, AttributeIds.UserWriteMask })
                Assert.Equal((StatusCode)StatusCodes.Good, AttributeReader.Read(node, id, rights, out _));
            Assert.Equal((StatusCode)StatusCodes.BadAttributeIdInvalid, AttributeReader.Read(node, 99, rights, out _));
            var expected = node is DataTypeNode { Definition: not null } ? StatusCodes.Good : StatusCodes.BadAttributeIdInvalid;
            Assert.Equal((StatusCode)expected, AttributeReader.Read(node, AttributeIds.DataTypeDefinition, rights, out _));
        }
    }
}
