using FloorGateway.TestKit;
using Spectre.Console;

namespace Benchmarks.Stages;

/// <summary>Each stage of the path alone, in this process: speed, allocation, size, beside what one would do without the product's formats.</summary>
internal static class StageBenchmark
{
    public static async Task<int> RunAsync(TimeSpan cpu, int rounds)
    {
        AnsiConsole.MarkupLineInterpolated($"[bold]Stages[/]: {PlantData.Tags:N0} tags, {PlantData.Changes:N0} changes a notification, {cpu.TotalSeconds:0.##} s CPU × {rounds}");
        using var folder = new TempDirectory();
        var data = new PlantData();
        await using var path = new SamplePath(data, folder.Path);
        using var baselines = new Baselines(data, folder.Path);
        // Not the first notifications: their drifting values have few digits yet.
        for (var i = 0; i < 40; i++)
            path.Decode();
        var fixedBatch = path.Batch;
        var rows = new List<(string Name, StageCost Cost, double? Bytes)>();

        await MeasureAsync("decode", () => ValueTask.FromResult(path.Decode()), () => data.Bodies[0].Length / (double)PlantData.Changes);
        var decode = rows[^1].Cost;
        await MeasureAsync("decode + normalise", () => ValueTask.FromResult(path.Decode() is var all && path.Normalise() == all ? all : throw new InvalidOperationException("samples were suppressed")));
        rows[^1] = ("normalise", Difference(rows[^1].Cost, decode), null);
        await MeasureAsync("journal: append", () => path.AppendAsync(fixedBatch), BytesInJournal);
        var from = path.Tail;
        for (var i = 0; i < 25; i++)
            await path.AppendAsync(fixedBatch);
        await MeasureAsync("journal: read", () => ValueTask.FromResult(path.ReadJournal(from)));
        path.SkipToTail();
        await MeasureAsync("UNS payload + MQTT packet", () => ValueTask.FromResult(path.EncodeMqtt(fixedBatch)), () => path.MqttBytes / (double)fixedBatch.Count);
        await MeasureAsync("line protocol", () => ValueTask.FromResult(path.WriteLines(fixedBatch)), () => path.Text.Length / (double)fixedBatch.Count);
        await MeasureAsync(
            "line protocol, gzip",
            () =>
            {
                var written = path.WriteLines(fixedBatch);
                path.Zip();
                return ValueTask.FromResult(written);
            },
            () => path.Zipped.Length / (double)fixedBatch.Count);
        long stored = 0;
        await MeasureAsync("embedded history (SQLite)", async () =>
        {
            path.Decode();
            stored += path.Batch.Count;
            return await path.StoreAsync(path.Batch);
        });
        rows[^1] = rows[^1] with { Bytes = new FileInfo(folder["history.db"]).Length / (double)stored };
        await MeasureAsync("whole path to MQTT and gzip", async () =>
        {
            path.Decode();
            path.Normalise();
            await path.AppendAsync(path.Batch);
            var read = path.ReadJournal();
            path.EncodeMqtt(path.FromJournal);
            path.WriteLines(path.FromJournal);
            path.Zip();
            return read;
        });
        await MeasureAsync("baseline: JSON lines (System.Text.Json)", () => ValueTask.FromResult(baselines.JsonLines(fixedBatch)), () => baselines.JsonBytes / (double)fixedBatch.Count);
        long inserted = 0;
        await MeasureAsync("baseline: SQLite, one row a sample", () =>
        {
            path.Decode();
            inserted += path.Batch.Count;
            return ValueTask.FromResult(baselines.SqliteRows(path.Batch));
        });
        rows[^1] = rows[^1] with { Bytes = baselines.SqliteBytes / (double)inserted };
        Print(rows);
        return 0;

        double BytesInJournal() => Directory.EnumerateFiles(folder["journal"]).Sum(f => new FileInfo(f).Length) / (double)SamplesKept(path.Tail.Sequence, folder["journal"]);

        async Task MeasureAsync(string name, Func<ValueTask<int>> work, Func<double>? bytes = null)
        {
            AnsiConsole.MarkupInterpolated($"[grey]  {name} … [/]");
            var cost = await Meter.RunAsync(work, cpu, rounds);
            rows.Add((name, cost, bytes?.Invoke()));
            AnsiConsole.MarkupLineInterpolated($"[grey]{cost.PerCpuSecond:N0} per CPU-second[/]");
        }
    }

    /// <summary>Retention may have taken segments: their first numbers stand in the file names (N-S.journal).</summary>
    private static long SamplesKept(long tail, string folder) =>
        tail - Directory.EnumerateFiles(folder, "*.journal").Min(f => long.Parse(Path.GetFileNameWithoutExtension(f).Split('-')[1]));

    /// <summary>The cost of a stage that can only run behind another.</summary>
    private static StageCost Difference(StageCost both, StageCost first) =>
        new(1 / Math.Max((1 / both.PerCpuSecond) - (1 / first.PerCpuSecond), 1e-12), Math.Max(both.AllocatedPerSample - first.AllocatedPerSample, 0));

    private static void Print(List<(string Name, StageCost Cost, double? Bytes)> rows)
    {
        var json = rows.Find(r => r.Name.Contains("JSON", StringComparison.Ordinal));
        var table = new Table().AddColumns("stage", "× JSON lines", "samples / CPU-s", "allocated B / sample", "bytes / sample", "÷ JSON lines");
        foreach (var (name, cost, bytes) in rows)
            table.AddRow(name, $"{cost.PerCpuSecond / json.Cost.PerCpuSecond:0.0}", $"{cost.PerCpuSecond:N0}", $"{cost.AllocatedPerSample:0.00}", bytes is { } size ? $"{size:0.0}" : "", bytes is { } b ? $"{b / json.Bytes:0.00}" : "");
        AnsiConsole.Write(table);
    }
}
