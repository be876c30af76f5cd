using FloorGateway.OpcUa.Client;
using FloorGateway.OpcUa.Types;

namespace Interop.Tests.OpcUa;

/// <summary>Structures of a node-opcua server that our client knows by their definitions only.</summary>
public sealed class NodeOpcuaTypeTests(Zoo zoo) : IClassFixture<Zoo>
{
    [Fact]
    public async Task A_structure_within_a_structure_is_read_by_name_and_written_back()
    {
        var read = await ReadAsync("Custom.Structure");
        Assert.Equal(("north", 1.5, -0.5f), (read["Name"].AsString(), read["Value"].AsDouble(), (float)read.Nested("Place")!["Y"].AsDouble()));
        Assert.Equal([0.25, -2, 1e300], read["Limits"].AsArray<double>()!);

        read["Name"] = Variant.From("south");
        Assert.Equal(StatusCodes.Good, (await zoo.Client.WriteValueAsync(zoo.Node("Copy.Custom.Structure"), read.ToVariant())).Value);
        var copy = await ReadAsync("Copy.Custom.Structure");
        Assert.Equal(("south", 1.5, 0.5f), (copy["Name"].AsString(), copy["Value"].AsDouble(), (float)copy.Nested("Place")!["X"].AsDouble()));
    }

    [Fact]
    public async Task Arrays_of_structures_are_read()
    {
        var value = await zoo.Client.ReadDecodedAsync(zoo.Node("Custom.Structures"));
        Assert.Equal(["north", ""], value.Value.AsArray<ExtensionObject?>()!.Select(e => ((DynamicStructure)e!.Decoded!)["Name"].AsString()));
    }

    [Fact]
    public async Task Optional_fields_may_be_left_out()
    {
        var read = await ReadAsync("Custom.Optional");
        Assert.Equal(("Leo", "Hungry", false, 2f), (read["Name"].AsString(), read.EnumName("Mood"), read.Has("Weight"), (float)read.Nested("Place")!["Y"].AsDouble()));
        read["Weight"] = Variant.From(190.5);
        read["Place"] = Variant.Null;
        Assert.Equal(StatusCodes.Good, (await zoo.Client.WriteValueAsync(zoo.Node("Copy.Custom.Optional"), read.ToVariant())).Value);
        var copy = await ReadAsync("Copy.Custom.Optional");
        Assert.Equal((190.5, false, "Hungry"), (copy["Weight"].AsDouble(), copy.Has("Place"), copy.EnumName("Mood")));
    }

    [Fact]
    public async Task A_union_holds_one_field()
    {
        var read = await ReadAsync("Custom.Union");
        Assert.Equal(("Recipe", "hay"), (read.UnionField, read["Recipe"].AsString()));
        read["Grams"] = Variant.From(250.0);
        Assert.Equal(StatusCodes.Good, (await zoo.Client.WriteValueAsync(zoo.Node("Copy.Custom.Union"), read.ToVariant())).Value);
        Assert.Equal("Grams", (await ReadAsync("Copy.Custom.Union")).UnionField);
    }

    [Fact]
    public async Task Types_and_method_arguments_are_described()
    {
        var mood = await zoo.Client.DataTypes.ReadTypeAsync(new NodeId((ushort)zoo.Client.NamespaceUris.ToList().IndexOf("http://zoo.example/UA/Types/"), 3003));
        Assert.Equal((BuiltInType.Int32, "Hungry"), (mood.BuiltIn, mood.NameOf(3)));
        var add = await zoo.Client.ReadMethodArgumentsAsync(zoo.Node("Add"));
        Assert.Equal([("a", BuiltInType.Int32), ("b", BuiltInType.Double)], add.Inputs.Select(i => (i.Name, i.Type.BuiltIn)));
        Assert.Equal(["sum", "text"], add.Outputs.Select(o => o.Name));
    }

    private async Task<DynamicStructure> ReadAsync(string name)
    {
        var value = await zoo.Client.ReadDecodedAsync(zoo.Node(name));
        return Assert.IsType<DynamicStructure>(Assert.IsType<ExtensionObject>(value.Value.Boxed).Decoded);
    }
}
