using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Benchmarks.Stages;
using FloorGateway.Historian.Sqlite;
using FloorGateway.Model.Ports;
using FloorGateway.Model.Samples;
using FloorGateway.Model.Tags;
using FloorGateway.Model.Values;
using FloorGateway.TestKit;

namespace Benchmarks.History;

/// <summary>The embedded history: writing beside one SQLite row a sample, and what an operator's trend takes.</summary>
internal static class HistoryBenchmark
{
    private const int Batch = 10_000;
    private const long Second = TimeSpan.TicksPerSecond;
    private static readonly long Start = new DateTime(2027, 3, 15, 0, 0, 0, DateTimeKind.Utc).Ticks;

    public static async Task<int> RunAsync(int rounds)
    {
        Console.WriteLine("writing               samples   samples/CPU-s   × rows   bytes a sample   rows' bytes");
        await WriteAsync("1,000 tags, 20 Hz", tags: 1000, perSecond: 20_000, samples: 6_000_000);
        await WriteAsync("57,442 tags, 5,341/s", tags: 57_442, perSecond: 5_341, samples: 6_000_000);
        Console.WriteLine();
        Console.WriteLine("8 pens of 1 Hz, 1,000 points each, one after the other    median ms   worst ms     CPU ms");
        await QueryAsync(rounds);
        return 0;
    }

    private static async Task WriteAsync(string name, int tags, int perSecond, int samples)
    {
        using var folder = new TempDirectory();
        var catalog = new Tags(tags);
        double ours;
        await using (var history = new SqliteHistory(catalog, new SqliteHistoryOptions { Path = folder["history.db"], RollupDelay = TimeSpan.FromDays(3000) }))
        {
            var load = new Load(tags, perSecond);
            // Until the compiler has seen it.
            for (var i = 0; i < 100; i++)
                await DeliverAsync(history, load.Next());
            var (cpu, making) = (TimeSpan.Zero, TimeSpan.Zero);
            for (var done = 0; done < samples; done += Batch)
            {
                var before = Environment.CpuUsage.TotalTime;
                var batch = load.Next();
                making += Environment.CpuUsage.TotalTime - before;
                before = Environment.CpuUsage.TotalTime;
                await DeliverAsync(history, batch);
                cpu += Environment.CpuUsage.TotalTime - before;
            }

            ours = samples / cpu.TotalSeconds;
            await history.PackAsync(CancellationToken.None);
        }

        var written = samples + (100 * Batch);
        var size = Packed(folder["history.db"]);
        var rows = Rows(folder.Path, new Load(tags, perSecond), Math.Min(samples, 1_000_000), out var rowBytes);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name,-20} {samples,8:N0} {ours,15:N0} {ours / rows,8:0.0} {(double)size / written,16:0.00} {rowBytes,13:0.0}"));
    }

    /// <summary>Bytes of the pages in use: what the log took while it was written is free again.</summary>
    private static long Packed(string file)
    {
        using var connection = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={file};Pooling=False");
        connection.Open();
        long Ask(string pragma)
        {
            using var command = connection.CreateCommand();
            command.CommandText = pragma;
            return (long)command.ExecuteScalar()!;
        }

        return (Ask("PRAGMA page_count") - Ask("PRAGMA freelist_count")) * Ask("PRAGMA page_size");
    }

    private static double Rows(string folder, Load load, int samples, out double bytes)
    {
        using var baselines = new Baselines(null!, folder);
        using var batch = new SampleBatch(Batch);
        var cpu = TimeSpan.Zero;
        for (var done = 0; done < samples; done += Batch)
        {
            batch.Clear();
            batch.AddRange(load.Next());
            var before = Environment.CpuUsage.TotalTime;
            baselines.SqliteRows(batch);
            cpu += Environment.CpuUsage.TotalTime - before;
        }

        bytes = (double)baselines.SqliteBytes / samples;
        return samples / cpu.TotalSeconds;
    }

    private static async Task QueryAsync(int rounds)
    {
        const int Pens = 8;
        const int Days = 30;
        using var folder = new TempDirectory();
        var catalog = new Tags(Pens);
        var clock = new ManualTimeProvider(new DateTimeOffset(Start + (40 * TimeSpan.TicksPerDay), TimeSpan.Zero));
        await using var history = new SqliteHistory(catalog, new SqliteHistoryOptions { Path = folder["history.db"], MaxBatch = 1_000_000 }, clock);
        var random = new Random(1);
        var values = new double[Pens];
        var batch = new Sample[Pens * 60 * 60];
        for (var hour = 0; hour < Days * 24; hour++)
        {
            for (var i = 0; i < batch.Length; i++)
            {
                var pen = i % Pens;
                values[pen] += random.NextDouble() - 0.5;
                batch[i] = new Sample { Tag = pen, SourceTime = Start + (((hour * 3600L) + (i / Pens)) * Second) + (random.Next(5) * TimeSpan.TicksPerMillisecond), Value = TagValue.From(Math.Round(values[pen], 2)) };
            }

            await DeliverAsync(history, batch);
        }

        var last = Start + (Days * TimeSpan.TicksPerDay);
        await TimeAsync("24 h, newest samples still in memory", last - TimeSpan.TicksPerDay, last);
        await history.PackAsync(CancellationToken.None);
        await TimeAsync("24 h, packed", last - TimeSpan.TicksPerDay, last);
        await TimeAsync("30 days, from samples", Start, last);
        var rolled = Stopwatch.StartNew();
        var days = await history.RollUpAsync(CancellationToken.None);
        var took = rolled.Elapsed;
        await TimeAsync("24 h, rolled up", last - TimeSpan.TicksPerDay, last);
        await TimeAsync("30 days, rolled up", Start, last);
        await TimeAsync("30 days, rolled up, time-weighted", Start, last, weighted: true);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{days} days of tags rolled up in {took.TotalSeconds:0.0} s"));

        async Task TimeAsync(string what, long from, long to, bool weighted = false)
        {
            var times = new List<double>();
            var cpu = TimeSpan.Zero;
            for (var round = 0; round < rounds + 3; round++)
            {
                var watch = Stopwatch.StartNew();
                var before = Environment.CpuUsage.TotalTime;
                for (var pen = 0; pen < Pens; pen++)
                {
                    var points = weighted
                        ? (await history.ReadTimeWeightedAsync(catalog[pen].Path, from, to, 1000, CancellationToken.None)).Count
                        : (await history.ReadBucketsAsync(catalog[pen].Path, from, to, 1000, CancellationToken.None)).Count;
                    if (points != 1000)
                        throw new InvalidOperationException($"{points} points");
                }

                if (round < 3)
                    continue;
                times.Add(watch.Elapsed.TotalMilliseconds);
                cpu += Environment.CpuUsage.TotalTime - before;
            }

            times.Sort();
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{what,-56} {times[times.Count / 2],10:0.0} {times[^1],10:0.0} {cpu.TotalMilliseconds / times.Count,10:0.0}"));
        }
    }

    private static async Task DeliverAsync(SqliteHistory history, Sample[] samples)
    {
        var result = await history.DeliverAsync(new FeedBatch(0, samples, []), CancellationToken.None);
        if (result.Outcome != DeliveryOutcome.Delivered)
            throw new InvalidOperationException(result.Reason);
    }

    /// <summary>Of ten tags seven are sensors of limited resolution that drift, one has full mantissas, one moves in steps, one counts; every tag in its turn, in whole milliseconds.</summary>
    private sealed class Load(int tags, int perSecond)
    {
        private readonly Random random = new(4711);
        private readonly double[] values = new double[tags];
        private readonly Sample[] batch = new Sample[Batch];
        private long made;

        public Sample[] Next()
        {
            for (var i = 0; i < Batch; i++, made++)
            {
                var tag = (int)(made % tags);
                var time = Start + (made * 1000 / perSecond * TimeSpan.TicksPerMillisecond);
                batch[i] = new Sample { Tag = tag, SourceTime = time, ReceiveTime = time, Value = Value(tag) };
            }

            return batch;
        }

        private TagValue Value(int tag)
        {
            ref var value = ref values[tag];
            switch (tag % 10)
            {
                case 9:
                    return TagValue.From((long)(value += random.Next(1, 4)));
                case 8:
                    return TagValue.From(value = random.Next(12) * 0.5);
                case 7:
                    return TagValue.From(value = (0.95 * value) + random.NextDouble() - 0.5);
                default:
                    value += random.NextDouble() - 0.5;
                    return TagValue.From(Math.Round(value, 2));
            }
        }
    }

    private sealed class Tags(int count) : ITagCatalog
    {
        private readonly TagDefinition[] tags = [.. Enumerable.Range(0, count).Select(i => new TagDefinition { Id = i, Path = $"LXE/JSH/CAS/L01/U{i / 50}/S{i % 50}", Server = "cas", EquipmentType = "T", UnitPath = $"LXE/JSH/CAS/L01/U{i / 50}", Signal = $"S{i % 50}" })];

        public int Count => tags.Length;

        public TagDefinition this[int id] => tags[id];

        public bool TryFind(string path, [NotNullWhen(true)] out TagDefinition? tag) => (tag = Array.Find(tags, t => t.Path == path)) is not null;
    }
}
