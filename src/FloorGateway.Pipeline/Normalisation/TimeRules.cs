namespace FloorGateway.Pipeline.Normalisation;

/// <summary>When a source time is believed, and when a server's clock is said to be wrong.</summary>
public sealed record TimeRules
{
    /// <summary>Source times before this are those of a clock never set (0001, 1601, 1970): the receive time stands in. UTC.</summary>
    public DateTime Earliest { get; init; } = new(1971, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    /// <summary>A source time further ahead of the receive time than this is flagged; it is kept as the time of record.</summary>
    public TimeSpan FutureTolerance { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>A server whose source times differ from the gateway's clock by more than this is said to have a wrong clock ...</summary>
    public TimeSpan SkewLimit { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>... once that has lasted this long: a queue that is worked off late is no wrong clock.</summary>
    public TimeSpan SkewDelay { get; init; } = TimeSpan.FromSeconds(60);
}
