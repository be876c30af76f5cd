using System.Globalization;

namespace FloorGateway.Pipeline.Journal;

/// <summary>One segment file. Its name tells number and first sequence, so that a folder is understood without opening files.</summary>
public sealed class SegmentInfo
{
    internal const string Extension = ".journal";

    /// <summary>Grows by one with each segment.</summary>
    public required long Number { get; init; }

    /// <summary>Sequence number of its first sample.</summary>
    public required long FirstSequence { get; init; }

    public required string Path { get; init; }

    /// <summary>Bytes in it that hold blocks.</summary>
    public long Length { get; internal set; }

    /// <summary>UTC ticks when it was begun; 0 where its first block can't be read.</summary>
    public long Created { get; internal set; }

    internal static string PathOf(string folder, long number, long firstSequence) =>
        System.IO.Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"{number:D10}-{firstSequence:D19}{Extension}"));

    internal static bool TryParse(FileInfo file, out SegmentInfo? segment)
    {
        segment = null;
        var name = file.Name.AsSpan(0, file.Name.Length - file.Extension.Length);
        if (file.Extension != Extension || name.IndexOf('-') is var dash && dash <= 0
            || !long.TryParse(name[..dash], NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            || !long.TryParse(name[(dash + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var first))
            return false;
        segment = new SegmentInfo { Number = number, FirstSequence = first, Path = file.FullName, Length = file.Length };
        return true;
    }

    /// <summary>The folder's segments by number.</summary>
    internal static List<SegmentInfo> List(string folder)
    {
        var found = new List<SegmentInfo>();
        foreach (var file in new DirectoryInfo(folder).EnumerateFiles("*" + Extension))
        {
            if (TryParse(file, out var segment))
                found.Add(segment!);
        }

        found.Sort((a, b) => a.Number.CompareTo(b.Number));
        return found;
    }
}
