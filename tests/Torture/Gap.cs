namespace Torture;

/// <summary>A gap record as a destination holds it; UTC ticks.</summary>
internal sealed record Gap(string Server, string? Tag, long From, long To, string Cause)
{
    public bool Covers(string server, string path, long ticks) => Server == server && (Tag is null || Tag == path) && From <= ticks && ticks <= To;
}

/// <summary>What one destination holds in the end.</summary>
internal sealed record Holding(string Name, HashSet<(string Path, long Ticks)> Samples, IReadOnlyList<Gap> Gaps);
