using FloorGateway.OpcUa.Types;

namespace FloorGateway.OpcUa.Client;

/// <summary>
/// What bare namespace indexes (<c>ns=3</c>) meant when they were first used. Servers number their namespaces anew after a download, and the index of yesterday may
/// be another machine's today; the URI stays (OPC 10000-3, 8.2.2). Not thread-safe: one owner.
/// </summary>
internal sealed class NamespaceBinding(IReadOnlyList<string>? remembered = null)
{
    /// <summary>The namespace array that bare indexes are read with; empty before the first connection.</summary>
    public IReadOnlyList<string> Bound { get; private set; } = remembered ?? [];

    /// <summary>Learns a server's namespace array.</summary>
    /// <returns>The indexes that no longer mean what they did: index, then, now.</returns>
    public List<(int Index, string Was, string Is)> Learn(IReadOnlyList<string> current)
    {
        List<(int Index, string Was, string Is)> moved = [];
        for (var i = 0; i < Bound.Count; i++)
        {
            // 1 is the server itself, whose URI may carry a host name.
            if (i != 1 && (i >= current.Count || current[i] != Bound[i]))
            {
                moved.Add((i, Bound[i], i < current.Count ? current[i] : "nothing"));
            }
        }

        if (Bound.Count == 0)
        {
            Bound = [.. current];
        }
        else if (current.Count > Bound.Count)
        {
            // Indexes that did not exist before are bound now; what was bound stays.
            Bound = [.. Bound, .. current.Skip(Bound.Count)];
        }

        return moved;
    }

    /// <summary>The node's id on a server with this namespace array.</summary>
    /// <returns>False when the namespace is not there.</returns>
    public bool TryResolve(in ExpandedNodeId id, IReadOnlyList<string> current, out NodeId node)
    {
        var index = id.NodeId.NamespaceIndex;
        return id.NamespaceUri is null && index > 1 && index < Bound.Count
            ? new ExpandedNodeId(id.NodeId, Bound[index], id.ServerIndex).TryResolve(current, out node)
            : id.TryResolve(current, out node);
    }
}
