using System.Globalization;
using System.Text;

namespace Torture;

/// <summary>One run: blow after blow, then the reckoning.</summary>
public static class TortureRun
{
    /// <summary>Runs it and tells what came of it, as it goes and at the end.</summary>
    public static async Task<TortureOutcome> ExecuteAsync(TortureOptions options, TextWriter output, CancellationToken cancel)
    {
        var report = new StringBuilder();
        var folder = options.Folder is null ? Directory.CreateTempSubdirectory("floorgateway-torture-").FullName : Directory.CreateDirectory(options.Folder).FullName;
        var disk = SmallDisk.TryMake(folder, out var reason);
        Say($"seed {options.Seed}, {options.Rounds} rounds, in {folder}{(disk is null ? $"; the disk is never full ({reason})" : "")}; the gateway's own clock can't be set here, so only the equipment's is");
        var holds = false;
        try
        {
            await using var chain = await Chain.StartAsync(folder, disk, options.Seed, cancel);
            try
            {
                holds = await RunAsync(chain, options, Say, cancel);
            }
            catch (Exception e) when (e is TimeoutException or InvalidOperationException or IOException)
            {
                Say($"GAVE UP: {e.Message}");
            }

            await File.WriteAllTextAsync(Path.Combine(folder, "gateway.log"), chain.GatewayLog, CancellationToken.None);
        }
        finally
        {
            disk?.Dispose();
        }

        Say(holds ? $"seed {options.Seed}: everything is where it should be" : $"seed {options.Seed}: NOT everything is where it should be; see {folder}");
        if (holds && options.Folder is null)
            Directory.Delete(folder, recursive: true);
        return new TortureOutcome(holds, report.ToString());

        void Say(string line)
        {
            report.AppendLine(line);
            output.WriteLine(line);
            output.Flush();
        }
    }

    private static async Task<bool> RunAsync(Chain chain, TortureOptions options, Action<string> say, CancellationToken cancel)
    {
        var random = new Random(options.Seed);
        var blows = new Blows(chain, random).All().Where(b => options.Only.Count == 0 || options.Only.Any(o => b.Name.Contains(o, StringComparison.OrdinalIgnoreCase))).ToList();
        if (blows.Count == 0)
            throw new InvalidOperationException($"no blow is called {string.Join(", ", options.Only)}");
        // From here on every change counts: the gateway has asked for all of it.
        await Task.Delay(TimeSpan.FromSeconds(3), cancel);
        var begin = DateTime.UtcNow.Ticks;
        var dealt = new SortedDictionary<string, int>(StringComparer.Ordinal);
        var started = TimeProvider.System.GetTimestamp();
        for (var round = 1; round <= options.Rounds; round++)
        {
            var (name, _, deal) = Choose(blows, random);
            dealt[name] = dealt.GetValueOrDefault(name) + 1;
            say(string.Create(CultureInfo.InvariantCulture, $"{TimeProvider.System.GetElapsedTime(started):hh\\:mm\\:ss} round {round}: {name}"));
            await deal();
            await Task.Delay(random.Next(300, 2000), cancel);
        }

        await chain.WaitUntilConnectedAsync();
        await Task.Delay(TimeSpan.FromSeconds(3), cancel);
        var end = DateTime.UtcNow.Ticks;
        // What is produced after the end may still be on its way when the equipment stops.
        await Task.Delay(TimeSpan.FromSeconds(2), cancel);
        foreach (var equipment in chain.Equipment)
            await equipment.StopAsync();
        var tags = await chain.TagsAsync();
        var (closes, said) = await chain.FinishAsync();
        // The last messages are between broker and consumer.
        await Task.Delay(TimeSpan.FromSeconds(1), cancel);
        say($"blows: {string.Join(", ", dealt.Select(d => $"{d.Key} {d.Value}"))}");
        say(said[Math.Max(0, said.IndexOf("Ledger: received", StringComparison.Ordinal))..]);
        var reckonings = await ReckonAsync(chain, tags, begin, end);
        say(Table(reckonings));
        foreach (var sentence in reckonings.SelectMany(r => r.Lost.Concat(r.Invented)).Take(20))
            say(sentence);
        if (!closes)
            say("the gateway says that its ledger does not close, or did not stop by itself");
        return closes && reckonings.All(r => r.Holds);
    }

    private static async Task<List<Reckoning>> ReckonAsync(Chain chain, HashSet<string> tags, long begin, long end)
    {
        var holdings = new List<Holding> { await Stores.ReadHistoryAsync(Path.Combine(chain.Data, "history.db")), await Stores.ReadInfluxAsync(chain.Influx), chain.Consumer.Holding() };
        var everything = new HashSet<(string Path, long Ticks)>();
        var servers = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var equipment in chain.Equipment)
        {
            foreach (var change in equipment.Truth())
            {
                // Signals that nobody asked for.
                if (!tags.Contains(change.Path))
                    continue;
                everything.Add(change);
                servers[change.Path] = equipment.Server;
            }
        }

        var truth = everything.Where(t => t.Ticks >= begin && t.Ticks <= end).ToHashSet();
        var unknown = chain.Equipment.ToDictionary(e => e.Server, e => e.Unknown());
        return [.. holdings.Select(h => Reckoning.Of(h, truth, everything, path => servers.GetValueOrDefault(path, chain.Equipment[0].Server), unknown))];
    }

    private static (string Name, int Weight, Func<Task> Deal) Choose(List<(string Name, int Weight, Func<Task> Deal)> blows, Random random)
    {
        var at = random.Next(blows.Sum(b => b.Weight));
        foreach (var blow in blows)
        {
            if ((at -= blow.Weight) < 0)
                return blow;
        }

        return blows[^1];
    }

    private static string Table(IEnumerable<Reckoning> reckonings)
    {
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture, $"{"destination",-12} {"produced",10} {"held",10} {"in gaps",10} {"lost",6} {"invented",9} {"gap records",12}");
        foreach (var r in reckonings)
            text.AppendLine(CultureInfo.InvariantCulture, $"{r.Name,-12} {r.Produced,10} {r.Held,10} {r.InGaps,10} {r.Produced - r.Held - r.InGaps,6} {r.Invented.Count,9} {r.Gaps,12}");
        return text.ToString();
    }
}
