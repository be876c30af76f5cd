using FloorGateway.Model.Gaps;
using FloorGateway.Model.Samples;
using FloorGateway.Model.Tags;
using Microsoft.Data.Sqlite;

namespace FloorGateway.Historian.Sqlite;

/// <summary>The one writing connection with its prepared statements. Callers take turns.</summary>
internal sealed class SqliteWriter : IDisposable
{
    private readonly ITagCatalog catalog;
    private readonly SqliteConnection connection;
    private readonly SqliteStatement begin;
    private readonly SqliteStatement commit;
    private readonly SqliteStatement rollback;
    private readonly SqliteStatement insert;
    private readonly SqliteStatement addTag;
    private readonly SqliteStatement findTag;
    private readonly SqliteStatement addGap;
    private readonly SqliteStatement findTags;
    private readonly SqliteStatement findStepEnd;
    private readonly SqliteStatement delete;

    // The database's own id of each tag + 1; 0 = not looked up yet.
    private long[] ids = [];
    private int[] order = [];
    private long[] keys = [];

    public SqliteWriter(SqliteHistoryOptions options, ITagCatalog catalog)
    {
        this.catalog = catalog;
        connection = SqliteSchema.OpenWriter(options);
        begin = new(connection, "BEGIN IMMEDIATE");
        commit = new(connection, "COMMIT");
        rollback = new(connection, "ROLLBACK");
        insert = new(connection, SqliteSchema.Insert);
        addTag = new(connection, "INSERT INTO tags (path) VALUES (?1) ON CONFLICT DO NOTHING");
        findTag = new(connection, "SELECT id FROM tags WHERE path = ?1");
        addGap = new(connection, "INSERT OR IGNORE INTO gaps (server, tag, \"from\", \"to\", cause) VALUES (?1, ?2, ?3, ?4, ?5)");
        findTags = new(connection, "SELECT id FROM tags");
        findStepEnd = new(connection, "SELECT time FROM samples WHERE tag = ?1 AND time < ?2 ORDER BY time LIMIT 1 OFFSET ?3");
        delete = new(connection, "DELETE FROM samples WHERE tag = ?1 AND time < ?2");
    }

    /// <summary>Stores all of it or, with an exception, nothing.</summary>
    public void Store(ReadOnlySpan<Sample> samples, IReadOnlyList<GapRecord> gaps)
    {
        begin.Run();
        try
        {
            foreach (var index in InTableOrder(samples))
            {
                ref readonly var sample = ref samples[index];
                insert.Bind(1, ids[sample.Tag] - 1);
                insert.Bind(2, sample.SourceTime);
                SqliteValue.Bind(insert, 3, in sample.Value);
                insert.Bind(4, (long)sample.Value.Kind);
                insert.Bind(5, (long)sample.Status);
                insert.Run();
            }

            foreach (var gap in gaps)
            {
                addGap.Bind(1, gap.Server);
                addGap.Bind(2, gap.Tag ?? "");
                addGap.Bind(3, gap.From);
                addGap.Bind(4, gap.To);
                addGap.Bind(5, gap.Cause);
                addGap.Run();
            }

            commit.Run();
        }
        catch
        {
            // Ids given inside the transaction are gone with it.
            ids = [];
            RollBack();
            throw;
        }
    }

    public IReadOnlyList<long> TagIds()
    {
        var found = new List<long>();
        try
        {
            while (findTags.Step())
                found.Add(findTags.Long(0));
        }
        finally
        {
            findTags.Reset();
        }

        return found;
    }

    /// <summary>Deletes at most <paramref name="step"/> of a tag's samples older than <paramref name="before"/>; the number deleted.</summary>
    public int DeleteStep(long tag, long before, int step)
    {
        findStepEnd.Bind(1, tag);
        findStepEnd.Bind(2, before);
        findStepEnd.Bind(3, step);
        long end;
        try
        {
            end = findStepEnd.Step() ? findStepEnd.Long(0) : before;
        }
        finally
        {
            findStepEnd.Reset();
        }

        delete.Bind(1, tag);
        delete.Bind(2, end);
        delete.Run();
        return SQLitePCL.raw.sqlite3_changes(connection.Handle!);
    }

    public void Dispose()
    {
        SqliteStatement[] all = [begin, commit, rollback, insert, addTag, findTag, addGap, findTags, findStepEnd, delete];
        foreach (var statement in all)
            statement.Dispose();
        connection.Dispose();
    }

    /// <summary>
    /// Indexes of the samples by tag, then as they came: rows of one tag go to one place of the table, and the next batch finds its pages in the cache.
    /// The order within a tag is kept, because the last of two samples with one time wins.
    /// </summary>
    private ReadOnlySpan<int> InTableOrder(ReadOnlySpan<Sample> samples)
    {
        if (order.Length < samples.Length)
        {
            order = new int[samples.Length];
            keys = new long[samples.Length];
        }

        for (var i = 0; i < samples.Length; i++)
        {
            order[i] = i;
            keys[i] = (IdOf(samples[i].Tag) << 32) | (uint)i;
        }

        keys.AsSpan(0, samples.Length).Sort(order.AsSpan(0, samples.Length));
        return order.AsSpan(0, samples.Length);
    }

    private long IdOf(int tag)
    {
        if ((uint)tag < (uint)ids.Length && ids[tag] != 0)
            return ids[tag] - 1;
        if (tag >= ids.Length)
            Array.Resize(ref ids, Math.Max(catalog.Count, tag + 1));
        var path = catalog[tag].Path;
        addTag.Bind(1, path);
        addTag.Run();
        findTag.Bind(1, path);
        try
        {
            findTag.Step();
            var id = findTag.Long(0);
            ids[tag] = id + 1;
            return id;
        }
        finally
        {
            findTag.Reset();
        }
    }

    private void RollBack()
    {
        try
        {
            rollback.Run();
        }
        catch (SqliteException)
        {
            // Some errors (disk full, I/O) have rolled back already; the first error is the one to report.
        }
    }
}
