using FloorGateway.Model.Gaps;
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
            TagValue.From(7UL), TagValue.From(true), TagValue.From(false), TagValue.From(""), TagValue.From("\"一\\二\" 3"), TagValue.From(new DateTime(T0, DateTimeKind.Utc)),
        ];
        foreach (var (value, i) in values.Select((value, i) => (value, i)))
        {
            var tag = Catalog.Add(Unit, $"K{i}", kind: value.Kind);
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
    public async Task Buckets_hold_min_max_mean_first_last_and_counts()
    {
        await WriteAsync(Of(a, T0, 5), Of(a, T0 + 1, 1), Of(a, T0 + 9, 3), Of(a, T0 + 20, 7), Of(a, T0 + 21, 100, Bad), Of(a, T0 + 22, 50, Uncertain));
        var buckets = await store.History.ReadBucketsAsync($"{Unit}/A", T0, T0 + 30, 3, Cancel);
        Assert.Equal([new(T0, 1, 5, 3, 5, 3, 3, 0), new(T0 + 20, 7, 7, 7, 7, 7, 1, 2)], buckets);
    }

    [Fact]
    public async Task Buckets_are_of_one_width_and_the_last_may_be_shorter()
    {
        await WriteAsync([.. Enumerable.Range(0, 10).Select(i => Of(a, T0 + i, i))]);
        var buckets = await store.History.ReadBucketsAsync($"{Unit}/A", T0, T0 + 10, 3, Cancel);
        Assert.Equal([(T0, 4L), (T0 + 4, 4), (T0 + 8, 2)], buckets.Select(b => (b.Start, b.Count)));
    }

    [Fact]
    public async Task Buckets_leave_uncertain_values_out_of_the_numbers()
    {
        await WriteAsync(Of(a, T0, 1), Of(a, T0 + 1, 99, Uncertain), Of(a, T0 + 2, 3), Of(a, T0 + 10, 4, Uncertain), Of(a, T0 + 20, 5));
        Assert.Equal(
            [new(T0, 1, 3, 2, 1, 3, 2, 1), new(T0 + 10, double.NaN, double.NaN, double.NaN, double.NaN, double.NaN, 0, 1), new(T0 + 20, 5, 5, 5, 5, 5, 1, 0)],
            await store.History.ReadBucketsAsync($"{Unit}/A", T0, T0 + 30, 3, Cancel));
    }

    [Fact]
    public async Task Buckets_of_booleans_and_integers_are_numbers_too()
    {
        var flag = Catalog.Add(Unit, "Flag", kind: ValueKind.Boolean);
        var count = Catalog.Add(Unit, "Count", kind: ValueKind.Int64);
        await WriteAsync(Of(flag, T0, TagValue.From(true)), Of(flag, T0 + 1, TagValue.From(false)), Of(count, T0, TagValue.From(3L)), Of(count, T0 + 1, TagValue.From(4L)));
        Assert.Equal([new(T0, 0, 1, 0.5, 1, 0, 2, 0)], await store.History.ReadBucketsAsync($"{Unit}/Flag", T0, T0 + 10, 1, Cancel));
        Assert.Equal([new(T0, 3, 4, 3.5, 3, 4, 2, 0)], await store.History.ReadBucketsAsync($"{Unit}/Count", T0, T0 + 10, 1, Cancel));
    }

    [Fact]
    public async Task The_last_value_is_the_newest_at_or_before_a_moment()
    {
        await WriteAsync(Of(a, T0, 1), Of(a, T0 + 10, TagValue.Null, Bad), Of(a, T0 + 20, 2, Uncertain));
        Assert.Null(await store.History.ReadLastAsync($"{Unit}/A", T0 - 1, Cancel));
        Assert.Equal(new HistoryPoint(T0, TagValue.From(1.0), 0), await store.History.ReadLastAsync($"{Unit}/A", T0 + 9, Cancel));
        Assert.Equal(new HistoryPoint(T0 + 10, TagValue.Null, Bad), await store.History.ReadLastAsync($"{Unit}/A", T0 + 10, Cancel));
        Assert.Equal(new HistoryPoint(T0 + 20, TagValue.From(2.0), Uncertain), await store.History.ReadLastAsync($"{Unit}/A", long.MaxValue, Cancel));
        Assert.Null(await store.History.ReadLastAsync($"{Unit}/Unknown", T0, Cancel));
    }

    [Fact]
    public async Task A_time_weighted_mean_holds_each_good_value_until_the_next_sample()
    {
        var s = TimeSpan.TicksPerSecond;
        await WriteAsync(Of(a, T0 - s, 10), Of(a, T0 + (4 * s), 20), Of(a, T0 + (6 * s), TagValue.Null, Bad), Of(a, T0 + (14 * s), 40), Of(a, T0 + (25 * s), 0));
        // 0-4 s: 10, 4-6 s: 20, then unknown; 14-20 s: 40; 20-25 s: 40, then 0.
        Assert.Equal(
            [new(T0, 80.0 / 6, 6 * s), new(T0 + (10 * s), 40, 6 * s), new(T0 + (20 * s), 20, 10 * s)],
            await store.History.ReadTimeWeightedAsync($"{Unit}/A", T0, T0 + (30 * s), 3, Cancel));
        Assert.Empty(await store.History.ReadTimeWeightedAsync($"{Unit}/A", T0 + (7 * s), T0 + (9 * s), 1, Cancel));
        Assert.Empty(await store.History.ReadTimeWeightedAsync($"{Unit}/Unknown", T0, T0 + s, 1, Cancel));
    }

    [Fact]
    public async Task State_durations_count_time_and_entries_of_each_value()
    {
        var state = Catalog.Add(Unit, "State", kind: ValueKind.String);
        await WriteAsync(
            Of(state, T0 - 5, TagValue.From("Idle")), Of(state, T0 + 10, TagValue.From("Execute")), Of(state, T0 + 15, TagValue.From("Execute")), Of(state, T0 + 40, TagValue.From("Idle")),
            Of(state, T0 + 45, TagValue.Null, Bad), Of(state, T0 + 52, TagValue.From("Execute")));
        Assert.Equal(
            [new(TagValue.From("Execute"), 78, 2), new(TagValue.From("Idle"), 15, 1), new(TagValue.Null, 7, 1)],
            await store.History.ReadStatesAsync($"{Unit}/State", T0, T0 + 100, Cancel));
        Assert.Empty(await store.History.ReadStatesAsync($"{Unit}/Unknown", T0, T0 + 100, Cancel));
    }

    [Fact]
    public async Task Late_samples_take_their_place()
    {
        await WriteAsync([.. Enumerable.Range(0, 100).Select(i => Of(a, T0 + (i * 10), i))]);
        await WriteAsync(Of(a, T0 + 505, -1), Of(a, T0 - 10, -2), Of(a, T0 + 300, 300));
        var points = await RawAsync("A", T0 - 100, T0 + 10_000);
        Assert.Equal(102, points.Count);
        Assert.Equal(points.OrderBy(p => p.SourceTime), points);
        Assert.Equal((-2.0, -1.0, 300.0), (points[0].Value.AsDouble(), points[52].Value.AsDouble(), points[31].Value.AsDouble()));
    }

    [Fact]
    public async Task Exports_CSV()
    {
        var text = Catalog.Add(Unit, "Text", kind: ValueKind.String);
        await WriteAsync(Of(a, T0, 1.5), Of(a, T0 + 1, TagValue.Null, Bad), Of(text, T0, TagValue.From("a \"b\", c")));
        using var csv = new StringWriter();
        Assert.Equal(3, await HistoryCsv.WriteAsync(store.History, [$"{Unit}/A", $"{Unit}/Text"], T0, T0 + 10, csv, Cancel));
        Assert.Equal(
            $"""
            time,path,value,quality,status
            2027-03-15T00:00:00.0000000Z,{Unit}/A,1.5,Good,0x00000000
            2027-03-15T00:00:00.0000001Z,{Unit}/A,,Bad,0x80310000
            2027-03-15T00:00:00.0000000Z,{Unit}/Text,"a ""b"", c",Good,0x00000000

            """,
            csv.ToString());
    }

    [Fact]
    public async Task Buckets_without_good_samples_say_so()
    {
        await WriteAsync(Of(a, T0, TagValue.Null, Bad));
        var bucket = Assert.Single(await store.History.ReadBucketsAsync($"{Unit}/A", T0, T0 + 10, 1, Cancel));
        Assert.Equal((0, 1, true), (bucket.Count, bucket.NotGood, double.IsNaN(bucket.Mean)));
    }

    [Fact]
    public async Task Gives_gap_records_back_that_touch_the_range()
    {
        Assert.Empty(await store.History.ReadGapsAsync(T0, T0 + 100, Cancel));
        GapRecord[] gaps =
        [
            new() { Server = "cas", From = T0, To = T0 + 10, Cause = "was not \"running\"" },
            new() { Server = "cas", Tag = $"{Unit}/A, b", From = T0 + 20, To = T0 + TimeSpan.TicksPerDay + 3, Cause = "queue" },
        ];
        for (var i = 0; i < 2; i++)
            Assert.Equal(DeliveryOutcome.Delivered, (await store.Destination.DeliverAsync(new(0, ReadOnlyMemory<Sample>.Empty, gaps), Cancel)).Outcome);
        Assert.Equal(gaps, await store.History.ReadGapsAsync(T0, T0 + 100, Cancel));
        Assert.Equal(gaps[..1], await store.History.ReadGapsAsync(T0 + 5, T0 + 20, Cancel));
        Assert.Equal(gaps[1..], await store.History.ReadGapsAsync(T0 + TimeSpan.TicksPerHour, T0 + TimeSpan.TicksPerHour + 1, Cancel));
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
