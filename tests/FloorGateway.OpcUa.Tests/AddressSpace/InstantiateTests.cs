using FloorGateway.OpcUa.Tests.AddressSpace.NodeSets;
using FloorGateway.OpcUa.Types;

namespace FloorGateway.OpcUa.Tests.AddressSpace;

using FloorGateway.OpcUa.AddressSpace;
using FloorGateway.OpcUa.AddressSpace.Instances;
using FloorGateway.OpcUa.AddressSpace.NodeSets;

public sealed class InstantiateTests
{
    private const string Machinery = "http://opcfoundation.org/UA/Machinery/";

    private readonly AddressSpace space = new("urn:example.com:test");

    public InstantiateTests() => space.AddNamespace("http://example.com/plant/");

    [Fact]
    public void Mandatory_children_of_all_supertypes_are_made_and_optional_ones_when_chosen()
    {
        var press = Type("PressType", new NodeId(ObjectTypeIds.BaseObjectType));
        press.AddVariable("Force", BuiltInType.Double, eu: "NEW", value: Variant.From(1.0)).WithModellingRule();
        press.AddVariable("Note", BuiltInType.String).WithModellingRule(false);
        press.AddVariable("NoRule", BuiltInType.String);
        var hot = Type("HotPressType", press.Id);
        hot.AddObject("Oven").WithModellingRule(false).AddVariable("Temperature", BuiltInType.Double).WithModellingRule(false);

        var plain = hot.Instantiate(space.Objects, "P1");
        Assert.Equal(["Force"], Names(plain.Node));
        Assert.Equal(1.0, plain.Variable("Force").GetValue().Value.AsDouble());
        Assert.Equal("ns=2;s=P1.Force", plain.Variable("Force").Id.ToString());
        Assert.Same(hot, plain.Node.TypeDefinition);

        var chosen = hot.Instantiate(space.Objects, "P2", new InstantiateOptions { Optional = ["Oven/Temperature"] });
        Assert.Equal(["Force", "Oven"], Names(chosen.Node).Order());
        Assert.NotNull(chosen.Find("Oven/Temperature"));
        Assert.Null(chosen.Find("Note"));
        Assert.Equal(["Force", "Note", "Oven"], Names(hot.Instantiate(space.Objects, "P3", new InstantiateOptions { AllOptional = true }).Node).Order());
    }

    [Fact]
    public void A_subtype_s_declaration_overrides_that_of_its_supertype_and_keeps_the_children_of_both()
    {
        var general = Type("GeneralType", new NodeId(ObjectTypeIds.BaseObjectType));
        general.AddVariable("Value", BuiltInType.Variant, dataType: DataTypeIds.Number).WithModellingRule(false).AddProperty("Old", Variant.From(1)).WithModellingRule();
        var special = Type("SpecialType", general.Id);
        special.AddVariable("Value", BuiltInType.Int32).WithModellingRule().AddProperty("New", Variant.From(2)).WithModellingRule();
        var value = special.Instantiate(space.Objects, "S").Variable("Value");
        Assert.Equal(new NodeId(DataTypeIds.Int32), value.DataType);
        Assert.Equal(["New", "Old"], Names(value).Order());
    }

    [Fact]
    public void Each_instance_has_methods_of_its_own()
    {
        var type = Type("T", new NodeId(ObjectTypeIds.BaseObjectType));
        type.AddMethod("Start", (_, _) => (StatusCodes.Good, []), [new MethodArgument("Recipe", BuiltInType.String)]).WithModellingRule();
        type.Space.Get<MethodNode>(new NodeId(2, "T.Start")).FindChild("InputArguments")!.WithModellingRule();
        var a = type.Instantiate(space.Objects, "A").Bind("Start", (_, _) => (StatusCodes.GoodNoData, []));
        var b = type.Instantiate(space.Objects, "B");
        Assert.NotNull(a.Method("Start").Handler);
        Assert.Null(b.Method("Start").Handler);
        Assert.Equal("Recipe", b.Method("Start").Inputs[0].Name);
        Assert.NotNull(b.Find("Start/InputArguments"));
    }

    [Fact]
    public void Interfaces_and_add_ins_bring_their_children()
    {
        var tagged = Type("ITaggedType", new NodeId(ObjectTypeIds.BaseInterfaceType), isAbstract: true);
        tagged.AddVariable("AssetTag", BuiltInType.String).WithModellingRule();
        var named = Type("INamedType", new NodeId(ObjectTypeIds.BaseInterfaceType), isAbstract: true);
        named.AddVariable("Nickname", BuiltInType.String).WithModellingRule();
        var type = Type("T", new NodeId(ObjectTypeIds.BaseObjectType));
        space.AddReference(type, ReferenceTypeIds.HasInterface, tagged);
        var lamp = Type("LampType", new NodeId(ObjectTypeIds.BaseObjectType));
        lamp.AddVariable("Color", BuiltInType.Int32).WithModellingRule();
        lamp.AddProperty(new QualifiedName("DefaultInstanceBrowseName"), DataTypeIds.QualifiedName, Variant.From(new QualifiedName(2, "Lamp")));

        var instance = type.Instantiate(space.Objects, "I", new InstantiateOptions { Interfaces = [named.Id] });
        Assert.Equal(["AssetTag", "Nickname"], Names(instance.Node).Order());
        Assert.True(instance.Node.HasReference(space.Get<ReferenceTypeNode>(ReferenceTypeIds.HasInterface), named, false));
        var addIn = instance.AddAddIn(lamp.Id);
        Assert.Equal(new QualifiedName(2, "Lamp"), addIn.Node.BrowseName);
        Assert.NotNull(instance.Find("Lamp/Color"));
    }

    [Fact]
    public void A_method_of_an_interface_is_called_by_the_interface_s_id()
    {
        var server = new Server.ServerHarness().WithSession();
        var startable = server.Space.AddObjectType("IStartableType", ObjectTypeIds.BaseInterfaceType, isAbstract: true);
        var declared = startable.AddMethod("Start", (_, _) => (StatusCodes.BadNotSupported, [])).WithModellingRule();
        var type = server.Space.AddObjectType("T");
        server.Space.AddReference(type, ReferenceTypeIds.HasInterface, startable);
        var instance = type.Instantiate(server.Space.Objects, "I").Bind("Start", (_, _) => (StatusCodes.Good, []));
        Assert.Equal(StatusCodes.Good, server.Call<CallResponse>(new CallRequest { MethodsToCall = [new CallMethodRequest { ObjectId = instance.Node.Id, MethodId = declared.Id }] }).Results[0].StatusCode.Value);
    }

    [Fact]
    public void What_cannot_be_made_is_said_and_nothing_is_added()
    {
        var before = space.NodeCount;
        Assert.Contains("abstract", Assert.Throws<ArgumentException>(() => space.Instantiate(ObjectTypeIds.BaseEventType, space.Objects, "E")).Message, StringComparison.Ordinal);
        var loop = Type("LoopType", new NodeId(ObjectTypeIds.BaseObjectType));
        loop.AddObject("Again", loop.Id).WithModellingRule();
        before = space.NodeCount;
        Assert.Contains("contains itself", Assert.Throws<ArgumentException>(() => loop.Instantiate(space.Objects, "L")).Message, StringComparison.Ordinal);
        space.Objects.AddObject("Taken");
        Assert.Throws<ArgumentException>(() => space.Instantiate(ObjectTypeIds.BaseObjectType, space.Objects, "Taken"));
        Assert.Equal(before + 1, space.NodeCount);
        var missing = Assert.Throws<KeyNotFoundException>(() => space.Instantiate(ObjectTypeIds.ServerType, space.Objects, "S").Variable("ServerStatus/Nothing"));
        Assert.Contains("CurrentTime", missing.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_machine_of_the_machinery_specification_is_identified()
    {
        space.LoadNodeSets(new[] { "Opc.Ua.Di.NodeSet2.xml", "Opc.Ua.IA.NodeSet2.xml", "Opc.Ua.Machinery.NodeSet2.xml" }.Select(NodeSetFiles.PathOf));
        var machine = space.Objects.AddObject("Press");
        var identification = new Instance(machine).AddAddIn(space.FindType(Machinery, "MachineIdentificationType").Id, options: new InstantiateOptions { Optional = ["YearOfConstruction"] });
        Assert.Equal("Identification", identification.Node.BrowseName.Name);
        identification.Set("SerialNumber", Variant.From("4711")).Set("YearOfConstruction", Variant.From((ushort)2026));
        Assert.NotNull(identification.Find("ProductInstanceUri"));
        Assert.NotNull(identification.Find("Manufacturer"));
        Assert.Null(identification.Find("Model"));
    }

    [Fact]
    public void Every_concrete_type_of_every_companion_specification_has_instances()
    {
        space.LoadNodeSets(NodeSetFiles.Companions);
        var folder = space.Objects.AddFolder("All");
        var made = 0;
        foreach (var type in space.Nodes.OfType<TypeNode>().Where(t => t is ObjectTypeNode or VariableTypeNode && !t.IsAbstract && t.Id.NamespaceIndex > 2).ToList())
        {
            var instance = type.Instantiate(folder, $"{made++}");
            for (Node? at = type; at is not null; at = at.Supertype)
            {
                foreach (var reference in at.References)
                {
                    if (!reference.IsInverse && reference.Type.IsHierarchical && reference.Target.HasReference(
                        space.Get<ReferenceTypeNode>(ReferenceTypeIds.HasModellingRule), space.Get<ObjectNode>(ObjectIds.ModellingRule_Mandatory), false))
                    {
                        Assert.True(instance.Node.FindChild(reference.Target.BrowseName)?.NodeClass == reference.Target.NodeClass, $"{type}: {reference.Target.BrowseName}");
                    }
                }
            }
        }

        Assert.True(made > 600, $"{made} types");
        AddressSpaceChecks.EveryReferenceHasBothEnds(space);
        AddressSpaceChecks.EveryTypeIsThere(space);
    }

    private ObjectTypeNode Type(string name, NodeId super, bool isAbstract = false) => space.AddObjectType(name, super, isAbstract);

    private static IEnumerable<string?> Names(Node node) => BrowsePaths.Children(node).Select(c => c.BrowseName.Name).Where(n => n != "EngineeringUnits");
}
