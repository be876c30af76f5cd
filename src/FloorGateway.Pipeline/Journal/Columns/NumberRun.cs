namespace FloorGateway.Pipeline.Journal.Columns;

/// <summary>How a number is predicted from the same element of the vectors before it. Stored: never renumber.</summary>
internal enum Prediction
{
    /// <summary>It stays as it is.</summary>
    Same = 0,

    /// <summary>It goes on as it went: what changes smoothly.</summary>
    Line = 1,

    /// <summary>It is the mean of the last two or four: what is noisy around a value.</summary>
    Mean = 2,
}

/// <summary>
/// A run of numbers, one behind the other: scalars of a tag, or the elements of its arrays. Each is predicted from the same element of the vectors before it; where these
/// have another length, from the element before it.
/// </summary>
internal sealed class NumberRun
{
    private const int MostHistory = 4;

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

    /// <summary>Vectors of the same length right before one, at most four: what predicts its elements.</summary>
    public int History(int vector)
    {
        var most = Math.Min(vector, MostHistory);
        var count = 0;
        while (count < most && Lengths[vector - count - 1] == Lengths[vector])
            count++;
        return count;
    }

    /// <summary>What stands in for the number at an index until it is known.</summary>
    /// <param name="numbers">Those before it are known.</param>
    /// <param name="index">Which one.</param>
    /// <param name="first">Index of its vector's first element.</param>
    /// <param name="length">Elements of its vector.</param>
    /// <param name="history">From <see cref="History"/>.</param>
    /// <param name="by">How.</param>
    public static long Predict(ReadOnlySpan<long> numbers, int index, int first, int length, int history, Prediction by)
    {
        if (history == 0)
            return index > first ? numbers[index - 1] : 0;
        var last = numbers[index - length];
        if (history == 1 || by == Prediction.Same)
            return last;
        var second = numbers[index - (2 * length)];
        if (by == Prediction.Line)
            return last + (last - second);
        return history < MostHistory ? (last + second) >> 1 : (last + second + numbers[index - (3 * length)] + numbers[index - (4 * length)]) >> 2;
    }
}
