using System.Xml.Linq;
using FloorGateway.TestKit;

namespace FloorGateway.OpcUa.Tests.AddressSpace.NodeSets;

/// <summary>The companion specifications of the npm package node-opcua-nodesets, read a second time by other means as an oracle.</summary>
internal static class NodeSetFiles
{
    private static readonly XNamespace Schema = "http://opcfoundation.org/UA/2011/03/UANodeSet.xsd";

    private static readonly string Folder = RepositoryRoot.Combine("tests", "node_modules", "node-opcua-nodesets", "nodesets");

    public const string Standard = "Opc.Ua.NodeSet2.xml";

    public static string PathOf(string file) => Path.Combine(Folder, file);

    public static string[] Companions => [.. Directory.GetFiles(Folder, "*.xml").Where(f => Path.GetFileName(f) != Standard).Order(StringComparer.Ordinal)];

    public static IEnumerable<XElement> Nodes(string path) => XDocument.Load(path).Root!.Elements().Where(e => e.Name.LocalName.StartsWith("UA", StringComparison.Ordinal));

    public static IEnumerable<XElement> References(XElement node) => node.Elements(Schema + "References").Elements();

    public static XElement? Definition(XElement node) => node.Element(Schema + "Definition");

    public static Dictionary<string, string> Aliases(string path) =>
        XDocument.Load(path).Root!.Elements(Schema + "Aliases").Elements().ToDictionary(a => (string)a.Attribute("Alias")!, a => a.Value);

    public static string[] Uris(string path) => [.. XDocument.Load(path).Root!.Elements(Schema + "NamespaceUris").Elements().Select(e => e.Value)];
}
