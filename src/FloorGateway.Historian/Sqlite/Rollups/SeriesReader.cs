using System.Runtime.InteropServices;
using FloorGateway.Historian.Buckets;
using FloorGateway.Historian.Sqlite.Chunks;
using Microsoft.Data.Sqlite;

namespace FloorGateway.Historian.Sqlite.Rollups;

/// <summary>
/// Gives a range of a tag to a sink at the least cost: of days that have been rolled up whole cells, and samples where a cell does not lie in one bucket. The
/// result is that of the samples alone; only where the samples have gone with their age, a cell counts whole in the bucket that it begins in.
/// </summary>
internal sealed class SeriesReader : IDisposable
{
    // At each end of a bucket a cell is made of samples, for which a chunk is unpacked: a bucket of fewer cells than this is made of samples alone as fast.
    private const int CellsOfBucket = 16;

    private readonly ChunkTable chunks;
    private readonly SqliteStatement find;
    private readonly SqliteStatement next;
    private readonly RollupCodec codec = new();
    private readonly List<RollupCell> cells = [];

    public SeriesReader(SqliteConnection connection, ChunkTable chunks)
    {
        this.chunks = chunks;
        find = new(connection, "SELECT data FROM rollups WHERE key = ?1");
        // Each day that has been rolled up has its hours.
        next = new(connection, "SELECT key FROM rollups WHERE key BETWEEN ?1 AND ?2 ORDER BY key LIMIT 1");
    }

    /// <param name="tag">The database's number of the tag.</param>
    /// <param name="from">UTC ticks, inclusive.</param>
    /// <param name="to">UTC ticks, exclusive.</param>
    /// <param name="width">Width of the sink's buckets; the first begins at <paramref name="from"/>.</param>
    /// <param name="head">The tag's samples of that range in the head; null = none.</param>
    /// <param name="sink">Gets the series.</param>
    /// <param name="cancel">Looked at with every day and every chunk.</param>
    public void Read(long tag, long from, long to, long width, SampleColumns? head, ISeriesSink sink, CancellationToken cancel)
    {
        var level = LevelOf(width);
        // Buckets are counted from here; years that no time can have are not looked at.
        var origin = from;
        (from, to) = (Math.Max(from, 0), Math.Min(to, ChunkKey.LastTime + 1));
        var rawFrom = chunks.First(tag) ?? long.MaxValue;
        if (level < 0 && from >= rawFrom)
        {
            Raw(from, to);
            return;
        }

        var pending = from;
        // Days without anything are no work, however many there are.
        for (var at = NextDay(tag, from, to); at < to; at = NextDay(tag, at, to))
        {
            cancel.ThrowIfCancellationRequested();
            var day = RollupLevels.DayOf(at);
            var end = Math.Min((day + 1) * TimeSpan.TicksPerDay, to);
            var headed = head is not null && head.LowerBound(at) < head.LowerBound(end);
            if (!headed && FindCells(tag, day, level, expired: at < rawFrom) is var span and > 0)
            {
                Raw(pending, at);
                pending = end;
                Cells(at, end, span);
            }

            at = end;
        }

        Raw(pending, to);

        void Raw(long start, long end)
        {
            chunks.Read(tag, start, end, head, (samples, a, b) =>
            {
                cancel.ThrowIfCancellationRequested();
                sink.Add(samples, a, b);
                return true;
            });
        }

        void Cells(long start, long end, long span)
        {
            foreach (ref readonly var cell in CollectionsMarshal.AsSpan(cells))
            {
                var last = cell.Start + span;
                if (last <= start || cell.Start >= end)
                    continue;
                var whole = cell.Start >= start && last <= end && (cell.Start - origin) / width == (last - 1 - origin) / width;
                if (whole || (cell.Start < rawFrom && cell.Start >= start))
                    sink.Add(cell.Start, in cell);
                else
                    Raw(Math.Max(cell.Start, start), Math.Min(last, end));
            }
        }
    }

    public void Dispose()
    {
        find.Dispose();
        next.Dispose();
    }

    /// <summary>The time itself, or where neither it nor its day has been rolled up the beginning of the next day that has been; <paramref name="to"/> where there is none.</summary>
    private long NextDay(long tag, long at, long to)
    {
        next.Bind(1, RollupLevels.Key(tag, RollupLevels.Hour, RollupLevels.DayOf(at)));
        next.Bind(2, RollupLevels.Key(tag, RollupLevels.Hour, RollupLevels.DayOf(to)));
        try
        {
            return next.Step() ? Math.Clamp(RollupLevels.DayIn(next.Long(0)) * TimeSpan.TicksPerDay, at, to) : to;
        }
        finally
        {
            next.Reset();
        }
    }

    private static int LevelOf(long width)
    {
        var level = RollupLevels.Spans.Length - 1;
        while (level >= 0 && RollupLevels.Spans[level] * CellsOfBucket > width)
            level--;
        return level;
    }

    /// <summary>Loads the day's cells of the level or a finer one; where its samples are gone, of any. Their span, 0 where there are none.</summary>
    private long FindCells(long tag, long day, int level, bool expired)
    {
        for (var finer = level; finer >= 0; finer--)
        {
            if (Load(RollupLevels.Key(tag, finer, day)))
                return RollupLevels.Spans[finer];
        }

        for (var coarser = level + 1; expired && coarser < RollupLevels.Spans.Length; coarser++)
        {
            if (Load(RollupLevels.Key(tag, coarser, day)))
                return RollupLevels.Spans[coarser];
        }

        return 0;
    }

    private bool Load(long key)
    {
        find.Bind(1, key);
        try
        {
            if (!find.Step())
                return false;
            codec.Decode(find.Blob(0), cells);
            return true;
        }
        finally
        {
            find.Reset();
        }
    }
}
