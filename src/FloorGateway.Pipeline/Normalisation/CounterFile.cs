using System.Globalization;
using System.Text;

namespace FloorGateway.Pipeline.Normalisation;

/// <summary>
/// Where counters stood when the gateway ended: a line <c>path TAB raw TAB total</c> each. Both numbers are of one moment, so that a file older than the journal
/// leads to the same totals: the next step is only longer.
/// </summary>
internal static class CounterFile
{
    public static IReadOnlyDictionary<string, (double Raw, double Total)> Load(string path)
    {
        var read = new Dictionary<string, (double, double)>(StringComparer.Ordinal);
        if (!File.Exists(path))
            return read;
        foreach (var line in File.ReadLines(path))
        {
            if (line.Split('\t') is [var tag, var raw, var total] && TryNumber(raw, out var stood) && TryNumber(total, out var counted))
                read[tag] = (stood, counted);
        }

        return read;
    }

    /// <exception cref="IOException">The file can't be written; the earlier one is still there.</exception>
    public static void Save(string path, IEnumerable<(string Path, double Raw, double Total)> counters)
    {
        var text = new StringBuilder();
        foreach (var (tag, raw, total) in counters)
            text.Append(CultureInfo.InvariantCulture, $"{tag}\t{raw:R}\t{total:R}\n");
        // Beside it first: a kill in the middle must leave the earlier one.
        File.WriteAllText(path + ".new", text.ToString());
        File.Move(path + ".new", path, overwrite: true);
    }

    private static bool TryNumber(string text, out double number) => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out number);
}
