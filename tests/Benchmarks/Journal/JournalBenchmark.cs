using System.IO.Compression;
using System.Text.Json;
using FloorGateway.Historian.Influx.LineProtocol;
using FloorGateway.Model.Samples;
using FloorGateway.Model.Values;
using FloorGateway.Pipeline.Journal;
using FloorGateway.Simulators.Profiles;
using FloorGateway.TestKit;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;
using Spectre.Console;

namespace Benchmarks.Journal;

/// <summary>The journal on what a simulated plant sends: speed and size of its rows and of its columns, beside what one would use without it.</summary>
internal static class JournalBenchmark
{
    // As many samples as the slow baselines are given; enough for a steady figure.
    private const int BaselineSamples = 500_000;

    public static async Task<int> RunAsync(SimulationProfile profile, TimeSpan warmUp, TimeSpan length, int[] blockSamples)
    {
        AnsiConsole.Profile.Width = Math.Max(AnsiConsole.Profile.Width, 120);
        AnsiConsole.MarkupLineInterpolated($"[grey]simulating {length.TotalSeconds:N0} s of {profile.Name} after {warmUp.TotalSeconds:N0} s …[/]");
        var plant = new PlantRecording(profile, warmUp, length);
        var arrays = plant.Batches.Sum(b => b.Samples.LongCount(s => s.Value.Kind == ValueKind.Array));
        AnsiConsole.MarkupLineInterpolated($"[bold]{profile.Name}[/]: {plant.Samples:N0} samples of {plant.Count:N0} tags, {plant.Samples / length.TotalSeconds:N0} a second; {100.0 * arrays / plant.Samples:N1} % are arrays");
        await MeasureAsync(plant, plant.Batches, blockSamples);
        return 0;
    }

    private static async Task MeasureAsync(PlantRecording plant, List<(int Server, Sample[] Samples)> batches, int[] blockSamples)
    {
        var rows = new List<(string Name, double Speed, double Bytes)>();
        using var folder = new TempDirectory();
        long samples = batches.Sum(b => b.Samples.Length);

        // Once to warm up, once to count.
        await AppendAsync(folder["warm"], plant, batches);
        ReadAll(folder["warm"]);
        Directory.Delete(folder["warm"], true);
        rows.Add(("journal: append rows", Speed(samples, await CpuAsync(() => AppendAsync(folder["journal"], plant, batches))), Bytes(folder["journal"]) / samples));
        rows.Add(("journal: read rows", Speed(samples, await CpuAsync(() => Task.FromResult(ReadAll(folder["journal"])))), double.NaN));
        Copy(folder["journal"], folder["packed"]);
        await PackAsync(folder["packed"], blockSamples[0]);
        ReadAll(folder["packed"]);
        Directory.Delete(folder["packed"], true);
        foreach (var block in blockSamples)
        {
            // The segment that is open stays as rows: it has a size of its own that says nothing here.
            Copy(folder["journal"], folder["packed"]);
            rows.Add(($"journal: pack, blocks of {block >> 10} Ki", Speed(samples, await CpuAsync(() => PackAsync(folder["packed"], block))), PackedBytes(folder["packed"])));
            rows.Add(("journal: read columns", Speed(samples, await CpuAsync(() => Task.FromResult(ReadAll(folder["packed"])))), double.NaN));
            Directory.Delete(folder["packed"], true);
        }

        var isArray = (Sample s) => s.Value.Kind == ValueKind.Array;
        foreach (var (name, wanted) in new (string, Func<Sample, bool>)[] { ("  of these arrays alone, a value", isArray), ("  of these all others alone", s => !isArray(s)) })
        {
            var part = batches.Select(b => (b.Server, b.Samples.Where(wanted).ToArray())).Where(b => b.Item2.Length > 0).ToList();
            await AppendAsync(folder["part"], plant, part);
            await PackAsync(folder["part"], blockSamples[0]);
            rows.Add(($"{name}, columns", double.NaN, PackedBytes(folder["part"])));
            Directory.Delete(folder["part"], true);
        }

        var few = Few(batches);
        long fewSamples = few.Sum(b => b.Samples.Length);
        long bytes = 0;
        JsonLines(plant, few);
        rows.Add(("JSON lines", Speed(fewSamples, await CpuAsync(() => Task.FromResult(bytes = JsonLines(plant, few)))), (double)bytes / fewSamples));
        LineProtocol(plant, few);
        rows.Add(("line protocol with gzip", Speed(fewSamples, await CpuAsync(() => Task.FromResult(bytes = LineProtocol(plant, few)))), (double)bytes / fewSamples));
        rows.Add(("SQLite, a row a sample", Speed(fewSamples, await CpuAsync(() => Task.FromResult(bytes = SqliteRows(folder["rows.db"], few)))), (double)bytes / fewSamples));
        Print(rows);
    }

    private static async Task<long> AppendAsync(string path, PlantRecording plant, List<(int Server, Sample[] Samples)> batches)
    {
        await using var journal = SampleJournal.Open(new JournalOptions { Folder = path, PackAbove = long.MaxValue }, TimeProvider.System, NullLogger<SampleJournal>.Instance);
        var numbers = plant.Servers.Select(journal.RegisterServer).ToArray();
        // As they come: one message of each server at a time.
        var waiting = new List<Task>();
        var before = -1;
        foreach (var (server, samples) in batches)
        {
            if (server <= before)
            {
                await Task.WhenAll(waiting);
                waiting.Clear();
            }

            before = server;
            waiting.Add(journal.AppendAsync(numbers[server], samples, new BatchCounts(samples.Length, 0, 0), CancellationToken.None).AsTask());
        }

        await Task.WhenAll(waiting);
        return journal.Tail.Sequence;
    }

    private static async Task<long> PackAsync(string path, int blockSamples)
    {
        // Opened behind an end that does not exist, so that a new segment is begun and the last one is closed.
        var end = JournalFolder.Open(path).Tail;
        await using var journal = SampleJournal.Open(
            new JournalOptions { Folder = path, PackAbove = 0, PackedBlockSamples = blockSamples }, TimeProvider.System, NullLogger<SampleJournal>.Instance, end with { Segment = end.Segment + 1 });
        while (journal.IsPacking)
            await Task.Delay(1);
        return journal.Tail.Sequence;
    }

    private static long ReadAll(string path)
    {
        var view = JournalFolder.Open(path);
        using var reader = view.CreateReader(view.Head);
        using var batch = new SampleBatch(4096);
        long count = 0;
        while (true)
        {
            batch.Clear();
            var read = reader.Read(batch, [], 4096);
            if (read.IsEmpty)
                return view.Damages.Count == 0 ? count : throw new InvalidOperationException(view.Damages[0].Reason);
            count += read.Samples;
        }
    }

    private static long JsonLines(PlantRecording plant, List<(int Server, Sample[] Samples)> batches)
    {
        using var json = new MemoryStream();
        using var writer = new Utf8JsonWriter(json, new JsonWriterOptions { SkipValidation = true });
        long bytes = 0;
        foreach (var (_, samples) in batches)
        {
            foreach (ref readonly var sample in samples.AsSpan())
            {
                writer.Reset(json);
                writer.WriteStartObject();
                writer.WriteString("tag", plant[sample.Tag].Path);
                writer.WritePropertyName("value");
                TagValueJson.Write(writer, sample.Value);
                writer.WriteNumber("status", sample.Status);
                writer.WriteString("time", new DateTime(sample.SourceTime, DateTimeKind.Utc));
                writer.WriteEndObject();
                writer.Flush();
                json.WriteByte((byte)'\n');
            }

            bytes += json.Length;
            json.SetLength(0);
        }

        return bytes;
    }

    private static long LineProtocol(PlantRecording plant, List<(int Server, Sample[] Samples)> batches)
    {
        var lines = new LineProtocolWriter(plant, new LineProtocolOptions());
        using var text = new LineBuffer(1 << 20);
        long bytes = 0;
        foreach (var (_, samples) in batches)
        {
            text.Clear();
            lines.Write(samples, text, int.MaxValue, out _);
            using var zipped = new MemoryStream();
            using (var zip = new GZipStream(zipped, CompressionLevel.Fastest, leaveOpen: true))
                zip.Write(text.Written.Span);
            bytes += zipped.Length;
        }

        return bytes;
    }

    private static long SqliteRows(string file, List<(int Server, Sample[] Samples)> batches)
    {
        using (var connection = new SqliteConnection($"Data Source={file};Pooling=False"))
        {
            connection.Open();
            Execute(connection, "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; CREATE TABLE rows (tag INTEGER, time INTEGER, value, status INTEGER, PRIMARY KEY (tag, time)) WITHOUT ROWID");
            using var insert = connection.CreateCommand();
            insert.CommandText = "INSERT OR REPLACE INTO rows VALUES ($tag, $time, $value, $status)";
            foreach (var name in (string[])["$tag", "$time", "$value", "$status"])
                insert.Parameters.Add(new SqliteParameter { ParameterName = name });
            foreach (var (_, samples) in batches)
            {
                using var transaction = connection.BeginTransaction();
                insert.Transaction = transaction;
                foreach (ref readonly var sample in samples.AsSpan())
                {
                    insert.Parameters[0].Value = sample.Tag;
                    insert.Parameters[1].Value = sample.SourceTime;
                    insert.Parameters[2].Value = sample.Value.Kind switch
                    {
                        ValueKind.Null => DBNull.Value,
                        ValueKind.String => sample.Value.AsString(),
                        ValueKind.Array when sample.Value.AsArray() is float[] floats => System.Runtime.InteropServices.MemoryMarshal.AsBytes(floats.AsSpan()).ToArray(),
                        ValueKind.Array => sample.Value.ToString(),
                        ValueKind.Double or ValueKind.Single => sample.Value.AsDouble(),
                        _ => sample.Value.Bits,
                    };
                    insert.Parameters[3].Value = (long)sample.Status;
                    insert.ExecuteNonQuery();
                }

                transaction.Commit();
            }

            Execute(connection, "PRAGMA wal_checkpoint(TRUNCATE)");
        }

        return new FileInfo(file).Length;
    }

    private static void Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private static List<(int Server, Sample[] Samples)> Few(List<(int Server, Sample[] Samples)> batches)
    {
        long sum = 0;
        return [.. batches.TakeWhile(b => (sum += b.Samples.Length) <= BaselineSamples)];
    }

    private static async Task<double> CpuAsync(Func<Task<long>> work)
    {
        GC.Collect();
        var start = Environment.CpuUsage.TotalTime;
        await work();
        return (Environment.CpuUsage.TotalTime - start).TotalSeconds;
    }

    private static double Speed(long samples, double seconds) => samples / seconds;

    private static double Bytes(string folder) => Directory.EnumerateFiles(folder, "*.journal").Sum(f => new FileInfo(f).Length);

    private static double PackedBytes(string folder)
    {
        var packed = JournalFolder.Open(folder).Segments.Where(s => s.Packed).ToList();
        return packed.Count == 0 ? double.NaN : packed.Sum(s => s.Length) / (double)JournalInspector.Inspect(folder).Where(r => r.Segment.Packed).Sum(r => r.Samples);
    }

    private static void Copy(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (var file in Directory.EnumerateFiles(from))
            File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
    }

    private static void Print(List<(string Name, double Speed, double Bytes)> rows)
    {
        var sqlite = rows.Find(r => r.Name.StartsWith("SQLite", StringComparison.Ordinal));
        var table = new Table().AddColumns("what", "samples / CPU-s", "× SQLite rows", "bytes / sample", "÷ SQLite rows");
        foreach (var (name, speed, bytes) in rows)
            table.AddRow(name, double.IsNaN(speed) ? "" : $"{speed:N0}", double.IsNaN(speed) ? "" : $"{speed / sqlite.Speed:0.0}", double.IsNaN(bytes) ? "" : $"{bytes:0.00}", double.IsNaN(bytes) ? "" : $"{bytes / sqlite.Bytes:0.00}");
        AnsiConsole.Write(table);
    }
}
