using System.Globalization;
using System.Text;
using System.Text.Json;
using FloorGateway.Simulators.Engine;

namespace FloorGateway.Simulators.Truth;

/// <summary>What a truth file holds: totals per path, its checksum, its events.</summary>
public sealed class TruthFile
{
    private TruthFile(string file) => File = file;

    /// <summary>Path of the file.</summary>
    public string File { get; }

    /// <summary>Changes.</summary>
    public long Count { get; private set; }

    /// <summary>FNV-1a 64 over all lines, as the log itself computes it.</summary>
    public ulong Checksum { get; private set; } = 0xCBF2_9CE4_8422_2325UL;

    /// <summary>Totals by path.</summary>
    public IReadOnlyDictionary<string, PathTotals> Totals { get; private set; } = new Dictionary<string, PathTotals>();

    /// <summary>Lines that tell when faults began and ended.</summary>
    public IReadOnlyList<TruthLine> Faults { get; private set; } = [];

    /// <summary>Source time of the first change, UTC ticks.</summary>
    public long FirstTicks { get; private set; }

    /// <summary>Latest source time, UTC ticks.</summary>
    public long LastTicks { get; private set; }

    /// <summary>Reads a whole file.</summary>
    /// <exception cref="IOException">The file can't be read.</exception>
    /// <exception cref="FormatException">A line is no truth.</exception>
    public static TruthFile Read(string file)
    {
        var truth = new TruthFile(file);
        var totals = new Dictionary<string, PathTotals>(StringComparer.Ordinal);
        var faults = new List<TruthLine>();
        foreach (var line in TruthReader.Read(file))
        {
            truth.Hash(line.Text);
            if (line.Event.Length > 0)
            {
                if (line.Event != "run") faults.Add(line);
                continue;
            }

            if (truth.Count++ == 0) truth.FirstTicks = line.Ticks;
            truth.LastTicks = Math.Max(truth.LastTicks, line.Ticks);
            if (!totals.TryGetValue(line.Path, out var of)) totals.Add(line.Path, of = new(line.Path));
            of.Add(line.Value, line.Status, line.Ticks);
        }

        truth.Totals = totals;
        truth.Faults = faults;
        return truth;
    }

    /// <summary>Holds the file to the summary beside it.</summary>
    /// <returns>All that differs, in sentences; empty when both say the same.</returns>
    public IReadOnlyList<string> Check()
    {
        var summary = Path.ChangeExtension(File, ".summary.json");
        if (!System.IO.File.Exists(summary)) return [$"{summary} is not there: the run did not end by itself"];
        using var json = JsonDocument.Parse(System.IO.File.ReadAllText(summary));
        var root = json.RootElement;
        List<string> wrong = [];
        if (root.GetProperty("count").GetInt64() is var count && count != Count) wrong.Add($"the summary counts {count} changes, the file holds {Count}");
        if (root.GetProperty("checksum").GetString() is var checksum && checksum != Text(Checksum)) wrong.Add($"the summary's checksum is {checksum}, the file's is {Text(Checksum)}");
        foreach (var path in root.GetProperty("paths").EnumerateArray())
        {
            var name = path.GetProperty("path").GetString()!;
            if (!Totals.TryGetValue(name, out var of)) wrong.Add($"{name} is in the summary only");
            else if (path.GetProperty("count").GetInt64() != of.Count || path.GetProperty("sum").ToString() != Number(of.Sum)) wrong.Add($"{name}: count or sum differ");
        }

        return wrong;
    }

    /// <summary>The checksum as files and logs write it.</summary>
    public static string Text(ulong checksum) => checksum.ToString("x16", CultureInfo.InvariantCulture);

    /// <summary>
    /// Finds where two files begin to differ. Times count from the first change of each file, so that runs of different days can be compared.
    /// </summary>
    /// <returns>The first differing line of each file (null where it has ended); null when all lines are the same.</returns>
    public static (TruthLine? A, TruthLine? B)? FirstDifference(string fileA, string fileB)
    {
        using var a = TruthReader.Read(fileA).GetEnumerator();
        using var b = TruthReader.Read(fileB).GetEnumerator();
        long startA = 0, startB = 0;
        while (true)
        {
            var lineA = a.MoveNext() ? a.Current : null;
            var lineB = b.MoveNext() ? b.Current : null;
            if (lineA is null && lineB is null) return null;
            if (lineA is null || lineB is null) return (lineA, lineB);
            if (startA == 0) startA = lineA.Ticks;
            if (startB == 0) startB = lineB.Ticks;
            if (lineA.Ticks - startA != lineB.Ticks - startB || !Same(lineA, startA, lineB, startB)) return (lineA, lineB);
        }
    }

    // A value that is a time counts from the first change too, unless it is a constant.
    private static bool Same(TruthLine a, long startA, TruthLine b, long startB) =>
        Untimed(a.Text) == Untimed(b.Text) || (a is { Event: "", Value.Type: SignalType.DateTime } && b.Value.Type == SignalType.DateTime
            && (a.Path, a.Status, a.Value.AsInt64 - startA) == (b.Path, b.Status, b.Value.AsInt64 - startB));

    private static string Untimed(string line) => line.LastIndexOf("\"time\":", StringComparison.Ordinal) is > 0 and var end ? line[..end] : line;

    private static string Number(double sum) => double.IsFinite(sum) ? JsonSerializer.Serialize(sum) : sum.ToString(CultureInfo.InvariantCulture);

    private void Hash(string line)
    {
        Span<byte> small = stackalloc byte[1024];
        var size = Encoding.UTF8.GetByteCount(line);
        var bytes = size <= small.Length ? small[..size] : new byte[size];
        Encoding.UTF8.GetBytes(line, bytes);
        var hash = Checksum;
        foreach (var b in bytes) hash = (hash ^ b) * 0x0000_0100_0000_01B3UL;
        Checksum = (hash ^ (byte)'\n') * 0x0000_0100_0000_01B3UL;
    }
}
