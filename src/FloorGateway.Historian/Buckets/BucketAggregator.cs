using FloorGateway.Model.History;
using FloorGateway.Model.Values;

namespace FloorGateway.Historian.Buckets;

/// <summary>
/// Cuts a range into equal buckets and aggregates samples that come in time order. Where the range can't be divided evenly, buckets differ by one tick
/// and still cover it without holes.
/// </summary>
public sealed class BucketAggregator
{
    private readonly long from;
    private readonly long range;
    private readonly int count;
    private readonly List<HistoryBucket> done = [];
    private long index = -1;
    private long end;
    private double min;
    private double max;
    private double sum;
    private double last;
    private long good;
    private long notGood;

    /// <param name="from">UTC ticks, inclusive.</param>
    /// <param name="to">UTC ticks, exclusive; above <paramref name="from"/>.</param>
    /// <param name="buckets">How many; at least 1.</param>
    public BucketAggregator(long from, long to, int buckets)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(buckets, 1);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(to, from);
        this.from = from;
        range = checked(to - from);
        count = buckets;
        end = from;
    }

    /// <summary>Adds a sample inside the range, not older than the one before it.</summary>
    public void Add(long time, in TagValue value, uint status)
    {
        if (time >= end || index < 0)
            MoveTo(time);
        if (!StatusQuality.IsGood(status))
        {
            notGood++;
            return;
        }

        if (!value.TryGetDouble(out var number) || double.IsNaN(number))
            return;
        min = good == 0 ? number : Math.Min(min, number);
        max = good == 0 ? number : Math.Max(max, number);
        sum += number;
        last = number;
        good++;
    }

    /// <summary>All buckets that hold something, in time order.</summary>
    public IReadOnlyList<HistoryBucket> Finish()
    {
        Close();
        return done;
    }

    private void MoveTo(long time)
    {
        Close();
        index = (long)((Int128)(time - from) * count / range);
        end = StartOf(index + 1);
    }

    private void Close()
    {
        if (good > 0)
            done.Add(new(StartOf(index), min, max, sum / good, last, good, notGood));
        else if (notGood > 0)
            done.Add(new(StartOf(index), double.NaN, double.NaN, double.NaN, double.NaN, 0, notGood));
        (sum, good, notGood) = (0, 0, 0);
    }

    private long StartOf(long bucket) => from + (long)((((Int128)range * bucket) + count - 1) / count);
}
