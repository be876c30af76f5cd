using System.Runtime.CompilerServices;
using System.Text.Json;
using FloorGateway.Historian.Buckets;
using FloorGateway.Historian.Influx.Queries;
using FloorGateway.Model.Gaps;
using FloorGateway.Model.History;
using FloorGateway.Model.Tags;

namespace FloorGateway.Historian.Influx;

/// <summary>
/// Reads what an InfluxDB feed has written, by InfluxQL (versions 1, 2 and 3). Scalars, texts and bytes come back as they were; arrays and structures, which the feed
/// writes as fields of their own, do not; of good qualities only 0 is kept.
/// </summary>
/// <param name="catalog">Names and kinds of the tags.</param>
/// <param name="options">Those of the feed.</param>
/// <param name="handler">In place of the socket handler; disposed with this.</param>
public sealed class InfluxHistory(ITagCatalog catalog, InfluxOptions options, HttpMessageHandler? handler = null) : IHistory, IDisposable
{
    // Rows of one answer: some 3 MB of JSON.
    private const int Page = 50_000;

    // Buckets that are made of raw samples one by one; where there are more, the whole range is.
    private const int SingleBuckets = 16;

    private readonly InfluxQueryClient client = new(options, handler);
    private readonly InfluxFields fields = new();

    public async ValueTask<IReadOnlyList<HistoryPoint>> ReadRawAsync(string path, long from, long to, int limit, CancellationToken cancel)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(limit);
        var points = new List<HistoryPoint>();
        if (limit > 0 && catalog.TryFind(path, out var tag))
        {
            await foreach (var point in PointsAsync(tag, from, to, limit, cancel))
            {
                points.Add(point);
                if (points.Count == limit)
                    break;
            }
        }

        return points;
    }

    public async ValueTask<HistoryPoint?> ReadLastAsync(string path, long at, CancellationToken cancel) =>
        catalog.TryFind(path, out var tag) ? await LastAsync(tag, at, cancel) : null;

    public async ValueTask<IReadOnlyList<HistoryBucket>> ReadBucketsAsync(string path, long from, long to, int buckets, CancellationToken cancel)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(buckets, 1);
        if (to <= from || !catalog.TryFind(path, out var tag))
            return [];
        var type = await fields.TypeAsync(client, tag, cancel);
        return type is "float" or "integer" or "unsigned" ? await ServerBucketsAsync(tag, from, to, buckets, cancel) : await RawBucketsAsync(tag, from, to, buckets, cancel);
    }

    public async ValueTask<IReadOnlyList<TimeWeightedBucket>> ReadTimeWeightedAsync(string path, long from, long to, int buckets, CancellationToken cancel)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(buckets, 1);
        if (to <= from || !catalog.TryFind(path, out var tag))
            return [];
        // InfluxQL's integral draws straight lines between samples; a signal that is sent on change holds its value.
        var weighting = new TimeWeighting(from, to, buckets, await LastAsync(tag, from - 1, cancel));
        await foreach (var point in PointsAsync(tag, from, to, int.MaxValue, cancel))
            weighting.Add(point.SourceTime, point.Value, point.Status);
        return weighting.Finish();
    }

    public async ValueTask<IReadOnlyList<StateDuration>> ReadStatesAsync(string path, long from, long to, CancellationToken cancel)
    {
        if (to <= from || !catalog.TryFind(path, out var tag))
            return [];
        var states = new StateTimes(from, to, await LastAsync(tag, from - 1, cancel));
        await foreach (var point in PointsAsync(tag, from, to, int.MaxValue, cancel))
            states.Add(point.SourceTime, point.Value, point.Status);
        return states.Finish();
    }

    public ValueTask<IReadOnlyDictionary<string, long>> CountAsync(CancellationToken cancel) => InfluxCounts.ReadAsync(client, fields, catalog, cancel);

    public ValueTask<IReadOnlyList<GapRecord>> ReadGapsAsync(long from, long to, CancellationToken cancel) => InfluxGaps.ReadAsync(client, from, to, cancel);

    public void Dispose() => client.Dispose();

    private async ValueTask<HistoryPoint?> LastAsync(TagDefinition tag, long at, CancellationToken cancel)
    {
        var to = at == long.MaxValue ? at : at + 1;
        var type = await fields.TypeAsync(client, tag, cancel);
        using var answer = await client.AskAsync(cancel, InfluxQl.Raw(tag, InfluxQl.Nanoseconds(long.MinValue / 2), InfluxQl.Nanoseconds(to), newestFirst: true, 1));
        foreach (var series in answer.Series)
        {
            foreach (var row in series.Rows.EnumerateArray())
                return InfluxValue.PointOf(tag, type, row[0].GetInt64(), row[1], row[2]);
        }

        return null;
    }

    private async IAsyncEnumerable<HistoryPoint> PointsAsync(TagDefinition tag, long from, long to, int limit, [EnumeratorCancellation] CancellationToken cancel)
    {
        if (to <= from)
            yield break;
        var type = await fields.TypeAsync(client, tag, cancel);
        var (next, end) = (InfluxQl.Nanoseconds(from), InfluxQl.Nanoseconds(to));
        var page = Math.Min(limit, Page);
        while (next < end)
        {
            using var answer = await client.AskAsync(cancel, InfluxQl.Raw(tag, next, end, newestFirst: false, page));
            var rows = 0;
            var partial = false;
            foreach (var series in answer.Series)
            {
                partial |= series.Partial;
                foreach (var row in series.Rows.EnumerateArray())
                {
                    rows++;
                    next = row[0].GetInt64() + 1;
                    if (InfluxValue.PointOf(tag, type, next - 1, row[1], row[2]) is { } point)
                        yield return point;
                }
            }

            if (rows == 0 || (rows < page && !partial))
                yield break;
        }
    }

    private async ValueTask<IReadOnlyList<HistoryBucket>> RawBucketsAsync(TagDefinition tag, long from, long to, int buckets, CancellationToken cancel)
    {
        var aggregator = new BucketAggregator(from, to, buckets);
        await foreach (var point in PointsAsync(tag, from, to, int.MaxValue, cancel))
            aggregator.Add(point.SourceTime, point.Value, point.Status);
        return aggregator.Finish();
    }

    /// <summary>
    /// Lets the server aggregate. It can't leave out values of uncertain quality, because quality stands beside a value only where it is not good: buckets with
    /// such values are made here.
    /// </summary>
    private async ValueTask<IReadOnlyList<HistoryBucket>> ServerBucketsAsync(TagDefinition tag, long from, long to, int buckets, CancellationToken cancel)
    {
        var (start, end, width) = (InfluxQl.Nanoseconds(from), InfluxQl.Nanoseconds(to), BucketAggregator.WidthOf(from, to, buckets));
        if (InfluxQl.Ticks(start) != from || width > long.MaxValue / 100)
            return await RawBucketsAsync(tag, from, to, buckets, cancel);
        var value = InfluxQl.Name(InfluxQl.Field(tag));
        var countQuality = $"count({InfluxQl.Name(InfluxQl.QualityField(tag))}) AS n";
        string Ask(string select, string condition) => InfluxQl.Buckets(tag, select, condition, start, end, width * 100);
        using var answer = await client.AskAsync(
            cancel,
            Ask($"min({value}) AS lowest,max({value}) AS highest,mean({value}) AS average,first({value}) AS oldest,last({value}) AS newest,count({value}) AS n", ""),
            Ask(countQuality, InfluxQl.QualityFrom(tag, 1, long.MaxValue)),
            Ask(countQuality, InfluxQl.QualityFrom(tag, 1, InfluxQl.Bad)),
            Ask($"count({value}) AS n", InfluxQl.QualityFrom(tag, InfluxQl.Bad, long.MaxValue)));
        var uncertain = Counts(answer, 2);
        if (uncertain.Count > SingleBuckets)
            return await RawBucketsAsync(tag, from, to, buckets, cancel);

        var found = new SortedDictionary<long, HistoryBucket>();
        foreach (var (at, count) in Counts(answer, 1))
            found[at] = new(at, double.NaN, double.NaN, double.NaN, double.NaN, double.NaN, 0, count);
        // Bad samples at the time of a good point do not count.
        foreach (var (at, count) in Counts(answer, 3))
            found[at] = found[at] with { NotGood = found[at].NotGood - count };
        foreach (var row in answer.Of(0).SelectMany(s => s.Rows.EnumerateArray()))
        {
            if (row[6].ValueKind != JsonValueKind.Number || row[6].GetInt64() == 0)
                continue;
            var at = InfluxQl.Ticks(row[0].GetInt64());
            found[at] = new(at, row[1].GetDouble(), row[2].GetDouble(), row[3].GetDouble(), row[4].GetDouble(), row[5].GetDouble(), row[6].GetInt64(), found.TryGetValue(at, out var known) ? known.NotGood : 0);
        }

        foreach (var at in uncertain.Keys)
        {
            found.Remove(at);
            foreach (var bucket in await RawBucketsAsync(tag, at, Math.Min(at + width, to), 1, cancel))
                found[at] = bucket;
        }

        return [.. found.Values.Where(b => b.Count + b.NotGood > 0)];
    }

    private static Dictionary<long, long> Counts(InfluxResult answer, int statement) =>
        answer.Of(statement).SelectMany(s => s.Rows.EnumerateArray()).Where(row => row[1].ValueKind == JsonValueKind.Number && row[1].GetInt64() > 0)
            .ToDictionary(row => InfluxQl.Ticks(row[0].GetInt64()), row => row[1].GetInt64());
}
