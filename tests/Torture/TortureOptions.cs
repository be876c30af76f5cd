namespace Torture;

/// <summary>One run.</summary>
public sealed record TortureOptions
{
    /// <summary>Rounds, one blow each.</summary>
    public int Rounds { get; init; } = 200;

    /// <summary>The same seed deals the same blows.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>Numbers of the only rounds of the sequence to deal; empty = all.</summary>
    public IReadOnlyList<int> Single { get; init; } = [];

    /// <summary>Kinds of blows; empty = all.</summary>
    public IReadOnlyList<string> Only { get; init; } = [];

    /// <summary>Folder that stays; null = a temporary one, which goes when all is well.</summary>
    public string? Folder { get; init; }

    /// <summary>
    /// How long a round may take to come to rest: everybody connected, no backlog, every change of the round where it belongs. It ends as soon as that is so;
    /// this only says when to stop hoping. Two minutes, because a busy machine takes half of one to start a gateway.
    /// </summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromMinutes(2);
}

/// <summary>What came of it.</summary>
/// <param name="Holds">Every destination holds the truth, but for named gaps that a blow explains, and the ledger closes.</param>
/// <param name="Report">The tables, seed and first differences.</param>
public sealed record TortureOutcome(bool Holds, string Report);
