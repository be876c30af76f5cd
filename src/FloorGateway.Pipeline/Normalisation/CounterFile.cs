using System.Globalization;
using System.Text;

namespace FloorGateway.Pipeline.Normalisation;

/// <summary>
/// Where counters stood when the gateway ended: a line <c>crc TAB path TAB raw TAB total</c> each, and one that ends the file and tells how many there are. Both numbers are
/// of one moment, so that a file older than the journal leads to the same totals: the next step is only longer.
/// </summary>
internal static class CounterFile
{
    private const string End = "end";

    /// <param name="path">The file; it need not be there.</param>
    /// <param name="damage">What can't be read of it, in words; null = nothing. The counters concerned are not given.</param>
    /// <exception cref="IOException">The file can't be read.</exception>
    public static IReadOnlyDictionary<string, (double Raw, double Total)> Load(string path, out string? damage)
    {
        damage = null;
        var read = new Dictionary<string, (double, double)>(StringComparer.Ordinal);
        if (!File.Exists(path))
            return read;
        var (damaged, number) = (new List<int>(), 0);
        int? all = null;
        var bytes = File.ReadAllBytes(path);
        foreach (var range in bytes.AsSpan().Split((byte)'\n'))
        {
            number++;
            var line = bytes.AsSpan(range);
            if (line.IsEmpty)
                continue;
            if (all is not null || !TryTake(line, read, ref all))
                damaged.Add(number);
        }

        damage = damaged.Count > 0 ? $"damaged is line {string.Join(", ", damaged.Take(20))}{(damaged.Count > 20 ? $" and {damaged.Count - 20} more" : "")}"
            : all is null ? "its end is missing"
            : all != read.Count ? $"it holds {read.Count} counters of {all}"
            : null;
        return read;
    }

    /// <exception cref="IOException">The file can't be written; the earlier one is still there.</exception>
    public static void Save(string path, IEnumerable<(string Path, double Raw, double Total)> counters)
    {
        var text = new StringBuilder();
        var count = 0;
        foreach (var (tag, raw, total) in counters)
        {
            CheckedLine.Append(text, string.Create(CultureInfo.InvariantCulture, $"{tag}\t{raw:R}\t{total:R}"));
            count++;
        }

        CheckedLine.Append(text, string.Create(CultureInfo.InvariantCulture, $"{End}\t{count}"));
        DurableFile.Replace(path, Encoding.UTF8.GetBytes(text.ToString()));
    }

    private static bool TryTake(ReadOnlySpan<byte> line, Dictionary<string, (double Raw, double Total)> into, ref int? all)
    {
        switch (CheckedLine.Read(line)?.Split('\t'))
        {
            case [End, var text] when int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count):
                all = count;
                return true;
            case [var tag, var raw, var total] when TryNumber(raw, out var stood) && TryNumber(total, out var counted):
                into[tag] = (stood, counted);
                return true;
            default:
                return false;
        }
    }

    private static bool TryNumber(string text, out double number) => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out number);
}
