using FloorGateway.Model.Samples;
using FloorGateway.Model.Values;
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

    /// <summary>In the ledger: what the gateway itself has to say.</summary>
    private const string OwnServer = "(gateway)";

    // A clock that drifts is worth a value for each tenth of a second; the way of the values makes it waver by less.
    private static readonly TimeSpan ClockStep = TimeSpan.FromSeconds(0.1);

    private readonly List<ClockTag> clocks = [];
    private readonly SampleBatch own = new(16);
    private int ownNumber;

    private string CounterPath => Path.Combine(options.DataFolder, "counters.txt");

    private string CountsPath => Path.Combine(options.DataFolder, "tags.counts");

    private long savedCounters;

    /// <inheritdoc/>
    public async ValueTask ShowAsync(string server, SampleBatch batch, CancellationToken cancel)
    {
        var lane = Lane(server);
        // By a normaliser of its own: what is only shown must not be what deadbands, duplicates and counters are measured against.
        var normaliser = NewNormaliser(server, null);
        normaliser.Counters?.Restore(CounterFile.Load(CounterPath, out _));
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

    /// <summary>Journals how far the servers' clocks are off, where a tag asks for it and it has changed.</summary>
    private async Task StoreClocksAsync()
    {
        foreach (var clock in clocks)
        {
            if (clock.Lane.Normaliser.ClockOffset is not { } offset || (clock.Stored is { } stored && (offset - stored).Duration() < ClockStep))
                continue;
            var now = time.GetUtcNow().UtcTicks;
            own.Clear();
            own.Add(new Sample { Tag = clock.Tag, Value = TagValue.From(Math.Round(offset.TotalSeconds, 3)), SourceTime = now, ReceiveTime = now });
            try
            {
                await Running().AppendAsync(ownNumber, own.Memory, new BatchCounts(1, 0, 0), stopping.Token);
                live.Update(own.Samples);
                clock.Stored = offset;
            }
            catch (Exception e) when (e is IOException or InvalidOperationException)
            {
                // The journal says itself what is wrong with it; the next turn tries again.
                return;
            }
        }
    }

    private sealed class ClockTag(ServerLane lane, int tag)
    {
        public ServerLane Lane => lane;

        public int Tag => tag;

        public TimeSpan? Stored { get; set; }
    }

    private Normaliser NewNormaliser(string server, ConditionBook? told) =>
        new(server, [.. byServer[server]], options.TimeRules, loggers.CreateLogger<Normaliser>(), told);

    private void RestoreCounters()
    {
        if (lanes.Values.All(l => l.Normaliser.Counters is null))
            return;
        var earlier = CounterFile.Load(CounterPath, out var damage);
        if (damage is not null)
            LogCountersDamaged(CounterPath, damage);
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
                // A full disk makes appends wait, and the lane must not be held for all that time: a stop needs it.
                using var limit = new CancellationTokenSource(options.DrainTimeout, time);
                using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, stopping.Token);
                await Running().AppendAsync(lane.Number, released.Memory, new BatchCounts(0, -released.Count, 0), either.Token);
                live.Update(released.Samples);
                lane.Normaliser.Commit();
                tagCounts?.Count([], released.Samples);
            }
            catch (Exception e) when (e is IOException or InvalidOperationException || (e is OperationCanceledException && !stopping.IsCancellationRequested))
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

    [LoggerMessage(1548, LogLevel.Error, "{File} can't be read whole: {Damage}. Totals that it does not give begin anew with what the equipment's counters show")]
    private partial void LogCountersDamaged(string file, string damage);

    [LoggerMessage(1545, LogLevel.Error, "{File} can't be written: {Message}. After a restart totals would go on from where the file says")]
    private partial void LogCountersNotSaved(string file, string message);

    [LoggerMessage(1546, LogLevel.Warning, "Server {Server}: debounced values wait because the journal could not take them: {Message}")]
    private partial void LogNotReleased(string server, string message);
}
