using System.Globalization;

namespace FloorGateway.Generation;

/// <summary>
/// The work units of a plant as lines of <c>units</c>: those that differ in their numbers only become one line with <c>for</c>, {n} for the cell's number and {w} for the work unit's.
/// </summary>
internal sealed class UnitLines
{
    private readonly OrderedDictionary<Line, List<(string Cell, string Work)>> lines = [];

    /// <summary>Adds a work unit.</summary>
    /// <param name="code">The cell, for example RB001.</param>
    /// <param name="path">Its ISA-95 path with the work unit last.</param>
    /// <param name="node">What its nodes' ids begin with.</param>
    /// <param name="type">Its equipment type.</param>
    /// <param name="server">Name of its server.</param>
    /// <param name="nodeSpace">Last part of its namespace, where the type leaves it open; empty otherwise.</param>
    /// <param name="choice">The option that says which of the type's signals it has; empty where it has all.</param>
    public void Add(string code, string path, string node, string type, string server, string nodeSpace, string choice)
    {
        var cell = Number(code);
        var last = path[(path.LastIndexOf('/') + 1)..];
        var work = last == code ? "" : Number(last);
        var line = new Line(Template(path), Template(node), type, server, nodeSpace, choice);
        if (!lines.TryGetValue(line, out var numbers))
            lines.Add(line, numbers = []);
        numbers.Add((cell, work));

        string Template(string text)
        {
            return string.Join('/', text.Split('/').Select(Numbered));
        }

        // A node's id has the same words with dots between them.
        string Numbered(string segment) => string.Join('.', segment.Split('.').Select(word =>
            word == code ? code[..^cell.Length] + "{n}" : work.Length > 0 && word == last ? last[..^work.Length] + "{w}" : word));
    }

    /// <summary>The lines, in the order in which their first units were added.</summary>
    public IEnumerable<string> Write()
    {
        foreach (var (line, numbers) in lines)
        {
            // Cells with the same work units go together.
            var byCell = numbers.GroupBy(n => n.Cell).Select(g => (Cell: g.Key, Work: string.Join(' ', g.Select(n => n.Work))));
            foreach (var cells in byCell.GroupBy(c => c.Work))
                yield return Write(line, [.. cells.Select(c => c.Cell)], cells.Key.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        }
    }

    private static string Write(Line line, string[] cells, string[] work)
    {
        var words = new List<string>();
        var (path, node) = (Fill("{n}", "n", cells, line.Path, line.Node));
        (path, node) = Fill("{w}", "w", work, path, node);
        var counted = words.Count > 0;
        var with = $"unit: {(counted ? Quoted(node) : node)}{(line.NodeSpace.Length > 0 ? $", space: {line.NodeSpace}" : "")}";
        return string.Concat(
            counted ? $"for: {{{string.Join(", ", words)}}}, " : "",
            $"path: {(counted ? Quoted(path) : path)}, type: {line.Type}, server: {line.Server}, with: {{{with}}}",
            line.Choice.Length > 0 ? $", {line.Choice}" : "");

        (string Path, string Node) Fill(string placeholder, string word, string[] numbers, string path, string node)
        {
            if (numbers.Length > 1)
                words.Add($"{word}: {Ranges(numbers)}");
            return numbers.Length != 1
                ? (path, node)
                : (path.Replace(placeholder, numbers[0], StringComparison.Ordinal), node.Replace(placeholder, numbers[0], StringComparison.Ordinal));
        }
    }

    // 01, 02, 03, 07 are 01..03 and 07.
    private static string Ranges(string[] numbers)
    {
        var ranges = new List<string>();
        for (var i = 0; i < numbers.Length;)
        {
            var last = i;
            while (last + 1 < numbers.Length && IsNext(numbers[last], numbers[last + 1])) last++;
            ranges.Add(last == i ? numbers[i] : $"{numbers[i]}..{numbers[last]}");
            i = last + 1;
        }

        return ranges.Count == 1 ? ranges[0] : $"[{string.Join(", ", ranges)}]";
    }

    private static bool IsNext(string one, string other) =>
        one.Length == other.Length && int.Parse(other, CultureInfo.InvariantCulture) == int.Parse(one, CultureInfo.InvariantCulture) + 1;

    private static string Number(string code) => code[(code.AsSpan().LastIndexOfAnyExceptInRange('0', '9') + 1)..];

    private static string Quoted(string text) => $"\"{text}\"";

    private sealed record Line(string Path, string Node, string Type, string Server, string NodeSpace, string Choice);
}
