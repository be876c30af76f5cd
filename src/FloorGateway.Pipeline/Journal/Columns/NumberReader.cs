using System.Buffers.Binary;

namespace FloorGateway.Pipeline.Journal.Columns;

/// <summary>Reads back what <see cref="NumberWriter"/> wrote.</summary>
internal static class NumberReader
{
    /// <summary>Fills the bits of a run whose vectors have been added.</summary>
    public static void Read(
        NumberRun run, NumberKind kind, in NumberForm form, scoped ReadOnlySpan<byte> differences, ref int differencesAt, ref BitReader noise, scoped ReadOnlySpan<byte> raw, ref int rawAt)
    {
        var numbers = run.Numbers;
        var bits = run.Bits;
        var power = form.Exponent == NumberForm.Bits ? 1 : SampleCode.PowersOfTen[form.Exponent];
        for (int vector = 0, index = 0; vector < run.Vectors; vector++)
        {
            var (length, history, first) = (run.Lengths[vector], run.History(vector), index);
            for (var end = index + length; index < end; index++)
            {
                var folded = Varint.Read(differences, ref differencesAt);
                if (form.Escapes)
                {
                    if (folded == 0)
                    {
                        numbers[index] = NumberRun.Predict(numbers, index, first, length, history, Prediction.Same);
                        bits[index] = BinaryPrimitives.ReadInt64LittleEndian(raw[rawAt..]);
                        rawAt += 8;
                        continue;
                    }

                    folded--;
                }
                else if (form.Noise > 0 && folded != 0)
                {
                    folded = ((folded - 1) << form.Noise) | noise.Read(form.Noise);
                }

                var number = NumberRun.Predict(numbers, index, first, length, history, form.By) + Varint.Unfold(folded);
                numbers[index] = number;
                bits[index] = form.Exponent == NumberForm.Bits || kind == NumberKind.Integer
                    ? NumberForm.FromOrdered(kind, number, form.Shift)
                    : NumberForm.FromDecimal(kind, number, power);
            }
        }
    }
}
