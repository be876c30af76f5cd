namespace Torture;

/// <summary>Holds one destination to the truth.</summary>
internal sealed record Reckoning(string Name, int Produced, int Held, int InGaps, int Gaps, IReadOnlyList<string> Lost, IReadOnlyList<string> Invented)
{
    private const int MaxTold = 5;

    public bool Holds => Lost.Count == 0 && Invented.Count == 0;

    /// <param name="holding">What the destination holds.</param>
    /// <param name="truth">What was produced while it counted.</param>
    /// <param name="everything">What was ever produced: the first values that a connection gives are older.</param>
    /// <param name="serverOf">The server that a path is of.</param>
    /// <param name="unknown">Stretches of which the truth of a server says nothing.</param>
    public static Reckoning Of(
        Holding holding, IReadOnlySet<(string Path, long Ticks)> truth, IReadOnlySet<(string Path, long Ticks)> everything, Func<string, string> serverOf,
        IReadOnlyDictionary<string, IReadOnlyList<(long From, long To)>> unknown)
    {
        var (held, inGaps) = (0, 0);
        var lost = new List<string>();
        foreach (var (path, ticks) in truth.OrderBy(t => t.Ticks))
        {
            if (holding.Samples.Contains((path, ticks)))
                held++;
            else if (holding.Gaps.Any(g => g.Covers(serverOf(path), path, ticks)))
                inGaps++;
            else if (lost.Count < MaxTold)
                lost.Add($"{holding.Name}: {path} at {new DateTime(ticks, DateTimeKind.Utc):O} is neither there nor in a gap");
        }

        var invented = holding.Samples
            .Where(s => !everything.Contains(s) && !unknown[serverOf(s.Path)].Any(u => u.From <= s.Ticks && s.Ticks <= u.To))
            .OrderBy(s => s.Ticks).Take(MaxTold)
            .Select(s => $"{holding.Name}: {s.Path} at {new DateTime(s.Ticks, DateTimeKind.Utc):O} is there but was never produced").ToList();
        return new Reckoning(holding.Name, truth.Count, held, inGaps, holding.Gaps.Count, lost, invented);
    }
}
