using System.Globalization;

namespace FloorGateway.Pipeline.Journal;

/// <summary>One segment file. Its name tells number and first sequence, so that a folder is understood without opening files.</summary>
public sealed class SegmentInfo
{
    internal const string Extension = ".journal";

    /// <summary>Before the extension of a segment that was packed.</summary>
    private const string PackedMark = ".packed";

    /// <summary>Grows by one with each segment.</summary>
    public required long Number { get; init; }

    /// <summary>Sequence number of its first sample.</summary>
    public required long FirstSequence { get; init; }

    public required string Path { get; init; }

    /// <summary>Written again as columns after it was closed.</summary>
    public bool Packed { get; init; }

    /// <summary>Bytes in it that hold blocks.</summary>
    public long Length { get; internal set; }

    /// <summary>UTC ticks when it was begun; 0 where its first block can't be read.</summary>
    public long Created { get; internal set; }

    internal static string PathOf(string folder, long number, long firstSequence) =>
        System.IO.Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"{number:D10}-{firstSequence:D19}{Extension}"));

    /// <summary>Where the packed form of a segment lies.</summary>
    internal static string PackedPathOf(string path) => path[..^Extension.Length] + PackedMark + Extension;

    internal static bool TryParse(FileInfo file, out SegmentInfo? segment)
    {
        segment = null;
        var name = file.Name.AsSpan(0, file.Name.Length - file.Extension.Length);
        var packed = name.EndsWith(PackedMark, StringComparison.Ordinal);
        if (packed)
            name = name[..^PackedMark.Length];
        if (file.Extension != Extension || name.IndexOf('-') is var dash && dash <= 0
            || !long.TryParse(name[..dash], NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            || !long.TryParse(name[(dash + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var first))
            return false;
        segment = new SegmentInfo { Number = number, FirstSequence = first, Path = file.FullName, Length = file.Length, Packed = packed };
        return true;
    }

    /// <summary>The folder's segments by number.</summary>
    internal static List<SegmentInfo> List(string folder) => List(folder, out _);

    /// <summary>The folder's segments by number, each once; a kill may have left the rows beside the packed form, which is whole if it has its name.</summary>
    /// <param name="folder">The journal's folder.</param>
    /// <param name="left">The files of the other form.</param>
    internal static List<SegmentInfo> List(string folder, out IReadOnlyList<string> left)
    {
        var found = new List<SegmentInfo>();
        foreach (var file in new DirectoryInfo(folder).EnumerateFiles("*" + Extension))
        {
            if (TryParse(file, out var segment))
                found.Add(segment!);
        }

        found.Sort((a, b) => a.Number != b.Number ? a.Number.CompareTo(b.Number) : a.Packed.CompareTo(b.Packed));
        var beside = new List<string>();
        for (var i = found.Count - 1; i > 0; i--)
        {
            if (found[i].Number != found[i - 1].Number)
                continue;
            // A file system that keeps a new name but not what was written before it leaves an empty file.
            var other = found[i].Length > BlockHeader.Size ? i - 1 : i;
            beside.Add(found[other].Path);
            found.RemoveAt(other);
        }

        left = beside;
        return found;
    }
}
