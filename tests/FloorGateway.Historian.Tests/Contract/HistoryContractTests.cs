using FloorGateway.Model.History;
using FloorGateway.Model.Ports;
using FloorGateway.Model.Samples;
using FloorGateway.Model.Values;
using static FloorGateway.Historian.Tests.TestSamples;

namespace FloorGateway.Historian.Tests.Contract;

/// <summary>What every <see cref="IHistory"/> promises, run against each store.</summary>
public abstract class HistoryContractTests : IAsyncLifetime
{
    private const string Unit = "LXE/JSH/CAS/L01/DC01/PRESS";
    private readonly int a;
    private readonly int b;
    private StoreUnderTest store = null!;

    protected HistoryContractTests()
    {
        a = Catalog.Add(Unit, "A");
        b = Catalog.Add(Unit, "B");
    }

    protected Catalog Catalog { get; } = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>An empty store.</summary>
    protected abstract ValueTask<StoreUnderTest> OpenAsync();

    public async ValueTask InitializeAsync() => store = await OpenAsync();

    public async ValueTask DisposeAsync()
    {
        await store.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task Gives_samples_back_in_time_order_whatever_order_they_came_in()
    {
        await WriteAsync(Of(a, T0 + 3, 3), Of(b, T0 + 1, 11), Of(a, T0 + 1, 1), Of(a, T0 + 2, 2));
        Assert.Equal([1.0, 2, 3], (await RawAsync("A", T0, T0 + 10)).Select(p => p.Value.AsDouble()));
        Assert.Equal([11.0], (await RawAsync("B", T0, T0 + 10)).Select(p => p.Value.AsDouble()));
    }

    [Fact]
    public async Task A_range_includes_its_beginning_and_excludes_its_end()
    {
        await WriteAsync([.. Enumerable.Range(0, 5).Select(i => Of(a, T0 + i, i))]);
        Assert.Equal([1.0, 2], (await RawAsync("A", T0 + 1, T0 + 3)).Select(p => p.Value.AsDouble()));
        Assert.Empty(await RawAsync("A", T0 + 3, T0 + 3));
    }

    [Fact]
    public async Task A_limit_keeps_the_oldest()
    {
        await WriteAsync([.. Enumerable.Range(0, 5).Select(i => Of(a, T0 + i, i))]);
        Assert.Equal([0.0, 1], (await RawAsync("A", T0, T0 + 10, 2)).Select(p => p.Value.AsDouble()));
        Assert.Empty(await RawAsync("A", T0, T0 + 10, 0));
    }

    [Fact]
    public async Task An_unknown_path_gives_nothing()
    {
        Assert.Empty(await RawAsync("Unknown", T0, T0 + 10));
        Assert.Empty(await store.History.ReadBucketsAsync($"{Unit}/Unknown", T0, T0 + 10, 3, Cancel));
    }

    [Fact]
    public async Task Keeps_value_kind_and_status_of_scalars()
    {
        TagValue[] values =
        [
            TagValue.From(0.1), TagValue.From(-0.0), TagValue.From(double.MaxValue), TagValue.From(0.1f), TagValue.From(long.MinValue), TagValue.From(7L),
            TagValue.From(7UL), TagValue.From(true), TagValue.From(false), TagValue.From(""), TagValue.From("\"一\\二\"\n3"),
        ];
        foreach (var (value, i) in values.Select((value, i) => (value, i)))
        {
            var tag = Catalog.Add(Unit, $"K{i}");
            await WriteAsync(Of(tag, T0, value, i % 2 == 0 ? 0 : Uncertain));
            var point = Assert.Single(await RawAsync($"K{i}", T0, T0 + 1));
            Assert.Equal(new HistoryPoint(T0, value, i % 2 == 0 ? 0 : Uncertain), point);
        }
    }

    [Fact]
    public async Task Storing_a_batch_again_changes_nothing()
    {
        Sample[] batch = [Of(a, T0, 1), Of(a, T0 + 1, 2, Bad), Of(b, T0, 3)];
        await WriteAsync(batch);
        var before = await RawAsync("A", T0, T0 + 10);
        await WriteAsync(batch);
        Assert.Equal(before, await RawAsync("A", T0, T0 + 10));
        Assert.Equal([new($"{Unit}/A", 2), new($"{Unit}/B", 1)], (await store.History.CountAsync(Cancel)).OrderBy(c => c.Key));
    }

    [Fact]
    public async Task A_bad_sample_never_overwrites_a_good_point()
    {
        await WriteAsync(Of(a, T0, 1));
        await WriteAsync(Of(a, T0, 99, Bad));
        Assert.Equal(1.0, Assert.Single(await RawAsync("A", T0, T0 + 1)).Value.AsDouble());
    }

    [Fact]
    public async Task A_good_sample_replaces_a_bad_point_of_the_same_time()
    {
        await WriteAsync(Of(a, T0, TagValue.Null, Bad));
        await WriteAsync(Of(a, T0, 5));
        Assert.Equal(new(T0, TagValue.From(5.0), 0), Assert.Single(await RawAsync("A", T0, T0 + 1)));
    }

    [Fact]
    public async Task A_bad_sample_has_its_place_in_the_series()
    {
        await WriteAsync(Of(a, T0, 1), Of(a, T0 + 1, TagValue.Null, Bad), Of(a, T0 + 2, 3));
        Assert.Equal([0u, Bad, 0], (await RawAsync("A", T0, T0 + 10)).Select(p => p.Status));
    }

    [Fact]
    public async Task Buckets_hold_min_max_mean_last_and_counts()
    {
        await WriteAsync(Of(a, T0, 5), Of(a, T0 + 1, 1), Of(a, T0 + 9, 3), Of(a, T0 + 20, 7), Of(a, T0 + 21, 100, Bad), Of(a, T0 + 22, 50, Uncertain));
        var buckets = await store.History.ReadBucketsAsync($"{Unit}/A", T0, T0 + 30, 3, Cancel);
        Assert.Equal([new(T0, 1, 5, 3, 3, 3, 0), new(T0 + 20, 7, 7, 7, 7, 1, 2)], buckets);
    }

    [Fact]
    public async Task Buckets_without_good_samples_say_so()
    {
        await WriteAsync(Of(a, T0, TagValue.Null, Bad));
        var bucket = Assert.Single(await store.History.ReadBucketsAsync($"{Unit}/A", T0, T0 + 10, 1, Cancel));
        Assert.Equal((0, 1, true), (bucket.Count, bucket.NotGood, double.IsNaN(bucket.Mean)));
    }

    [Fact]
    public async Task Counts_stored_samples_per_path()
    {
        Assert.Empty(await store.History.CountAsync(Cancel));
        await WriteAsync(Of(a, T0, 1), Of(a, T0 + 1, 1, Bad), Of(b, T0, 1));
        var counts = await store.History.CountAsync(Cancel);
        Assert.Equal((2, 1), (counts[$"{Unit}/A"], counts[$"{Unit}/B"]));
    }

    [Fact]
    public async Task Refuses_a_question_without_sense()
    {
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(async () => await store.History.ReadBucketsAsync($"{Unit}/A", T0, T0 + 10, 0, Cancel));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(async () => await store.History.ReadRawAsync($"{Unit}/A", T0, T0 + 10, -1, Cancel));
        Assert.Empty(await store.History.ReadBucketsAsync($"{Unit}/A", T0 + 10, T0, 5, Cancel));
    }

    private async Task WriteAsync(params Sample[] samples) =>
        Assert.Equal(DeliveryOutcome.Delivered, (await store.Destination.DeliverAsync(Batch(samples), Cancel)).Outcome);

    private ValueTask<IReadOnlyList<HistoryPoint>> RawAsync(string signal, long from, long to, int limit = 1000) =>
        store.History.ReadRawAsync($"{Unit}/{signal}", from, to, limit, Cancel);
}
