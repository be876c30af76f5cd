using FloorGateway.TestKit;

namespace Architecture.Tests;

/// <summary>The product's source files, without what the build made.</summary>
internal static class SourceTree
{
    /// <summary>Hand-written C# of src, simulators and tools. Generated files end in .g.cs.</summary>
    public static IReadOnlyList<SourceFile> Product { get; } = Read("src", "simulators", "tools");

    public static IReadOnlyList<SourceFile> Tests { get; } = Read("tests");

    private static List<SourceFile> Read(params string[] folders) =>
    [
        .. folders.Select(f => RepositoryRoot.Combine(f)).Where(Directory.Exists)
            .SelectMany(folder => Directory.EnumerateFiles(folder, "*.*", SearchOption.AllDirectories))
            .Where(path => path.EndsWith(".cs", StringComparison.Ordinal) || path.EndsWith(".razor", StringComparison.Ordinal))
            .Select(path => new SourceFile(Path.GetRelativePath(RepositoryRoot.Path, path).Replace('\\', '/'), path))
            .Where(file => !file.Name.Split('/').Any(part => part is "bin" or "obj" or "node_modules") && !file.Name.EndsWith(".g.cs", StringComparison.Ordinal))
            .OrderBy(file => file.Name, StringComparer.Ordinal),
    ];
}

/// <summary>One source file.</summary>
/// <param name="Name">Path from the root of the repository, with slashes.</param>
/// <param name="FullPath">Where it lies.</param>
internal sealed record SourceFile(string Name, string FullPath)
{
    private readonly Lazy<string> text = new(() => File.ReadAllText(FullPath));

    public string Text => text.Value;

    public string[] Lines => Text.Split('\n');

    public override string ToString() => Name;
}
