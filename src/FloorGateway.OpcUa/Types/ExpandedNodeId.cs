using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace FloorGateway.OpcUa.Types;

/// <summary>A <see cref="NodeId"/> that may name its namespace by URI and another server by index (OPC 10000-4, 7.16).</summary>
public readonly struct ExpandedNodeId : IEquatable<ExpandedNodeId>
{
    public ExpandedNodeId(NodeId nodeId, string? namespaceUri = null, uint serverIndex = 0)
    {
        NodeId = nodeId;
        NamespaceUri = namespaceUri;
        ServerIndex = serverIndex;
    }

    public static ExpandedNodeId Null => default;

    /// <summary>The identifier; its namespace index counts only when <see cref="NamespaceUri"/> is null.</summary>
    public NodeId NodeId { get; }

    public string? NamespaceUri { get; }

    /// <summary>0 is the server itself.</summary>
    public uint ServerIndex { get; }

    public bool IsNull => NamespaceUri is null && ServerIndex == 0 && NodeId.IsNull;

    public static implicit operator ExpandedNodeId(NodeId nodeId) => new(nodeId);

    public static bool operator ==(ExpandedNodeId left, ExpandedNodeId right) => left.Equals(right);

    public static bool operator !=(ExpandedNodeId left, ExpandedNodeId right) => !left.Equals(right);

    public bool Equals(ExpandedNodeId other) =>
        NodeId == other.NodeId && ServerIndex == other.ServerIndex && string.Equals(NamespaceUri, other.NamespaceUri, StringComparison.Ordinal);

    public override bool Equals(object? obj) => obj is ExpandedNodeId other && Equals(other);

    public override int GetHashCode() => HashCode.Combine(NodeId, NamespaceUri, ServerIndex);

    /// <summary>Resolves the namespace URI against a server's namespace array.</summary>
    /// <returns>False when the node lies in another server or its URI is not in the array.</returns>
    public bool TryResolve(IReadOnlyList<string> namespaceUris, out NodeId nodeId)
    {
        nodeId = NodeId;
        if (ServerIndex != 0)
        {
            return false;
        }

        if (NamespaceUri is null)
        {
            return true;
        }

        for (var i = 0; i < namespaceUris.Count && i <= ushort.MaxValue; i++)
        {
            if (string.Equals(namespaceUris[i], NamespaceUri, StringComparison.Ordinal))
            {
                var ns = (ushort)i;
                nodeId = NodeId.IdType switch
                {
                    NodeIdType.Numeric => new NodeId(ns, NodeId.Numeric),
                    NodeIdType.String => new NodeId(ns, (string?)NodeId.Identifier),
                    NodeIdType.Guid => new NodeId(ns, (Guid)NodeId.Identifier!),
                    _ => new NodeId(ns, (byte[]?)NodeId.Identifier),
                };
                return true;
            }
        }

        return false;
    }

    /// <summary>The text form of OPC 10000-6, 5.3.1.11: <c>svr=1;nsu=http://example.com/;s=Name</c>.</summary>
    public override string ToString()
    {
        var text = NodeId.ToString();
        if (NamespaceUri is not null)
        {
            text = "nsu=" + NamespaceUri.Replace("%", "%25", StringComparison.Ordinal).Replace(";", "%3B", StringComparison.Ordinal)
                + ";" + (NodeId.NamespaceIndex == 0 ? text : text[(text.IndexOf(';', StringComparison.Ordinal) + 1)..]);
        }

        return ServerIndex == 0 ? text : string.Create(CultureInfo.InvariantCulture, $"svr={ServerIndex};{text}");
    }

    /// <summary>Parses the text form.</summary>
    /// <exception cref="FormatException">The text is no ExpandedNodeId.</exception>
    public static ExpandedNodeId Parse(string text) => TryParse(text, out var id)
        ? id
        : throw new FormatException($"'{text}' is no ExpandedNodeId. Write it as 'nsu=<namespace uri>;s=Name' or as a NodeId such as 'ns=2;s=Name'.");

    /// <summary>Parses the text form without throwing.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out ExpandedNodeId id)
    {
        id = default;
        if (text is null)
        {
            return false;
        }

        var rest = text;
        uint server = 0;
        if (rest.StartsWith("svr=", StringComparison.Ordinal))
        {
            var end = rest.IndexOf(';', StringComparison.Ordinal);
            if (end < 0 || !uint.TryParse(rest.AsSpan(4, end - 4), NumberStyles.None, CultureInfo.InvariantCulture, out server))
            {
                return false;
            }

            rest = rest[(end + 1)..];
        }

        string? uri = null;
        if (rest.StartsWith("nsu=", StringComparison.Ordinal))
        {
            var end = rest.IndexOf(';', StringComparison.Ordinal);
            if (end < 0)
            {
                return false;
            }

            uri = rest[4..end].Replace("%3B", ";", StringComparison.OrdinalIgnoreCase).Replace("%25", "%", StringComparison.Ordinal);
            rest = rest[(end + 1)..];
            if (rest.StartsWith("ns=", StringComparison.Ordinal))
            {
                return false;
            }
        }

        if (!NodeId.TryParse(rest, out var nodeId))
        {
            return false;
        }

        id = new ExpandedNodeId(nodeId, uri, server);
        return true;
    }
}
