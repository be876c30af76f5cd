using FloorGateway.Historian.Sqlite.Chunks;
using FloorGateway.Historian.Sqlite.Rollups;
using FloorGateway.Model.History;
using FloorGateway.Model.Values;

namespace FloorGateway.Historian.Buckets;

/// <summary>Cuts a range into buckets of one width (the last may be shorter) and aggregates samples that come in time order.</summary>
public sealed class BucketAggregator : ISeriesSink
{
    private readonly long from;
    private readonly long width;
    private readonly List<HistoryBucket> done = [];
    private long start;
    private long end;
    private double min;
    private double max;
    private double sum;
    private double first;
    private double last;
    private long good;
    private long notGood;

    /// <param name="from">UTC ticks, inclusive.</param>
    /// <param name="to">UTC ticks, exclusive; above <paramref name="from"/>.</param>
    /// <param name="buckets">How many at most; at least 1.</param>
    public BucketAggregator(long from, long to, int buckets)
    {
        width = WidthOf(from, to, buckets);
        this.from = start = end = from;
    }

    /// <summary>Width of each bucket in ticks: the range divided by their number, rounded up.</summary>
    public static long WidthOf(long from, long to, int buckets)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(buckets, 1);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(to, from);
        var (whole, rest) = Math.DivRem(checked(to - from), buckets);
        return rest == 0 ? whole : whole + 1;
    }

    /// <summary>Adds a sample inside the range, not older than the one before it.</summary>
    public void Add(long time, in TagValue value, uint status)
    {
        if (time >= end)
            MoveTo(time);
        if (!StatusQuality.IsGood(status))
            notGood++;
        else if (value.TryGetDouble(out var number) && !double.IsNaN(number))
            AddGood(number);
    }

    /// <summary>All buckets that hold something, in time order.</summary>
    public IReadOnlyList<HistoryBucket> Finish()
    {
        Close();
        return done;
    }

    void ISeriesSink.Add(SampleColumns samples, int from, int to)
    {
        var times = samples.Times;
        var status = samples.Status;
        var kinds = samples.Kinds;
        var bits = samples.Bits;
        for (var i = from; i < to; i++)
        {
            if (times[i] >= end)
                MoveTo(times[i]);
            if (!StatusQuality.IsGood(status[i]))
                notGood++;
            else if (kinds[i] <= ValueKind.Double && TagValue.FromBits(kinds[i], bits[i]).TryGetDouble(out var number) && !double.IsNaN(number))
                AddGood(number);
        }
    }

    void ISeriesSink.Add(long time, in RollupCell cell)
    {
        if (time >= end)
            MoveTo(time);
        notGood += cell.NotGood;
        if (cell.Count == 0)
            return;
        if (good == 0)
            (min, max, sum, first) = (cell.Min, cell.Max, 0, cell.First);
        min = Math.Min(min, cell.Min);
        max = Math.Max(max, cell.Max);
        sum += cell.Sum;
        last = cell.Last;
        good += cell.Count;
    }

    private void AddGood(double number)
    {
        if (good == 0)
            (min, max, sum, first) = (number, number, 0, number);
        min = Math.Min(min, number);
        max = Math.Max(max, number);
        sum += number;
        last = number;
        good++;
    }

    private void MoveTo(long time)
    {
        Close();
        start = from + ((time - from) / width * width);
        end = start > long.MaxValue - width ? long.MaxValue : start + width;
    }

    private void Close()
    {
        if (good > 0)
            done.Add(new(start, min, max, sum / good, first, last, good, notGood));
        else if (notGood > 0)
            done.Add(new(start, double.NaN, double.NaN, double.NaN, double.NaN, double.NaN, 0, notGood));
        (good, notGood) = (0, 0);
    }
}
