namespace Torture;

/// <summary>A gap record as a destination holds it; UTC ticks.</summary>
internal sealed record Gap(string Server, string? Tag, long From, long To, string Cause)
{
    public bool Covers(string server, SampleKey key) => Server == server && (Tag is null || Tag == key.Path) && From <= key.Ticks && key.Ticks <= To;

    public override string ToString() => $"{Server}{(Tag is null ? "" : " " + Tag)} {new DateTime(From, DateTimeKind.Utc):HH:mm:ss.fff} to {new DateTime(To, DateTimeKind.Utc):HH:mm:ss.fff} ({Cause})";
}

/// <summary>A time in which a blow may have cost samples of a server: only there may gap records lie.</summary>
/// <param name="Round">The round whose blow it was.</param>
/// <param name="Server">Null = all of them.</param>
/// <param name="From">UTC ticks, with what a gap record may honestly name too much.</param>
/// <param name="To">UTC ticks.</param>
internal sealed record Excuse(int Round, string? Server, long From, long To)
{
    public bool Covers(Gap gap) => (Server is null || Server == gap.Server) && From <= gap.From && gap.To <= To;
}
