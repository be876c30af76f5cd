using System.Buffers.Binary;
using System.Numerics;

namespace FloorGateway.Pipeline.Journal.Columns;

/// <summary>Finds the form that makes a run of numbers shortest and writes it.</summary>
internal sealed class NumberWriter
{
    // Numbers that stand apart cost nine bytes each: with more of them than one in so many, the bits are shorter.
    private const int EscapeShare = 8;

    // The high part of a noisy difference then has some three bits, which the compressor sees to. What is shorter than the other is left to it whole.
    private const int StructuredBits = 3;
    private const int LeastNoisyBits = 6;

    // Columns for each bit of a difference: means of 1 and of 1.5 bits have codes of their own.
    private const int ColumnsPerBit = 2;

    private bool[] apart = [];

    /// <param name="run">The numbers.</param>
    /// <param name="kind">What their bits mean.</param>
    /// <param name="shapes">Gets the form.</param>
    /// <param name="columns">Get the differences: <see cref="NumberForm.Columns"/> of them.</param>
    /// <param name="noise">Gets their noisy bits.</param>
    /// <param name="raw">Gets what stands apart.</param>
    public void Write(NumberRun run, NumberKind kind, GrowingBuffer shapes, GrowingBuffer[] columns, BitBuffer noise, GrowingBuffer raw)
    {
        if (apart.Length < run.Count)
            apart = new bool[run.Bits.Length];
        var form = Choose(run, kind);
        form.Write(shapes);
        WriteDifferences(run, form, columns[form.Column], noise, raw);
    }

    private NumberForm Choose(NumberRun run, NumberKind kind)
    {
        if (kind == NumberKind.Integer)
        {
            FillBits(run, kind, 0);
            apart.AsSpan(0, run.Count).Clear();
            return Form(0, 0, 0, run.Count, Cost(run));
        }

        var exponent = FindExponent(run, kind);
        var (byDecimal, decimals) = (long.MaxValue, default(NumberForm));
        if (exponent >= 0)
        {
            var escapes = FillDecimals(run, kind, exponent);
            var cost = Cost(run);
            (byDecimal, decimals) = (cost.Bits + (escapes * 72L), Form(exponent, 0, escapes, run.Count, cost));
            // Differences of two digits: the bits of such floats are never shorter.
            if (byDecimal < run.Count * 8L)
                return decimals;
        }

        var shift = CommonZeros(run, kind);
        FillBits(run, kind, shift);
        apart.AsSpan(0, run.Count).Clear();
        var bits = Cost(run);
        if (bits.Bits < byDecimal)
            return Form(NumberForm.Bits, shift, 0, run.Count, bits);
        FillDecimals(run, kind, exponent);
        return decimals;
    }

    private static NumberForm Form(int exponent, int shift, int escapes, int count, (Prediction By, long Bits, long Changed) cost)
    {
        var each = cost.Changed == 0 ? 0 : cost.Bits / cost.Changed;
        // A number that stands apart has no noise, so that it needs no mark beside it.
        var noise = escapes > 0 || each < LeastNoisyBits ? 0 : (int)each - StructuredBits;
        var column = noise > 0 || count == 0 ? 0 : 1 + Math.Min((int)(cost.Bits * ColumnsPerBit / count), NumberForm.Columns - 2);
        return new NumberForm(exponent, cost.By, escapes > 0, shift, noise, column);
    }

    /// <summary>Decimal places that all numbers but a few have at most; -1 = too many have none.</summary>
    private static int FindExponent(NumberRun run, NumberKind kind)
    {
        var exponent = 0;
        var most = run.Count / EscapeShare;
        var escapes = 0;
        foreach (var bits in run.Bits.AsSpan(0, run.Count))
        {
            var places = exponent;
            while (places <= 6 && !NumberForm.TryDecimal(kind, bits, places, out _))
                places++;
            if (places <= 6)
                exponent = places;
            else if (++escapes > most)
                return -1;
        }

        return exponent;
    }

    private int FillDecimals(NumberRun run, NumberKind kind, int exponent)
    {
        var numbers = run.Numbers;
        var escapes = 0;
        for (int vector = 0, index = 0; vector < run.Vectors; vector++)
        {
            var (length, history, first) = (run.Lengths[vector], run.History(vector), index);
            for (var end = index + length; index < end; index++)
            {
                apart[index] = !NumberForm.TryDecimal(kind, run.Bits[index], exponent, out numbers[index]);
                if (!apart[index])
                    continue;
                numbers[index] = NumberRun.Predict(numbers, index, first, length, history, Prediction.Same);
                escapes++;
            }
        }

        return escapes;
    }

    private static int CommonZeros(NumberRun run, NumberKind kind)
    {
        var all = 0L;
        foreach (var bits in run.Bits.AsSpan(0, run.Count))
            all |= bits;
        var sign = kind == NumberKind.Single ? 31 : 63;
        all &= (1L << sign) - 1;
        return all == 0 ? 0 : BitOperations.TrailingZeroCount(all);
    }

    private static void FillBits(NumberRun run, NumberKind kind, int shift)
    {
        var numbers = run.Numbers;
        for (var i = 0; i < numbers.Length; i++)
            numbers[i] = NumberForm.ToOrdered(kind, run.Bits[i], shift);
    }

    /// <summary>The prediction that leaves the shortest differences, the bits that these take, and how many differ from the number before at all.</summary>
    private (Prediction By, long Bits, long Changed) Cost(NumberRun run)
    {
        var numbers = run.Numbers;
        long bySame = 0, byLine = 0, byMean = 0, changed = 0;
        for (int vector = 0, index = 0; vector < run.Vectors; vector++)
        {
            var (length, history, first) = (run.Lengths[vector], run.History(vector), index);
            for (var end = index + length; index < end; index++)
            {
                if (apart[index])
                    continue;
                var difference = numbers[index] - NumberRun.Predict(numbers, index, first, length, history, Prediction.Same);
                bySame += NumberForm.Length(Varint.Fold(difference));
                changed += difference == 0 ? 0 : 1;
                byLine += NumberForm.Length(Varint.Fold(numbers[index] - NumberRun.Predict(numbers, index, first, length, history, Prediction.Line)));
                byMean += NumberForm.Length(Varint.Fold(numbers[index] - NumberRun.Predict(numbers, index, first, length, history, Prediction.Mean)));
            }
        }

        return byLine < bySame && byLine < byMean ? (Prediction.Line, byLine, changed) : byMean < bySame ? (Prediction.Mean, byMean, changed) : (Prediction.Same, bySame, changed);
    }

    private void WriteDifferences(NumberRun run, in NumberForm form, GrowingBuffer differences, BitBuffer noise, GrowingBuffer raw)
    {
        var numbers = run.Numbers;
        for (int vector = 0, index = 0; vector < run.Vectors; vector++)
        {
            var (length, history, first) = (run.Lengths[vector], run.History(vector), index);
            for (var end = index + length; index < end; index++)
            {
                if (apart[index])
                {
                    differences.WriteByte(0);
                    BinaryPrimitives.WriteInt64LittleEndian(raw.Reserve(8), run.Bits[index]);
                    continue;
                }

                var folded = Varint.Fold(numbers[index] - NumberRun.Predict(numbers, index, first, length, history, form.By));
                if (form.Noise > 0)
                {
                    // A number that did not change has no noise.
                    differences.WriteVarint(folded == 0 ? 0 : (folded >> form.Noise) + 1);
                    if (folded != 0)
                        noise.Write(folded, form.Noise);
                }
                else
                {
                    differences.WriteVarint(form.Escapes ? folded + 1 : folded);
                }
            }
        }
    }
}
