using FloorGateway.Historian.Sqlite.Chunks;
using FloorGateway.Model.Samples;
using FloorGateway.Model.Values;

namespace FloorGateway.Historian.Sqlite;

/// <summary>
/// The newest samples of each tag, in memory until there are enough for a chunk; the log holds them on disk meanwhile. One thread changes it, others copy
/// out of it at any time and see whole batches.
/// </summary>
/// <param name="spare">Samples for which emptied columns are kept, so that a tag that fills them again takes no new memory.</param>
internal sealed class HistoryHead(int spare)
{
    private readonly Lock gate = new();
    private SampleColumns?[] series = [];
    private long kept;

    /// <summary>Samples held.</summary>
    public int Samples { get; private set; }

    public void Put(ReadOnlySpan<Sample> samples, ReadOnlySpan<long> tags)
    {
        lock (gate)
        {
            for (var i = 0; i < samples.Length; i++)
                PutLocked(tags[i], samples[i].SourceTime, in samples[i].Value, samples[i].Status);
        }
    }

    public void Put(long tag, long time, in TagValue value, uint status)
    {
        lock (gate)
            PutLocked(tag, time, in value, status);
    }

    /// <summary>A tag's samples for the changing thread alone; null where it has none.</summary>
    public SampleColumns? Peek(long tag) => tag < series.Length ? series[tag] : null;

    /// <summary>A tag's samples of a range, to keep; null where it has none there.</summary>
    public SampleColumns? Copy(long tag, long from, long to)
    {
        lock (gate)
        {
            if (Peek(tag) is not { Count: > 0 } held)
                return null;
            var (a, b) = (held.LowerBound(from), held.LowerBound(to));
            if (a >= b)
                return null;
            var copy = new SampleColumns();
            copy.AddRange(held, a, b - a);
            return copy;
        }
    }

    /// <summary>The newest sample at or before a time.</summary>
    public bool TryLast(long tag, long at, out long time, out TagValue value, out uint status)
    {
        lock (gate)
        {
            var held = Peek(tag);
            var index = held is null ? -1 : held.LowerBound(at == long.MaxValue ? at : at + 1) - 1;
            if (index < 0)
            {
                (time, value, status) = (0, default, 0);
                return false;
            }

            (time, value, status) = (held!.Times[index], held.ValueAt(index), held.Status[index]);
            return true;
        }
    }

    /// <summary>
    /// The tags to be put into chunks so that at most <paramref name="keep"/> samples stay: those with a full chunk, then those with the most samples, because
    /// few samples make a poor chunk. In ascending order.
    /// </summary>
    public long[] Pick(int chunkSamples, int keep)
    {
        var counts = new List<(int Count, long Tag)>();
        for (var tag = 0; tag < series.Length; tag++)
        {
            if (series[tag] is { Count: > 0 } held)
                counts.Add((held.Count, tag));
        }

        counts.Sort((a, b) => b.Count.CompareTo(a.Count));
        var left = Samples;
        var picked = counts.TakeWhile(c =>
        {
            var take = c.Count >= chunkSamples || left > keep;
            left -= c.Count;
            return take;
        }).Select(c => c.Tag).ToArray();
        Array.Sort(picked);
        return picked;
    }

    /// <summary>Every tag that has samples, in ascending order.</summary>
    public IEnumerable<(long Tag, SampleColumns Samples)> All()
    {
        for (var tag = 0; tag < series.Length; tag++)
        {
            if (series[tag] is { Count: > 0 } held)
                yield return (tag, held);
        }
    }

    /// <summary>Forgets tags whose samples are in chunks now.</summary>
    public void Remove(ReadOnlySpan<long> tags)
    {
        lock (gate)
        {
            foreach (var tag in tags)
            {
                var emptied = series[tag]!;
                Samples -= emptied.Count;
                emptied.Clear();
                if (kept + emptied.Capacity <= spare)
                    kept += emptied.Capacity;
                else
                    series[tag] = null;
            }
        }
    }

    public void Clear()
    {
        lock (gate)
            (series, Samples, kept) = ([], 0, 0);
    }

    private void PutLocked(long tag, long time, in TagValue value, uint status)
    {
        if (tag >= series.Length)
            Array.Resize(ref series, (int)Math.Max(tag + 1, series.Length * 2L));
        var columns = series[tag] ??= new();
        if (columns.Count == 0)
            kept -= columns.Capacity;
        if (columns.Put(time, in value, status))
            Samples++;
    }
}
