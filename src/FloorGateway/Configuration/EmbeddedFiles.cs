using System.Reflection;

namespace FloorGateway.Configuration;

/// <summary>The files of <c>config/</c> that are built into the program, so that the demo needs no file on disk.</summary>
public sealed class EmbeddedFiles : IConfigurationFiles
{
    private const string Prefix = "config/";
    private static readonly Assembly Program = typeof(EmbeddedFiles).Assembly;

    /// <summary>Names of all built-in files, e.g. <c>demo.yaml</c>.</summary>
    public static IReadOnlyList<string> Names { get; } =
        [.. Program.GetManifestResourceNames().Where(n => n.StartsWith(Prefix, StringComparison.Ordinal)).Select(n => n[Prefix.Length..]).Order(StringComparer.Ordinal)];

    public string ReadText(string path)
    {
        using var stream = Program.GetManifestResourceStream(Prefix + path) ?? throw new FileNotFoundException($"{path} is not built into the program");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    public IReadOnlyList<string> Find(string fromFile, string pattern)
    {
        var star = pattern.IndexOf('*', StringComparison.Ordinal);
        return star < 0
            ? [.. Names.Where(n => n == pattern)]
            : [.. Names.Where(n => n.StartsWith(pattern[..star], StringComparison.Ordinal) && n.EndsWith(pattern[(star + 1)..], StringComparison.Ordinal))];
    }

    /// <summary>Data folders and the like count from the working folder: there is no file to count from.</summary>
    public string Resolve(string fromFile, string path) => Path.GetFullPath(path);

    public bool Exists(string path) => File.Exists(path);
}
