namespace FloorGateway.Model.Samples;

/// <summary>How a sample came to be. The numbers are stored in the journal: never renumber.</summary>
public enum SampleOrigin : byte
{
    /// <summary>A change reported by the equipment as it happened.</summary>
    Live = 0,

    /// <summary>The value found when a monitored item was made: it may be old.</summary>
    Initial = 1,

    /// <summary>Repeated by the gateway to show that an unchanged tag is alive.</summary>
    Heartbeat = 2,

    /// <summary>Fetched from the equipment's own history or retransmission queue after a gap.</summary>
    Backfill = 3,

    /// <summary>Sent again from the journal.</summary>
    Replay = 4,
}

/// <summary>What the gateway did to, or noticed about, a sample. The numbers are stored in the journal: never renumber.</summary>
[Flags]
public enum SampleFlags : byte
{
    None = 0,

    /// <summary>The source sent no usable time; the server's or the receive time stands in.</summary>
    SourceTimeSubstituted = 1,

    /// <summary>The source time lies ahead of the receive time by more than the configured tolerance.</summary>
    SourceTimeInFuture = 2,

    /// <summary>The source time is older than that of the tag's previous sample.</summary>
    SourceTimeBackwards = 4,

    /// <summary>The server dropped values of this tag before this one (OPC UA InfoBits overflow).</summary>
    Overflow = 8,

    /// <summary>The normalised value lies outside the tag's range.</summary>
    OutOfRange = 16,

    /// <summary>The server names another unit of measure for this value than the configuration does.</summary>
    UnitMismatch = 32,

    /// <summary>Changes of this Boolean shortly before this one were held back because it flaps.</summary>
    Flapping = 64,

    /// <summary>The counter behind this value was reset or replaced: what it counted between the last value and this one is not known.</summary>
    CounterReset = 128,
}
