using FloorGateway.Model.Samples;
using FloorGateway.Model.Tags;
using FloorGateway.Model.Values;

namespace FloorGateway.Pipeline.Feeds;

/// <summary>
/// Withholds what a feed's configuration does not want. A change between good, uncertain and bad always passes, so that a consumer's quality is right whatever the
/// rates. One filter sees one run of samples in order; it remembers what it let pass.
/// </summary>
internal sealed class FeedFilter(ITagCatalog catalog, FeedFilterOptions options)
{
    private readonly TagPattern[] include = [.. options.Include.Select(p => new TagPattern(p))];
    private readonly TagPattern[] exclude = [.. options.Exclude.Select(p => new TagPattern(p))];
    private readonly (TagPattern Tags, FeedRate Rate)[] rates = [.. options.Rates.Select(r => (new TagPattern(r.Tags), r))];
    private Memory[] memories = [];

    private enum Choice : byte
    {
        Unknown,
        Pass,
        Withhold,
        Rate,
    }

    /// <summary>Moves what passes to the front, in order.</summary>
    /// <param name="samples">A run of samples; aggregates are written over the samples that complete them.</param>
    /// <param name="offsets">Receives where each one that passes stood; as long as <paramref name="samples"/> at least.</param>
    /// <returns>Samples that pass.</returns>
    public int Apply(Span<Sample> samples, Span<int> offsets)
    {
        var kept = 0;
        for (var i = 0; i < samples.Length; i++)
        {
            ref var sample = ref samples[i];
            ref var memory = ref MemoryOf(sample.Tag);
            if (memory.Choice == Choice.Withhold || (memory.Choice == Choice.Rate && !Passes(ref memory, ref sample)))
                continue;
            offsets[kept] = i;
            if (kept != i)
                samples[kept] = sample;
            kept++;
        }

        return kept;
    }

    private static bool Passes(ref Memory memory, ref Sample sample)
    {
        var rate = memory.Rate!;
        var isFirst = !memory.HasSent;
        var changed = isFirst || memory.Quality != sample.Quality;
        if (rate.Aggregate != FeedAggregate.None)
            return Gather(ref memory, ref sample, rate, changed && !isFirst);
        if (!changed)
        {
            if (rate.MinInterval > TimeSpan.Zero && Math.Abs(sample.SourceTime - memory.Time) < rate.MinInterval.Ticks)
                return false;
            if (rate.Deadband > 0 && sample.Value.TryGetDouble(out var number) && Math.Abs(number - memory.Number) <= rate.Deadband)
                return false;
        }

        Remember(ref memory, in sample);
        return true;
    }

    /// <summary>
    /// Puts a sample to its interval. The first sample behind an interval makes room for the interval's value and is itself part of the next one; so every sample is
    /// either in what was sent or counted as withheld, and nothing is sent that no sample stands for.
    /// </summary>
    private static bool Gather(ref Memory memory, ref Sample sample, FeedRate rate, bool qualityChanged)
    {
        if (!sample.Value.TryGetDouble(out var number) || !StatusQuality.IsGood(sample.Status))
        {
            // There is no mean of texts or of bad values: changes of quality pass, and else one an interval.
            if (!qualityChanged && memory.HasSent && Math.Abs(sample.SourceTime - memory.Time) < rate.Every.Ticks)
                return false;
            Remember(ref memory, in sample);
            return true;
        }

        var start = sample.SourceTime - (sample.SourceTime % rate.Every.Ticks);
        var complete = memory.Count > 0 && start != memory.Start;
        var value = complete ? memory.Value(rate.Aggregate) : 0;
        var time = memory.Start;
        memory.Add(number, start, begin: complete || memory.Count == 0);
        if (qualityChanged)
        {
            Remember(ref memory, in sample);
            return true;
        }

        if (!memory.HasSent)
            Remember(ref memory, in sample);
        if (!complete)
            return false;
        sample.Value = rate.Aggregate == FeedAggregate.Count ? TagValue.From((long)value) : TagValue.From(value);
        sample.SourceTime = time;
        return true;
    }

    private static void Remember(ref Memory memory, in Sample sample)
    {
        (memory.HasSent, memory.Time, memory.Quality) = (true, sample.SourceTime, sample.Quality);
        memory.Number = sample.Value.TryGetDouble(out var number) ? number : double.NaN;
    }

    private ref Memory MemoryOf(int tag)
    {
        if (tag >= memories.Length)
            Array.Resize(ref memories, Math.Max(tag + 1, catalog.Count));
        ref var memory = ref memories[tag];
        if (memory.Choice == Choice.Unknown)
            Choose(ref memory, tag < catalog.Count ? catalog[tag].Path : "");
        return ref memory;
    }

    private void Choose(ref Memory memory, string path)
    {
        if (exclude.Any(p => p.Fits(path)) || (include.Length > 0 && !include.Any(p => p.Fits(path))))
        {
            memory.Choice = Choice.Withhold;
            return;
        }

        memory.Rate = rates.FirstOrDefault(r => r.Tags.Fits(path)).Rate;
        memory.Choice = memory.Rate is null ? Choice.Pass : Choice.Rate;
    }

    private struct Memory
    {
        public Choice Choice;
        public bool HasSent;
        public Quality Quality;
        public FeedRate? Rate;
        public long Time;
        public double Number;
        public long Start;
        public long Count;
        private double sum;
        private double min;
        private double max;
        private double last;

        public void Add(double number, long start, bool begin)
        {
            if (begin)
                (Start, Count, sum, min, max) = (start, 0, 0, number, number);
            Count++;
            sum += number;
            min = Math.Min(min, number);
            max = Math.Max(max, number);
            last = number;
        }

        public readonly double Value(FeedAggregate aggregate) => aggregate switch
        {
            FeedAggregate.Mean => sum / Count,
            FeedAggregate.Min => min,
            FeedAggregate.Max => max,
            FeedAggregate.Sum => sum,
            FeedAggregate.Count => Count,
            _ => last,
        };
    }
}
