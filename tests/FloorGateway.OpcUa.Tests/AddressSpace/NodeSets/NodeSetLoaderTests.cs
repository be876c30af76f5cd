using FloorGateway.OpcUa.Types;

namespace FloorGateway.OpcUa.Tests.AddressSpace.NodeSets;

using FloorGateway.OpcUa.AddressSpace;
using FloorGateway.OpcUa.AddressSpace.NodeSets;

public sealed class NodeSetLoaderTests
{
    private const string Uri = "http://example.com/press/";

    private readonly AddressSpace space = new("urn:example.com:test");

    [Fact]
    public void Namespaces_keep_their_uri_whatever_index_the_file_gives_them()
    {
        space.AddNamespace("http://example.com/own/");
        space.AddNamespace("http://example.com/other/");
        Load(Object("ns=1;i=10", "1:Press"));
        Assert.Equal(Uri, space.NamespaceUris[4]);
        Assert.Equal(new QualifiedName(4, "Press"), space.Get<ObjectNode>(new NodeId(4, 10)).BrowseName);
        Assert.Equal(2, space.DefaultNamespace);
    }

    [Fact]
    public void A_loaded_namespace_does_not_become_the_default_one()
    {
        Load(Object("ns=1;i=10", "1:Press"));
        Assert.Equal(1, space.DefaultNamespace);
        Assert.Equal(3, space.AddNamespace("http://example.com/own/"));
        Assert.Equal(3, space.DefaultNamespace);
    }

    [Fact]
    public void Attributes_of_variables_are_taken_over()
    {
        Load("""
            <UAVariable NodeId="ns=1;s=v" BrowseName="1:v" DataType="Double" ValueRank="2" ArrayDimensions="2,3" AccessLevel="7" MinimumSamplingInterval="250">
              <DisplayName>Value</DisplayName><Description>What it is</Description>
              <References><Reference ReferenceType="HasComponent" IsForward="false">i=85</Reference><Reference ReferenceType="HasTypeDefinition">i=63</Reference></References>
              <Value><Matrix xmlns="http://opcfoundation.org/UA/2008/02/Types.xsd"><Dimensions><Int32>2</Int32><Int32>3</Int32></Dimensions>
                <Elements><Double>1</Double><Double>2</Double><Double>3</Double><Double>4</Double><Double>5</Double><Double>INF</Double></Elements></Matrix></Value>
            </UAVariable>
            """);
        var node = space.Get<VariableNode>(new NodeId(2, "v"));
        Assert.Equal((new NodeId(DataTypeIds.Double), 2, 250.0), (node.DataType, node.ValueRank, node.MinimumSamplingInterval));
        Assert.Equal([2u, 3u], node.ArrayDimensions!);
        Assert.Equal(AccessLevelType.CurrentRead | AccessLevelType.CurrentWrite | AccessLevelType.HistoryRead, node.AccessLevel);
        Assert.Equal(("Value", "What it is"), (node.DisplayName.Text, node.Description));
        Assert.Equal([2, 3], node.GetValue().Value.ArrayDimensions);
        Assert.Equal(double.PositiveInfinity, ((double[])node.GetValue().Value.Elements!)[5]);
        Assert.Same(node, space.Objects.FindChild(new QualifiedName(2, "v")));
    }

    [Theory]
    [InlineData("<Boolean>true</Boolean>", "True")]
    [InlineData("<SByte>-3</SByte>", "-3")]
    [InlineData("<UInt64>18446744073709551615</UInt64>", "18446744073709551615")]
    [InlineData("<Float>1.5</Float>", "1.5")]
    [InlineData("<String> kept as it is </String>", " kept as it is ")]
    [InlineData("<DateTime>2026-11-22T10:00:00Z</DateTime>", "11/22/2026 10:00:00")]
    [InlineData("<Guid><String>8a6a7e4c-0000-0000-0000-000000000001</String></Guid>", "8a6a7e4c-0000-0000-0000-000000000001")]
    [InlineData("<NodeId><Identifier>ns=1;i=7</Identifier></NodeId>", "ns=2;i=7")]
    [InlineData("<QualifiedName><NamespaceIndex>1</NamespaceIndex><Name>Q</Name></QualifiedName>", "2:Q")]
    [InlineData("<StatusCode><Code>2147483648</Code></StatusCode>", "Bad")]
    [InlineData("<Variant><Value><Int32>4</Int32></Value></Variant>", "4")]
    [InlineData("<ListOfInt32><Int32>1</Int32><Int32>2</Int32></ListOfInt32>", "Int32[2]")]
    [InlineData("<ListOfVariant><Variant><Value><Int32>1</Int32></Value></Variant></ListOfVariant>", "Variant[1]")]
    public void Values_of_built_in_types_are_read(string xml, string text)
    {
        Load(Variable("i=24", xml, rank: -2));
        Assert.Equal(text, Value().ToString());
    }

    [Fact]
    public void Structures_of_the_standard_become_their_classes()
    {
        Load(Variable("i=884", """
            <ExtensionObject><TypeId><Identifier>i=885</Identifier></TypeId><Body><Range><Low>-1.5</Low><High>10</High></Range></Body></ExtensionObject>
            """));
        Assert.Equal(10, Value().AsStructure<OpcUa.Types.Range>()!.High);
    }

    [Fact]
    public void Structures_defined_in_the_file_are_read_by_their_definition()
    {
        Load(Types + Variable("ns=1;i=3001", """
            <ExtensionObject><TypeId><Identifier>ns=1;i=5001</Identifier></TypeId><Body><Job xmlns="http://example.com/press/Types.xsd">
              <Name>A7</Name><State>Running_1</State><Points><Double>1</Double><Double>2</Double></Points>
              <Where><X>3</X><Y>4</Y></Where><Any><Value><UInt32>9</UInt32></Value></Any></Job></Body></ExtensionObject>
            """));
        var job = Assert.IsType<DynamicStructure>(((ExtensionObject)Value().Boxed!).Decoded);
        Assert.Equal(("A7", "Running", 4.0, 9u), (job["Name"].AsString(), job.EnumName("State"), job.Nested("Where")!["Y"].AsDouble(), job["Any"].AsUInt32()));
        Assert.Equal([1.0, 2.0], job["Points"].AsArray<double>()!);
        Assert.False(job.Has("Comment"));
        Assert.Equal(new NodeId(2, 5002), job.ToExtensionObject().TypeId.NodeId);

        var definition = Assert.IsType<StructureDefinition>(space.Get<DataTypeNode>(new NodeId(2, 3001)).Definition);
        Assert.Equal(StructureType.StructureWithOptionalFields, definition.StructureType);
        Assert.Equal(["Name", "State", "Points", "Where", "Any", "Comment"], definition.Fields.Select(f => f.Name));
        Assert.True(definition.Fields[5].IsOptional);
        Assert.Equal(new NodeId(2, 5002), definition.DefaultEncodingId);
    }

    [Fact]
    public void A_union_holds_one_of_its_fields()
    {
        Load(Types + Variable("ns=1;i=3004", """
            <ExtensionObject><TypeId><Identifier>ns=1;i=5004</Identifier></TypeId><Body><Choice><SwitchField>2</SwitchField><Text>hot</Text></Choice></Body></ExtensionObject>
            """));
        var choice = (DynamicStructure)((ExtensionObject)Value().Boxed!).Decoded!;
        Assert.Equal(("Text", "hot", false), (choice.UnionField, choice["Text"].AsString(), choice.Has("Number")));
        Assert.Equal(StructureType.Union, Assert.IsType<StructureDefinition>(space.Get<DataTypeNode>(new NodeId(2, 3004)).Definition).StructureType);
    }

    [Fact]
    public void Methods_know_their_arguments()
    {
        Load("""
            <UAMethod NodeId="ns=1;i=20" BrowseName="1:Start"><DisplayName>Start</DisplayName>
              <References><Reference ReferenceType="HasComponent" IsForward="false">i=85</Reference><Reference ReferenceType="HasProperty">ns=1;i=21</Reference></References></UAMethod>
            <UAVariable NodeId="ns=1;i=21" BrowseName="InputArguments" DataType="i=296" ValueRank="1"><DisplayName>InputArguments</DisplayName>
              <References><Reference ReferenceType="HasTypeDefinition">i=68</Reference></References>
              <Value><ListOfExtensionObject xmlns="http://opcfoundation.org/UA/2008/02/Types.xsd"><ExtensionObject><TypeId><Identifier>i=297</Identifier></TypeId><Body><Argument>
                <Name>Recipe</Name><DataType><Identifier>i=12</Identifier></DataType><ValueRank>-1</ValueRank><ArrayDimensions/><Description><Text>Which one</Text></Description>
              </Argument></Body></ExtensionObject></ListOfExtensionObject></Value></UAVariable>
            """);
        Assert.Equal(new MethodArgument("Recipe", new NodeId(DataTypeIds.String), -1, "Which one"), space.Get<MethodNode>(new NodeId(2, 20)).Inputs[0]);
    }

    [Fact]
    public void Role_permissions_and_restrictions_are_taken_over()
    {
        Load("""
            <UAObject NodeId="ns=1;i=10" BrowseName="1:Press" AccessRestrictions="3"><DisplayName>Press</DisplayName>
              <References><Reference ReferenceType="Organizes" IsForward="false">i=85</Reference><Reference ReferenceType="HasTypeDefinition">i=58</Reference></References>
              <RolePermissions><RolePermission Permissions="1">i=15644</RolePermission><RolePermission Permissions="33">i=15680</RolePermission></RolePermissions></UAObject>
            """);
        var access = space.Get<ObjectNode>(new NodeId(2, 10)).Access!;
        Assert.Equal(AccessRestrictionType.SigningRequired | AccessRestrictionType.EncryptionRequired, access.Restrictions);
        Assert.Equal(PermissionType.Browse | PermissionType.Read, access.Granted(UserRoles.Operator));
        Assert.Equal(PermissionType.Browse, access.Granted(UserRoles.Anonymous));
    }

    [Fact]
    public void Files_may_come_in_any_order()
    {
        var machinery = NodeSetFiles.PathOf("Opc.Ua.Machinery.NodeSet2.xml");
        var models = space.LoadNodeSets([machinery, NodeSetFiles.PathOf("Opc.Ua.IA.NodeSet2.xml"), NodeSetFiles.PathOf("Opc.Ua.Di.NodeSet2.xml")]);
        Assert.Equal(["http://opcfoundation.org/UA/Machinery/", "http://opcfoundation.org/UA/IA/", "http://opcfoundation.org/UA/DI/"], models.Select(m => m.Uri));
        Assert.Equal(models.Count + 1, space.Models.Count);
        var again = Assert.Throws<NodeSetException>(() => space.LoadNodeSet(machinery));
        Assert.Contains("already", again.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_model_is_named()
    {
        var error = Assert.Throws<NodeSetException>(() => space.LoadNodeSet(NodeSetFiles.PathOf("Opc.Ua.Robotics.NodeSet2.xml")));
        Assert.Contains("http://opcfoundation.org/UA/DI/", error.Message, StringComparison.Ordinal);
        Assert.Equal("Opc.Ua.Robotics.NodeSet2.xml", error.File);
    }

    [Theory]
    [InlineData("""<UAObject NodeId="ns=7;i=1" BrowseName="1:X"/>""", "namespace 7")]
    [InlineData("""<UAObject NodeId="nonsense" BrowseName="1:X"/>""", "neither a node id nor")]
    [InlineData("""<UAObject BrowseName="1:X"/>""", "no attribute NodeId")]
    [InlineData("""<UAObject NodeId="ns=1;i=1" BrowseName="1:X"/>""", "no HasTypeDefinition")]
    [InlineData("""<UAObjectType NodeId="ns=1;i=1" BrowseName="1:X"/>""", "no supertype")]
    [InlineData("""<UAVariable NodeId="ns=1;i=1" BrowseName="1:X" ValueRank="many"/>""", "whole number")]
    [InlineData("""<UAObject NodeId="ns=1;i=1" BrowseName="1:X"><References><Reference ReferenceType="HasComponent">ns=1;i=99</Reference></References></UAObject>""", "ns=2;i=99")]
    [InlineData("""<UAObject NodeId="ns=1;i=1" BrowseName="1:X"><References><Reference ReferenceType="i=85">i=85</Reference></References></UAObject>""", "reference type")]
    public void What_is_wrong_is_said_with_its_line_and_nothing_is_added(string xml, string expected)
    {
        var nodes = space.NodeCount;
        var references = space.Objects.References.Count;
        var error = Assert.Throws<NodeSetException>(() => Load(Object("ns=1;i=500", "1:Fine") + "\n" + xml));
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
        Assert.InRange(error.Line, 3, 12);
        Assert.Equal((nodes, references, 2, 1), (space.NodeCount, space.Objects.References.Count, space.NamespaceUris.Count, space.Models.Count));
    }

    [Fact]
    public void A_node_that_is_there_twice_is_refused() =>
        Assert.Contains("twice", Assert.Throws<NodeSetException>(() => Load(Object("ns=1;i=1", "1:A") + Object("ns=1;i=1", "1:B"))).Message, StringComparison.Ordinal);

    [Fact]
    public void A_value_that_does_not_parse_is_refused()
    {
        var error = Assert.Throws<NodeSetException>(() => Load(Variable("i=6", "<Int32>seven</Int32>")));
        Assert.Contains("value can't be read", error.Message, StringComparison.Ordinal);
        Assert.Throws<NodeSetException>(() => Load(Variable("i=24", "<ExtensionObject><TypeId><Identifier>ns=1;i=1</Identifier></TypeId><Body><Unknown/></Body></ExtensionObject>")));
    }

    [Fact]
    public void Hostile_files_are_refused_before_they_cost_much()
    {
        Assert.Throws<NodeSetException>(() => space.LoadNodeSet(Stream("<!DOCTYPE x [<!ENTITY a 'aaaa'>]><UANodeSet/>")));
        Assert.Throws<NodeSetException>(() => space.LoadNodeSet(Stream("<html/>")));
        Assert.Throws<NodeSetException>(() => space.LoadNodeSet(Stream("<UANodeSet")));
        Assert.Throws<NodeSetException>(() => space.LoadNodeSet(Stream("")));
        var deep = string.Concat(Enumerable.Repeat("<Variant><Value>", 1000)) + string.Concat(Enumerable.Repeat("</Value></Variant>", 1000));
        Assert.Throws<NodeSetException>(() => Load(Variable("i=24", deep)));
        Assert.Throws<NodeSetException>(() => Load(Object("ns=1;i=1", "1:A") + Object("ns=1;i=2", "1:B"), new NodeSetOptions { MaxNodes = 1 }));
        Assert.Throws<NodeSetException>(() => Load(Object("ns=1;i=1", "1:A"), new NodeSetOptions { MaxReferences = 1 }));
        Assert.Throws<NodeSetException>(() => Load(Object("ns=1;i=1", "1:A"), new NodeSetOptions { MaxFileLength = 100 }));
    }

    [Fact]
    public void Types_above_themselves_are_refused()
    {
        const string Circle = """
            <UAObjectType NodeId="ns=1;i=1" BrowseName="1:A"><References><Reference ReferenceType="HasSubtype" IsForward="false">ns=1;i=2</Reference></References></UAObjectType>
            <UAObjectType NodeId="ns=1;i=2" BrowseName="1:B"><References><Reference ReferenceType="HasSubtype" IsForward="false">ns=1;i=1</Reference></References></UAObjectType>
            """;
        Assert.Contains("or is its own", Assert.Throws<NodeSetException>(() => Load(Circle)).Message, StringComparison.Ordinal);
        Assert.Contains("another supertype", Assert.Throws<NodeSetException>(() => Load("""
            <UAObjectType NodeId="ns=1;i=1" BrowseName="1:A"><References><Reference ReferenceType="HasSubtype" IsForward="false">i=58</Reference><Reference ReferenceType="HasSubtype">i=61</Reference></References></UAObjectType>
            """)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Structures_nested_without_measure_are_refused()
    {
        var types = string.Concat(Enumerable.Range(1, 500).Select(i => $"""
            <UADataType NodeId="ns=1;i={i}" BrowseName="1:T{i}"><References><Reference ReferenceType="HasSubtype" IsForward="false">i=22</Reference></References>
              <Definition Name="1:T{i}"><Field Name="Next" DataType="{(i == 500 ? "i=6" : $"ns=1;i={i + 1}")}"/></Definition></UADataType>
            """));
        Assert.Contains("within each other", Assert.Throws<NodeSetException>(() => Load(types)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_structure_that_holds_itself_is_refused() =>
        Assert.Contains("without end", Assert.Throws<NodeSetException>(() => Load("""
            <UADataType NodeId="ns=1;i=3009" BrowseName="1:Loop"><References><Reference ReferenceType="HasSubtype" IsForward="false">i=22</Reference></References>
              <Definition Name="1:Loop"><Field Name="Next" DataType="ns=1;i=3009"/></Definition></UADataType>
            """)).Message, StringComparison.Ordinal);

    private const string Types = """
        <UADataType NodeId="ns=1;i=3001" BrowseName="1:Job"><DisplayName>Job</DisplayName><References><Reference ReferenceType="HasSubtype" IsForward="false">i=22</Reference></References>
          <Definition Name="1:Job"><Field Name="Name" DataType="String"/><Field Name="State" DataType="ns=1;i=3003"/><Field Name="Points" DataType="Double" ValueRank="1"/>
            <Field Name="Where" DataType="ns=1;i=3002"/><Field Name="Any" DataType="i=24"/><Field Name="Comment" DataType="String" IsOptional="true"/></Definition></UADataType>
        <UADataType NodeId="ns=1;i=3002" BrowseName="1:Point"><References><Reference ReferenceType="HasSubtype" IsForward="false">i=22</Reference></References>
          <Definition Name="1:Point"><Field Name="X" DataType="Double"/><Field Name="Y" DataType="Double"/></Definition></UADataType>
        <UADataType NodeId="ns=1;i=3003" BrowseName="1:State"><References><Reference ReferenceType="HasSubtype" IsForward="false">i=29</Reference></References>
          <Definition Name="1:State"><Field Name="Idle" Value="0"/><Field Name="Running" Value="1"><Description>It runs</Description></Field></Definition></UADataType>
        <UADataType NodeId="ns=1;i=3004" BrowseName="1:Choice"><References><Reference ReferenceType="HasSubtype" IsForward="false">i=12756</Reference></References>
          <Definition Name="1:Choice" IsUnion="true"><Field Name="Number" DataType="Int32"/><Field Name="Text" DataType="String"/></Definition></UADataType>
        <UAObject NodeId="ns=1;i=5001" BrowseName="Default XML"><References><Reference ReferenceType="HasEncoding" IsForward="false">ns=1;i=3001</Reference><Reference ReferenceType="HasTypeDefinition">i=76</Reference></References></UAObject>
        <UAObject NodeId="ns=1;i=5002" BrowseName="Default Binary"><References><Reference ReferenceType="HasEncoding" IsForward="false">ns=1;i=3001</Reference><Reference ReferenceType="HasTypeDefinition">i=76</Reference></References></UAObject>
        <UAObject NodeId="ns=1;i=5003" BrowseName="Default Binary"><References><Reference ReferenceType="HasEncoding" IsForward="false">ns=1;i=3002</Reference><Reference ReferenceType="HasTypeDefinition">i=76</Reference></References></UAObject>
        <UAObject NodeId="ns=1;i=5004" BrowseName="Default Binary"><References><Reference ReferenceType="HasEncoding" IsForward="false">ns=1;i=3004</Reference><Reference ReferenceType="HasTypeDefinition">i=76</Reference></References></UAObject>
        """;

    private static string Object(string id, string name) => $"""
        <UAObject NodeId="{id}" BrowseName="{name}"><References><Reference ReferenceType="Organizes" IsForward="false">i=85</Reference><Reference ReferenceType="HasTypeDefinition">i=58</Reference></References></UAObject>
        """;

    private static string Variable(string dataType, string value, int rank = -1) => $"""
        <UAVariable NodeId="ns=1;s=value" BrowseName="1:value" DataType="{dataType}" ValueRank="{rank}">
          <References><Reference ReferenceType="HasComponent" IsForward="false">i=85</Reference><Reference ReferenceType="HasTypeDefinition">i=63</Reference></References>
          <Value xmlns="http://opcfoundation.org/UA/2008/02/Types.xsd">{value}</Value></UAVariable>
        """;

    private static MemoryStream Stream(string xml) => new(System.Text.Encoding.UTF8.GetBytes(xml));

    private Variant Value() => space.Get<VariableNode>(new NodeId((ushort)(space.NamespaceUris.Count - 1), "value")).GetValue().Value;

    private void Load(string nodes, NodeSetOptions? options = null) => space.LoadNodeSet(
        Stream($"""
            <UANodeSet xmlns="http://opcfoundation.org/UA/2011/03/UANodeSet.xsd">
              <NamespaceUris><Uri>{Uri}</Uri></NamespaceUris><Models><Model ModelUri="{Uri}" Version="1.0"><RequiredModel ModelUri="http://opcfoundation.org/UA/"/></Model></Models>
              <Aliases><Alias Alias="Double">i=11</Alias><Alias Alias="Int32">i=6</Alias><Alias Alias="String">i=12</Alias><Alias Alias="HasComponent">i=47</Alias><Alias Alias="HasProperty">i=46</Alias>
                <Alias Alias="Organizes">i=35</Alias><Alias Alias="HasSubtype">i=45</Alias><Alias Alias="HasTypeDefinition">i=40</Alias><Alias Alias="HasEncoding">i=38</Alias></Aliases>
            {nodes}
            </UANodeSet>
            """),
        "press.xml",
        options);
}
