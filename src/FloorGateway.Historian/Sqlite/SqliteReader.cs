using FloorGateway.Historian.Buckets;
using FloorGateway.Model.Gaps;
using FloorGateway.Model.History;
using FloorGateway.Model.Values;
using Microsoft.Data.Sqlite;

namespace FloorGateway.Historian.Sqlite;

/// <summary>A reading connection with its prepared statements; sees a consistent snapshot per query while deliveries go on.</summary>
internal sealed class SqliteReader : IDisposable
{
    // How many rows pass between looks at the cancellation token.
    private const int CancelEvery = 4096;

    private readonly SqliteConnection connection;
    private readonly SqliteStatement findTag;
    private readonly SqliteStatement select;
    private readonly SqliteStatement count;
    private readonly SqliteStatement gaps;

    public SqliteReader(SqliteHistoryOptions options)
    {
        connection = SqliteSchema.OpenReader(options);
        findTag = new(connection, "SELECT id FROM tags WHERE path = ?1");
        select = new(connection, SqliteSchema.Select);
        count = new(connection, "SELECT t.path, (SELECT COUNT(*) FROM samples s WHERE s.tag = t.id) FROM tags t");
        gaps = new(connection, "SELECT server, tag, \"from\", \"to\", cause FROM gaps WHERE \"from\" < ?2 AND \"to\" >= ?1 ORDER BY \"from\", server, tag");
    }

    public IReadOnlyList<HistoryPoint> Raw(string path, long from, long to, int limit, CancellationToken cancel)
    {
        var points = new List<HistoryPoint>();
        Scan(path, from, to, limit, (time, value, status) => points.Add(new(time, value, status)), cancel);
        return points;
    }

    public IReadOnlyList<HistoryBucket> Buckets(string path, long from, long to, int buckets, CancellationToken cancel)
    {
        var aggregator = new BucketAggregator(from, to, buckets);
        Scan(path, from, to, -1, (time, value, status) => aggregator.Add(time, in value, status), cancel);
        return aggregator.Finish();
    }

    public IReadOnlyDictionary<string, long> Count(CancellationToken cancel)
    {
        var counts = new Dictionary<string, long>(StringComparer.Ordinal);
        try
        {
            while (count.Step())
            {
                cancel.ThrowIfCancellationRequested();
                if (count.Long(1) > 0)
                    counts[count.Text(0)] = count.Long(1);
            }
        }
        finally
        {
            count.Reset();
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
        findTag.Dispose();
        select.Dispose();
        count.Dispose();
        gaps.Dispose();
        connection.Dispose();
    }

    private void Scan(string path, long from, long to, long limit, Action<long, TagValue, uint> each, CancellationToken cancel)
    {
        if (TagId(path) is not { } tag)
            return;
        select.Bind(1, tag);
        select.Bind(2, from);
        select.Bind(3, to);
        select.Bind(4, limit);
        try
        {
            for (var row = 1; select.Step(); row++)
            {
                each(select.Long(0), SqliteValue.Read(select, 1, (ValueKind)select.Long(2)), (uint)select.Long(3));
                if (row % CancelEvery == 0)
                    cancel.ThrowIfCancellationRequested();
            }
        }
        finally
        {
            select.Reset();
        }
    }

    private long? TagId(string path)
    {
        findTag.Bind(1, path);
        try
        {
            return findTag.Step() ? findTag.Long(0) : null;
        }
        finally
        {
            findTag.Reset();
        }
    }
}
