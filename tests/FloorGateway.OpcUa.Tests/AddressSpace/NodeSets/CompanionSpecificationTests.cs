using System.Diagnostics;
using FloorGateway.OpcUa.Types;

namespace FloorGateway.OpcUa.Tests.AddressSpace.NodeSets;

using FloorGateway.OpcUa.AddressSpace;
using FloorGateway.OpcUa.AddressSpace.NodeSets;

public sealed class CompanionSpecificationTests(ITestOutputHelper output)
{
    // The file is of 1.05.07, what is built in of 1.05.03; these changed in between.
    private static readonly uint[] ChangedInLaterVersions = [23926, 23994, 23995, 15632, 2999, 3006, 19095, 3012, 3014, 3019, 3022, 32758, 32803, 23537, 15658, 874];

    [Fact]
    public void All_companion_specifications_load_together_with_every_node_and_both_ends_of_every_reference()
    {
        var space = new AddressSpace("urn:example.com:test");
        var before = space.NodeCount;
        var memory = GC.GetTotalMemory(true);
        var watch = Stopwatch.StartNew();
        var models = space.LoadNodeSets(NodeSetFiles.Companions);
        var elapsed = watch.Elapsed;
        var added = space.NodeCount - before;
        output.WriteLine($"{models.Count} models, {added} nodes in {elapsed.TotalMilliseconds:F0} ms, {(GC.GetTotalMemory(true) - memory) / added} bytes a node");
        foreach (var finding in models.SelectMany(m => m.Findings))
            output.WriteLine(finding);

        Assert.Equal(NodeSetFiles.Companions.Length, models.Count);
        Assert.Equal(NodeSetFiles.Companions.Sum(f => NodeSetFiles.Nodes(f).Count()), added);
        foreach (var (file, model) in NodeSetFiles.Companions.Zip(models))
            CheckFile(space, file, model);
        AddressSpaceChecks.EveryReferenceHasBothEnds(space);
        AddressSpaceChecks.EveryTypeIsThere(space);
    }

    [Fact]
    public void The_whole_standard_is_added_to_what_is_built_in()
    {
        var space = new AddressSpace("urn:example.com:test");
        var builtIn = space.Nodes.Select(n => n.Id).ToHashSet();
        var path = NodeSetFiles.PathOf(NodeSetFiles.Standard);
        space.LoadNodeSet(path);
        var ids = NodeSetFiles.Nodes(path).Select(n => NodeId.Parse((string)n.Attribute("NodeId")!)).ToHashSet();
        Assert.Equal(builtIn.Union(ids).Count(), space.NodeCount);
        Assert.All(ids, id => Assert.NotNull(space.Find(id)));
        AddressSpaceChecks.EveryReferenceHasBothEnds(space);
        AddressSpaceChecks.EveryTypeIsThere(space);
    }

    [Fact]
    public void What_is_built_in_is_what_the_standard_says()
    {
        var space = new AddressSpace("urn:example.com:test");
        var path = NodeSetFiles.PathOf(NodeSetFiles.Standard);
        var aliases = NodeSetFiles.Aliases(path);
        var differences = new List<string>();
        foreach (var element in NodeSetFiles.Nodes(path))
        {
            if (space.Find(Id((string)element.Attribute("NodeId")!)) is not { } node)
                continue;
            var attribute = (string name, string otherwise) => (string?)element.Attribute(name) ?? otherwise;
            Compare("class", "UA" + node.NodeClass, element.Name.LocalName);
            Compare("name", node.BrowseName.Name, attribute("BrowseName", ""));
            switch (node)
            {
                case VariableNode variable:
                    Compare("data type", variable.DataType, Id(attribute("DataType", "i=24")));
                    Compare("rank", variable.ValueRank, int.Parse(attribute("ValueRank", "-1"), null));
                    break;
                case DataTypeNode { Fields: { } fields } type when NodeSetFiles.Definition(element) is { } definition:
                    Compare("fields", string.Join(',', fields.Select(f => $"{f.Name}:{f.DataType}[{f.ValueRank}]{f.IsOptional}")), string.Join(',', definition.Elements().Select(f =>
                        $"{(string?)f.Attribute("Name")}:{Id((string?)f.Attribute("DataType") ?? "i=24")}[{(string?)f.Attribute("ValueRank") ?? "-1"}]{(string?)f.Attribute("IsOptional") == "true"}")));
                    break;
                case DataTypeNode { EnumValues: { } values } when NodeSetFiles.Definition(element) is { } definition:
                    Compare("values", string.Join(',', values.Select(v => $"{v.Name}={v.Value}")), string.Join(',', definition.Elements().Select(f => $"{(string?)f.Attribute("Name")}={(string?)f.Attribute("Value") ?? "0"}")));
                    break;
                case ReferenceTypeNode type:
                    Compare("symmetric", type.Symmetric, attribute("Symmetric", "false") == "true");
                    break;
            }

            if (node is TypeNode abstractable)
                Compare("abstract", abstractable.IsAbstract, attribute("IsAbstract", "false") == "true");

            void Compare<T>(string what, T ours, T theirs)
            {
                if (!Equals(ours, theirs) && !ChangedInLaterVersions.Contains(node.Id.Numeric))
                    differences.Add($"{node}: {what} is {ours}, in the standard {theirs}");
            }
        }

        foreach (var difference in differences)
            output.WriteLine(difference);
        Assert.Empty(differences);

        NodeId Id(string text) => NodeId.Parse(aliases.GetValueOrDefault(text, text));
    }

    private static void CheckFile(AddressSpace space, string file, NodeSetModel model)
    {
        string[] uris = [Namespaces.OpcUa, .. NodeSetFiles.Uris(file)];
        var aliases = NodeSetFiles.Aliases(file);
        var nodes = NodeSetFiles.Nodes(file).ToList();
        Assert.Equal(nodes.Count, model.NodeCount);
        foreach (var element in nodes)
        {
            var node = space.Find(Id((string)element.Attribute("NodeId")!));
            Assert.NotNull(node);
            Assert.Equal(element.Name.LocalName, "UA" + node.NodeClass);
            foreach (var reference in NodeSetFiles.References(element))
            {
                var type = space.Get<ReferenceTypeNode>(Id((string)reference.Attribute("ReferenceType")!));
                if (space.Find(Id(reference.Value.Trim())) is not { } other)
                {
                    // One file names dictionary entries that no file has; it is told, not hidden.
                    Assert.Contains(model.Findings, f => f.Contains(node.Id.ToString(), StringComparison.Ordinal));
                    continue;
                }

                var inverse = (string?)reference.Attribute("IsForward") == "false";
                Assert.True(inverse && AddressSpace.IsOneWay(type) || node.HasReference(type, other, inverse), $"{Path.GetFileName(file)}: {node} {type.BrowseName} {other}");
            }
        }

        NodeId Id(string text)
        {
            var local = NodeId.Parse(aliases.GetValueOrDefault(text, text));
            var index = (ushort)space.NamespaceUris.ToList().IndexOf(uris[local.NamespaceIndex]);
            return local.IdType == NodeIdType.Numeric ? new NodeId(index, local.Numeric) : new NodeId(index, (string?)local.Identifier);
        }
    }
}

internal static class AddressSpaceChecks
{
    public static void EveryReferenceHasBothEnds(AddressSpace space)
    {
        foreach (var node in space.Nodes)
        {
            foreach (var reference in node.References)
            {
                Assert.Same(reference.Target, space.Find(reference.Target.Id));
                Assert.True(AddressSpace.IsOneWay(reference.Type) || reference.Target.HasReference(reference.Type, node, !reference.IsInverse), $"{node} {reference.Type} {reference.Target}");
            }
        }
    }

    public static void EveryTypeIsThere(AddressSpace space)
    {
        foreach (var node in space.Nodes)
        {
            Assert.True(node is not ObjectNode || node.TypeDefinition is ObjectTypeNode, node.ToString());
            Assert.True(node is not VariableNode || node.TypeDefinition is VariableTypeNode, node.ToString());
            if (node is DataTypeNode { IsAbstract: false, Layout: { } layout })
                Assert.True(layout.EncodingId.NamespaceIndex == node.Id.NamespaceIndex, node.ToString());
        }
    }
}
