namespace Torture;

/// <summary>One run.</summary>
public sealed record TortureOptions
{
    /// <summary>Blows, one a round.</summary>
    public int Rounds { get; init; } = 200;

    /// <summary>The same seed deals the same blows.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>Kinds of blows; empty = all.</summary>
    public IReadOnlyList<string> Only { get; init; } = [];

    /// <summary>Folder that stays; null = a temporary one, which goes when all is well.</summary>
    public string? Folder { get; init; }
}

/// <summary>What came of it.</summary>
/// <param name="Holds">Every destination holds the truth, but for named gaps, and the ledger closes.</param>
/// <param name="Report">The table, seed and first difference.</param>
public sealed record TortureOutcome(bool Holds, string Report);
