using System.Globalization;
using FloorGateway.OpcUa.Types;

namespace FloorGateway.OpcUa.AddressSpace.NodeSets;

/// <summary>Turns a file's aliases and namespace indexes into the server's ids (OPC 10000-6, F.2 and F.3).</summary>
internal sealed class NodeSetIds(NodeSetBuild build)
{
    private readonly Dictionary<string, NodeId> aliases = new(StringComparer.Ordinal);
    private readonly List<ushort> indexes = [0];

    public void AddNamespace(string uri) => indexes.Add(build.IndexOf(uri));

    /// <returns>Null, or what is wrong.</returns>
    public string? AddAlias(string name, string id)
    {
        var problem = TryParse(id, out var parsed);
        if (problem is null)
            aliases[name] = parsed;
        return problem;
    }

    /// <summary>Parses an alias or a node id of the file.</summary>
    /// <returns>Null, or what is wrong.</returns>
    public string? TryParse(string text, out NodeId id)
    {
        text = text.Trim();
        if (aliases.TryGetValue(text, out id))
            return null;
        if (!NodeId.TryParse(text, out var local))
            return $"'{text}' is neither a node id nor one of the file's aliases. Write it as 'ns=1;i=1234', or add the alias to the Aliases element.";
        if (!TryMap(local.NamespaceIndex, out var index))
            return $"'{text}' names namespace {local.NamespaceIndex}, but NamespaceUris lists {indexes.Count - 1}. Add the missing URI to NamespaceUris.";
        id = WithIndex(local, index);
        return null;
    }

    public bool TryMap(int fileIndex, out ushort index)
    {
        index = fileIndex >= 0 && fileIndex < indexes.Count ? indexes[fileIndex] : (ushort)0;
        return fileIndex >= 0 && fileIndex < indexes.Count;
    }

    /// <summary>Parses <c>1:Name</c>.</summary>
    /// <returns>Null, or what is wrong.</returns>
    public string? TryParseName(string text, out QualifiedName name)
    {
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        if (colon <= 0 || !int.TryParse(text.AsSpan(0, colon), NumberStyles.None, CultureInfo.InvariantCulture, out var fileIndex))
        {
            name = new QualifiedName(0, build.Pool.Get(text));
            return null;
        }

        if (!TryMap(fileIndex, out var index))
        {
            name = default;
            return $"The name '{text}' is in namespace {fileIndex}, but NamespaceUris lists {indexes.Count - 1}. Add the missing URI to NamespaceUris.";
        }

        name = new QualifiedName(index, build.Pool.Get(text[(colon + 1)..]));
        return null;
    }

    private NodeId WithIndex(NodeId id, ushort index) => id.IdType switch
    {
        NodeIdType.Numeric => new NodeId(index, id.Numeric),
        NodeIdType.String => new NodeId(index, build.Pool.Get((string?)id.Identifier)),
        NodeIdType.Guid => new NodeId(index, (Guid)id.Identifier!),
        _ => new NodeId(index, (byte[]?)id.Identifier),
    };
}
