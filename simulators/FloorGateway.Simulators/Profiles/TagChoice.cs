namespace FloorGateway.Simulators.Profiles;

/// <summary>Which signals of a kind of unit are tags of a profile: a server offers more than the plant's gateway asks for.</summary>
public sealed class TagChoice
{
    private readonly HashSet<string> _names;
    private readonly bool _only;

    private TagChoice(bool only, string[] names)
    {
        _only = only;
        _names = [.. names];
    }

    /// <summary>These and no others.</summary>
    public static TagChoice Only(params string[] names) => new(true, names);

    /// <summary>All others.</summary>
    public static TagChoice AllBut(params string[] names) => new(false, names);

    /// <summary>True for a signal that is a tag.</summary>
    public bool Takes(string name) => _names.Contains(name) == _only;
}
