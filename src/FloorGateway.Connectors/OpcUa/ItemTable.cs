using FloorGateway.OpcUa.Client;
using FloorGateway.OpcUa.Client.Subscriptions;
using FloorGateway.OpcUa.Types;

namespace FloorGateway.Connectors.OpcUa;

/// <summary>
/// Which tags hang on which monitored item. Tags of the same node with the same sampling share one item, so that the bits of a word or the elements of an
/// array cost the server one queue. The client handle is the item's index.
/// </summary>
internal sealed class ItemTable
{

    private readonly int[][] tagsOfItem;

    public ItemTable(IReadOnlyList<OpcUaTag> tags)
    {
        var items = new Dictionary<(ExpandedNodeId Node, NodePath? Path, TimeSpan Sampling), (int Queue, bool DiscardOldest, List<int> Tags)>();
        var unreadable = new Dictionary<int, string>();
        foreach (var tag in tags)
        {
            if (!TryRead(tag.Node, out var node, out var path))
            {
                unreadable[tag.Tag] = $"'{tag.Node}' is no NodeId";
                continue;
            }

            var key = (node, path, tag.Sampling);
            items[key] = items.TryGetValue(key, out var known)
                ? (Math.Max(known.Queue, tag.QueueSize), known.DiscardOldest && tag.DiscardOldest, known.Tags)
                : (tag.QueueSize, tag.DiscardOldest, []);
            items[key].Tags.Add(tag.Tag);
        }

        Unreadable = unreadable;
        tagsOfItem = [.. items.Values.Select(i => i.Tags.ToArray())];
        Settings =
        [
            .. items.Select((item, handle) => new MonitoredItemSettings((uint)handle, item.Key.Node)
            {
                Path = item.Key.Path,
                SamplingIntervalMs = item.Key.Sampling.TotalMilliseconds,
                QueueSize = (uint)item.Value.Queue,
                DiscardOldest = item.Value.DiscardOldest,
            }),
        ];
    }

    public IReadOnlyList<MonitoredItemSettings> Settings { get; }

    public int Count => tagsOfItem.Length;

    /// <summary>Tags whose node can't even be asked for, with the reason.</summary>
    public IReadOnlyDictionary<int, string> Unreadable { get; }

    /// <summary>The tags of an item; empty for a handle that was never given out.</summary>
    public ReadOnlySpan<int> TagsOf(uint handle) => handle < (uint)tagsOfItem.Length ? tagsOfItem[handle] : [];

    private static bool TryRead(string text, out ExpandedNodeId node, out NodePath? path)
    {
        path = null;
        if (!text.StartsWith(OpcUaTag.PathPrefix, StringComparison.Ordinal))
            return ExpandedNodeId.TryParse(text, out node);
        node = new NodeId(ObjectIds.ObjectsFolder);
        return NodePath.TryParse(text[OpcUaTag.PathPrefix.Length..], out path);
    }
}
