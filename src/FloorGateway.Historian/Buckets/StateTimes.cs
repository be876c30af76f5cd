using FloorGateway.Model.History;
using FloorGateway.Model.Values;

namespace FloorGateway.Historian.Buckets;

/// <summary>Adds up how long a tag held each of its values. A value that is not good stands for "not known" (Null). Samples come in time order.</summary>
public sealed class StateTimes
{
    private readonly long to;
    private readonly Dictionary<TagValue, (long Ticks, long Entries)> states = [];
    private bool known;
    private TagValue held;
    private long since;

    /// <param name="from">UTC ticks, inclusive.</param>
    /// <param name="to">UTC ticks, exclusive.</param>
    /// <param name="before">The newest sample before <paramref name="from"/>: the state that the range begins in; null = none.</param>
    public StateTimes(long from, long to, HistoryPoint? before)
    {
        this.to = to;
        since = from;
        if (before is { } point)
            (known, held) = (true, StatusQuality.IsGood(point.Status) ? point.Value : TagValue.Null);
    }

    /// <summary>Adds a sample inside the range, newer than the one before it.</summary>
    public void Add(long time, in TagValue value, uint status)
    {
        var state = StatusQuality.IsGood(status) ? value : TagValue.Null;
        if (known && state == held)
            return;
        Count(time, 0);
        (known, held, since) = (true, state, time);
        Count(time, 1);
    }

    /// <summary>Every state of the range, the longest first.</summary>
    public IReadOnlyList<StateDuration> Finish()
    {
        Count(to, 0);
        return [.. states.Select(s => new StateDuration(s.Key, s.Value.Ticks, s.Value.Entries)).OrderByDescending(s => s.Ticks)];
    }

    private void Count(long until, long entries)
    {
        if (!known)
            return;
        var (ticks, times) = states.GetValueOrDefault(held);
        states[held] = (ticks + until - since, times + entries);
        since = until;
    }
}
