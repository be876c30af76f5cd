using FloorGateway.Historian.Influx.LineProtocol;
using FloorGateway.Model.Samples;

namespace FloorGateway.Historian.Influx;

/// <summary>
/// Samples put in the order of their series, and of time within one: what a server is given of a series then comes in few pieces, each of several points, and samples of
/// one time share a line wherever in the batch they stood. For one thread at a time; its memory is used again.
/// </summary>
internal sealed class SeriesOrder(LineProtocolWriter lines)
{
    private Sample[] sorted = [];
    private int[] order = [];
    private int[] series = [];
    private int[] starts = [];
    private int count;

    /// <summary>The samples in their new order; valid until the next call.</summary>
    public ReadOnlyMemory<Sample> Sort(ReadOnlySpan<Sample> samples)
    {
        // Strings and arrays of the batch before would stay alive.
        sorted.AsSpan(0, count).Clear();
        count = samples.Length;
        if (sorted.Length < count)
            (sorted, order, series) = (new Sample[count], new int[count], new int[count]);
        for (var i = 0; i < count; i++)
            series[i] = lines.SeriesNumber(samples[i].Tag);
        if (starts.Length < lines.SeriesCount)
            starts = new int[lines.SeriesCount * 2];
        Array.Clear(starts);
        for (var i = 0; i < count; i++)
            starts[series[i]]++;
        for (int s = 0, sum = 0; s < lines.SeriesCount; s++)
            (starts[s], sum) = (sum, sum + starts[s]);
        for (var i = 0; i < count; i++)
        {
            var to = starts[series[i]]++;
            order[to] = i;
            sorted[to] = samples[i];
        }

        // Each start has moved to its end.
        for (int s = 0, from = 0; s < lines.SeriesCount; from = starts[s], s++)
            SortSeries(samples, from, starts[s] - from);
        return sorted.AsMemory(0, count);
    }

    /// <summary>Where a sample stood before.</summary>
    public int IndexOf(int place) => order[place];

    /// <summary>The first place at or behind <paramref name="place"/> where the next sample has another series or time: what comes twice stays together, in order.</summary>
    public int CutAt(int place)
    {
        while (place > 0 && place < count && sorted[place].SourceTime == sorted[place - 1].SourceTime && lines.SeriesNumber(sorted[place].Tag) == lines.SeriesNumber(sorted[place - 1].Tag))
            place++;
        return Math.Min(place, count);
    }

    // By time and tag; one that comes twice stays behind the one it corrects.
    private void SortSeries(ReadOnlySpan<Sample> samples, int from, int length)
    {
        var isSorted = true;
        for (var i = from + 1; i < from + length && isSorted; i++)
            isSorted = sorted[i].SourceTime > sorted[i - 1].SourceTime || (sorted[i].SourceTime == sorted[i - 1].SourceTime && sorted[i].Tag >= sorted[i - 1].Tag);
        if (isSorted)
            return;
        var keys = new (long Time, int Tag, int Index)[length];
        for (var i = 0; i < length; i++)
            keys[i] = (sorted[from + i].SourceTime, sorted[from + i].Tag, order[from + i]);
        Array.Sort(keys);
        for (var i = 0; i < length; i++)
        {
            order[from + i] = keys[i].Index;
            sorted[from + i] = samples[keys[i].Index];
        }
    }
}
