using FloorGateway.Historian.Sqlite.Rollups;
using Microsoft.Data.Sqlite;

namespace FloorGateway.Historian.Sqlite;

public sealed partial class SqliteHistory
{
    // Tags whose old chunks are deleted in one transaction, between which deliveries get their turn.
    private const int TagsOfStep = 500;

    // Steps of time in which the oldest samples go until the file is small enough.
    private const int SizeSteps = 64;

    private long trimmedRollups;

    /// <summary>Rolls up the days that have closed, then deletes what is past its retention: what the clock does every so often.</summary>
    public async Task KeepUpOnceAsync(CancellationToken cancel)
    {
        await RollUpAsync(cancel);
        var now = clock.GetUtcNow();
        if (options.Retention is { } age)
        {
            var before = now - age;
            var deleted = await TrimAsync(before.UtcTicks, cancel);
            if (deleted > 0)
                LogTrimmed(options.Name, deleted, before);
        }

        if (trimmedRollups < RollupLevels.DayOf(now.UtcTicks))
        {
            await TrimRollupsAsync(now.UtcTicks, cancel);
            trimmedRollups = RollupLevels.DayOf(now.UtcTicks);
        }

        if (options.MaxBytes is { } most)
            await TrimToSizeAsync(most, now.UtcTicks, cancel);
    }

    /// <summary>Rolls up every day that has closed and was not rolled up since its samples changed. Samples still in memory follow with their chunk.</summary>
    /// <returns>Days of tags that were rolled up.</returns>
    public async Task<long> RollUpAsync(CancellationToken cancel)
    {
        var day = RollupLevels.DayOf((clock.GetUtcNow() - options.RollupDelay).UtcTicks);
        var all = 0L;
        int step;
        do
        {
            step = await WithWriterAsync(w => w.Roll(day, options.RollupStep), cancel);
            all += step;
        }
        while (step >= options.RollupStep);
        return all;
    }

    /// <summary>
    /// Deletes the chunks whose samples are all older than <paramref name="before"/> (UTC ticks), in small steps between which deliveries get their turn. A tag's
    /// newest chunk stays.
    /// </summary>
    /// <returns>Samples deleted.</returns>
    public Task<long> TrimAsync(long before, CancellationToken cancel) => ForTagsAsync((w, tag) => w.DeleteChunks(tag, before), cancel);

    private Task<long> TrimRollupsAsync(long now, CancellationToken cancel) => ForTagsAsync(
        (w, tag) =>
        {
            ReadOnlySpan<TimeSpan> ages = [options.TenSecondRetention, options.MinuteRetention, options.HourRetention];
            for (var level = 0; level < ages.Length; level++)
                w.DeleteRollups(tag, level, RollupLevels.DayOf(Math.Max(now - ages[level].Ticks, 0)));
            return 0;
        },
        cancel);

    private async Task TrimToSizeAsync(long most, long now, CancellationToken cancel)
    {
        var used = await WithWriterAsync(w => w.UsedBytes, cancel);
        if (used <= most || await WithWriterAsync(w => w.Oldest(), cancel) is not { } oldest)
            return;
        var (deleted, before) = (0L, oldest);
        for (var step = 1; step <= SizeSteps && used > most; step++)
        {
            before = oldest + (long)((now - oldest) * ((double)step / SizeSteps));
            // Fine cells take about as much as the samples they were made of.
            deleted += await ForTagsAsync(
                (w, tag) =>
                {
                    w.DeleteRollups(tag, 0, RollupLevels.DayOf(before));
                    return w.DeleteChunks(tag, before);
                },
                cancel);
            used = await WithWriterAsync(w => w.UsedBytes, cancel);
        }

        LogTrimmedToSize(options.Name, options.Path, used, most, deleted, new DateTimeOffset(Math.Max(before, 0), TimeSpan.Zero));
    }

    private async Task<long> ForTagsAsync(Func<SqliteWriter, long, long> work, CancellationToken cancel)
    {
        var sum = 0L;
        foreach (var tags in (await WithWriterAsync(w => w.TagIds(), cancel)).Chunk(TagsOfStep))
            sum += await WithWriterAsync(w => w.Together(() => tags.Sum(tag => work(w, tag))), cancel);
        return sum;
    }

    private async Task KeepUpAsync(PeriodicTimer timer)
    {
        using var owned = timer;
        try
        {
            // Not at once: who opens the file to look at it, or a gateway that starts, has other things to do.
            while (await timer.WaitForNextTickAsync(stopping.Token))
            {
                try
                {
                    await KeepUpOnceAsync(stopping.Token);
                }
                catch (Exception trouble) when (trouble is SqliteException or IOException or InvalidDataException)
                {
                    LogUpkeepFailed(options.Name, options.Path, trouble.Message);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // Disposed.
        }
    }
}
