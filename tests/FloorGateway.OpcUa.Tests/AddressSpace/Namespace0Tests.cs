using FloorGateway.OpcUa.Types;

namespace FloorGateway.OpcUa.Tests.AddressSpace;

using FloorGateway.OpcUa.AddressSpace;

public sealed class Namespace0Tests
{
    private static readonly AddressSpace Space = new("urn:example.com:test");

    [Fact]
    public void Holds_the_whole_type_system()
    {
        Assert.True(Space.NodeCount > 3000, $"{Space.NodeCount} nodes");
        Assert.True(Space.IsSubtype(VariableTypeIds.AnalogUnitRangeType, VariableTypeIds.BaseDataVariableType));
        Assert.True(Space.IsSubtype(ReferenceTypeIds.HasProperty, ReferenceTypeIds.HierarchicalReferences));
        Assert.False(Space.IsSubtype(ReferenceTypeIds.HasTypeDefinition, ReferenceTypeIds.HierarchicalReferences));
    }

    [Fact]
    public void Every_reference_leads_to_a_node_of_the_space()
    {
        foreach (var node in Space.Nodes)
        {
            foreach (var reference in node.References)
            {
                Assert.Same(reference.Target, Space.Find(reference.Target.Id));
                Assert.Same(reference.Type, Space.Find(reference.Type.Id));
            }
        }
    }

    [Fact]
    public void Every_node_is_reached_from_the_root_or_is_a_rule_or_encoding()
    {
        var seen = new HashSet<Node>();
        var waiting = new Stack<Node>([Space.Get<ObjectNode>(ObjectIds.RootFolder)]);
        while (waiting.TryPop(out var node))
        {
            if (!seen.Add(node))
                continue;
            foreach (var reference in node.References)
            {
                if (!reference.IsInverse)
                    waiting.Push(reference.Target);
            }
        }

        var lost = Space.Nodes.Where(n => !seen.Contains(n)).Select(n => n.ToString()).ToArray();
        Assert.True(lost.Length <= 3, string.Join(", ", lost));
    }

    [Fact]
    public void Every_object_and_variable_has_a_type_definition_of_its_class()
    {
        foreach (var node in Space.Nodes)
        {
            if (node is ObjectNode)
                Assert.True(node.TypeDefinition is ObjectTypeNode, node.ToString());
            if (node is VariableNode)
                Assert.True(node.TypeDefinition is VariableTypeNode, node.ToString());
        }
    }

    [Fact]
    public void Every_type_but_the_roots_has_one_supertype_of_its_class()
    {
        uint[] roots = [ObjectTypeIds.BaseObjectType, VariableTypeIds.BaseVariableType, DataTypeIds.BaseDataType, ReferenceTypeIds.References];
        foreach (var node in Space.Nodes.OfType<TypeNode>())
        {
            if (roots.Contains(node.Id.Numeric))
                Assert.Null(node.Supertype);
            else
                Assert.Equal(node.NodeClass, node.Supertype?.NodeClass);
        }
    }

    [Fact]
    public void Every_data_type_in_use_exists_and_every_concrete_structure_has_a_definition_and_an_encoding()
    {
        foreach (var variable in Space.Nodes.OfType<VariableNode>())
            Assert.True(Space.Find(variable.DataType) is DataTypeNode, variable.ToString());
        var structure = Space.Get<DataTypeNode>(DataTypeIds.Structure);
        foreach (var type in Space.Nodes.OfType<DataTypeNode>().Where(t => t != structure && t.IsSubtypeOf(structure)))
        {
            Assert.True(type.Definition is StructureDefinition, type.ToString());
            Assert.True(type.IsAbstract || type.BinaryEncoding is not null, type.ToString());
        }
    }

    [Fact]
    public void A_definition_begins_with_the_inherited_fields()
    {
        var definition = Assert.IsType<StructureDefinition>(Space.Get<DataTypeNode>(DataTypeIds.EnumField).Definition);
        Assert.Equal(["Value", "DisplayName", "Description", "Name"], definition.Fields.Select(f => f.Name));
        Assert.Equal(StructureType.Structure, definition.StructureType);
        Assert.Equal(new NodeId(DataTypeIds.EnumValueType), definition.BaseDataType);
    }

    [Fact]
    public void Values_of_method_arguments_and_enumerations_are_there()
    {
        var inputs = Space.Get<VariableNode>(VariableIds.Server_GetMonitoredItems_InputArguments).GetValue().Value;
        var argument = Assert.IsType<Argument>(inputs.AsArray<ExtensionObject>()![0].Decoded);
        Assert.Equal("SubscriptionId", argument.Name);
        Assert.Equal(new NodeId(DataTypeIds.UInt32), argument.DataType);

        var strings = Space.Get<DataTypeNode>(DataTypeIds.ServerState).FindChild("EnumStrings");
        Assert.Equal("Running", Assert.IsType<VariableNode>(strings).GetValue().Value.AsArray<LocalizedText>()![0].Text);
    }

    [Fact]
    public void Built_in_types_follow_from_the_hierarchy()
    {
        Assert.Equal(BuiltInType.Int32, Space.BuiltInOf(DataTypeIds.ServerState));
        Assert.Equal(BuiltInType.Double, Space.BuiltInOf(DataTypeIds.Duration));
        Assert.Equal(BuiltInType.ExtensionObject, Space.BuiltInOf(DataTypeIds.Range));
        Assert.Equal(BuiltInType.Variant, Space.BuiltInOf(DataTypeIds.Number));
        Assert.Equal(BuiltInType.DateTime, Space.BuiltInOf(DataTypeIds.UtcTime));
        Assert.Equal(BuiltInType.Null, Space.BuiltInOf(new NodeId(3, "nowhere")));
    }
}
