using System.Collections.Concurrent;
using System.Globalization;

namespace FloorGateway.Simulators.Companion;

/// <summary>
/// The types of one companion specification that the simulators use: a line is a node, as in namespace 0's own table. Cells: class letter and id; reference letter and
/// parent; browse name; modelling rule; then what differs from the default. Ids and names of another specification have its number in front (<c>2:1001</c>), 0 is the
/// standard's own. A line that begins with '+' is a further reference: source, type, target. The README tells the letters.
/// </summary>
internal sealed class CompanionTable
{
    private const string Prefix = "FloorGateway.Simulators.Companion.Tables.";
    private static readonly ConcurrentDictionary<string, CompanionTable> Known = new(StringComparer.Ordinal);
    private readonly Lazy<byte[]> _nodeSet;
    private readonly Lazy<Dictionary<string, uint>> _types;

    private CompanionTable(string name, IReadOnlyList<string[]> lines)
    {
        Name = name;
        var model = lines[0];
        Uri = model[1];
        Version = model[2];
        Published = DateOnly.ParseExact(model[3], "yyyy-MM-dd", CultureInfo.InvariantCulture);
        Uses = [.. lines.Where(l => l[0] == "uses").Select(l => l[2])];
        Lines = [.. lines.Where(l => l[0] is not ("model" or "uses"))];
        _types = new(() => Lines.Where(l => l[0][0] is 'T' or 'Y' or 'D' or 'R' && !l[2].Contains(':', StringComparison.Ordinal))
            .ToDictionary(l => l[2], l => uint.Parse(l[0].AsSpan(1), CultureInfo.InvariantCulture), StringComparer.Ordinal));
        _nodeSet = new(() => NodeSetWriter.Write(this));
    }

    /// <summary>Short name, also of the file: PackML.</summary>
    public string Name { get; }

    /// <summary>Namespace of the specification.</summary>
    public string Uri { get; }

    /// <summary>Version of the specification that the ids were taken from.</summary>
    public string Version { get; }

    /// <summary>Publication date of that version.</summary>
    public DateOnly Published { get; }

    /// <summary>Tables it builds on, in the order of their numbers from 2.</summary>
    public IReadOnlyList<string> Uses { get; }

    /// <summary>Nodes and further references, cut into cells.</summary>
    public IReadOnlyList<string[]> Lines { get; }

    /// <summary>Numbers of the types by name.</summary>
    public IReadOnlyDictionary<string, uint> Types => _types.Value;

    /// <summary>The same as a NodeSet2 file. Made once: a plant in one process has many servers.</summary>
    public ReadOnlyMemory<byte> NodeSet => _nodeSet.Value;

    /// <summary>The tables there are.</summary>
    public static IReadOnlyList<string> Names { get; } =
    [
        .. typeof(CompanionTable).Assembly.GetManifestResourceNames().Where(n => n.StartsWith(Prefix, StringComparison.Ordinal))
            .Select(n => n[Prefix.Length..^".tsv".Length]).Order(StringComparer.Ordinal),
    ];

    /// <summary>Reads a table that is part of the assembly.</summary>
    /// <exception cref="ArgumentException">There is none of this name.</exception>
    public static CompanionTable Get(string name) => Known.GetOrAdd(name, static key =>
    {
        using var stream = typeof(CompanionTable).Assembly.GetManifestResourceStream($"{Prefix}{key}.tsv")
            ?? throw new ArgumentException($"There is no table of the companion specification {key}; there are {string.Join(", ", Names)}.", nameof(name));
        using var reader = new StreamReader(stream);
        return new(key, [.. reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => l.Split('\t'))]);
    });

    /// <summary>An optional cell by its letter; null when the line has none.</summary>
    public static string? Cell(string[] cells, char letter)
    {
        for (var i = 4; i < cells.Length; i++)
        {
            if (cells[i].Length > 1 && cells[i][0] == letter) return cells[i][1..];
        }

        return null;
    }

    /// <summary>True when the line has a cell that is just this letter.</summary>
    public static bool Has(string[] cells, string flag) => Array.IndexOf(cells, flag, Math.Min(4, cells.Length)) >= 0;
}
