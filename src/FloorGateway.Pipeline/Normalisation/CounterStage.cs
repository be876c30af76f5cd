using FloorGateway.Model.Samples;
using FloorGateway.Model.Values;

namespace FloorGateway.Pipeline.Normalisation;

/// <summary>
/// The counters of one server: what they stood at and what has been counted since. What is not in the journal yet can be taken back, because its samples come
/// again. The committed part may be read on any thread.
/// </summary>
internal sealed class CounterStage(IReadOnlyList<string> paths)
{
    private readonly Counter[] counters = new Counter[paths.Count];
    private readonly Counter[] committed = new Counter[paths.Count];
    private readonly Lock gate = new();
    private bool dirty;
    private long version;

    /// <summary>Grows with each commit that changed something.</summary>
    public long Version => Volatile.Read(ref version);

    /// <summary>Goes on from what an earlier run left.</summary>
    public void Restore(IReadOnlyDictionary<string, (double Raw, double Total)> earlier)
    {
        for (var i = 0; i < counters.Length; i++)
        {
            if (earlier.TryGetValue(paths[i], out var known))
                counters[i] = committed[i] = new Counter { Raw = known.Raw, Total = known.Total, IsKnown = true };
        }
    }

    /// <summary>Puts delta or total in the place of the raw count.</summary>
    /// <returns>True when the counter was reset since the value before.</returns>
    public bool Convert(ref Sample sample, int index, CounterOptions options)
    {
        if (StatusQuality.IsBad(sample.Status) || sample.Value.Kind == ValueKind.Boolean || !sample.Value.TryGetDouble(out var raw) || !double.IsFinite(raw))
            return false;
        ref var counter = ref counters[index];
        // A value from before the last one belongs to steps that are counted already.
        if (counter.IsKnown && (sample.Origin is SampleOrigin.Backfill or SampleOrigin.Replay || (sample.Flags & SampleFlags.SourceTimeBackwards) != 0))
        {
            Put(ref sample, options.Output == CounterOutput.Delta ? 0 : Math.Max(0, counter.Total + Nearest(raw - counter.Raw, options.Rollover)));
            return false;
        }

        var reset = false;
        double step = 0;
        if (counter.IsKnown)
            step = Step(counter.Raw, raw, options, out reset);
        counter.Total = counter.IsKnown ? counter.Total + step : raw;
        counter.Raw = raw;
        counter.IsKnown = dirty = true;
        if (reset)
            sample.Flags |= SampleFlags.CounterReset;
        Put(ref sample, options.Output == CounterOutput.Delta ? step : counter.Total);
        return reset;
    }

    /// <summary>What was converted is in the journal.</summary>
    public void Commit()
    {
        if (!dirty)
            return;
        dirty = false;
        lock (gate)
            counters.CopyTo(committed, 0);
        Volatile.Write(ref version, version + 1);
    }

    /// <summary>What was converted since the last commit never reached the journal and comes again.</summary>
    public void TakeBack()
    {
        dirty = false;
        committed.CopyTo(counters, 0);
    }

    /// <summary>What the next run has to know.</summary>
    public IEnumerable<(string Path, double Raw, double Total)> Committed()
    {
        Counter[] now;
        lock (gate)
            now = [.. committed];
        return now.Select((c, i) => (Counter: c, Path: paths[i])).Where(x => x.Counter.IsKnown).Select(x => (x.Path, x.Counter.Raw, x.Counter.Total));
    }

    private static double Step(double last, double raw, CounterOptions options, out bool reset)
    {
        var step = raw - last;
        if (step < 0 && options.Rollover > 0)
            step += options.Rollover;
        reset = step < 0 || step > options.MaxStep;
        if (!reset)
            return step;
        // It began at 0 again: what it shows now it has counted since.
        return raw < last && raw >= 0 && raw <= options.MaxStep ? raw : 0;
    }

    private static double Nearest(double difference, double rollover) =>
        rollover <= 0 || Math.Abs(difference) <= rollover / 2 ? difference : difference > 0 ? difference - rollover : difference + rollover;

    private static void Put(ref Sample sample, double value)
    {
        // Kilowatt-hours are added up without the dust of binary fractions; whole counts stay whole.
        if (sample.Value.Kind is ValueKind.Int64 or ValueKind.UInt64 && Math.Abs(value) < 1L << 53)
            sample.Value = TagValue.From((long)value);
        else
            sample.Value = TagValue.From(Math.Abs(value) < 1e9 ? Math.Round(value, 6) : value);
    }

    private struct Counter
    {
        public double Raw;
        public double Total;
        public bool IsKnown;
    }
}
