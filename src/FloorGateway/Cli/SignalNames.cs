using System.Text;

namespace FloorGateway.Cli;

/// <summary>Makes tidy, unique signal names of browse paths: what all paths begin with says nothing and is left out.</summary>
internal static class SignalNames
{
    // With the unit's path still below the longest tag path.
    private const int MaxLength = 120;

    /// <summary>One name a path, in order.</summary>
    public static IReadOnlyList<string> For(IReadOnlyList<IReadOnlyList<string>> paths)
    {
        var common = CommonFolders(paths);
        var used = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        var names = new List<string>(paths.Count);
        foreach (var path in paths)
        {
            var name = string.Join('.', path.Skip(common).Select(Tidy).Where(part => part.Length > 0));
            if (name.Length > MaxLength)
                name = name[^MaxLength..].TrimStart('.', '_');
            if (name.Length == 0)
                name = "Value";
            var unique = name;
            for (var i = 2; !used.Add(unique); i++)
                unique = $"{name}_{i}";
            names.Add(unique);
        }

        return names;
    }

    /// <summary>Letters, digits, '_' and '-'; everything else becomes one '_'.</summary>
    public static string Tidy(string text)
    {
        var tidy = new StringBuilder(text.Length);
        foreach (var c in text)
        {
            if (char.IsLetterOrDigit(c) || c is '-')
                tidy.Append(c);
            else if (tidy.Length > 0 && tidy[^1] != '_')
                tidy.Append('_');
        }

        return tidy.ToString().TrimEnd('_');
    }

    private static int CommonFolders(IReadOnlyList<IReadOnlyList<string>> paths)
    {
        if (paths.Count == 0)
            return 0;
        var first = paths[0];
        var common = first.Count - 1;
        foreach (var path in paths)
        {
            var same = 0;
            while (same < Math.Min(common, path.Count - 1) && path[same] == first[same])
                same++;
            common = same;
        }

        return common;
    }
}
