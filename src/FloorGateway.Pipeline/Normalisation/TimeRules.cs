namespace FloorGateway.Pipeline.Normalisation;

/// <summary>When a source time is believed.</summary>
public sealed record TimeRules
{
    /// <summary>Source times before this are those of a clock never set (0001, 1601, 1970): the receive time stands in. UTC.</summary>
    public DateTime Earliest { get; init; } = new(1971, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    /// <summary>A source time further ahead of the receive time than this is flagged; it is kept as the time of record.</summary>
    public TimeSpan FutureTolerance { get; init; } = TimeSpan.FromSeconds(5);
}
