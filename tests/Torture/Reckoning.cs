namespace Torture;

/// <summary>Holds one destination to the truth: each key with its value and status, nothing else, and what is missing named.</summary>
/// <param name="Name">The destination.</param>
/// <param name="Held">Changes that are there with the right value and status.</param>
/// <param name="InGaps">Changes that are missing and that a gap record of the same destination names.</param>
/// <param name="Faults">Everything else, in words.</param>
internal sealed record Reckoning(string Name, int Held, int InGaps, IReadOnlyList<string> Faults)
{
    /// <summary>Something is not there, or not yet.</summary>
    public bool IsShort { get; private init; }

    // Line protocol has no form for a list of nothing; the gateway says so by this status.
    private const uint BadOutOfRange = 0x803C_0000;

    /// <param name="holding">What the destination holds, between the source times of the truth at least.</param>
    /// <param name="truth">Changes that it must hold.</param>
    /// <param name="everything">What was ever produced; read after the destination was.</param>
    /// <param name="serverOf">The server of a path.</param>
    public static Reckoning Of(Holding holding, IEnumerable<SampleKey> truth, IReadOnlyDictionary<SampleKey, SampleSet> everything, IReadOnlyDictionary<string, string> serverOf)
    {
        var (held, inGaps) = (0, 0);
        var faults = new List<string>();
        foreach (var key in truth)
        {
            var produced = everything[key];
            var isThere = holding.Samples.TryGetValue(key, out var there);
            // A broker passes everything on; a store keeps one value a time.
            var missing = !isThere || (holding.Name == "MQTT" && produced.All.Any(p => !there.All.Any(t => Agrees(holding.Name, t, p))));
            if (!missing)
                held++;
            else if (holding.Gaps.Any(g => g.Covers(serverOf[key.Path], key)))
                inGaps++;
            else
                faults.Add($"{holding.Name} LOST {key}: {produced.First}");
        }

        var isShort = faults.Count > 0;
        foreach (var (key, there) in holding.Samples)
        {
            if (!everything.TryGetValue(key, out var produced))
                faults.Add($"{holding.Name} INVENTED {key}: {there.First}");
            else if (there.All.FirstOrDefault(t => !produced.All.Any(p => Agrees(holding.Name, t, p))) is { Text: not null } other)
                faults.Add($"{holding.Name} WRONG {key}: {other}, produced was {string.Join(" and ", produced.All)}");
            else if (holding.Name == "history" && there.First.IsBad && produced.All.Any(p => !p.IsBad))
                faults.Add($"{holding.Name} WRONG {key}: a bad value has replaced {produced.All.First(p => !p.IsBad)}");
        }

        return new Reckoning(holding.Name, held, inGaps, faults) { IsShort = isShort };
    }

    private static bool Agrees(string destination, SampleValue there, SampleValue produced) => destination == "InfluxDB"
        ? AgreesInflux(there, produced)
        // A bad value may be left out: nobody is to use it.
        : there.Status == produced.Status && (there.Text == produced.Text || (produced.IsBad && there.Text == SampleValue.None));

    // InfluxDB gets no value that is bad, and the status of a good one only where it tells something new.
    private static bool AgreesInflux(SampleValue there, SampleValue produced)
    {
        if (produced.IsBad)
            return there.Text == SampleValue.None && there.Status == produced.Status;
        if (produced.Text == "[]")
            return there.Text == SampleValue.None && there.Status is BadOutOfRange;
        return there.Text == produced.Text && (there.Status == produced.Status || (produced.Status == 0 && there.Status is null));
    }
}
