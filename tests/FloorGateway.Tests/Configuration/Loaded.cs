using FloorGateway.Configuration;

namespace FloorGateway.Tests.Configuration;

/// <summary>Loads configurations from text: file name to content, in a folder of the mind.</summary>
internal sealed class Loaded : IConfigurationFiles
{
    private readonly Dictionary<string, string> files = [];
    private readonly Dictionary<string, string> environment = [];

    public Loaded With(string file, string text)
    {
        files[file] = text;
        return this;
    }

    public Loaded Environment(string name, string value)
    {
        environment[name] = value;
        return this;
    }

    public ConfigurationResult Load(string file = "gateway.yaml") => new ConfigurationLoader(this, name => environment.GetValueOrDefault(name)).Load(file);

    /// <summary>Loads one file.</summary>
    public static ConfigurationResult Text(string text) => new Loaded().With("gateway.yaml", text).Load();

    /// <summary>Loads one file that must be right.</summary>
    public static GatewayConfiguration Good(string text)
    {
        var result = Text(text);
        Assert.Empty(result.Errors.Select(e => e.ToString()));
        return result.Configuration!;
    }

    /// <summary>The errors of one file, as printed.</summary>
    public static string[] Errors(string text) => [.. Text(text).Errors.Select(e => e.ToString())];

    public string ReadText(string path) => files.TryGetValue(path, out var text) ? text : throw new FileNotFoundException(path);

    public IReadOnlyList<string> Find(string fromFile, string pattern)
    {
        var star = pattern.IndexOf('*', StringComparison.Ordinal);
        return star < 0 ? [.. files.Keys.Where(f => f == pattern)]
            : [.. files.Keys.Where(f => f.StartsWith(pattern[..star], StringComparison.Ordinal) && f.EndsWith(pattern[(star + 1)..], StringComparison.Ordinal)).Order(StringComparer.Ordinal)];
    }

    public string Resolve(string fromFile, string path) => path;

    public bool Exists(string path) => files.ContainsKey(path);
}
