namespace FloorGateway.Pipeline.Journal.Columns;

/// <summary>
/// A run of numbers, one behind the other: scalars of a tag, or the elements of its arrays. Each is predicted from the same element of the one or two vectors before it;
/// where these have another length, from the element before it.
/// </summary>
internal sealed class NumberRun
{
    private long[] numbers = [];

    /// <summary>The numbers' bits.</summary>
    public long[] Bits { get; private set; } = [];

    /// <summary>Elements of each vector; 1 for scalars.</summary>
    public int[] Lengths { get; private set; } = [];

    public int Count { get; private set; }

    public int Vectors { get; private set; }

    /// <summary>The whole numbers that stand for the bits; the caller fills them.</summary>
    public Span<long> Numbers => numbers.AsSpan(0, Count);

    public void Clear() => (Count, Vectors) = (0, 0);

    /// <summary>Adds a vector and gives the room of its bits.</summary>
    public Span<long> Add(int length)
    {
        if (Count + length > Bits.Length)
        {
            var size = Math.Max(Count + length, Math.Max(256, Bits.Length * 2));
            var bits = Bits;
            Array.Resize(ref bits, size);
            Bits = bits;
            Array.Resize(ref numbers, size);
        }

        if (Vectors == Lengths.Length)
        {
            var lengths = Lengths;
            Array.Resize(ref lengths, Math.Max(256, lengths.Length * 2));
            Lengths = lengths;
        }

        Lengths[Vectors++] = length;
        Count += length;
        return Bits.AsSpan(Count - length, length);
    }

    /// <summary>The lengths of the two vectors before one tell what predicts its elements.</summary>
    /// <param name="vector">Index of the vector.</param>
    /// <param name="before">Distance to the element that predicts; 0 = the element before, if any.</param>
    /// <param name="line">True where the vector before that one has the same length too.</param>
    public void Predictor(int vector, out int before, out bool line)
    {
        var length = Lengths[vector];
        before = vector > 0 && Lengths[vector - 1] == length ? length : 0;
        line = before > 0 && vector > 1 && Lengths[vector - 2] == length;
    }

    /// <summary>What stands in for the number at an index until it is known.</summary>
    public static long Predict(ReadOnlySpan<long> numbers, int index, int first, int before, bool line)
    {
        if (before == 0)
            return index > first ? numbers[index - 1] : 0;
        var last = numbers[index - before];
        return line ? last + (last - numbers[index - before - before]) : last;
    }
}
