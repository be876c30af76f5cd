namespace FloorGateway.Configuration;

/// <summary>Configuration files on disk; relative paths count from the file that names them.</summary>
public sealed class DiskFiles : IConfigurationFiles
{
    public string ReadText(string path) => File.ReadAllText(path);

    public IReadOnlyList<string> Find(string fromFile, string pattern)
    {
        var whole = Resolve(fromFile, pattern);
        if (!pattern.Contains('*', StringComparison.Ordinal))
            return File.Exists(whole) ? [Shown(whole)] : [];
        var folder = Path.GetDirectoryName(whole) ?? ".";
        return Directory.Exists(folder) ? [.. Directory.EnumerateFiles(folder, Path.GetFileName(whole)).Order(StringComparer.Ordinal).Select(Shown)] : [];
    }

    public string Resolve(string fromFile, string path) => Path.GetFullPath(path, Path.GetDirectoryName(Path.GetFullPath(fromFile)) ?? Path.GetFullPath("."));

    public bool Exists(string path) => File.Exists(path);

    // Errors name files as the user would from where he stands.
    private static string Shown(string path)
    {
        var relative = Path.GetRelativePath(Directory.GetCurrentDirectory(), path);
        return relative.StartsWith("..", StringComparison.Ordinal) ? path : relative;
    }
}
