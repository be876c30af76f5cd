using System.Text;
using System.Text.RegularExpressions;
using FloorGateway.OpcUa.AddressSpace.NodeSets;
using Fuzz.Making;
using Space = FloorGateway.OpcUa.AddressSpace.AddressSpace;

namespace Fuzz.Targets;

/// <summary>NodeSet2 files. One that is refused must say so with its own exception and leave the address space as it was.</summary>
internal sealed partial class NodeSetTarget : IFuzzTarget
{
    private const string Uri = "http://example.com/fuzz/model";

    /// <summary>Models in one address space, before a new one is begun; making one takes longer than loading a model.</summary>
    private const int ModelsPerSpace = 300;

    private static readonly string[] Texts = ["", "0", "1", "-1", "4294967296", "true", "i=84", "i=45", "ns=1;i=3001", "ns=9;i=1", "ns=1;s=Press1", "i=4294967295", "1,2", "0,0", "INF", "NaN", "1:Point", "7:x", "Double", "HasSubtype", "i=40", "2026-11-22T00:00:00Z", "9999999999", "<", "UAVariable", "uax:Int32"];

    private readonly string model = Encoding.UTF8.GetString(Making.Seeds.Read("model.xml"));
    private Space space = new("urn:example.com:fuzz");
    private int models;
    private int cases;

    public NodeSetTarget() => Seeds = [Encoding.UTF8.GetBytes(model), "<UANodeSet xmlns=\"http://opcfoundation.org/UA/2011/03/UANodeSet.xsd\"/>"u8.ToArray(), "<a/>"u8.ToArray()];

    public string Name => "node-set";

    public int Weight => 1;

    public IReadOnlyList<byte[]> Seeds { get; }

    /// <summary>The model with some of its texts and attributes exchanged for others, and some elements twice or not at all.</summary>
    public byte[] Make(FuzzRandom random)
    {
        var text = model;
        for (var i = random.Below(4); i >= 0; i--)
        {
            var places = random.OneIn(3) ? Element().Matches(text) : Content().Matches(text);
            if (places.Count == 0)
                continue;
            var place = places[random.Below(places.Count)];
            var other = random.Below(4) switch
            {
                0 => places[random.Below(places.Count)].Value,
                1 => place.Value + place.Value,
                2 => "",
                _ => random.Pick(Texts),
            };
            text = string.Concat(text.AsSpan(0, place.Index), other, text.AsSpan(place.Index + place.Length));
        }

        return Encoding.UTF8.GetBytes(text);
    }

    public long MaxAllocation(int length) => 20_000_000 + (500L * length);

    public Verdict Run(byte[] input)
    {
        if (models >= ModelsPerSpace)
        {
            space = new Space("urn:example.com:fuzz");
            models = 0;
        }

        // Each case is another model, so that one address space takes many.
        var text = Encoding.UTF8.GetString(input).Replace(Uri, $"{Uri}/{++cases}", StringComparison.Ordinal);
        var (nodes, namespaces) = (space.NodeCount, space.NamespaceUris.Count);
        try
        {
            var loaded = space.LoadNodeSet(new MemoryStream(Encoding.UTF8.GetBytes(text)));
            models++;
            return new Verdict(true, HashCode.Combine(loaded.Count, space.NodeCount - nodes, loaded.Sum(m => m.Findings.Count)));
        }
        catch (NodeSetException refused)
        {
            DefectException.ThrowIf(space.NodeCount != nodes || space.NamespaceUris.Count != namespaces, $"A refused file left {space.NodeCount - nodes} nodes and {space.NamespaceUris.Count - namespaces} namespaces behind");
            DefectException.ThrowIf(refused.Message.Length < 20, $"'{refused.Message}' helps nobody");
            return new Verdict(false, refused.Line);
        }
    }

    [GeneratedRegex("(?<=\")[^\"<>]*(?=\")|(?<=>)[^<>]+(?=<)")]
    private static partial Regex Content();

    [GeneratedRegex(@"<(\w+:?\w+)[^<>]*(/>|>[^<>]*</\1>)")]
    private static partial Regex Element();
}
