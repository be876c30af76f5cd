using FloorGateway.Historian.Sqlite;
using FloorGateway.Model.Gaps;
using FloorGateway.Model.Ports;
using FloorGateway.Model.Samples;
using FloorGateway.Model.Values;
using FloorGateway.TestKit;
using Microsoft.Data.Sqlite;
using static FloorGateway.Historian.Tests.TestSamples;

namespace FloorGateway.Historian.Tests.Sqlite;

public sealed class SqliteHistoryTests : IDisposable
{
    private const string Unit = "LXE/JSH/CAS/L01/DC01/PRESS";
    private const long S = TimeSpan.TicksPerSecond;
    private readonly TempDirectory folder = new();
    private readonly Catalog catalog = new();
    private readonly int tag;

    public SqliteHistoryTests() => tag = catalog.Add(Unit, "A");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Gives_every_kind_of_value_back_as_it_was()
    {
        var structure = new StructureValue
        {
            TypeName = "nsu=http://jsev.example/;s=Shot",
            Fields = [new("Speed", TagValue.From(1.5)), new("Steps", TagValue.From(new[] { "a", "b" })), new("Inner", TagValue.From(new StructureValue { TypeName = "I", Body = [1, 2] }))],
        };
        TagValue[] values =
        [
            TagValue.Null, TagValue.From(double.NaN), TagValue.From(double.NegativeInfinity), TagValue.From(float.NaN), TagValue.From(ulong.MaxValue),
            TagValue.From(DateTime.MaxValue), TagValue.From("with\0zero"), TagValue.From(new string('长', 5000)), TagValue.From(new byte[] { 0, 255 }), TagValue.From(Array.Empty<byte>()),
            TagValue.From(new[] { 1.5, double.NaN }), TagValue.From(new[] { 1.5f }), TagValue.From(new[] { 1L, -1L }), TagValue.From(new[] { ulong.MaxValue }), TagValue.From(new[] { true, false }),
            TagValue.From(new[] { DateTime.UnixEpoch }), TagValue.From(new[] { "x", "" }), TagValue.From(new[] { new byte[] { 1 }, [] }), TagValue.From(Array.Empty<double>()),
            TagValue.From(new double[,] { { 1, 2, 3 }, { 4, 5, 6 } }), TagValue.From(new bool[1, 2, 2]), TagValue.From(structure), TagValue.From(new[] { structure, structure }),
        ];
        await using var history = Open();
        await WriteAsync(history, [.. values.Select((value, i) => Of(tag, T0 + i, value))]);
        var points = await history.ReadRawAsync($"{Unit}/A", T0, T0 + 100, 100, Cancel);
        Assert.Equal(values, points.Select(p => p.Value));
    }

    [Fact]
    public async Task Survives_a_restart_and_a_catalog_with_other_ids()
    {
        await using (var history = Open())
            await WriteAsync(history, Of(tag, T0, 1));
        var other = new Catalog();
        other.Add(Unit, "B");
        var again = other.Add(Unit, "A");
        await using (var history = new SqliteHistory(other, Options))
        {
            await WriteAsync(history, Of(0, T0, 2), Of(again, T0 + 1, 3));
            Assert.Equal([1.0, 3], (await history.ReadRawAsync($"{Unit}/A", T0, T0 + 10, 10, Cancel)).Select(p => p.Value.AsDouble()));
        }
    }

    [Fact]
    public async Task Stores_gap_records_once()
    {
        GapRecord[] gaps =
        [
            new() { Server = "cas", From = T0, To = T0 + 10, Cause = "gateway was not running" },
            new() { Server = "cas", Tag = $"{Unit}/A", From = T0 + 20, To = T0 + 30, Cause = "queue overflow" },
        ];
        await using var history = Open();
        for (var i = 0; i < 2; i++)
            Assert.Equal(DeliveryOutcome.Delivered, (await history.DeliverAsync(new(0, new[] { Of(tag, T0, 1) }, gaps), Cancel)).Outcome);
        Assert.Equal(gaps, await history.ReadGapsAsync(T0, T0 + 100, Cancel));
        Assert.Equal(gaps[..1], await history.ReadGapsAsync(T0 + 5, T0 + 6, Cancel));
    }

    [Theory(Timeout = 120_000)]
    [InlineData(1_000_000)]
    [InlineData(300)]
    public async Task Reads_a_consistent_picture_while_it_is_written_and_packed(int openSamples)
    {
        await using var history = new SqliteHistory(catalog, Options with { OpenSamples = openSamples, ChunkSamples = 64 });
        const int batches = 50;
        var writing = Task.Run(
            async () =>
            {
                for (var i = 0; i < batches; i++)
                    await WriteAsync(history, [.. Enumerable.Range(0, 200).Select(k => Of(tag, T0 + (((i * 200) + k) * TimeSpan.TicksPerMillisecond), k))]);
            },
            Cancel);
        var counts = new List<int>();
        do
            counts.Add((await history.ReadRawAsync($"{Unit}/A", T0, T0 + TimeSpan.TicksPerDay, int.MaxValue, Cancel)).Count);
        while (!writing.IsCompleted);
        await writing;
        Assert.All(counts, count => Assert.Equal(0, count % 200));
        Assert.Equal(counts.Order(), counts);
        Assert.Equal(batches * 200, (await history.CountAsync(Cancel))[$"{Unit}/A"]);
    }

    [Fact]
    public async Task Trims_whole_chunks_and_keeps_the_last_value_of_a_tag()
    {
        var other = catalog.Add(Unit, "B");
        await using var history = new SqliteHistory(catalog, Options with { OpenSamples = 1, ChunkSamples = 10 });
        await WriteAsync(history, [.. Enumerable.Range(0, 100).SelectMany(i => new[] { Of(tag, T0 + (i * S), i), Of(other, T0 + (i * S), i) })]);
        Assert.Equal(120, await history.TrimAsync(T0 + (65 * S), Cancel));
        Assert.Equal(0, await history.TrimAsync(T0 + (65 * S), Cancel));
        var left = await history.ReadRawAsync($"{Unit}/B", 0, long.MaxValue, 1000, Cancel);
        Assert.Equal((40, T0 + (60 * S)), (left.Count, left[0].SourceTime));
        Assert.Equal(60, await history.TrimAsync(long.MaxValue, Cancel));
        Assert.Equal(99.0, (await history.ReadLastAsync($"{Unit}/B", long.MaxValue, Cancel))!.Value.Value.AsDouble());
    }

    [Fact(Timeout = 120_000)]
    public async Task Deletes_by_age_on_its_clock()
    {
        var clock = new ManualTimeProvider(new DateTimeOffset(T0, TimeSpan.Zero));
        await using var history = new SqliteHistory(catalog, Options with { OpenSamples = 1, ChunkSamples = 1, Retention = TimeSpan.FromHours(1), UpkeepEvery = TimeSpan.FromMinutes(1) }, clock);
        await WriteAsync(history, Of(tag, T0 - TimeSpan.TicksPerHour + 1, 1), Of(tag, T0, 2));
        clock.Advance(TimeSpan.FromMinutes(1));
        IReadOnlyList<Model.History.HistoryPoint> left;
        do
            left = await history.ReadRawAsync($"{Unit}/A", 0, long.MaxValue, 10, Cancel);
        while (left.Count == 2);
        Assert.Equal(2.0, Assert.Single(left).Value.AsDouble());
    }

    [Fact]
    public async Task Deletes_the_oldest_samples_above_its_size()
    {
        var clock = new ManualTimeProvider(new DateTimeOffset(T0 + (200_000 * S), TimeSpan.Zero));
        await using var history = new SqliteHistory(catalog, Options with { MaxBytes = 1024 * 1024, RollupDelay = TimeSpan.FromDays(300) }, clock);
        var random = new Random(3);
        for (var i = 0; i < 200_000; i += 10_000)
            await WriteAsync(history, [.. Enumerable.Range(i, 10_000).Select(k => Of(tag, T0 + (k * S), random.NextDouble()))]);
        await history.PackAsync(Cancel);
        Assert.Equal(200_000, (await history.CountAsync(Cancel))[$"{Unit}/A"]);
        await history.KeepUpOnceAsync(Cancel);
        var left = await history.ReadRawAsync($"{Unit}/A", 0, long.MaxValue, int.MaxValue, Cancel);
        Assert.InRange(left.Count, 50_000, 140_000);
        Assert.Equal(T0 + (199_999 * S), left[^1].SourceTime);
        Assert.Equal(T0 + ((200_000 - left.Count) * S), left[0].SourceTime);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task Holds_what_a_dictionary_would_hold_however_samples_come(int seed)
    {
        // Late and repeated samples, bad ones on good ones, packing at odd moments, a restart in between.
        var random = new Random(seed);
        var model = new SortedDictionary<long, Sample>();
        var options = Options with { OpenSamples = 40, ChunkSamples = 16 };
        var history = new SqliteHistory(catalog, options);
        var newest = T0;
        for (var round = 0; round < 60; round++)
        {
            var batch = new Sample[random.Next(1, 30)];
            for (var i = 0; i < batch.Length; i++)
            {
                newest += random.Next(3) * TimeSpan.TicksPerMillisecond * random.Next(1, 400);
                var time = random.Next(6) == 0 ? T0 + random.NextInt64(newest - T0 + 1) : newest;
                batch[i] = Of(tag, time, random.Next(100), random.Next(5) == 0 ? Bad : 0);
                if (!model.TryGetValue(time, out var held) || held.Status != 0 || batch[i].Status == 0)
                    model[time] = batch[i];
            }

            await WriteAsync(history, batch);
            if (random.Next(10) == 0)
                await history.PackAsync(Cancel);
            if (random.Next(15) == 0)
            {
                await history.DisposeAsync();
                history = new SqliteHistory(catalog, options);
            }

            var (from, to) = (T0 + random.NextInt64(newest - T0 + 2), newest + 1);
            Assert.Equal(
                model.Values.Where(m => m.SourceTime >= from).Select(m => (m.SourceTime, m.Value, m.Status)),
                (await history.ReadRawAsync($"{Unit}/A", from, to, int.MaxValue, Cancel)).Select(p => (p.SourceTime, p.Value, p.Status)));
            var at = T0 + random.NextInt64(newest - T0 + 2);
            Assert.Equal(model.Where(m => m.Key <= at).Select(m => (long?)m.Key).LastOrDefault(), (await history.ReadLastAsync($"{Unit}/A", at, Cancel))?.SourceTime);
            Assert.Equal(model.Count, (await history.CountAsync(Cancel))[$"{Unit}/A"]);
        }

        await history.DisposeAsync();
    }

    [Fact]
    public async Task A_delivery_that_fails_leaves_nothing_behind_and_can_be_repeated()
    {
        await using var history = Open();
        await WriteAsync(history, Of(tag, T0, 1));
        var other = catalog.Add(Unit, "New");
        using (var blocker = new SqliteConnection($"Data Source={Options.Path};Pooling=False"))
        {
            blocker.Open();
            Run(blocker, "CREATE TRIGGER refuse BEFORE INSERT ON log WHEN NEW.id > 1 BEGIN SELECT RAISE(FAIL, 'no'); END");
            var result = await history.DeliverAsync(Batch(Of(other, T0, 12), Of(other, T0 + 1, 13)), Cancel);
            Assert.Equal(DeliveryOutcome.Retry, result.Outcome);
            Assert.Contains(Options.Path, result.Reason, StringComparison.Ordinal);
            Assert.Equal([$"{Unit}/A"], (await history.CountAsync(Cancel)).Keys);
            Run(blocker, "DROP TRIGGER refuse");
        }

        await WriteAsync(history, Of(other, T0, 12), Of(other, T0 + 1, 13));
        Assert.Equal(2, (await history.CountAsync(Cancel))[$"{Unit}/New"]);
    }

    [Fact]
    public async Task Chunk_that_cannot_be_read_is_set_aside_and_keeps_nothing_else_from_being_packed_rolled_up_and_deleted()
    {
        var other = catalog.Add(Unit, "B");
        var clock = new ManualTimeProvider(new DateTimeOffset(T0 + (3 * TimeSpan.TicksPerDay), TimeSpan.Zero));
        await using var history = new SqliteHistory(catalog, Options with { OpenSamples = 1, ChunkSamples = 10, Retention = TimeSpan.FromDays(2) }, clock);
        await WriteAsync(history, [.. Enumerable.Range(0, 95).SelectMany(i => new[] { Of(tag, T0 + (i * S), i), Of(other, T0 + (i * S), i) })]);
        using (var rot = new SqliteConnection($"Data Source={Options.Path};Pooling=False"))
        {
            rot.Open();
            // The second and the newest chunk of the first tag; both tags have as many.
            foreach (var at in (string[])["1", "(SELECT COUNT(*) / 2 - 1 FROM chunks)"])
                Run(rot, $"UPDATE chunks SET data = x'FFFF' WHERE key = (SELECT key FROM chunks ORDER BY key LIMIT 1 OFFSET {at})");
        }

        // Would go into the newest chunk.
        await WriteAsync(history, [.. Enumerable.Range(95, 5).SelectMany(i => new[] { Of(tag, T0 + (i * S), i), Of(other, T0 + (i * S), i) })]);
        await history.PackAsync(Cancel);
        Assert.True(await history.RollUpAsync(Cancel) > 0);
        Assert.Equal(100, (await history.ReadRawAsync($"{Unit}/B", 0, long.MaxValue, 1000, Cancel)).Count);
        var left = (await history.ReadRawAsync($"{Unit}/A", 0, long.MaxValue, 1000, Cancel)).Select(p => p.Value.AsDouble()).ToList();
        Assert.InRange(left.Count, 75, 85);
        Assert.Equal([0, 9, 99], new[] { left[0], left[9], left[^1] });
        Assert.True(left[10] >= 20);
        await history.KeepUpOnceAsync(Cancel);
        Assert.InRange((await history.ReadRawAsync($"{Unit}/B", 0, long.MaxValue, 1000, Cancel)).Count, 1, 20);
    }

    [Theory]
    [InlineData(99, "newer version")]
    [InlineData(1, "older version")]
    public void Refuses_the_file_of_another_version(int version, string words)
    {
        using (var connection = new SqliteConnection($"Data Source={Options.Path};Pooling=False"))
        {
            connection.Open();
            Run(connection, $"PRAGMA user_version={version}");
        }

        Assert.Contains(words, Assert.Throws<InvalidDataException>(() => Open()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Names_every_fault_of_the_options_at_once() =>
        Assert.Equal(4, new SqliteHistoryOptions { Path = " ", MaxBatch = 0, Retention = TimeSpan.Zero, MaxReaders = 0 }.Validate().Count);

    private SqliteHistoryOptions Options => new() { Path = folder["history.db"] };

    private SqliteHistory Open() => new(catalog, Options);

    private static void Run(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // Constants of this class.
        command.CommandText = sql;
#pragma warning restore CA2100
        command.ExecuteNonQuery();
    }

    private static async Task WriteAsync(SqliteHistory history, params Sample[] samples)
    {
        var result = await history.DeliverAsync(Batch(samples), Cancel);
        Assert.Equal(DeliveryResult.Delivered, result);
    }
}
