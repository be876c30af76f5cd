using FloorGateway.Historian.Sqlite.Chunks;
using FloorGateway.Historian.Sqlite.Rollups;
using FloorGateway.Model.History;
using FloorGateway.Model.Values;

namespace FloorGateway.Historian.Buckets;

/// <summary>
/// Time-weighted means: a good number holds until the next sample; after one that is not good, or no number, nothing is known until the next good one. Samples
/// come in time order.
/// </summary>
public sealed class TimeWeighting : ISeriesSink
{
    private readonly long from;
    private readonly long to;
    private readonly long width;
    private readonly List<TimeWeightedBucket> done = [];
    private double held = double.NaN;
    private long since;
    private long start;
    private double integral;
    private long ticks;

    /// <param name="from">UTC ticks, inclusive.</param>
    /// <param name="to">UTC ticks, exclusive; above <paramref name="from"/>.</param>
    /// <param name="buckets">How many at most; at least 1.</param>
    /// <param name="before">The newest sample before <paramref name="from"/>, whose value may still hold; null = none.</param>
    public TimeWeighting(long from, long to, int buckets, HistoryPoint? before)
    {
        width = BucketAggregator.WidthOf(from, to, buckets);
        (this.from, this.to, since, start) = (from, to, from, from);
        if (before is { } point)
            held = NumberOf(point.Value, point.Status);
    }

    /// <summary>Adds a sample inside the range, newer than the one before it.</summary>
    public void Add(long time, in TagValue value, uint status) => Add(time, NumberOf(in value, status));

    /// <summary>All buckets in which a value is known for some time, in time order.</summary>
    public IReadOnlyList<TimeWeightedBucket> Finish()
    {
        HoldUntil(to);
        Close();
        return done;
    }

    void ISeriesSink.Add(SampleColumns samples, int from, int to)
    {
        for (var i = from; i < to; i++)
            Add(samples.Times[i], samples.Kinds[i] <= ValueKind.Double ? NumberOf(TagValue.FromBits(samples.Kinds[i], samples.Bits[i]), samples.Status[i]) : double.NaN);
    }

    void ISeriesSink.Add(long time, in RollupCell cell)
    {
        HoldUntil(cell.FirstTime);
        MoveTo(Math.Max(time, since));
        integral += cell.Integral;
        ticks += cell.HeldTicks;
        since = Math.Max(since, cell.LastTime);
        held = cell.Held ? cell.Last : double.NaN;
    }

    private static double NumberOf(in TagValue value, uint status) => StatusQuality.IsGood(status) && value.TryGetDouble(out var number) ? number : double.NaN;

    private void Add(long time, double number)
    {
        HoldUntil(time);
        (held, since) = (number, time);
    }

    private void HoldUntil(long time)
    {
        if (!double.IsNaN(held))
        {
            while (since < time)
            {
                MoveTo(since);
                var until = Math.Min(time, start > to - width ? to : start + width);
                integral += held * ((until - since) / (double)TimeSpan.TicksPerSecond);
                ticks += until - since;
                since = until;
            }
        }

        since = Math.Max(since, time);
    }

    private void MoveTo(long time)
    {
        var bucket = from + ((time - from) / width * width);
        if (bucket == start)
            return;
        Close();
        start = bucket;
    }

    private void Close()
    {
        if (ticks > 0)
            done.Add(new(start, integral / (ticks / (double)TimeSpan.TicksPerSecond), ticks));
        (integral, ticks) = (0, 0);
    }
}
