using System.Runtime.CompilerServices;
using FloorGateway.OpcUa.Types;

namespace FloorGateway.OpcUa.Client;

public sealed partial class UaClient
{
    /// <summary>Browses nodes and follows continuation points to the end (OPC 10000-4, 5.9.2 and 5.9.3). One result per node, in order.</summary>
    public async ValueTask<BrowsedNode[]> BrowseAsync(IReadOnlyList<BrowseDescription> nodes, CancellationToken cancel = default)
    {
        // Continuation points are scarce on a server, so each slice is finished before the next one starts.
        return await Batches.RunAsync(nodes, Limits.MaxNodesPerBrowse, slice => BrowseSliceAsync(slice, cancel)).ConfigureAwait(false);
    }

    /// <summary>Browses one node: forward hierarchical references unless told otherwise.</summary>
    public async ValueTask<BrowsedNode> BrowseAsync(NodeId node, NodeId? referenceType = null, BrowseDirection direction = BrowseDirection.Forward, CancellationToken cancel = default) =>
        (await BrowseAsync([Describe(node, referenceType ?? ReferenceTypeIds.HierarchicalReferences, direction)], cancel).ConfigureAwait(false))[0];

    /// <summary>
    /// Walks everything below a node, breadth first, each node once; nodes of other servers are left out. A node that can't
    /// be browsed is given with its status and no references.
    /// </summary>
    public async IAsyncEnumerable<BrowsedNode> BrowseAllAsync(NodeId root, BrowseAllOptions? options = null, [EnumeratorCancellation] CancellationToken cancel = default)
    {
        options ??= new BrowseAllOptions();
        HashSet<NodeId> seen = [root];
        List<NodeId> level = [root];
        for (var depth = 0; level.Count > 0 && depth < options.MaxDepth; depth++)
        {
            List<NodeId> next = [];
            for (var start = 0; start < level.Count; start += Limits.MaxNodesPerBrowse)
            {
                var slice = level.Skip(start).Take(Limits.MaxNodesPerBrowse).Select(n => Describe(n, options.ReferenceType, BrowseDirection.Forward)).ToArray();
                foreach (var browsed in await BrowseAsync(slice, cancel).ConfigureAwait(false))
                {
                    foreach (var reference in browsed.References)
                    {
                        if (reference.NodeId.TryResolve(NamespaceUris, out var target) && seen.Count < options.MaxNodes && seen.Add(target))
                        {
                            next.Add(target);
                        }
                    }

                    yield return browsed;
                }
            }

            level = next;
        }
    }

    /// <summary>Finds nodes by browse path (OPC 10000-4, 5.9.4). One result per path, in order.</summary>
    public ValueTask<BrowsePathResult[]> TranslateBrowsePathsAsync(IReadOnlyList<BrowsePath> paths, CancellationToken cancel = default) =>
        Batches.RunAsync(paths, Limits.MaxNodesPerTranslate, async slice =>
            (await InvokeAsync<TranslateBrowsePathsToNodeIdsResponse>(new TranslateBrowsePathsToNodeIdsRequest { BrowsePaths = slice }, cancel).ConfigureAwait(false)).Results);

    /// <summary>Finds one node along hierarchical references, or null when there is none.</summary>
    public async ValueTask<NodeId?> TranslateBrowsePathAsync(NodeId start, IReadOnlyList<QualifiedName> path, CancellationToken cancel = default)
    {
        var result = await TranslateBrowsePathsAsync([PathFrom(start, path)], cancel).ConfigureAwait(false);
        return TargetOf(result[0], NamespaceUris);
    }

    internal static BrowsePath PathFrom(NodeId start, IEnumerable<QualifiedName> names) => new()
    {
        StartingNode = start,
        RelativePath = new RelativePath
        {
            Elements = [.. names.Select(name => new RelativePathElement
            {
                ReferenceTypeId = ReferenceTypeIds.HierarchicalReferences,
                IncludeSubtypes = true,
                TargetName = name,
            })],
        },
    };

    /// <summary>The node a path leads to, or null.</summary>
    internal static NodeId? TargetOf(BrowsePathResult result, IReadOnlyList<string> namespaceUris)
    {
        foreach (var target in result.Targets)
        {
            // A remaining index means that the path goes on in another server.
            if (target.RemainingPathIndex == uint.MaxValue && target.TargetId.TryResolve(namespaceUris, out var node))
            {
                return node;
            }
        }

        return null;
    }

    private static BrowseDescription Describe(NodeId node, NodeId referenceType, BrowseDirection direction) => new()
    {
        NodeId = node,
        ReferenceTypeId = referenceType,
        IncludeSubtypes = true,
        BrowseDirection = direction,
        ResultMask = (uint)BrowseResultMask.All,
    };

    private async ValueTask<BrowsedNode[]> BrowseSliceAsync(BrowseDescription[] slice, CancellationToken cancel)
    {
        var response = await InvokeAsync<BrowseResponse>(new BrowseRequest { NodesToBrowse = slice }, cancel).ConfigureAwait(false);
        var results = response.Results;
        if (results.Length != slice.Length)
        {
            return [];
        }

        var found = new List<ReferenceDescription>[slice.Length];
        var status = new StatusCode[slice.Length];
        List<(int Index, byte[] Point)> open = [];
        Take(Enumerable.Range(0, slice.Length), results);
        while (open.Count > 0)
        {
            var asked = open.Take(Limits.MaxNodesPerBrowse).ToArray();
            open.RemoveRange(0, asked.Length);
            var request = new BrowseNextRequest { ContinuationPoints = [.. asked.Select(a => (byte[]?)a.Point)] };
            var more = await InvokeAsync<BrowseNextResponse>(request, cancel).ConfigureAwait(false);
            if (more.Results.Length != asked.Length)
            {
                throw SessionServices.Failed("BrowseNext", Options, StatusCodes.BadUnexpectedError);
            }

            Take(asked.Select(a => a.Index), more.Results);
        }

        // A server keeps few continuation points (OPC 10000-4, 7.9); with those of this call used up, the nodes that got none are asked for one by one.
        for (var i = 0; i < slice.Length && slice.Length > 1; i++)
        {
            if (status[i].CodeBits == StatusCodes.BadNoContinuationPoints)
            {
                var alone = await Batches.RunAsync([slice[i]], 1, one => BrowseSliceAsync(one, cancel)).ConfigureAwait(false);
                (found[i], status[i]) = ([.. alone[0].References], alone[0].Status);
            }
        }

        return [.. slice.Select((description, i) => new BrowsedNode(description.NodeId, status[i], found[i]))];

        void Take(IEnumerable<int> indexes, BrowseResult[] parts)
        {
            foreach (var (index, part) in indexes.Zip(parts))
            {
                (found[index] ??= []).AddRange(part.References);
                status[index] = part.StatusCode;
                if (part.ContinuationPoint is { Length: > 0 } point)
                {
                    open.Add((index, point));
                }
            }
        }
    }
}
