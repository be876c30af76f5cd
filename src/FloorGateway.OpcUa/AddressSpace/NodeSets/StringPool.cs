using System.Diagnostics.CodeAnalysis;

namespace FloorGateway.OpcUa.AddressSpace.NodeSets;

/// <summary>One object for equal names: half the names of a companion specification are InputArguments, EngineeringUnits and the like.</summary>
internal sealed class StringPool
{
    private readonly HashSet<string> strings = new(StringComparer.Ordinal);
    private readonly Dictionary<string, uint[]> dimensions = new(StringComparer.Ordinal);

    public StringPool(IEnumerable<Node> known)
    {
        foreach (var node in known)
        {
            if (node.BrowseName.Name is { } name)
                strings.Add(name);
        }
    }

    [return: NotNullIfNotNull(nameof(text))]
    public string? Get(string? text)
    {
        if (text is null)
            return null;
        if (strings.TryGetValue(text, out var pooled))
            return pooled;
        strings.Add(text);
        return text;
    }

    /// <summary>The list of lengths in an ArrayDimensions attribute; null when it is malformed.</summary>
    public uint[]? Dimensions(string text)
    {
        if (dimensions.TryGetValue(text, out var known))
            return known;
        var parts = text.Split(',');
        var parsed = new uint[parts.Length];
        for (var i = 0; i < parts.Length; i++)
        {
            if (!uint.TryParse(parts[i].Trim(), System.Globalization.CultureInfo.InvariantCulture, out parsed[i]))
                return null;
        }

        return dimensions[text] = parsed;
    }
}
