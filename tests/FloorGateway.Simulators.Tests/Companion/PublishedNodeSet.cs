using System.Xml.Linq;
using FloorGateway.TestKit;

namespace FloorGateway.Simulators.Tests.Companion;

/// <summary>A NodeSet2 file of the npm package node-opcua-nodesets, read by plain means: ids and names carry their namespace's URI.</summary>
internal sealed class PublishedNodeSet
{
    private const string OpcUa = "http://opcfoundation.org/UA/";
    private static readonly XNamespace Schema = "http://opcfoundation.org/UA/2011/03/UANodeSet.xsd";
    private readonly string[] _uris;
    private readonly Dictionary<string, string> _aliases;

    private PublishedNodeSet(XElement root)
    {
        _uris = [OpcUa, .. root.Elements(Schema + "NamespaceUris").Elements().Select(e => e.Value.Trim())];
        _aliases = root.Elements(Schema + "Aliases").Elements().ToDictionary(a => (string)a.Attribute("Alias")!, a => a.Value.Trim());
        var model = root.Elements(Schema + "Models").Elements().First();
        Uri = (string)model.Attribute("ModelUri")!;
        Version = (string?)model.Attribute("Version") ?? "";
        foreach (var element in root.Elements().Where(e => e.Name.LocalName.StartsWith("UA", StringComparison.Ordinal)))
            Nodes[Id((string)element.Attribute("NodeId")!)] = element;
    }

    public string Uri { get; }

    public string Version { get; }

    public Dictionary<string, XElement> Nodes { get; } = new(StringComparer.Ordinal);

    /// <summary>All files of the package; empty when npm ci has not been run.</summary>
    public static IReadOnlyList<PublishedNodeSet> All()
    {
        var folder = RepositoryRoot.Combine("tests", "node_modules", "node-opcua-nodesets", "nodesets");
        return Directory.Exists(folder) ? [.. Directory.GetFiles(folder, "*.xml").Order(StringComparer.Ordinal).Select(f => new PublishedNodeSet(XDocument.Load(f).Root!))] : [];
    }

    /// <summary><c>uri|number</c>.</summary>
    public string Id(string text)
    {
        text = text.Trim();
        text = _aliases.GetValueOrDefault(text, text);
        var index = 0;
        if (text.StartsWith("ns=", StringComparison.Ordinal))
        {
            var semicolon = text.IndexOf(';', StringComparison.Ordinal);
            index = int.Parse(text.AsSpan(3, semicolon - 3));
            text = text[(semicolon + 1)..];
        }

        return $"{_uris[index]}|{text[2..]}";
    }

    public string Name(XElement node)
    {
        var text = (string)node.Attribute("BrowseName")!;
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        return colon > 0 && int.TryParse(text.AsSpan(0, colon), out var index) ? $"{_uris[index]}|{text[(colon + 1)..]}" : $"{OpcUa}|{text}";
    }

    public string DataType(XElement node) => Id((string?)node.Attribute("DataType") ?? "i=24") + "[" + ((string?)node.Attribute("ValueRank") ?? "-1") + "]";

    public IEnumerable<(string Type, string Target, bool Forward)> References(XElement node) => node.Elements(Schema + "References").Elements()
        .Select(r => (Id((string)r.Attribute("ReferenceType")!), Id(r.Value), (string?)r.Attribute("IsForward") != "false"));

    public IEnumerable<string>? Definition(XElement node) => node.Element(Schema + "Definition")?.Elements().Where(e => e.Name.LocalName == "Field").Select(f =>
        f.Attribute("Value") is { } value ? $"{(string?)f.Attribute("Name")}={value.Value}" : $"{(string?)f.Attribute("Name")}:{DataType(f)}");
}
