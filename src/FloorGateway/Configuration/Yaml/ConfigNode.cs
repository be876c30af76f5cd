namespace FloorGateway.Configuration.Yaml;

/// <summary>A YAML node that still knows where it stood.</summary>
internal abstract class ConfigNode(SourcePosition at)
{
    public SourcePosition At { get; } = at;

    /// <summary>What it is, in the words of an error message.</summary>
    public abstract string Kind { get; }
}

internal sealed class ConfigScalar(SourcePosition at, string value, bool quoted) : ConfigNode(at)
{
    public string Value { get; } = value;

    /// <summary>Quoted text is text, whatever it looks like.</summary>
    public bool Quoted { get; } = quoted;

    /// <summary>Nothing was written after the colon.</summary>
    public bool IsEmpty => !Quoted && Value is "" or "~" or "null";

    public override string Kind => IsEmpty ? "nothing" : $"'{Value}'";
}

internal sealed class ConfigSequence(SourcePosition at, IReadOnlyList<ConfigNode> items) : ConfigNode(at)
{
    public IReadOnlyList<ConfigNode> Items { get; } = items;

    public override string Kind => "a list";
}

internal readonly record struct ConfigEntry(ConfigScalar Key, ConfigNode Value);

internal sealed class ConfigMap(SourcePosition at, IReadOnlyList<ConfigEntry> entries) : ConfigNode(at)
{
    public IReadOnlyList<ConfigEntry> Entries { get; } = entries;

    public override string Kind => "a mapping";

    /// <summary>The value of a key, or null.</summary>
    public ConfigNode? Find(string key)
    {
        foreach (var entry in Entries)
        {
            if (entry.Key.Value == key)
                return entry.Value;
        }

        return null;
    }

    /// <summary>This map with the keys of another put over its own; each key keeps its own position.</summary>
    public ConfigMap Overlay(ConfigMap over) => new(At, [.. Entries.Where(e => over.Find(e.Key.Value) is null), .. over.Entries]);
}
