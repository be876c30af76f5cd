using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace Torture;

/// <summary>One run: blow after blow, each judged when its dust has settled, then the reckoning over all of them.</summary>
public static class TortureRun
{
    // Differences told of a round and of the end: the first ones show the cause, thousands would hide it.
    private const int MaxTold = 6;

    private const int RowsBelowHead = 25;

    /// <summary>What a gap record may honestly name too much before and behind a blow: it begins at the last moment that was known to be complete.</summary>
    private static readonly TimeSpan Before = TimeSpan.FromSeconds(10), After = TimeSpan.FromSeconds(3);

    /// <summary>Runs it and tells what came of it, as it goes and at the end.</summary>
    public static async Task<TortureOutcome> ExecuteAsync(TortureOptions options, TextWriter output, CancellationToken cancel)
    {
        var report = new StringBuilder();
        var folder = options.Folder is null ? Directory.CreateTempSubdirectory("floorgateway-torture-").FullName : Directory.CreateDirectory(options.Folder).FullName;
        var disk = SmallDisk.TryMake(folder, out var reason);
        Say($"seed {options.Seed}, {options.Rounds} rounds, in {folder}");
        if (disk is null)
            Say($"the disk is never full here: {reason}");
        var holds = false;
        try
        {
            await using var chain = await Chain.StartAsync(folder, disk, options, cancel);
            if (chain.Clock is null)
                Say("the gateway's clock is never set here: Debian's package faketime is not installed");
            try
            {
                holds = await RunAsync(chain, options, Say, cancel);
            }
            catch (Exception e) when (e is TimeoutException or InvalidOperationException or IOException)
            {
                Say($"GAVE UP: {e.Message}");
            }

            finally
            {
                await File.WriteAllTextAsync(Path.Combine(folder, "gateway.log"), chain.GatewayLog, CancellationToken.None);
            }
        }
        finally
        {
            if (!holds || options.Folder is not null)
                disk?.CopyTo(Path.Combine(folder, "disk.copy"));
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
        var all = new Blows(chain);
        var blows = all.All().Where(b => options.Only.Count == 0 || options.Only.Any(o => b.Name.Contains(o, StringComparison.OrdinalIgnoreCase))).ToList();
        if (blows.Count == 0)
            throw new InvalidOperationException($"no blow is called {string.Join(", ", options.Only)}");
        var account = new Account(chain, await chain.TagsAsync(), options.Patience);
        // The monitored items are made, but what they first gave may be on its way.
        await Task.Delay(TimeSpan.FromSeconds(3), cancel);
        account.Begin();
        var (before, started) = (Counts(await chain.LedgerAsync()), Stopwatch.GetTimestamp());
        var (failed, rows, gaps) = (new List<int>(), 0, 0);
        var dealt = new SortedDictionary<string, (int Times, int Failed)>(StringComparer.Ordinal);
        foreach (var (number, blow, random) in new Deck(blows, options.Seed).Deal(options.Rounds))
        {
            if (options.Single.Count > 0 && !options.Single.Contains(number))
                continue;
            cancel.ThrowIfCancellationRequested();
            var (began, from) = (Stopwatch.GetTimestamp(), DateTime.UtcNow.Ticks);
            var beside = all.Beside(random);
            var breaking = beside?.Invoke() ?? Task.CompletedTask;
            var harm = await blow.Deal(random);
            await breaking;
            await chain.WaitUntilConnectedAsync();
            await Task.Delay(random.Next(200, 1200), cancel);
            if (harm is not null)
                account.Excuse(new Excuse(number, harm.Server, Math.Min(from, harm.Since ?? from) - Before.Ticks, DateTime.UtcNow.Ticks + After.Ticks));
            var ledger = Counts(await chain.LedgerAsync());
            var (produced, reckonings) = await account.SettleAsync(cancel);
            if (blow.FillsDisk)
                account.ForgetJournal();
            var verdict = Table.Verdict(reckonings);
            var records = chain.Consumer.Holding().Gaps.Count;
            if (rows++ % RowsBelowHead == 0)
                say(Table.Head);
            say(Table.Row(
                number, Stopwatch.GetElapsedTime(started), beside is null ? blow.Name : $"{blow.Name} + cut", Stopwatch.GetElapsedTime(began), produced, (ledger.Received - before.Received, ledger.Journaled - before.Journaled), reckonings,
                records - gaps, verdict));
            foreach (var fault in reckonings.SelectMany(r => r.Faults.Take(MaxTold)))
                say($"      {fault}");
            (before, gaps) = (ledger, records);
            var (times, wrong) = dealt.GetValueOrDefault(blow.Name);
            dealt[blow.Name] = (times + 1, wrong + (verdict == "ok" ? 0 : 1));
            if (verdict != "ok")
                failed.Add(number);
        }

        var end = await EndAsync(chain, account, say, cancel);
        say($"blows: {string.Join(", ", dealt.Select(d => $"{d.Key} {d.Value.Times}{(d.Value.Failed > 0 ? $" ({d.Value.Failed} failed)" : "")}"))}");
        say(string.Create(CultureInfo.InvariantCulture, $"{rows - failed.Count} of {rows} rounds ok in {Stopwatch.GetElapsedTime(started):h\\:mm\\:ss}{(failed.Count > 0 ? $"; failed: {string.Join(", ", failed)}" : "")}"));
        return end && failed.Count == 0;
    }

    /// <summary>Production ends, every feed comes to its end, the gateway stops: then all of it is held to the truth once more, read anew from the closed stores.</summary>
    private static async Task<bool> EndAsync(Chain chain, Account account, Action<string> say, CancellationToken cancel)
    {
        // What is produced after the last round may still wait in the equipment when it stops; the rounds have judged everything before.
        account.End();
        foreach (var equipment in chain.Equipment)
            await equipment.StopAsync();
        var (closes, said) = await chain.FinishAsync();
        // The last messages are between broker and consumer.
        using (var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel))
        {
            limit.CancelAfter(TimeSpan.FromMinutes(1));
            await chain.Consumer.WaitUntilListeningAsync(limit.Token);
        }

        say(said[Math.Max(0, said.IndexOf("Ledger: received", StringComparison.Ordinal))..]);
        var (produced, reckonings, holdings) = await account.CloseAsync();
        say(Table.Summary(produced, reckonings, holdings));
        foreach (var fault in reckonings.SelectMany(r => r.Faults.Take(MaxTold)))
            say(fault);
        var messages = chain.Consumer.Messages;
        say(string.Create(CultureInfo.InvariantCulture, $"MQTT messages {messages}, of which {messages - holdings[2].Samples.Values.Sum(s => s.Count)} came more than once (QoS 1: at least once)"));
        if (chain.Consumer.Dropped > 0)
            say($"the consumer was too slow for {chain.Consumer.Dropped} messages: this run can't witness");
        if (!closes)
            say("the gateway says that its ledger does not close, or did not stop by itself");
        return closes && chain.Consumer.Dropped == 0 && reckonings.All(r => r.Faults.Count == 0);
    }

    private static (long Received, long Journaled) Counts(JsonNode ledger) =>
        (ledger["servers"]!.AsArray().Sum(s => (long)s!["received"]!), ledger["servers"]!.AsArray().Sum(s => (long)s!["journaled"]!));
}
