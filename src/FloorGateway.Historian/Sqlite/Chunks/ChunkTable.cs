using Microsoft.Data.Sqlite;

namespace FloorGateway.Historian.Sqlite.Chunks;

/// <summary>Gets stretches of samples in time order. False = enough.</summary>
internal delegate bool StretchReader(SampleColumns samples, int from, int to);

/// <summary>The chunks of one connection: reading a tag's range, and putting samples into the chunks they belong to. For one thread at a time.</summary>
internal sealed class ChunkTable : IDisposable
{
    // A chunk is written again for new samples only where they are at least this part of it; else they begin one of their own. Each sample is then written a
    // few times at most, and the roll-up of the day joins what stayed small.
    private const int GrowthFactor = 4;

    private readonly int chunkSamples;
    private readonly SqliteStatement range;
    private readonly SqliteStatement first;
    private readonly SqliteStatement before;
    private readonly SqliteStatement after;
    private readonly SqliteStatement insert;
    private readonly SqliteStatement delete;
    private readonly SqliteConnection connection;
    private readonly ChunkCodec codec = new();
    private readonly ChunkBuffer buffer = new();
    private readonly SampleColumns decoded = new();
    private readonly SampleColumns merged = new();

    public ChunkTable(SqliteConnection connection, int chunkSamples)
    {
        (this.connection, this.chunkSamples) = (connection, chunkSamples);
        range = new(
            connection,
            """
            SELECT last, data FROM chunks
            WHERE key >= COALESCE((SELECT key FROM chunks WHERE key BETWEEN ?1 AND ?2 ORDER BY key DESC LIMIT 1), ?1) AND key <= ?3 ORDER BY key
            """);
        first = new(connection, "SELECT first FROM chunks WHERE key BETWEEN ?1 AND ?2 ORDER BY key LIMIT 1");
        before = new(connection, "SELECT key, last, count, data FROM chunks WHERE key BETWEEN ?1 AND ?2 ORDER BY key DESC LIMIT 1");
        after = new(connection, "SELECT key FROM chunks WHERE key > ?1 AND key <= ?2 ORDER BY key LIMIT 1");
        insert = new(connection, "INSERT OR REPLACE INTO chunks (key, first, last, count, data) VALUES (?1, ?2, ?3, ?4, ?5)");
        delete = new(connection, "DELETE FROM chunks WHERE key = ?1");
    }

    /// <summary>Reads a tag's samples of a range, those of the head merged with those in chunks.</summary>
    /// <param name="tag">The database's number of the tag.</param>
    /// <param name="from">UTC ticks, inclusive.</param>
    /// <param name="to">UTC ticks, exclusive.</param>
    /// <param name="head">The tag's samples in the head; null = none. Copied before the reading transaction began.</param>
    /// <param name="each">Gets the stretches.</param>
    public void Read(long tag, long from, long to, SampleColumns? head, StretchReader each)
    {
        if (to <= from)
            return;
        var next = head?.LowerBound(from) ?? 0;
        var heads = head?.LowerBound(to) ?? 0;
        range.Bind(1, ChunkKey.First(tag));
        range.Bind(2, ChunkKey.Of(tag, from));
        range.Bind(3, ChunkKey.Of(tag, to - 1));
        try
        {
            while (range.Step())
            {
                if (range.Long(0) < from)
                    continue;
                codec.Decode(range.Blob(1), decoded);
                var (a, b) = (decoded.LowerBound(from), decoded.LowerBound(to));
                if (a >= b)
                    continue;
                if (next < heads && head!.Times[next] <= decoded.Times[b - 1])
                {
                    var until = head!.LowerBound(decoded.Times[b - 1] + 1);
                    merged.Merge(decoded, a, b, head!, next, until);
                    next = until;
                    if (!each(merged, 0, merged.Count))
                        return;
                }
                else if (!each(decoded, a, b))
                {
                    return;
                }
            }
        }
        finally
        {
            range.Reset();
        }

        if (next < heads)
            each(head!, next, heads);
    }

    /// <summary>Time of the tag's oldest sample in chunks; null = none.</summary>
    public long? First(long tag)
    {
        first.Bind(1, ChunkKey.First(tag));
        first.Bind(2, ChunkKey.Last(tag));
        try
        {
            return first.Step() ? first.Long(0) : null;
        }
        finally
        {
            first.Reset();
        }
    }

    /// <summary>The newest stored sample at or before a time, in the columns given back; -1 = none.</summary>
    public (SampleColumns Samples, int Index) Last(long tag, long at)
    {
        for (var key = ChunkKey.Of(tag, at); ;)
        {
            before.Bind(1, ChunkKey.First(tag));
            before.Bind(2, key);
            try
            {
                if (!before.Step())
                    return (decoded, -1);
                codec.Decode(before.Blob(3), decoded);
                key = before.Long(0) - 1;
            }
            finally
            {
                before.Reset();
            }

            var index = decoded.LowerBound(at == long.MaxValue ? at : at + 1) - 1;
            if (index >= 0)
                return (decoded, index);
            if (key < ChunkKey.First(tag))
                return (decoded, -1);
        }
    }

    /// <summary>Puts samples into the chunks they belong to; what is there already is merged.</summary>
    public void Put(long tag, SampleColumns samples)
    {
        for (var at = 0; at < samples.Count;)
        {
            var time = samples.Times[at];
            long? found = null;
            long last = 0;
            var count = 0;
            before.Bind(1, ChunkKey.First(tag));
            before.Bind(2, ChunkKey.Of(tag, time));
            try
            {
                if (before.Step())
                    (found, last, count) = (before.Long(0), before.Long(1), (int)before.Long(2));
                var end = at + CountBelow(tag, samples, at, NextKey(tag, found ?? ChunkKey.Of(tag, time) - 1));
                var grows = found is not null && (time <= last || ChunkKey.Of(tag, last) == ChunkKey.Of(tag, time) || (count < chunkSamples && count <= (end - at) * GrowthFactor));
                if (grows)
                {
                    codec.Decode(before.Blob(3), decoded);
                    before.Reset();
                    merged.Merge(decoded, 0, decoded.Count, samples, at, end);
                    Delete(found!.Value);
                    Write(tag, merged, 0, merged.Count);
                }
                else
                {
                    before.Reset();
                    Write(tag, samples, at, end);
                }

                at = end;
            }
            finally
            {
                before.Reset();
            }
        }
    }

    /// <summary>Writes samples as chunks of full size; no chunk may hold any of that stretch.</summary>
    public void Write(long tag, SampleColumns samples, int from, int to)
    {
        for (var at = from; at < to;)
        {
            var take = to - at;
            // The last one takes a rest that would make a poor chunk.
            if (take > chunkSamples + (chunkSamples / 4))
                take = chunkSamples;
            var key = ChunkKey.Of(tag, samples.Times[at]);
            // A late sample could not tell to which of two chunks a step belongs.
            while (at + take < to && ChunkKey.Of(tag, samples.Times[at + take]) == ChunkKey.Of(tag, samples.Times[at + take - 1]))
                take++;
            buffer.Clear();
            codec.Encode(samples, at, take, buffer);
            insert.Bind(1, key);
            insert.Bind(2, samples.Times[at]);
            insert.Bind(3, samples.Times[at + take - 1]);
            insert.Bind(4, take);
            insert.Bind(5, buffer.Written);
            insert.Run();
            at += take;
        }
    }

    public void Delete(long key)
    {
        delete.Bind(1, key);
        delete.Run();
    }

    /// <summary>Moves those of a tag's chunks that can't be read to the table <c>damaged</c>, so that the others serve on.</summary>
    /// <returns>Chunks moved.</returns>
    public int SetAside(long tag)
    {
        var found = new List<long>();
        using (var all = new SqliteStatement(connection, "SELECT key, data FROM chunks WHERE key BETWEEN ?1 AND ?2"))
        {
            all.Bind(1, ChunkKey.First(tag));
            all.Bind(2, ChunkKey.Last(tag));
            while (all.Step())
            {
                try
                {
                    codec.Decode(all.Blob(1), decoded);
                }
                catch (InvalidDataException)
                {
                    found.Add(all.Long(0));
                }
            }
        }

        using var keep = new SqliteStatement(connection, "INSERT INTO damaged SELECT key, first, last, count, data FROM chunks WHERE key = ?1");
        foreach (var key in found)
        {
            keep.Bind(1, key);
            keep.Run();
            Delete(key);
        }

        return found.Count;
    }

    public void Dispose()
    {
        SqliteStatement[] all = [range, first, before, after, insert, delete];
        foreach (var statement in all)
            statement.Dispose();
    }

    /// <summary>Key of the tag's chunk behind a key; the end of the tag where there is none.</summary>
    private long NextKey(long tag, long key)
    {
        after.Bind(1, key);
        after.Bind(2, ChunkKey.Last(tag));
        try
        {
            return after.Step() ? after.Long(0) : ChunkKey.Last(tag) + 1;
        }
        finally
        {
            after.Reset();
        }
    }

    /// <summary>How many of the samples from <paramref name="at"/> on lie before the chunk with that key.</summary>
    private static int CountBelow(long tag, SampleColumns samples, int at, long nextKey)
    {
        // Most often all of them: they are newer than every chunk.
        if (ChunkKey.Of(tag, samples.Times[^1]) < nextKey)
            return samples.Count - at;
        var end = at + 1;
        while (ChunkKey.Of(tag, samples.Times[end]) < nextKey)
            end++;
        return end - at;
    }
}
