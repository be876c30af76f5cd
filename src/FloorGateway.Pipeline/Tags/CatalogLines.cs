using System.Globalization;

namespace FloorGateway.Pipeline.Tags;

/// <summary>The checksummed lines of one of the catalog's two files.</summary>
internal sealed class CatalogLines
{
    // A checksum, nine separators and an id: no line is shorter.
    private const int ShortestLine = 18;

    private long damagedBytes;

    /// <summary>The sound lines in their order, without checksum.</summary>
    public List<string> Lines { get; } = [];

    /// <summary>Numbers of the lines that are not sound.</summary>
    public List<int> Damaged { get; } = [];

    /// <summary>Bytes behind the last line break: a line that a kill cut short, or one that has lost its end.</summary>
    public int Torn { get; private set; }

    public bool IsWhole => Damaged.Count == 0 && Torn == 0;

    /// <summary>Nothing where there is no such file.</summary>
    /// <exception cref="IOException">It can't be read.</exception>
    public static CatalogLines Read(string file)
    {
        var read = new CatalogLines();
        if (!File.Exists(file))
            return read;
        var bytes = File.ReadAllBytes(file);
        var end = Array.LastIndexOf(bytes, (byte)'\n') + 1;
        read.Torn = bytes.Length - end;
        var number = 0;
        foreach (var range in bytes.AsSpan(0, end).Split((byte)'\n'))
        {
            var line = bytes.AsSpan(range);
            number++;
            if (line.IsEmpty)
                continue;
            if (CheckedLine.Read(line) is { } text && IsTag(text))
            {
                read.Lines.Add(text);
                continue;
            }

            read.Damaged.Add(number);
            read.damagedBytes += line.Length;
        }

        return read;
    }

    /// <summary>The lines of both, in the order in which they were written.</summary>
    public IReadOnlyList<string> With(CatalogLines copy)
    {
        // Both were written in the same order: what the whole one lacks is newer than all that it has.
        var (first, second) = Damaged.Count == 0 ? (Lines, copy.Lines) : (copy.Lines, Lines);
        var known = new HashSet<string>(first, StringComparer.Ordinal);
        return [.. first, .. second.Where(l => !known.Contains(l))];
    }

    /// <summary>How many ids the lines may have held that neither this nor the copy gives; 0 where the copy gives them all.</summary>
    public int LostBeside(CatalogLines copy) =>
        Damaged.Count == 0 || (copy.IsWhole && copy.Lines.Count >= Lines.Count + Damaged.Count) ? 0 : (int)Math.Min(1_000_000, damagedBytes / ShortestLine) + 1;

    private static bool IsTag(string line)
    {
        var parts = line.Split('\t');
        return parts.Length == 8 && int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var id) && id <= 100_000_000;
    }
}
