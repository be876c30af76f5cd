namespace FloorGateway.Configuration;

/// <summary>Where a setting was written: the position of its section and of each key in it, so that a check made later can still point at the key.</summary>
public sealed class ConfigSource(SourcePosition at, IReadOnlyDictionary<string, SourcePosition> keys)
{
    /// <summary>Settings that nobody wrote: the defaults.</summary>
    public static ConfigSource Defaults { get; } = new(new SourcePosition("(defaults)", 0, 0), new Dictionary<string, SourcePosition>());

    /// <summary>Where the section begins.</summary>
    public SourcePosition At { get; } = at;

    /// <summary>Where the key's value stands; the section itself where the key was not written.</summary>
    public SourcePosition this[string key] => keys.TryGetValue(key, out var found) ? found : At;

    /// <summary>True where the key was written.</summary>
    public bool Has(string key) => keys.ContainsKey(key);

    public override string ToString() => At.ToString();
}
