using FloorGateway.Model.Samples;
using FloorGateway.Pipeline.Conditions;
using FloorGateway.Pipeline.Journal;
using FloorGateway.Pipeline.Normalisation;
using Microsoft.Extensions.Logging;

namespace FloorGateway.Pipeline;

/// <summary>What normalisation keeps beyond a batch: counters over restarts, and Booleans that wait for their time.</summary>
public sealed partial class GatewayPipeline
{
    // How late a debounced change may pass after its time is over.
    private static readonly TimeSpan ReleaseInterval = TimeSpan.FromMilliseconds(100);

    private string CounterPath => Path.Combine(options.DataFolder, "counters.txt");

    private long savedCounters;

    /// <inheritdoc/>
    public async ValueTask ShowAsync(string server, SampleBatch batch, CancellationToken cancel)
    {
        var lane = Lane(server);
        // By a normaliser of its own: what is only shown must not be what deadbands, duplicates and counters are measured against.
        var normaliser = NewNormaliser(server, null);
        normaliser.Counters?.Restore(CounterFile.Load(CounterPath));
        batch.Truncate(normaliser.Run(batch.Samples).Kept);
        batch.AddRange(normaliser.Released.Samples);
        await lane.BorrowAsync();
        try
        {
            var missing = 0;
            for (var i = 0; i < batch.Count; i++)
            {
                if (!live.TryGet(batch[i].Tag, out _))
                    batch[missing++] = batch[i];
            }

            batch.Truncate(missing);
            live.Update(batch.Samples);
        }
        finally
        {
            lane.Return();
        }
    }

    private Normaliser NewNormaliser(string server, ConditionBook? told) =>
        new(server, [.. byServer[server]], options.TimeRules, loggers.CreateLogger<Normaliser>(), told);

    private void RestoreCounters()
    {
        if (lanes.Values.All(l => l.Normaliser.Counters is null))
            return;
        var earlier = CounterFile.Load(CounterPath);
        foreach (var lane in lanes.Values)
            lane.Normaliser.Counters?.Restore(earlier);
    }

    private void SaveCounters()
    {
        var counters = lanes.Values.Select(l => l.Normaliser.Counters).OfType<CounterStage>();
        var version = counters.Sum(c => c.Version);
        if (version == savedCounters)
            return;
        try
        {
            CounterFile.Save(CounterPath, counters.SelectMany(c => c.Committed()));
            savedCounters = version;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            LogCountersNotSaved(CounterPath, e.Message);
        }
    }

    private async Task ReleaseDebouncedAsync()
    {
        using var timer = new PeriodicTimer(ReleaseInterval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stopping.Token))
                await ReleaseAsync(all: false);
        }
        catch (OperationCanceledException)
        {
            // Asked to stop.
        }
    }

    private async Task ReleaseAllAsync()
    {
        if (accepting)
            await ReleaseAsync(all: true);
    }

    private async Task ReleaseAsync(bool all)
    {
        foreach (var lane in lanes.Values)
        {
            if (lane.Normaliser.Debounced is not { } debounced)
                continue;
            await lane.BorrowAsync();
            try
            {
                var released = lane.Normaliser.Released;
                if (all)
                    debounced.ReleaseAll(released);
                else
                    debounced.ReleaseDue(time.GetUtcNow().UtcTicks, released);
                if (released.Count == 0)
                    continue;
                await Running().AppendAsync(lane.Number, released.Memory, new BatchCounts(0, -released.Count, 0), stopping.Token);
                live.Update(released.Samples);
                lane.Normaliser.Commit();
            }
            catch (Exception e) when (e is IOException or InvalidOperationException)
            {
                lane.Normaliser.HoldAgain();
                LogNotReleased(lane.Name, e.Message);
            }
            finally
            {
                lane.Return();
            }
        }
    }

    [LoggerMessage(1545, LogLevel.Error, "{File} can't be written: {Message}. After a restart totals would go on from where the file says")]
    private partial void LogCountersNotSaved(string file, string message);

    [LoggerMessage(1546, LogLevel.Warning, "Server {Server}: debounced values wait because the journal could not take them: {Message}")]
    private partial void LogNotReleased(string server, string message);
}
