using System.Xml.Linq;
using FloorGateway.OpcUa.AddressSpace;
using FloorGateway.Simulators.Companion;
using Space = FloorGateway.OpcUa.AddressSpace.AddressSpace;

namespace FloorGateway.Simulators.Tests.Companion;

public sealed class CompanionTableTests(ITestOutputHelper output)
{
    private const string OpcUa = "http://opcfoundation.org/UA/";

    private static readonly Dictionary<char, string> Classes = new()
    {
        ['O'] = "UAObject", ['V'] = "UAVariable", ['M'] = "UAMethod", ['T'] = "UAObjectType", ['Y'] = "UAVariableType", ['D'] = "UADataType", ['R'] = "UAReferenceType",
    };

    private static readonly Dictionary<char, int> Links = new() { ['p'] = 46, ['c'] = 47, ['o'] = 35, ['s'] = 45, ['e'] = 38, ['h'] = 49, ['a'] = 17604 };

    // Numbers that the specification gave to something else in a later version than the table's.
    private static readonly string[] Renumbered = ["http://opcfoundation.org/UA/IJT/Base/|6159"];

    public static TheoryData<string> Names => [.. CompanionTable.Names];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_table_loads_with_what_it_builds_on(string name)
    {
        var space = new Space("urn:example.com:test");
        var table = CompanionTable.Get(name);
        space.Require(table.Uri);
        space.Require(table.Uri);
        var model = Assert.Single(space.Models, m => m.Uri == table.Uri);
        Assert.Equal((table.Version, table.Lines.Count(l => l[0] != "+")), (model.Version, model.NodeCount));
        Assert.Empty(model.Findings);
        foreach (var node in space.Nodes.Where(n => n.Id.NamespaceIndex == model.NamespaceIndex))
        {
            Assert.True(node is not ObjectNode || node.TypeDefinition is ObjectTypeNode, node.ToString());
            Assert.True(node is not VariableNode || node.TypeDefinition is VariableTypeNode, node.ToString());
        }
    }

    [Fact]
    public void Tables_say_what_the_published_nodesets_say()
    {
        var published = PublishedNodeSet.All();
        if (published.Count == 0) Assert.Skip("npm ci has not been run in tests/: there is nothing to compare with.");
        var differences = new List<string>();
        var compared = 0;
        foreach (var table in CompanionTable.Names.Select(CompanionTable.Get))
        {
            var file = published.FirstOrDefault(p => p.Uri == table.Uri);
            output.WriteLine($"{table.Name} {table.Version}: {table.Lines.Count(l => l[0] != "+")} nodes, {(file is null ? "not in the package" : $"compared with {file.Version}")}");
            if (file is null) continue;
            compared++;
            string[] uris = [OpcUa, table.Uri, .. table.Uses.Select(u => CompanionTable.Get(u).Uri)];
            foreach (var cells in table.Lines) Compare(cells, uris, file, differences);
        }

        foreach (var difference in differences) output.WriteLine(difference);
        Assert.InRange(compared, 10, 100);
        Assert.Empty(differences);
    }

    private static void Compare(string[] cells, string[] uris, PublishedNodeSet file, List<string> differences)
    {
        if (cells[0] == "+") return;
        var id = Id(cells[0][1..]);
        if (Renumbered.Contains(id)) return;
        if (!file.Nodes.TryGetValue(id, out var node))
        {
            differences.Add($"{id} ({cells[2]}) is not in {file.Uri} {file.Version}");
            return;
        }

        var references = file.References(node).ToList();
        Check("class", Classes[cells[0][0]], node.Name.LocalName);
        Check("name", Qualified(cells[2], uris[1]), file.Name(node));
        if (cells[1].Length > 0)
        {
            var (type, parent) = ($"{OpcUa}|{Links[cells[1][0]]}", Id(cells[1][1..]));
            var linked = references.Contains((type, parent, false)) || (file.Nodes.TryGetValue(parent, out var other) && file.References(other).Contains((type, id, true)));
            Check("parent", true, linked);
        }

        if (cells[0][0] is 'O' or 'V' && CompanionTable.Cell(cells, 't') is { } definition) Check("type", Id(definition), references.First(r => r.Type == OpcUa + "|40").Target);
        if (cells[0][0] is 'V' or 'Y' && CompanionTable.Cell(cells, 'd') is { } dataType) Check("data type", Ranked(dataType), file.DataType(node));
        if ((CompanionTable.Cell(cells, 'E') ?? CompanionTable.Cell(cells, 'F') ?? CompanionTable.Cell(cells, 'U')) is { } content && file.Definition(node) is { } fields)
            Check("definition", string.Join(',', content.Split(',').Select(Field)), string.Join(',', fields));

        void Check<T>(string what, T ours, T theirs)
        {
            if (!Equals(ours, theirs)) differences.Add($"{id} ({cells[2]}): {what} is {ours}, in {file.Version} {theirs}");
        }

        string Id(string text) => Qualified(text, uris[1]);

        string Qualified(string text, string own)
        {
            var colon = text.IndexOf(':', StringComparison.Ordinal);
            return colon > 0 && int.TryParse(text.AsSpan(0, colon), out var index) ? $"{uris[index]}|{text[(colon + 1)..]}" : $"{own}|{text}";
        }

        string Ranked(string text)
        {
            var bracket = text.IndexOf('[', StringComparison.Ordinal);
            return bracket < 0 ? Id(text) + "[-1]" : Id(text[..bracket]) + text[bracket..];
        }

        string Field(string text)
        {
            var colon = text.IndexOf(':', StringComparison.Ordinal);
            return colon < 0 ? text : $"{text[..colon]}:{Ranked(text[(colon + 1)..].TrimEnd('*', '?'))}";
        }
    }
}
