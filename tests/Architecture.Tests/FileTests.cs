using System.Text.RegularExpressions;

namespace Architecture.Tests;

/// <summary>Size, names and leftovers of source files.</summary>
public sealed partial class FileTests
{
    /// <summary>Lines with something on them; past that there is a second idea in the file.</summary>
    private const int MaxLines = 400;

    /// <summary>A public type longer than this is the idea of its file; shorter ones beside it are its satellites (an options record, an enum, a delegate).</summary>
    private const int SatelliteLines = 60;

    private const int MaxPublicTypes = 5;

    // Spelled in two halves, so that this file does not find itself.
    private static readonly string[] Leftovers = ["TO" + "DO", "FIX" + "ME", "NotImplemented" + "Exception", "HA" + "CK:"];

    [Fact]
    public void A_file_stays_below_400_lines() =>
        Assert.Equal([], SourceTree.Product.Where(f => f.Lines.Count(l => !string.IsNullOrWhiteSpace(l)) >= MaxLines).Select(f => $"{f}: {f.Lines.Count(l => !string.IsNullOrWhiteSpace(l))} lines"));

    [Fact]
    public void A_file_has_one_public_type_and_at_most_a_few_small_satellites() =>
        Assert.Equal([], SourceTree.Product.Select(f => (File: f, Types: PublicTypes(f))).Where(f => f.Types.Count(t => t.Lines > SatelliteLines) > 1 || f.Types.Count > MaxPublicTypes)
            .Select(f => $"{f.File}: {string.Join(", ", f.Types.Select(t => $"{t.Name} ({t.Lines} lines)"))}"));

    [Fact]
    public void A_files_namespace_is_its_folder() =>
        Assert.Equal([], SourceTree.Product.Where(f => f.Name.EndsWith(".cs", StringComparison.Ordinal)).Select(f => (File: f, Namespace: NamespaceLine().Match(f.Text), Expected: FolderNamespace(f)))
            .Where(f => f.Namespace.Success && f.Namespace.Groups[1].Value != f.Expected).Select(f => $"{f.File}: {f.Namespace.Groups[1].Value}, not {f.Expected}"));

    [Fact]
    public void Nothing_is_left_for_later() =>
        Assert.Equal([], SourceTree.Product.Concat(SourceTree.Tests).SelectMany(f => f.Lines.Select((line, i) => (f, line, i))).Where(l => Leftovers.Any(word => l.line.Contains(word, StringComparison.Ordinal)))
            .Select(l => $"{l.f}:{l.i + 1}: {l.line.Trim()}"));

    [Fact]
    public void Nobody_sleeps_and_nothing_is_async_void() =>
        Assert.Equal([], SourceTree.Product.SelectMany(f => f.Lines.Select((line, i) => (f, line, i))).Where(l => l.line.Contains("Thread.Sleep", StringComparison.Ordinal) || l.line.Contains("async void", StringComparison.Ordinal))
            .Select(l => $"{l.f}:{l.i + 1}: {l.line.Trim()}"));

    [Fact]
    public void Time_comes_from_a_time_provider() =>
        Assert.Equal([], SourceTree.Product.Where(f => f.Name.StartsWith("src/", StringComparison.Ordinal)).SelectMany(f => f.Lines.Select((line, i) => (f, line, i))).Where(l => WallClock().IsMatch(l.line))
            .Select(l => $"{l.f}:{l.i + 1}: {l.line.Trim()}"));

    // Generated code sits in a folder of its own without a namespace of its own.
    private static string FolderNamespace(SourceFile file)
    {
        var parts = file.Name.Split('/');
        return string.Join('.', parts[1..^1].Where(p => p != "Generated"));
    }

    private static List<(string Name, int Lines)> PublicTypes(SourceFile file)
    {
        var types = new List<(string, int)>();
        var lines = file.Lines;
        for (var i = 0; i < lines.Length; i++)
        {
            if (PublicType().Match(lines[i]) is not { Success: true } found)
                continue;
            // A top-level type ends with a brace or a semicolon in the first column's statement.
            var end = i;
            while (end < lines.Length - 1 && lines[end].TrimEnd() is var line && !line.StartsWith('}') && !(line.EndsWith(';') && !lines[i..(end + 1)].Any(l => l.StartsWith('{'))))
                end++;
            types.Add((found.Groups[2].Value, end - i + 1));
            i = end;
        }

        return types;
    }

    [GeneratedRegex(@"^public (?:(?:sealed|static|abstract|readonly|partial|ref|unsafe) )*(class|struct|record struct|record class|record|enum|interface|delegate [\w<>?\[\].]+) (\w+)")]
    private static partial Regex PublicType();

    [GeneratedRegex(@"^namespace ([\w.]+);", RegexOptions.Multiline)]
    private static partial Regex NamespaceLine();

    [GeneratedRegex(@"\bDateTime(Offset)?\.(UtcNow|Now|Today)\b")]
    private static partial Regex WallClock();
}
