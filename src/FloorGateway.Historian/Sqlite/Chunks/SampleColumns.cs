using FloorGateway.Model.Values;

namespace FloorGateway.Historian.Sqlite.Chunks;

/// <summary>Samples of one tag as columns, in source-time order, one a time. For one thread at a time.</summary>
internal sealed class SampleColumns
{
    private long[] times = [];
    private long[] bits = [];
    private uint[] status = [];
    private ValueKind[] kinds = [];
    private object?[]? references;

    public int Count { get; private set; }

    /// <summary>Samples that fit without taking more memory.</summary>
    public int Capacity => times.Length;

    /// <summary>UTC ticks, rising.</summary>
    public ReadOnlySpan<long> Times => times.AsSpan(0, Count);

    /// <summary>The scalars' raw eight bytes; 0 for references.</summary>
    public ReadOnlySpan<long> Bits => bits.AsSpan(0, Count);

    public ReadOnlySpan<uint> Status => status.AsSpan(0, Count);

    public ReadOnlySpan<ValueKind> Kinds => kinds.AsSpan(0, Count);

    /// <summary>Strings, arrays and structures by index; empty where all values are scalars.</summary>
    public ReadOnlySpan<object?> References => references is null ? [] : references.AsSpan(0, Count);

    public TagValue ValueAt(int index) => kinds[index] switch
    {
        <= ValueKind.DateTime => TagValue.FromBits(kinds[index], bits[index]),
        ValueKind.String => TagValue.From((string?)references![index]),
        ValueKind.Structure => TagValue.From((StructureValue?)references![index]),
        _ => TagValue.From((Array?)references![index]),
    };

    /// <summary>Bad never replaces what is not bad; apart from that the later one wins.</summary>
    public static bool Replaces(uint status, uint held) => !StatusQuality.IsBad(status) || StatusQuality.IsBad(held);

    public void Clear()
    {
        if (references is not null)
            Array.Clear(references, 0, Count);
        Count = 0;
    }

    /// <summary>Adds a sample that is newer than all others.</summary>
    public void Add(long time, in TagValue value, uint code)
    {
        if (Count == times.Length)
            Grow(Count + 1);
        Set(Count++, time, in value, code);
    }

    /// <summary>Adds samples that are newer than all others.</summary>
    public void AddRange(SampleColumns other, int from, int count)
    {
        if (times.Length - Count < count)
            Grow(Count + count);
        Array.Copy(other.times, from, times, Count, count);
        Array.Copy(other.bits, from, bits, Count, count);
        Array.Copy(other.status, from, status, Count, count);
        Array.Copy(other.kinds, from, kinds, Count, count);
        if (other.references is not null)
            Array.Copy(other.references, from, NeedReferences(), Count, count);
        else if (references is not null)
            Array.Clear(references, Count, count);
        Count += count;
    }

    /// <summary>Puts a sample in its place by time. False: its time was there before (whether or not the sample replaced the one held).</summary>
    public bool Put(long time, in TagValue value, uint code)
    {
        if (Count == 0 || time > times[Count - 1])
        {
            Add(time, in value, code);
            return true;
        }

        var at = LowerBound(time);
        if (times[at] == time)
        {
            if (Replaces(code, status[at]))
                Set(at, time, in value, code);
            return false;
        }

        if (Count == times.Length)
            Grow(Count + 1);
        var behind = Count - at;
        Array.Copy(times, at, times, at + 1, behind);
        Array.Copy(bits, at, bits, at + 1, behind);
        Array.Copy(status, at, status, at + 1, behind);
        Array.Copy(kinds, at, kinds, at + 1, behind);
        if (references is not null)
            Array.Copy(references, at, references, at + 1, behind);
        Count++;
        Set(at, time, in value, code);
        return true;
    }

    /// <summary>Index of the first sample at or after a time; <see cref="Count"/> where there is none.</summary>
    public int LowerBound(long time)
    {
        var (low, high) = (0, Count);
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            if (times[middle] < time)
                low = middle + 1;
            else
                high = middle;
        }

        return low;
    }

    /// <summary>Becomes the union of two stretches; where both hold a time, <paramref name="newer"/> replaces <paramref name="older"/> by <see cref="Replaces"/>.</summary>
    public void Merge(SampleColumns older, int from, int to, SampleColumns newer, int newerFrom, int newerTo)
    {
        Clear();
        while (from < to && newerFrom < newerTo)
        {
            var (a, b) = (older.times[from], newer.times[newerFrom]);
            if (a < b)
            {
                // The whole run at once: stretches rarely interleave.
                var end = from + 1;
                while (end < to && older.times[end] < b)
                    end++;
                AddRange(older, from, end - from);
                from = end;
            }
            else if (b < a)
            {
                AddRange(newer, newerFrom++, 1);
            }
            else
            {
                if (Replaces(newer.status[newerFrom], older.status[from]))
                    AddRange(newer, newerFrom, 1);
                else
                    AddRange(older, from, 1);
                from++;
                newerFrom++;
            }
        }

        AddRange(older, from, to - from);
        AddRange(newer, newerFrom, newerTo - newerFrom);
    }

    /// <summary>Makes room for decoded samples and gives the columns to be filled; all values are Null until filled.</summary>
    internal void Resize(int count, out Span<long> timeColumn, out Span<long> bitColumn, out Span<uint> statusColumn, out Span<ValueKind> kindColumn)
    {
        Clear();
        if (times.Length < count)
            Grow(count);
        Count = count;
        timeColumn = times.AsSpan(0, count);
        bitColumn = bits.AsSpan(0, count);
        statusColumn = status.AsSpan(0, count);
        kindColumn = kinds.AsSpan(0, count);
    }

    /// <summary>The references to be filled by a decoder.</summary>
    internal Span<object?> ReferencesToFill() => NeedReferences().AsSpan(0, Count);

    private void Set(int at, long time, in TagValue value, uint code)
    {
        times[at] = time;
        bits[at] = value.Bits;
        status[at] = code;
        kinds[at] = value.Kind;
        if (value.Reference is not null)
            NeedReferences()[at] = value.Reference;
        else if (references is not null)
            references[at] = null;
    }

    private object?[] NeedReferences() => references ??= new object?[times.Length];

    private void Grow(int least)
    {
        // By half: thousands of tags are open at once, and half of what is doubled lies empty.
        var size = Math.Max(Math.Max(least, 8), times.Length + (times.Length / 2));
        Array.Resize(ref times, size);
        Array.Resize(ref bits, size);
        Array.Resize(ref status, size);
        Array.Resize(ref kinds, size);
        if (references is not null)
            Array.Resize(ref references, size);
    }
}
