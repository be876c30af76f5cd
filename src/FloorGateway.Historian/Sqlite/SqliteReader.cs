using FloorGateway.Historian.Buckets;
using FloorGateway.Historian.Sqlite.Chunks;
using FloorGateway.Historian.Sqlite.Rollups;
using FloorGateway.Model.Gaps;
using FloorGateway.Model.History;
using Microsoft.Data.Sqlite;

namespace FloorGateway.Historian.Sqlite;

/// <summary>A reading connection with its prepared statements; sees a consistent snapshot per query while deliveries go on.</summary>
internal sealed class SqliteReader : IDisposable
{
    private readonly HistoryHead head;
    private readonly SqliteConnection connection;
    private readonly SqliteStatement begin;
    private readonly SqliteStatement end;
    private readonly SqliteStatement findTag;
    private readonly SqliteStatement tags;
    private readonly SqliteStatement count;
    private readonly SqliteStatement gaps;
    private readonly ChunkTable chunks;
    private readonly SeriesReader series;

    public SqliteReader(SqliteHistoryOptions options, HistoryHead head)
    {
        this.head = head;
        connection = SqliteSchema.OpenReader(options);
        begin = new(connection, "BEGIN");
        end = new(connection, "COMMIT");
        findTag = new(connection, "SELECT id FROM tags WHERE path = ?1");
        tags = new(connection, "SELECT id, path FROM tags");
        count = new(connection, "SELECT COALESCE(SUM(count), 0), COALESCE(MAX(last), -1) FROM chunks WHERE key BETWEEN ?1 AND ?2");
        gaps = new(connection, "SELECT server, tag, \"from\", \"to\", cause FROM gaps WHERE \"from\" < ?2 AND \"to\" >= ?1 ORDER BY \"from\", server, tag");
        chunks = new(connection, options.ChunkSamples);
        series = new(connection, chunks);
    }

    public IReadOnlyList<HistoryPoint> Raw(string path, long from, long to, int limit, CancellationToken cancel) => OfTag<IReadOnlyList<HistoryPoint>>(path, [], tag =>
    {
        var points = new List<HistoryPoint>();
        if (limit > 0)
        {
            Read(tag, from, to, (samples, a, b) =>
            {
                cancel.ThrowIfCancellationRequested();
                for (var i = a; i < b; i++)
                {
                    points.Add(new(samples.Times[i], samples.ValueAt(i), samples.Status[i]));
                    if (points.Count == limit)
                        return false;
                }

                return true;
            });
        }

        return points;
    });

    public IReadOnlyList<HistoryBucket> Buckets(string path, long from, long to, int buckets, CancellationToken cancel) => OfTag<IReadOnlyList<HistoryBucket>>(path, [], tag =>
    {
        var aggregator = new BucketAggregator(from, to, buckets);
        Aggregate(tag, from, to, buckets, aggregator, cancel);
        return aggregator.Finish();
    });

    public IReadOnlyList<TimeWeightedBucket> TimeWeighted(string path, long from, long to, int buckets, CancellationToken cancel) => OfTag<IReadOnlyList<TimeWeightedBucket>>(path, [], tag =>
    {
        var weighting = new TimeWeighting(from, to, buckets, LastOf(tag, Math.Max(from, 1) - 1));
        Aggregate(tag, from, to, buckets, weighting, cancel);
        return weighting.Finish();
    });

    public IReadOnlyList<StateDuration> States(string path, long from, long to, CancellationToken cancel) => OfTag<IReadOnlyList<StateDuration>>(path, [], tag =>
    {
        var states = new StateTimes(from, to, LastOf(tag, Math.Max(from, 1) - 1));
        Read(tag, from, to, (samples, a, b) =>
        {
            cancel.ThrowIfCancellationRequested();
            for (var i = a; i < b; i++)
                states.Add(samples.Times[i], samples.ValueAt(i), samples.Status[i]);
            return true;
        });
        return states.Finish();
    });

    public HistoryPoint? Last(string path, long at) => OfTag<HistoryPoint?>(path, null, tag => LastOf(tag, at));

    public IReadOnlyDictionary<string, long> Count(CancellationToken cancel)
    {
        // Of the head before the snapshot begins: what goes into chunks meanwhile is then in both, never in neither.
        var held = new Dictionary<long, SampleColumns>();
        foreach (var (tag, _) in Tags())
        {
            if (head.Copy(tag, 0, long.MaxValue) is { } samples)
                held.Add(tag, samples);
        }

        var counts = new Dictionary<string, long>(StringComparer.Ordinal);
        begin.Run();
        try
        {
            foreach (var (tag, path) in Tags())
            {
                cancel.ThrowIfCancellationRequested();
                var samples = held.GetValueOrDefault(tag);
                var (stored, last) = InChunks(tag);
                var all = stored + (samples?.Count ?? 0);
                if (samples is not null && samples.Times[0] <= last)
                {
                    all = 0;
                    chunks.Read(tag, 0, long.MaxValue, samples, (_, a, b) =>
                    {
                        all += b - a;
                        return true;
                    });
                }

                if (all > 0)
                    counts[path] = all;
            }
        }
        finally
        {
            end.Run();
        }

        return counts;
    }

    public IReadOnlyList<GapRecord> Gaps(long from, long to)
    {
        var found = new List<GapRecord>();
        gaps.Bind(1, from);
        gaps.Bind(2, to);
        try
        {
            while (gaps.Step())
                found.Add(new() { Server = gaps.Text(0), Tag = gaps.Text(1) is { Length: > 0 } tag ? tag : null, From = gaps.Long(2), To = gaps.Long(3), Cause = gaps.Text(4) });
        }
        finally
        {
            gaps.Reset();
        }

        return found;
    }

    public void Dispose()
    {
        SqliteStatement[] all = [begin, end, findTag, tags, count, gaps];
        foreach (var statement in all)
            statement.Dispose();
        series.Dispose();
        chunks.Dispose();
        connection.Dispose();
    }

    private void Aggregate(long tag, long from, long to, int buckets, ISeriesSink sink, CancellationToken cancel)
    {
        var samples = head.Copy(tag, from, to);
        Snapshot(() => series.Read(tag, from, to, BucketAggregator.WidthOf(from, to, buckets), samples, sink, cancel));
    }

    private void Read(long tag, long from, long to, StretchReader each)
    {
        var samples = head.Copy(tag, from, to);
        Snapshot(() => chunks.Read(tag, from, to, samples, each));
    }

    private HistoryPoint? LastOf(long tag, long at)
    {
        var inHead = head.TryLast(tag, at, out var time, out var value, out var status);
        var (stored, index) = chunks.Last(tag, at);
        if (index < 0)
            return inHead ? new(time, value, status) : null;
        var newer = inHead && (time > stored.Times[index] || (time == stored.Times[index] && SampleColumns.Replaces(status, stored.Status[index])));
        return newer ? new(time, value, status) : new(stored.Times[index], stored.ValueAt(index), stored.Status[index]);
    }

    /// <summary>The head is copied before this: what goes into chunks meanwhile is then in both, never in neither.</summary>
    private void Snapshot(Action query)
    {
        begin.Run();
        try
        {
            query();
        }
        finally
        {
            end.Run();
        }
    }

    private (long Count, long Last) InChunks(long tag)
    {
        count.Bind(1, ChunkKey.First(tag));
        count.Bind(2, ChunkKey.Last(tag));
        try
        {
            return count.Step() ? (count.Long(0), count.Long(1)) : (0, -1);
        }
        finally
        {
            count.Reset();
        }
    }

    private List<(long Id, string Path)> Tags()
    {
        var found = new List<(long, string)>();
        try
        {
            while (tags.Step())
                found.Add((tags.Long(0), tags.Text(1)));
        }
        finally
        {
            tags.Reset();
        }

        return found;
    }

    private T OfTag<T>(string path, T none, Func<long, T> query)
    {
        findTag.Bind(1, path);
        long tag;
        try
        {
            if (!findTag.Step())
                return none;
            tag = findTag.Long(0);
        }
        finally
        {
            findTag.Reset();
        }

        return query(tag);
    }
}
