using FloorGateway.Historian.Sqlite.Chunks;
using FloorGateway.Historian.Sqlite.Rollups;
using Microsoft.Data.Sqlite;

namespace FloorGateway.Historian.Sqlite;

internal sealed partial class SqliteWriter
{
    // Fewer samples than this for each cell, and the samples themselves are smaller and as fast: the level is left out. Hours are always made.
    private const int SamplesOfCell = 4;

    private readonly UpkeepStatements upkeep;
    private readonly RollupCodec rollupCodec = new();
    private readonly ChunkBuffer rollupBuffer = new();

    // The day of each tag that is noted for rolling up already, + 1: the newest one is noted with its first samples and not again with all others.
    private long[] notedDays = [];

    /// <summary>Bytes that the file's used pages take.</summary>
    public long UsedBytes => (SqliteSchema.Scalar(connection, "PRAGMA page_count") - SqliteSchema.Scalar(connection, "PRAGMA freelist_count")) * SqliteSchema.Scalar(connection, "PRAGMA page_size");

    public IReadOnlyList<long> TagIds()
    {
        var found = new List<long>();
        using var tags = new SqliteStatement(connection, "SELECT id FROM tags ORDER BY id");
        while (tags.Step())
            found.Add(tags.Long(0));
        return found;
    }

    /// <summary>Source time of the oldest sample in chunks; null = none.</summary>
    public long? Oldest()
    {
        long? oldest = null;
        foreach (var tag in TagIds())
        {
            if (chunks.First(tag) is { } first && (oldest is null || first < oldest))
                oldest = first;
        }

        return oldest;
    }

    /// <summary>Rolls up days before <paramref name="day"/>, at most as many days of tags as one step holds.</summary>
    /// <returns>Days of tags that were rolled up; fewer than <paramref name="step"/> = nothing is left to do.</returns>
    public int Roll(long day, int step)
    {
        var work = upkeep.Todo(day, step);
        if (work.Count == 0)
            return 0;
        begin.Run();
        try
        {
            foreach (var (of, tag) in work)
            {
                PastDamage(tag, () => RollDay(tag, of));
                upkeep.Done(of, tag);
                if (tag < notedDays.Length && notedDays[tag] == of + 1)
                    notedDays[tag] = 0;
            }

            commit.Run();
        }
        catch
        {
            notedDays = [];
            RollBack();
            throw;
        }

        return work.Count;
    }

    /// <summary>Deletes a tag's chunks whose samples are all older than <paramref name="before"/>, but never its newest one.</summary>
    /// <returns>Samples deleted.</returns>
    public long DeleteChunks(long tag, long before) => upkeep.DeleteChunks(tag, before);

    /// <summary>Deletes a tag's roll-ups of a level and the days before <paramref name="day"/>.</summary>
    public void DeleteRollups(long tag, int level, long day) => upkeep.DeleteRollups(RollupLevels.Key(tag, level, 0), RollupLevels.Key(tag, level, Math.Max(day, 1)) - 1);

    /// <summary>Does some work in one transaction.</summary>
    public long Together(Func<long> work)
    {
        begin.Run();
        try
        {
            var result = work();
            commit.Run();
            return result;
        }
        catch
        {
            RollBack();
            throw;
        }
    }

    /// <summary>Notes that the days of these samples are to be rolled up, and that what was rolled up of them is no longer true.</summary>
    private void NoteDays(long tag, SampleColumns samples)
    {
        if (tag >= notedDays.Length)
            Array.Resize(ref notedDays, (int)Math.Max(tag + 1, notedDays.Length * 2L));
        for (var at = 0; at < samples.Count;)
        {
            var day = RollupLevels.DayOf(samples.Times[at]);
            at = samples.LowerBound((day + 1) * TimeSpan.TicksPerDay);
            if (notedDays[tag] == day + 1)
                continue;
            upkeep.Note(day, tag);
            for (var level = 0; level < RollupLevels.Spans.Length; level++)
                upkeep.DeleteRollups(RollupLevels.Key(tag, level, day), RollupLevels.Key(tag, level, day));
            notedDays[tag] = day + 1;
        }
    }

    private void RollDay(long tag, long day)
    {
        var (from, to) = (day * TimeSpan.TicksPerDay, (day + 1) * TimeSpan.TicksPerDay);
        var builder = new RollupBuilder(RollupLevels.Spans[0]);
        chunks.Read(tag, from, to, head: null, (samples, a, b) =>
        {
            builder.Add(samples, a, b);
            return true;
        });
        // A tag of texts has nothing to roll up.
        if (builder.Cells.Exists(c => c.Count + c.NotGood > 0))
        {
            for (var level = 0; level < RollupLevels.Spans.Length; level++)
            {
                if (level > 0)
                    builder = builder.Coarser(RollupLevels.Spans[level]);
                if (level < RollupLevels.Hour && builder.Samples < (long)builder.Cells.Count * SamplesOfCell)
                    continue;
                rollupBuffer.Clear();
                rollupCodec.Encode(builder.Cells, rollupBuffer);
                upkeep.AddRollup(RollupLevels.Key(tag, level, day), rollupBuffer.Written);
            }
        }

        JoinChunks(tag, from, to);
    }

    /// <summary>Writes the small chunks that a day began with as full ones.</summary>
    private void JoinChunks(long tag, long from, long to)
    {
        var (keys, samples, first, last) = upkeep.ChunksWithin(tag, from, to);
        if (keys.Count <= 1 + (samples / options.ChunkSamples * 3 / 2))
            return;
        var all = new SampleColumns();
        chunks.Read(tag, first, last + 1, head: null, (part, a, b) =>
        {
            all.AddRange(part, a, b - a);
            return true;
        });
        foreach (var key in keys)
            chunks.Delete(key);
        chunks.Write(tag, all, 0, all.Count);
    }

    /// <summary>The statements of the upkeep.</summary>
    private sealed class UpkeepStatements(SqliteConnection connection) : IDisposable
    {
        private readonly SqliteStatement note = new(connection, "INSERT OR IGNORE INTO todo (day, tag) VALUES (?1, ?2)");
        private readonly SqliteStatement done = new(connection, "DELETE FROM todo WHERE day = ?1 AND tag = ?2");
        private readonly SqliteStatement todo = new(connection, "SELECT day, tag FROM todo WHERE day < ?1 ORDER BY day, tag LIMIT ?2");
        private readonly SqliteStatement addRollup = new(connection, "INSERT OR REPLACE INTO rollups (key, data) VALUES (?1, ?2)");
        private readonly SqliteStatement deleteRollups = new(connection, "DELETE FROM rollups WHERE key BETWEEN ?1 AND ?2");
        private readonly SqliteStatement within = new(connection, "SELECT key, count, first, last FROM chunks WHERE key BETWEEN ?1 AND ?2 ORDER BY key");
        private readonly SqliteStatement newest = new(connection, "SELECT key FROM chunks WHERE key BETWEEN ?1 AND ?2 ORDER BY key DESC LIMIT 1");
        private readonly SqliteStatement expired = new(connection, "SELECT COALESCE(SUM(count), 0) FROM chunks WHERE key >= ?1 AND key < ?2 AND last < ?3");
        private readonly SqliteStatement expire = new(connection, "DELETE FROM chunks WHERE key >= ?1 AND key < ?2 AND last < ?3");

        public void Note(long day, long tag) => Run(note, day, tag);

        public void Done(long day, long tag) => Run(done, day, tag);

        public void DeleteRollups(long from, long to) => Run(deleteRollups, from, to);

        public void AddRollup(long key, ReadOnlySpan<byte> cells)
        {
            addRollup.Bind(1, key);
            addRollup.Bind(2, cells);
            addRollup.Run();
        }

        public List<(long Day, long Tag)> Todo(long before, int most)
        {
            var found = new List<(long, long)>();
            todo.Bind(1, before);
            todo.Bind(2, most);
            try
            {
                while (todo.Step())
                    found.Add((todo.Long(0), todo.Long(1)));
            }
            finally
            {
                todo.Reset();
            }

            return found;
        }

        /// <summary>The chunks that lie wholly in a range.</summary>
        public (List<long> Keys, long Samples, long First, long Last) ChunksWithin(long tag, long from, long to)
        {
            var keys = new List<long>();
            var (samples, first, last) = (0L, 0L, -1L);
            within.Bind(1, ChunkKey.Of(tag, from));
            within.Bind(2, ChunkKey.Of(tag, to - 1));
            try
            {
                while (within.Step())
                {
                    if (within.Long(2) < from || within.Long(3) >= to)
                        continue;
                    if (keys.Count == 0)
                        first = within.Long(2);
                    keys.Add(within.Long(0));
                    samples += within.Long(1);
                    last = within.Long(3);
                }
            }
            finally
            {
                within.Reset();
            }

            return (keys, samples, first, last);
        }

        public long DeleteChunks(long tag, long before)
        {
            newest.Bind(1, ChunkKey.First(tag));
            newest.Bind(2, ChunkKey.Last(tag));
            long end;
            try
            {
                if (!newest.Step())
                    return 0;
                end = Math.Min(newest.Long(0), ChunkKey.Of(tag, before) + 1);
            }
            finally
            {
                newest.Reset();
            }

            long samples;
            Bind(expired, ChunkKey.First(tag), end, before);
            try
            {
                samples = expired.Step() ? expired.Long(0) : 0;
            }
            finally
            {
                expired.Reset();
            }

            if (samples == 0)
                return 0;
            Bind(expire, ChunkKey.First(tag), end, before);
            expire.Run();
            return samples;
        }

        public void Dispose()
        {
            SqliteStatement[] all = [note, done, todo, addRollup, deleteRollups, within, newest, expired, expire];
            foreach (var statement in all)
                statement.Dispose();
        }

        private static void Run(SqliteStatement statement, long a, long b)
        {
            statement.Bind(1, a);
            statement.Bind(2, b);
            statement.Run();
        }

        private static void Bind(SqliteStatement statement, long a, long b, long c)
        {
            statement.Bind(1, a);
            statement.Bind(2, b);
            statement.Bind(3, c);
        }
    }
}
