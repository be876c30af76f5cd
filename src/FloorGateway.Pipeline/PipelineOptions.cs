using FloorGateway.Model.Tags;
using FloorGateway.Pipeline.Journal;
using FloorGateway.Pipeline.Normalisation;

namespace FloorGateway.Pipeline;

/// <summary>A tag of the configuration and how its raw value is normalised.</summary>
/// <param name="Definition">Its id is ignored; the catalog gives it.</param>
/// <param name="Normalisation">How its value is normalised.</param>
public sealed record PipelineTag(TagDefinition Definition, TagNormalisation Normalisation)
{
    /// <summary>The gateway's own value: how far the source times of the tag's server are ahead of the gateway's clock, in seconds.</summary>
    public bool IsClockOffset { get; init; }
}

/// <summary>What the pipeline needs to know.</summary>
public sealed record PipelineOptions
{
    /// <summary>Folder of catalog, journal, cursors and dead letters; made where it is missing. One gateway at a time.</summary>
    public required string DataFolder { get; init; }

    /// <summary>Every tag of every server.</summary>
    public required IReadOnlyList<PipelineTag> Tags { get; init; }

    /// <summary>Servers without tags that may still give gap records; those of <see cref="Tags"/> need not be named.</summary>
    public IReadOnlyList<string> Servers { get; init; } = [];

    /// <summary>The journal; null = defaults, in <c>journal</c> below the data folder.</summary>
    public JournalOptions? Journal { get; init; }

    /// <summary>When a source time is believed.</summary>
    public TimeRules TimeRules { get; init; } = new();

    /// <summary>How often the feeds' cursors are written: what is delivered again after a kill is at most what was delivered in this time.</summary>
    public TimeSpan CursorInterval { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>How long a clean stop waits for each feed to deliver what is journaled. What is not delivered then waits in the journal.</summary>
    public TimeSpan DrainTimeout { get; init; } = TimeSpan.FromSeconds(5);
}
