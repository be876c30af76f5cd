namespace FloorGateway.Model.Gaps;

/// <summary>What could not be had: named, so that nothing is lost in silence.</summary>
public sealed record GapRecord
{
    /// <summary>The server whose values are missing.</summary>
    public required string Server { get; init; }

    /// <summary>The tag's path; null = all tags of the server.</summary>
    public string? Tag { get; init; }

    /// <summary>UTC ticks of the last moment known to be complete.</summary>
    public required long From { get; init; }

    /// <summary>UTC ticks from which values are complete again.</summary>
    public required long To { get; init; }

    /// <summary>Why, in one sentence, e.g. <c>gateway was not running</c>.</summary>
    public required string Cause { get; init; }
}
