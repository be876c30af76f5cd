using Microsoft.Data.Sqlite;

namespace Torture;

/// <summary>What has been produced so far, and whether it arrived: for a round while everything goes on, for the run at its end.</summary>
internal sealed class Account(Chain chain, HashSet<string> tags, TimeSpan patience)
{
    // Some four seconds: far longer than InfluxDB takes to write a batch.
    private const int MostLooks = 10;

    private readonly Dictionary<SampleKey, SampleSet> everything = [];
    private readonly Dictionary<SampleKey, int> placeOf = [];
    private readonly HashSet<SampleKey> again = [];
    private readonly Dictionary<string, string> serverOf = new(StringComparer.Ordinal);
    private readonly List<SampleKey> counted = [];
    private readonly List<SampleKey> pending = [];
    private readonly List<Excuse> excuses = [];
    private readonly HashSet<string> told = [];
    private int journalFrom;
    private bool counting;

    /// <summary>From here on every change counts: the gateway has asked for all of it.</summary>
    public void Begin()
    {
        ReadTruth();
        counting = true;
    }

    /// <summary>The disk was full: what every feed had by then, the journal may have given up for room.</summary>
    public void ForgetJournal() => journalFrom = placeOf.Count;

    /// <summary>What is produced from here on need not arrive any more. What does is still judged.</summary>
    public void End() => counting = false;

    /// <summary>A blow may have cost samples.</summary>
    public void Excuse(Excuse excuse) => excuses.Add(excuse);

    /// <summary>Waits until every change since the last call is where it belongs, or a gap record says otherwise.</summary>
    /// <returns>Changes, a reckoning a destination, and gap records that are new.</returns>
    public async Task<(int Produced, IReadOnlyList<Reckoning> Reckonings)> SettleAsync(CancellationToken cancel)
    {
        ReadTruth();
        var due = pending.ToList();
        pending.Clear();
        counted.AddRange(due);
        if (due.Count == 0)
            throw new InvalidOperationException("the equipment produces nothing: there is nothing to judge by");
        var (from, to) = (due.Min(k => k.Ticks), due.Max(k => k.Ticks));
        var looks = 0;
        using var limit = new CancellationTokenSource(patience);
        while (true)
        {
            var (reckonings, trouble) = await TryReckonAsync(due, from, to);
            if (reckonings is not null)
                looks++;
            // What is lost may only be late. Anything else stays, but for InfluxDB's points that are read while they are written: field after field.
            if (reckonings is not null && (limit.IsCancellationRequested || reckonings.All(r => r.Faults.Count == 0) || (looks >= MostLooks && !reckonings.Any(r => r.IsShort))))
                return (due.Count, [.. reckonings.Select(r => r with { Faults = [.. r.Faults.Where(told.Add)] })]);
            if (reckonings is null && limit.IsCancellationRequested)
                throw new TimeoutException($"a store can't be read: {trouble}");
            await Task.Delay(400, cancel);
        }
    }

    /// <summary>Everything at the end, when nothing moves any more, and what lies hours beside it: no clock was further off.</summary>
    public async Task<(int Produced, IReadOnlyList<Reckoning> Reckonings, IReadOnlyList<Holding> Holdings)> CloseAsync()
    {
        ReadTruth();
        var margin = TimeSpan.FromHours(2).Ticks;
        var holdings = await ReadAsync(everything.Keys.Min(k => k.Ticks) - margin, everything.Keys.Max(k => k.Ticks) + margin);
        // What a blow took from the journal alone, feeds may have had before.
        var taken = excuses.SelectMany(e => chain.Equipment.Where(q => e.Server is null || e.Server == q.Server).Select(q => new Gap(q.Server, null, e.From, e.To, $"round {e.Round}"))).ToList();
        var journal = Stores.ReadJournal(chain.Data, taken);
        var reckonings = Reckon(holdings, counted);
        reckonings.Add(Reckoning.Of(journal, counted.Where(k => placeOf[k] >= journalFrom), everything, serverOf));
        holdings = [.. holdings, journal];
        reckonings[2] = reckonings[2] with { Faults = [.. reckonings[2].Faults, .. Disorder()] };
        return (counted.Count, reckonings, holdings);
    }

    /// <summary>Of one tag, messages that are no replay come in the order of production, and so do those that are. Repetitions do not count, nor does a source time that two values have.</summary>
    private IEnumerable<string> Disorder()
    {
        var latest = new Dictionary<(string Path, bool IsReplay), (int Place, SampleKey Key)>();
        foreach (var (key, isReplay) in chain.Consumer.Arrivals())
        {
            if (again.Contains(key) || !placeOf.TryGetValue(key, out var place))
                continue;
            if (latest.TryGetValue((key.Path, isReplay), out var before) && before.Place > place)
                yield return $"MQTT DISORDER {key} came after {before.Key}{(isReplay ? " (replays)" : "")}";
            latest[(key.Path, isReplay)] = (place, key);
        }
    }

    private async Task<(IReadOnlyList<Reckoning>? Reckonings, string? Trouble)> TryReckonAsync(IReadOnlyList<SampleKey> due, long from, long to)
    {
        try
        {
            var holdings = await ReadAsync(from, to);
            // After the destinations: what they hold stands in the truth by now.
            ReadTruth();
            return (Reckon(holdings, due), null);
        }
        catch (Exception e) when (e is SqliteException or IOException or HttpRequestException or InvalidDataException or InvalidOperationException or OperationCanceledException)
        {
            // A database that has just been started again may not answer yet.
            return (null, e.Message);
        }
    }

    private async Task<IReadOnlyList<Holding>> ReadAsync(long from, long to) =>
        [await Stores.ReadHistoryAsync(chain.HistoryFile, from, to), await Stores.ReadInfluxAsync(chain.Influx, from, to), chain.Consumer.Holding()];

    private List<Reckoning> Reckon(IEnumerable<Holding> holdings, IReadOnlyList<SampleKey> due) =>
        [.. holdings.Select(h => Reckoning.Of(h, due, everything, serverOf)).Zip(holdings, (r, h) => r with { Faults = [.. r.Faults, .. Unexplained(h)] })];

    /// <summary>A gap record where no blow may have cost anything says that the gateway lost something it should not have, or only believes so.</summary>
    private IEnumerable<string> Unexplained(Holding holding) =>
        holding.Gaps.Where(g => !excuses.Any(e => e.Covers(g))).Select(g => $"{holding.Name} UNEXPLAINED gap {g}");

    private void ReadTruth()
    {
        foreach (var equipment in chain.Equipment)
        {
            foreach (var (key, value) in equipment.ReadOn())
            {
                // Signals that nobody asked for.
                if (!tags.Contains(key.Path))
                    continue;
                serverOf[key.Path] = equipment.Server;
                if (counting && !everything.ContainsKey(key))
                    pending.Add(key);
                // A clock that was set back may give one source time to two values.
                if (!placeOf.TryAdd(key, placeOf.Count))
                    again.Add(key);
                SampleSet.Add(everything, key, value);
            }
        }
    }
}
