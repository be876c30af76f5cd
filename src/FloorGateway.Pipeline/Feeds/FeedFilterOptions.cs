namespace FloorGateway.Pipeline.Feeds;

/// <summary>What stands for the samples of an interval.</summary>
public enum FeedAggregate
{
    /// <summary>Nothing is put together.</summary>
    None,

    Mean,
    Min,
    Max,
    Last,
    Sum,
    Count,
}

/// <summary>How often and how finely the samples of some tags go to a feed.</summary>
public sealed record FeedRate
{
    /// <summary>Path pattern: <c>*</c> stands for any characters of one level, <c>**</c> for any levels, <c>?</c> for one character.</summary>
    public required string Tags { get; init; }

    /// <summary>A number that differs from the last one sent by at most this is withheld; 0 = none is.</summary>
    public double Deadband { get; init; }

    /// <summary>A sample whose source time follows on the last one sent by less than this is withheld; zero = none is.</summary>
    public TimeSpan MinInterval { get; init; }

    /// <summary>One value for each <see cref="Every"/>, made of its good numbers.</summary>
    public FeedAggregate Aggregate { get; init; }

    /// <summary>Length of the intervals of <see cref="Aggregate"/>; they begin at whole multiples of it, UTC.</summary>
    public TimeSpan Every { get; init; }
}

/// <summary>Which samples a feed gets. What is withheld is counted.</summary>
public sealed record FeedFilterOptions
{
    /// <summary>Every sample.</summary>
    public static FeedFilterOptions All { get; } = new();

    /// <summary>Patterns of the tags to send; empty = all.</summary>
    public IReadOnlyList<string> Include { get; init; } = [];

    /// <summary>Patterns of the tags not to send, whatever <see cref="Include"/> says.</summary>
    public IReadOnlyList<string> Exclude { get; init; } = [];

    /// <summary>The first one that fits a tag counts.</summary>
    public IReadOnlyList<FeedRate> Rates { get; init; } = [];

    /// <summary>Nothing is withheld.</summary>
    public bool IsEmpty => Include.Count == 0 && Exclude.Count == 0 && Rates.Count == 0;
}
