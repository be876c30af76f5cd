using FloorGateway.Model.Samples;

namespace FloorGateway.Pipeline.Journal.Columns;

/// <summary>The tags of a block by rising id, and its samples tag after tag.</summary>
internal sealed class TagGroups
{
    private readonly Dictionary<int, int> seen = [];
    private int[] ids = [];
    private int[] counts = [];
    private int[] ranks = [];
    private int[] places = [];
    private int[] order = [];
    private int[] grouped = [];
    private int length;

    public int Tags => seen.Count;

    /// <summary>Ids of the tags, rising.</summary>
    public ReadOnlySpan<int> Ids => ids.AsSpan(0, Tags);

    /// <summary>Samples of each tag.</summary>
    public ReadOnlySpan<int> Counts => counts.AsSpan(0, Tags);

    /// <summary>The tag of each sample, as an index into <see cref="Ids"/>.</summary>
    public ReadOnlySpan<int> Order => order.AsSpan(0, length);

    /// <summary>Indexes of the samples, tag after tag; within a tag in journal order.</summary>
    public ReadOnlySpan<int> Grouped => grouped.AsSpan(0, length);

    public void Group(ReadOnlySpan<Sample> samples)
    {
        seen.Clear();
        length = samples.Length;
        Ensure(ref order, length);
        Ensure(ref grouped, length);
        for (var i = 0; i < samples.Length; i++)
        {
            if (!seen.TryGetValue(samples[i].Tag, out var number))
                seen.Add(samples[i].Tag, number = seen.Count);
            order[i] = number;
        }

        Ensure(ref ids, Tags);
        Ensure(ref ranks, Tags);
        Ensure(ref counts, Tags);
        Ensure(ref places, Tags);
        seen.Keys.CopyTo(ids, 0);
        Array.Sort(ids, 0, Tags);
        for (var rank = 0; rank < Tags; rank++)
            ranks[seen[ids[rank]]] = rank;
        counts.AsSpan(0, Tags).Clear();
        foreach (ref var tag in order.AsSpan(0, length))
        {
            tag = ranks[tag];
            counts[tag]++;
        }

        for (int rank = 0, place = 0; rank < Tags; rank++)
        {
            places[rank] = place;
            place += counts[rank];
        }

        for (var i = 0; i < length; i++)
            grouped[places[order[i]]++] = i;
    }

    private static void Ensure(ref int[] array, int size)
    {
        if (array.Length < size)
            array = new int[Math.Max(size, array.Length * 2)];
    }
}
