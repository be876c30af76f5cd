using System.Buffers;

namespace FloorGateway.Model.Samples;

/// <summary>A growable, pooled run of samples. One owner at a time; dispose to give the memory back.</summary>
public sealed class SampleBatch(int capacity = 256) : IDisposable
{
    private Sample[] samples = ArrayPool<Sample>.Shared.Rent(capacity);

    public int Count { get; private set; }

    public Span<Sample> Samples => samples.AsSpan(0, Count);

    public ReadOnlyMemory<Sample> Memory => samples.AsMemory(0, Count);

    public ref Sample this[int index] => ref Samples[index];

    /// <summary>Appends an empty sample and gives it to be filled in place.</summary>
    public ref Sample Add()
    {
        if (Count == samples.Length)
            Grow();
        ref var slot = ref samples[Count++];
        slot = default;
        return ref slot;
    }

    public void Add(in Sample sample)
    {
        if (Count == samples.Length)
            Grow();
        samples[Count++] = sample;
    }

    public void AddRange(ReadOnlySpan<Sample> more)
    {
        while (samples.Length - Count < more.Length)
            Grow();
        more.CopyTo(samples.AsSpan(Count));
        Count += more.Length;
    }

    /// <summary>Keeps the first <paramref name="count"/> samples.</summary>
    public void Truncate(int count)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)count, (uint)Count);
        samples.AsSpan(count, Count - count).Clear();
        Count = count;
    }

    public void Clear() => Truncate(0);

    public void Dispose()
    {
        var rented = samples;
        samples = [];
        Count = 0;
        if (rented.Length > 0)
            ArrayPool<Sample>.Shared.Return(rented, clearArray: true);
    }

    private void Grow()
    {
        var bigger = ArrayPool<Sample>.Shared.Rent(Math.Max(16, samples.Length * 2));
        samples.AsSpan(0, Count).CopyTo(bigger);
        if (samples.Length > 0)
            ArrayPool<Sample>.Shared.Return(samples, clearArray: true);
        samples = bigger;
    }
}
