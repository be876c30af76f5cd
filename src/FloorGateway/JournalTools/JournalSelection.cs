using System.Globalization;
using System.IO.Enumeration;
using FloorGateway.Configuration.Loading;
using FloorGateway.Model.Tags;
using FloorGateway.Pipeline.Journal;

namespace FloorGateway.JournalTools;

/// <summary>Which samples a command is about, as its command line says it.</summary>
public sealed record JournalSelection
{
    /// <summary>Source time from which on; null = from the beginning.</summary>
    public DateTime? From { get; init; }

    /// <summary>Source time up to which, itself left out; null = to the end.</summary>
    public DateTime? To { get; init; }

    /// <summary>Patterns of tag paths with * and ?; empty = all tags.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>The range for the journal.</summary>
    public JournalRange Range(ITagCatalog catalog)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        return new JournalRange
        {
            From = From?.Ticks ?? long.MinValue,
            To = To?.Ticks ?? long.MaxValue,
            Tag = Tags.Count == 0 ? null : Chosen(catalog),
        };
    }

    /// <summary>A moment as ISO 8601 (UTC unless it says otherwise), or a duration before now such as 2h.</summary>
    public static bool TryMoment(string text, TimeProvider time, out DateTime moment)
    {
        ArgumentNullException.ThrowIfNull(time);
        if (Quantities.TryDuration(text, out var ago))
        {
            moment = time.GetUtcNow().UtcDateTime - ago;
            return true;
        }

        return DateTime.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out moment);
    }

    private Func<int, bool> Chosen(ITagCatalog catalog)
    {
        var chosen = new bool[catalog.Count];
        for (var id = 0; id < chosen.Length; id++)
            chosen[id] = Tags.Any(pattern => FileSystemName.MatchesSimpleExpression(pattern, catalog[id].Path, ignoreCase: false));
        return id => (uint)id < (uint)chosen.Length && chosen[id];
    }
}
