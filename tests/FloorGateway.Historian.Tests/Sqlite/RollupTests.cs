using FloorGateway.Historian.Sqlite;
using FloorGateway.Model.History;
using FloorGateway.Model.Samples;
using FloorGateway.Model.Values;
using FloorGateway.TestKit;
using static FloorGateway.Historian.Tests.TestSamples;

namespace FloorGateway.Historian.Tests.Sqlite;

public sealed class RollupTests : IDisposable
{
    private const string Unit = "LXE/JSH/CAS/L01/DC01/PRESS";
    private const string Path = $"{Unit}/A";
    private const long S = TimeSpan.TicksPerSecond;
    private const int Days = 3;
    private readonly TempDirectory folder = new();
    private readonly Catalog catalog = new();
    private readonly int tag;
    private readonly ManualTimeProvider clock = new(new DateTimeOffset(T0 + (5 * TimeSpan.TicksPerDay), TimeSpan.Zero));

    public RollupTests() => tag = catalog.Add(Unit, "A");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData(2000)]
    [InlineData(30_000)]
    [InlineData(90_000)]
    public async Task Answers_from_rollups_are_those_of_the_samples(int stepMilliseconds)
    {
        var samples = Make(stepMilliseconds);
        await using var rolled = Open("rolled.db");
        await using var plain = Open("plain.db", TimeSpan.FromDays(300));
        foreach (var history in new[] { rolled, plain })
        {
            foreach (var batch in samples.Chunk(10_000))
                await WriteAsync(history, batch);
            await history.PackAsync(Cancel);
            await history.RollUpAsync(Cancel);
        }

        Assert.Equal(0, await plain.RollUpAsync(Cancel));
        var random = new Random(1);
        for (var i = 0; i < 40; i++)
        {
            var from = T0 + random.NextInt64(-TimeSpan.TicksPerDay, 2 * TimeSpan.TicksPerDay);
            var to = from + (random.Next(1, 100) * TimeSpan.TicksPerHour) + random.Next(3);
            var buckets = random.Next(1, 400);
            AssertClose(await plain.ReadBucketsAsync(Path, from, to, buckets, Cancel), await rolled.ReadBucketsAsync(Path, from, to, buckets, Cancel));
            AssertClose(await plain.ReadTimeWeightedAsync(Path, from, to, buckets, Cancel), await rolled.ReadTimeWeightedAsync(Path, from, to, buckets, Cancel));
        }
    }

    [Fact]
    public async Task A_late_sample_has_its_day_rolled_up_again()
    {
        await using var history = Open("history.db");
        await WriteAsync(history, Make(2000));
        await history.PackAsync(Cancel);
        Assert.Equal(Days, await history.RollUpAsync(Cancel));
        Assert.Equal(0, await history.RollUpAsync(Cancel));
        var before = Assert.Single(await history.ReadBucketsAsync(Path, T0, T0 + TimeSpan.TicksPerDay, 1, Cancel));

        var late = Of(tag, T0 + (12 * TimeSpan.TicksPerHour) + 1, 1e6);
        await WriteAsync(history, late);
        for (var state = 0; state < 3; state++)
        {
            // In memory, then in its chunk, then rolled up.
            var after = Assert.Single(await history.ReadBucketsAsync(Path, T0, T0 + TimeSpan.TicksPerDay, 1, Cancel));
            Assert.Equal((before.Count + 1, 1e6), (after.Count, after.Max));
            if (state == 0)
                await history.PackAsync(Cancel);
            else if (state == 1)
                Assert.Equal(1, await history.RollUpAsync(Cancel));
        }
    }

    [Fact]
    public async Task Rollups_outlive_the_samples()
    {
        await using var history = Open("history.db");
        await WriteAsync(history, Make(2000));
        await history.PackAsync(Cancel);
        await history.RollUpAsync(Cancel);
        var before = await history.ReadBucketsAsync(Path, T0, T0 + (2 * TimeSpan.TicksPerDay), 48, Cancel);
        var weighted = await history.ReadTimeWeightedAsync(Path, T0 + TimeSpan.TicksPerDay, T0 + (2 * TimeSpan.TicksPerDay), 24, Cancel);
        await history.TrimAsync(T0 + (Days * TimeSpan.TicksPerDay) - 1, Cancel);
        Assert.InRange((await history.ReadRawAsync(Path, 0, long.MaxValue, int.MaxValue, Cancel)).Count, 1, 1200);
        AssertClose(before, await history.ReadBucketsAsync(Path, T0, T0 + (2 * TimeSpan.TicksPerDay), 48, Cancel));
        // What held before the first bucket is known from the samples alone.
        AssertClose([.. weighted.Skip(1)], [.. (await history.ReadTimeWeightedAsync(Path, T0 + TimeSpan.TicksPerDay, T0 + (2 * TimeSpan.TicksPerDay), 24, Cancel)).Skip(1)]);
        // Finer than the cells of 10 s: each cell counts in the bucket that it begins in.
        Assert.Equal(before[0].Count, (await history.ReadBucketsAsync(Path, T0, T0 + TimeSpan.TicksPerHour, 1000, Cancel)).Sum(b => b.Count));
    }

    [Fact]
    public async Task Rolling_up_joins_small_chunks()
    {
        var options = new SqliteHistoryOptions { Path = folder["small.db"], OpenSamples = 1, ChunkSamples = 100, UpkeepEvery = TimeSpan.FromDays(40) };
        await using var history = new SqliteHistory(catalog, options, clock);
        var samples = Make(300_000);
        // One batch of ten samples makes one chunk of ten until the chunk before has grown too big for it to join.
        foreach (var batch in samples.Chunk(10))
            await WriteAsync(history, batch);

        var chunks = ChunksOf(options);
        await history.RollUpAsync(Cancel);
        Assert.InRange(ChunksOf(options), 1, chunks * 3 / 4);
        Assert.Equal(samples.Length, (await history.ReadRawAsync(Path, 0, long.MaxValue, int.MaxValue, Cancel)).Count);
    }

    private static long ChunksOf(SqliteHistoryOptions options)
    {
        using var connection = SqliteSchema.OpenReader(options);
        return SqliteSchema.Scalar(connection, "SELECT COUNT(*) FROM chunks");
    }

    private SqliteHistory Open(string file, TimeSpan? delay = null) =>
        new(catalog, new() { Path = folder[file], RollupDelay = delay ?? TimeSpan.FromHours(1), UpkeepEvery = TimeSpan.FromDays(40), MaxBatch = 1_000_000 }, clock);

    private Sample[] Make(int stepMilliseconds)
    {
        var random = new Random(9);
        var samples = new List<Sample>();
        for (var time = T0; time < T0 + (Days * TimeSpan.TicksPerDay); time += TimeSpan.TicksPerMillisecond * random.Next(stepMilliseconds / 2, stepMilliseconds * 3 / 2))
        {
            var quality = random.Next(50) switch { 0 => Bad, 1 => Uncertain, _ => 0u };
            samples.Add(Of(tag, time, quality == Bad ? TagValue.Null : TagValue.From(Math.Round(100 * random.NextDouble(), 2)), quality));
        }

        return [.. samples];
    }

    private static void AssertClose(IReadOnlyList<HistoryBucket> expected, IReadOnlyList<HistoryBucket> found)
    {
        Assert.Equal(expected.Select(b => b with { Mean = 0 }), found.Select(b => b with { Mean = 0 }));
        Assert.All(expected.Zip(found), pair => Assert.True(double.IsNaN(pair.First.Mean) ? double.IsNaN(pair.Second.Mean) : Math.Abs(pair.First.Mean - pair.Second.Mean) < 1e-8));
    }

    private static void AssertClose(IReadOnlyList<TimeWeightedBucket> expected, IReadOnlyList<TimeWeightedBucket> found)
    {
        Assert.Equal(expected.Select(b => (b.Start, b.GoodTicks)), found.Select(b => (b.Start, b.GoodTicks)));
        Assert.All(expected.Zip(found), pair => Assert.Equal(pair.First.Mean, pair.Second.Mean, 1e-8));
    }

    private static async Task WriteAsync(SqliteHistory history, params Sample[] samples) =>
        Assert.Equal(Model.Ports.DeliveryResult.Delivered, await history.DeliverAsync(Batch(samples), Cancel));
}
