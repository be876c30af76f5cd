namespace FloorGateway.Mqtt.Broker;

/// <summary>
/// Values under topic levels. Holding filters it finds those that cover a name; holding names it finds those that a filter covers.
/// Not thread-safe. Depth is bounded by the limit on topic levels, which is checked before anything comes here.
/// </summary>
/// <typeparam name="T">What a topic name or filter holds.</typeparam>
internal sealed class TopicTree<T>
    where T : class
{
    private readonly Node _root = new();

    /// <summary>Topics that hold a value.</summary>
    public int Count { get; private set; }

    /// <summary>The value of exactly this name or filter, or null.</summary>
    public T? Find(ReadOnlySpan<byte> topic)
    {
        var node = _root;
        bool end;
        do
        {
            end = Split(ref topic, out var level);
            if (!node.TryChild(level, out node))
                return null;
        }
        while (!end);
        return node.Value;
    }

    /// <summary>Sets the value of a name or filter.</summary>
    public void Set(ReadOnlySpan<byte> topic, T value)
    {
        var node = _root;
        bool end;
        do
        {
            end = Split(ref topic, out var level);
            node = node.GetOrAddChild(level);
        }
        while (!end);
        if (node.Value is null)
            Count++;
        node.Value = value;
    }

    /// <summary>Removes the value and the branches that held nothing else; gives the value, or null.</summary>
    public T? Remove(ReadOnlySpan<byte> topic)
    {
        var removed = Remove(_root, topic, end: false);
        if (removed is not null)
            Count--;
        return removed;
    }

    /// <summary>Adds to <paramref name="found"/> the values of all filters that cover a topic name.</summary>
    public void MatchName(ReadOnlySpan<byte> topic, List<T> found) =>
        MatchName(_root, topic, wildcards: topic.IsEmpty || topic[0] != '$', end: false, found);

    /// <summary>Adds to <paramref name="found"/> the values of all names that a topic filter covers.</summary>
    public void MatchFilter(ReadOnlySpan<byte> filter, List<T> found) => MatchFilter(_root, filter, atRoot: true, end: false, found);

    private static void MatchName(Node node, ReadOnlySpan<byte> rest, bool wildcards, bool end, List<T> found)
    {
        // "a/#" covers "a" and everything below; [MQTT-4.7.2-1] keeps leading wildcards off '$'.
        if (wildcards && node.TryChild("#"u8, out var all) && all.Value is { } under)
            found.Add(under);
        if (end)
        {
            if (node.Value is { } here)
                found.Add(here);
            return;
        }

        end = Split(ref rest, out var level);
        if (wildcards && node.TryChild("+"u8, out var any))
            MatchName(any, rest, wildcards: true, end, found);
        if (node.TryChild(level, out var child))
            MatchName(child, rest, wildcards: true, end, found);
    }

    private static void MatchFilter(Node node, ReadOnlySpan<byte> rest, bool atRoot, bool end, List<T> found)
    {
        if (end)
        {
            if (node.Value is { } here)
                found.Add(here);
            return;
        }

        end = Split(ref rest, out var level);
        if (level.SequenceEqual("#"u8))
        {
            AddAll(node, atRoot, found);
            return;
        }

        if (!level.SequenceEqual("+"u8))
        {
            if (node.TryChild(level, out var child))
                MatchFilter(child, rest, atRoot: false, end, found);
            return;
        }

        foreach (var (name, child) in node.Children)
        {
            if (!atRoot || name.Length == 0 || name[0] != '$')
                MatchFilter(child, rest, atRoot: false, end, found);
        }
    }

    private static void AddAll(Node node, bool atRoot, List<T> found)
    {
        if (node.Value is { } here)
            found.Add(here);
        foreach (var (name, child) in node.Children)
        {
            if (!atRoot || name.Length == 0 || name[0] != '$')
                AddAll(child, atRoot: false, found);
        }
    }

    private static T? Remove(Node node, ReadOnlySpan<byte> rest, bool end)
    {
        if (end)
        {
            var value = node.Value;
            node.Value = null;
            return value;
        }

        end = Split(ref rest, out var level);
        if (!node.TryChild(level, out var child))
            return null;
        var removed = Remove(child, rest, end);
        if (child.IsEmpty)
            node.RemoveChild(level);
        return removed;
    }

    // Cuts the first level off; true when it was the last. An empty level is a level: "/a" has two.
    private static bool Split(ref ReadOnlySpan<byte> rest, out ReadOnlySpan<byte> level)
    {
        var slash = rest.IndexOf((byte)'/');
        level = slash < 0 ? rest : rest[..slash];
        rest = slash < 0 ? default : rest[(slash + 1)..];
        return slash < 0;
    }

    private sealed class Node
    {
        private static readonly Dictionary<byte[], Node> None = new(Utf8Comparer.Instance);
        private Dictionary<byte[], Node>? _children;

        public T? Value { get; set; }

        public Dictionary<byte[], Node> Children => _children ?? None;

        public bool IsEmpty => Value is null && (_children is null || _children.Count == 0);

        public bool TryChild(ReadOnlySpan<byte> level, out Node child)
        {
            child = this;
            return _children is not null && _children.GetAlternateLookup<ReadOnlySpan<byte>>().TryGetValue(level, out child!);
        }

        public Node GetOrAddChild(ReadOnlySpan<byte> level)
        {
            if (TryChild(level, out var child))
                return child;
            _children ??= new Dictionary<byte[], Node>(Utf8Comparer.Instance);
            return _children[level.ToArray()] = new Node();
        }

        public void RemoveChild(ReadOnlySpan<byte> level) => _children?.GetAlternateLookup<ReadOnlySpan<byte>>().Remove(level);
    }
}
