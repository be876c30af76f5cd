using System.Globalization;
using FloorGateway.Configuration;
using FloorGateway.Historian.Sqlite;
using FloorGateway.Model.Gaps;
using FloorGateway.Simulators.Truth;

namespace FloorGateway.Hosting;

/// <summary>
/// Where each change of a run with faults is: in the history, in a change of the same tag with the same stamp (which a history holds once), or in a gap
/// that was named. What is nowhere was lost in silence.
/// </summary>
/// <param name="Produced">Changes of the configured tags.</param>
/// <param name="Stored">Points in the history.</param>
/// <param name="SameStamp">Changes whose stamp another change of the tag has too.</param>
/// <param name="InGaps">Changes inside named gaps.</param>
/// <param name="Lost">The others, each as a sentence; at most <see cref="MaxTold"/> of them.</param>
internal sealed record FaultReckoning(long Produced, long Stored, long SameStamp, long InGaps, IReadOnlyList<string> Lost)
{
    private const int MaxTold = 5;

    /// <summary>The sums in a sentence.</summary>
    public string Sentence => string.Create(
        CultureInfo.InvariantCulture,
        $"The equipment produced {Produced:N0} changes: {Stored:N0} are in the history, {SameStamp:N0} have the stamp of another, {InGaps:N0} lie in named gaps.");

    public bool Closes => Lost.Count == 0 && Produced == Stored + SameStamp + InGaps;

    /// <summary>Holds the truth to the history.</summary>
    /// <param name="truthFile">What the equipment produced.</param>
    /// <param name="tags">The tags the gateway reads.</param>
    /// <param name="history">What it stored.</param>
    /// <param name="whole">False counts a tag's changes from its first stored point to its last: for a gateway that came later than the equipment, or went earlier.</param>
    public static async Task<FaultReckoning> OfAsync(string truthFile, IReadOnlyList<ConfiguredTag> tags, SqliteHistory history, bool whole = true)
    {
        var servers = tags.ToDictionary(t => t.Path, t => t.Server, StringComparer.Ordinal);
        var gaps = await history.ReadGapsAsync(0, long.MaxValue, CancellationToken.None);
        var produced = new Dictionary<string, List<long>>(StringComparer.Ordinal);
        foreach (var line in TruthReader.Read(truthFile))
        {
            if (line.Event.Length > 0 || !servers.ContainsKey(line.Path))
                continue;
            if (!produced.TryGetValue(line.Path, out var of))
                produced[line.Path] = of = [];
            of.Add(line.Ticks);
        }

        long counted = 0, stored = 0, sameStamp = 0, inGaps = 0;
        var lost = new List<string>();
        foreach (var (path, all) in produced)
        {
            var held = (await history.ReadRawAsync(path, 0, long.MaxValue, int.MaxValue, CancellationToken.None)).Select(p => p.SourceTime).ToHashSet();
            if (!whole && held.Count == 0)
                continue;
            var (first, last) = whole ? (long.MinValue, long.MaxValue) : (held.Min(), held.Max());
            var times = all.FindAll(t => first <= t && t <= last);
            counted += times.Count;
            stored += held.Count;
            var distinct = times.ToHashSet();
            sameStamp += times.Count - distinct.Count;
            foreach (var time in distinct.Where(t => !held.Contains(t)))
            {
                if (gaps.Any(g => Covers(g, servers[path], path, time)))
                    inGaps++;
                else if (lost.Count < MaxTold)
                    lost.Add($"{path} at {new DateTime(time, DateTimeKind.Utc):O} is neither stored nor in a gap");
            }

            if (lost.Count < MaxTold && held.Except(distinct).Any())
                lost.Add($"{path}: {held.Except(distinct).Count()} points are stored that were never produced");
        }

        return new FaultReckoning(counted, stored, sameStamp, inGaps, lost);
    }

    private static bool Covers(GapRecord gap, string server, string path, long time) =>
        (gap.Tag ?? path) == path && gap.Server == server && gap.From <= time && time <= gap.To;
}
