using System.Collections.Concurrent;
using FloorGateway.Model.Gaps;
using FloorGateway.Model.History;
using FloorGateway.Model.Ports;
using FloorGateway.Model.Tags;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace FloorGateway.Historian.Sqlite;

/// <summary>
/// The history that needs no server: one SQLite file, written as a feed, one transaction a batch, read while it is written. Storing the same batch
/// twice changes nothing; a bad sample never replaces one that is not bad.
/// </summary>
public sealed partial class SqliteHistory : IHistory, IFeedDestination
{
    private readonly SqliteHistoryOptions options;
    private readonly TimeProvider clock;
    private readonly ILogger logger;
    private readonly HistoryHead head;
    private readonly SqliteWriter? writer;
    private readonly LogFollower? follower;
    private readonly SemaphoreSlim writing = new(1, 1);
    private readonly ConcurrentBag<SqliteReader> idle = [];
    private readonly SemaphoreSlim readers;
    private readonly CancellationTokenSource stopping = new();
    private readonly Task upkeep = Task.CompletedTask;
    private long toldSetAside;

    /// <summary>Opens the file, or makes it. Closed days are rolled up and what is past its retention goes every so often from then on.</summary>
    /// <exception cref="ArgumentException">The options are not valid; the message names every fault.</exception>
    /// <exception cref="InvalidDataException">The file was written by another version, or is damaged.</exception>
    /// <exception cref="SqliteException">The file can't be opened or is no database.</exception>
    public SqliteHistory(ITagCatalog catalog, SqliteHistoryOptions options, TimeProvider? clock = null, ILogger<SqliteHistory>? logger = null)
    {
        var faults = options.Validate();
        if (faults.Count > 0)
            throw new ArgumentException(string.Join("; ", faults), nameof(options));
        this.options = options;
        this.clock = clock ?? TimeProvider.System;
        this.logger = logger ?? NullLogger<SqliteHistory>.Instance;
        readers = new(options.MaxReaders, options.MaxReaders);
        head = new(options.OpenSamples);
        if (options.ReadOnly)
        {
            follower = new(options, head);
            return;
        }

        writer = new(options, catalog, head);
        var timer = new PeriodicTimer(options.UpkeepEvery, this.clock);
        upkeep = Task.Run(() => KeepUpAsync(timer));
    }

    public string Name => options.Name;

    public int MaxBatch => options.MaxBatch;

    public async ValueTask<DeliveryResult> DeliverAsync(FeedBatch batch, CancellationToken cancel)
    {
        if (writer is not { } to)
            return DeliveryResult.Retry($"{options.Path} is opened for reading only");
        await writing.WaitAsync(cancel);
        try
        {
            // Off the caller's thread: a commit waits for the disk.
            await Task.Run(() => Store(to, batch), cancel);
            return DeliveryResult.Delivered;
        }
        catch (SqliteException trouble) when (trouble.SqliteErrorCode == SQLitePCL.raw.SQLITE_TOOBIG)
        {
            return DeliveryResult.Rejected($"{options.Path}: a value is bigger than SQLite can hold: {trouble.Message}");
        }
        catch (ArgumentException trouble)
        {
            return DeliveryResult.Rejected($"{options.Path}: a value can't be stored: {trouble.Message}");
        }
        catch (Exception trouble) when (trouble is SqliteException or IOException)
        {
            return DeliveryResult.Retry($"{options.Path}: {trouble.Message}{Hint(trouble)}; samples wait in the journal");
        }
        finally
        {
            writing.Release();
        }
    }

    public ValueTask<IReadOnlyList<HistoryPoint>> ReadRawAsync(string path, long from, long to, int limit, CancellationToken cancel)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(limit);
        return ReadAsync(reader => reader.Raw(path, from, to, limit, cancel), cancel);
    }

    public ValueTask<HistoryPoint?> ReadLastAsync(string path, long at, CancellationToken cancel) => ReadAsync(reader => reader.Last(path, at), cancel);

    public ValueTask<IReadOnlyList<HistoryBucket>> ReadBucketsAsync(string path, long from, long to, int buckets, CancellationToken cancel)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(buckets, 1);
        return to <= from ? ValueTask.FromResult<IReadOnlyList<HistoryBucket>>([]) : ReadAsync(reader => reader.Buckets(path, from, to, buckets, cancel), cancel);
    }

    public ValueTask<IReadOnlyList<TimeWeightedBucket>> ReadTimeWeightedAsync(string path, long from, long to, int buckets, CancellationToken cancel)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(buckets, 1);
        return to <= from ? ValueTask.FromResult<IReadOnlyList<TimeWeightedBucket>>([]) : ReadAsync(reader => reader.TimeWeighted(path, from, to, buckets, cancel), cancel);
    }

    public ValueTask<IReadOnlyList<StateDuration>> ReadStatesAsync(string path, long from, long to, CancellationToken cancel) =>
        to <= from ? ValueTask.FromResult<IReadOnlyList<StateDuration>>([]) : ReadAsync(reader => reader.States(path, from, to, cancel), cancel);

    public ValueTask<IReadOnlyDictionary<string, long>> CountAsync(CancellationToken cancel) => ReadAsync(reader => reader.Count(cancel), cancel);

    /// <summary>Gap records that touch a range of UTC ticks, by their beginning.</summary>
    public ValueTask<IReadOnlyList<GapRecord>> ReadGapsAsync(long from, long to, CancellationToken cancel) => ReadAsync(reader => reader.Gaps(from, to), cancel);

    /// <summary>Packs all samples that wait in memory into chunks. Nothing depends on it; the file is smaller and opens faster afterwards.</summary>
    public Task PackAsync(CancellationToken cancel) => WithWriterAsync(
        w =>
        {
            w.Checkpoint(all: true);
            return true;
        },
        cancel);

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        await upkeep;
        await writing.WaitAsync();
        writer?.Dispose();
        for (var i = 0; i < options.MaxReaders; i++)
            await readers.WaitAsync();
        foreach (var reader in idle)
            reader.Dispose();
        follower?.Dispose();
        stopping.Dispose();
    }

    /// <summary>While writing.</summary>
    private void TellSetAside(SqliteWriter of)
    {
        if (of.SetAside == toldSetAside)
            return;
        LogSetAside(options.Name, options.Path, of.SetAside - toldSetAside);
        toldSetAside = of.SetAside;
    }

    private void Store(SqliteWriter to, FeedBatch batch)
    {
        to.Store(batch.Samples.Span, batch.Gaps);
        if (!to.IsFull)
            return;
        try
        {
            to.Checkpoint(all: false);
            TellSetAside(to);
        }
        catch (Exception trouble) when (trouble is SqliteException or InvalidDataException)
        {
            // The batch is stored all the same.
            LogCheckpointFailed(options.Name, options.Path, trouble.Message);
        }
    }

    private async ValueTask<T> ReadAsync<T>(Func<SqliteReader, T> query, CancellationToken cancel)
    {
        await readers.WaitAsync(cancel);
        try
        {
            return await Task.Run(
                () =>
                {
                    follower?.Refresh();
                    var reader = idle.TryTake(out var free) ? free : new SqliteReader(options, head);
                    try
                    {
                        return query(reader);
                    }
                    finally
                    {
                        idle.Add(reader);
                    }
                },
                cancel);
        }
        finally
        {
            readers.Release();
        }
    }

    private async Task<T> WithWriterAsync<T>(Func<SqliteWriter, T> work, CancellationToken cancel)
    {
        if (writer is not { } to)
            throw new InvalidOperationException($"{options.Path} is opened for reading only");
        await writing.WaitAsync(cancel);
        try
        {
            return await Task.Run(() => work(to), cancel);
        }
        finally
        {
            TellSetAside(to);
            writing.Release();
        }
    }

    private static string Hint(Exception trouble) => (trouble as SqliteException)?.SqliteErrorCode switch
    {
        SQLitePCL.raw.SQLITE_FULL => " (free disk space, or set or shorten retention)",
        SQLitePCL.raw.SQLITE_READONLY or SQLitePCL.raw.SQLITE_PERM or SQLitePCL.raw.SQLITE_CANTOPEN => " (check the file's owner and permissions)",
        SQLitePCL.raw.SQLITE_BUSY or SQLitePCL.raw.SQLITE_LOCKED => " (another program holds the file: close it)",
        SQLitePCL.raw.SQLITE_CORRUPT or SQLitePCL.raw.SQLITE_NOTADB => " (the file is damaged: stop the gateway, move it away and start again; a new one is made)",
        _ => "",
    };
}
