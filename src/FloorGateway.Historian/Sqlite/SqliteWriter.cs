using FloorGateway.Historian.Sqlite.Chunks;
using FloorGateway.Historian.Sqlite.Rollups;
using FloorGateway.Model.Gaps;
using FloorGateway.Model.Samples;
using FloorGateway.Model.Tags;
using Microsoft.Data.Sqlite;

namespace FloorGateway.Historian.Sqlite;

/// <summary>
/// The one writing connection. A batch becomes one row of the log and goes into the head; once the head is full, the tags with the most samples get their chunks
/// and the log is written anew with what stays. Callers take turns.
/// </summary>
internal sealed partial class SqliteWriter : IDisposable
{
    // A log that grows without filling the head holds the same samples again and again.
    private const long MaxLogBytes = 128 << 20;

    // Samples of one row of the log where it is written anew: SQLite holds a whole row in memory.
    private const int LogRowSamples = 65_536;

    private readonly SqliteHistoryOptions options;
    private readonly ITagCatalog catalog;
    private readonly HistoryHead head;
    private readonly SqliteConnection connection;
    private readonly SqliteStatement begin;
    private readonly SqliteStatement commit;
    private readonly SqliteStatement rollback;
    private readonly SqliteStatement addTag;
    private readonly SqliteStatement findTag;
    private readonly SqliteStatement addGap;
    private readonly SqliteStatement addLog;
    private readonly SqliteStatement deleteLog;
    private readonly ChunkTable chunks;
    private readonly LogCodec log = new();

    // The database's own id of each tag + 1; 0 = not looked up yet.
    private long[] ids = [];
    private long[] batchTags = [];
    private long lastLog;
    private long logBytes;

    public SqliteWriter(SqliteHistoryOptions options, ITagCatalog catalog, HistoryHead head)
    {
        this.options = options;
        this.catalog = catalog;
        this.head = head;
        connection = SqliteSchema.OpenWriter(options);
        begin = new(connection, "BEGIN IMMEDIATE");
        commit = new(connection, "COMMIT");
        rollback = new(connection, "ROLLBACK");
        addTag = new(connection, "INSERT INTO tags (path) VALUES (?1) ON CONFLICT DO NOTHING");
        findTag = new(connection, "SELECT id FROM tags WHERE path = ?1");
        addGap = new(connection, "INSERT OR IGNORE INTO gaps (server, tag, \"from\", \"to\", cause) VALUES (?1, ?2, ?3, ?4, ?5)");
        addLog = new(connection, "INSERT INTO log (id, data) VALUES (?1, ?2)");
        deleteLog = new(connection, "DELETE FROM log WHERE id <= ?1");
        chunks = new(connection, options.ChunkSamples);
        upkeep = new(connection);
        LoadLog();
    }

    /// <summary>Chunks that could not be read and were set aside since the file was opened.</summary>
    public long SetAside { get; private set; }

    /// <summary>The log or the head is full.</summary>
    public bool IsFull => head.Samples >= options.OpenSamples || logBytes >= MaxLogBytes;

    /// <summary>Stores all of it or, with an exception, nothing.</summary>
    /// <exception cref="ArgumentException">A value or a time is of a kind that can't be stored.</exception>
    public void Store(ReadOnlySpan<Sample> samples, IReadOnlyList<GapRecord> gaps)
    {
        if (batchTags.Length < samples.Length)
            batchTags = new long[samples.Length];
        InTransaction(samples, gaps);
        head.Put(samples, batchTags);
    }

    /// <summary>Puts the tags with the most samples into chunks, or all of them.</summary>
    public void Checkpoint(bool all)
    {
        var picked = head.Pick(all ? 0 : options.ChunkSamples, all ? 0 : options.OpenSamples / 2);
        var (before, bytes) = (lastLog, logBytes);
        begin.Run();
        try
        {
            foreach (var tag in picked)
            {
                var samples = head.Peek(tag)!;
                NoteDays(tag, samples);
                PastDamage(tag, () => chunks.Put(tag, samples));
            }

            logBytes = 0;
            WriteRest(picked);
            deleteLog.Bind(1, before);
            deleteLog.Run();
            commit.Run();
        }
        catch
        {
            (lastLog, logBytes) = (before, bytes);
            notedDays = [];
            RollBack();
            throw;
        }

        head.Remove(picked);
    }

    public void Dispose()
    {
        SqliteStatement[] all = [begin, commit, rollback, addTag, findTag, addGap, addLog, deleteLog];
        foreach (var statement in all)
            statement.Dispose();
        upkeep.Dispose();
        chunks.Dispose();
        connection.Dispose();
    }

    /// <summary>A chunk that can't be read must not keep all others from being packed, rolled up and deleted.</summary>
    private void PastDamage(long tag, Action work)
    {
        try
        {
            work();
        }
        catch (InvalidDataException)
        {
            var found = chunks.SetAside(tag);
            if (found == 0)
                throw;
            SetAside += found;
            work();
        }
    }

    private void InTransaction(ReadOnlySpan<Sample> samples, IReadOnlyList<GapRecord> gaps)
    {
        var before = lastLog;
        begin.Run();
        try
        {
            if (samples.Length > 0)
            {
                log.Begin();
                for (var i = 0; i < samples.Length; i++)
                {
                    ref readonly var sample = ref samples[i];
                    if (sample.SourceTime < 0 || sample.SourceTime > ChunkKey.LastTime)
                        throw new ArgumentException($"tag {catalog[sample.Tag].Path}: source time {sample.SourceTime} (ticks) is no time; see to the server's clock", nameof(samples));
                    batchTags[i] = IdOf(sample.Tag);
                    log.Add(batchTags[i], sample.SourceTime, in sample.Value, sample.Status);
                }

                AddLogRow();
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
            lastLog = before;
            RollBack();
            throw;
        }
    }

    private void WriteRest(ReadOnlySpan<long> picked)
    {
        log.Begin();
        foreach (var (tag, samples) in head.All())
        {
            if (picked.BinarySearch(tag) >= 0)
                continue;
            for (var i = 0; i < samples.Count; i++)
            {
                log.Add(tag, samples.Times[i], samples.ValueAt(i), samples.Status[i]);
                if (log.Samples < LogRowSamples)
                    continue;
                AddLogRow();
                log.Begin();
            }
        }

        if (log.Samples > 0)
            AddLogRow();
    }

    private void AddLogRow()
    {
        addLog.Bind(1, ++lastLog);
        addLog.Bind(2, log.Written);
        addLog.Run();
        logBytes += log.Written.Length;
    }

    private void LoadLog()
    {
        using var rows = new SqliteStatement(connection, "SELECT id, data FROM log ORDER BY id");
        while (rows.Step())
        {
            lastLog = rows.Long(0);
            logBytes += rows.Blob(1).Length;
            LogCodec.Read(rows.Blob(1), head);
        }
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
            if (id > ChunkKey.MaxTag)
                throw new ArgumentException($"the history holds {ChunkKey.MaxTag} tags and can't take {path}; begin a new file", nameof(tag));
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
