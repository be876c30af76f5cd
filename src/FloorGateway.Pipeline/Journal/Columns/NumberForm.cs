using System.Numerics;
using System.Runtime.CompilerServices;

namespace FloorGateway.Pipeline.Journal.Columns;

/// <summary>
/// How the numbers of a run become whole numbers of which neighbours differ little. Floats that are decimals of up to six places become those decimals (a value that is
/// none stands apart, bit by bit); others become their bits in rising order, without the zeros that all of them end with.
/// </summary>
/// <param name="Exponent">Decimal places; <see cref="Bits"/> = none, the bits themselves.</param>
/// <param name="By">How each number is predicted.</param>
/// <param name="Escapes">Some numbers stand apart.</param>
/// <param name="Shift">Zeros at the end of all bits.</param>
/// <param name="Noise">Lowest bits of a difference that are stored as they are.</param>
/// <param name="Column">The column that the differences stand in: those of like size stand together, so that one code of short and long symbols fits all of a column.</param>
internal readonly record struct NumberForm(int Exponent, Prediction By, bool Escapes, int Shift, int Noise, int Column)
{
    /// <summary>Columns of differences.</summary>
    public const int Columns = 12;

    /// <summary>In the place of an exponent.</summary>
    public const int Bits = 7;

    private const int PredictionShift = 3;
    private const int EscapesMark = 32;
    private const int NoiseMark = 64;

    // Whole numbers up to here are exact as doubles, and so are their products with the powers of ten used here.
    private const double LargestWhole = 1L << 53;

    public void Write(GrowingBuffer to)
    {
        to.WriteByte((byte)(Exponent | ((int)By << PredictionShift) | (Escapes ? EscapesMark : 0) | (Noise > 0 ? NoiseMark : 0)));
        to.WriteByte((byte)Column);
        if (Exponent == Bits)
            to.WriteByte((byte)Shift);
        if (Noise > 0)
            to.WriteByte((byte)Noise);
    }

    /// <exception cref="InvalidDataException">There is no such form.</exception>
    public static NumberForm Read(ReadOnlySpan<byte> from, ref int at)
    {
        int marks = from[at++], column = from[at++];
        var exponent = marks & 7;
        int shift = exponent == Bits ? from[at++] : 0;
        int noise = (marks & NoiseMark) != 0 ? from[at++] : 0;
        return shift < 64 && noise < 64 && column < Columns
            ? new NumberForm(exponent, (Prediction)((marks >> PredictionShift) & 3), (marks & EscapesMark) != 0, shift, noise, column)
            : throw new InvalidDataException("a run of numbers has an impossible form");
    }

    /// <summary>The decimal of so many places that is exactly the float or double; false where there is none.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryDecimal(NumberKind kind, long bits, int exponent, out long number)
    {
        var power = SampleCode.PowersOfTen[exponent];
        var value = kind == NumberKind.Single ? BitConverter.Int32BitsToSingle((int)bits) : BitConverter.Int64BitsToDouble(bits);
        var scaled = Math.Round(value * power);
        // NaN and infinities fail the comparison too.
        if (!(Math.Abs(scaled) < LargestWhole))
        {
            number = 0;
            return false;
        }

        number = (long)scaled;
        return FromDecimal(kind, number, power) == bits;
    }

    /// <summary>Bits of the float or double nearest to a decimal.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long FromDecimal(NumberKind kind, long number, double power) =>
        kind == NumberKind.Single ? BitConverter.SingleToUInt32Bits((float)(number / power)) : BitConverter.DoubleToInt64Bits(number / power);

    /// <summary>Bits as a number that rises with the value.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long ToOrdered(NumberKind kind, long bits, int shift)
    {
        if (kind == NumberKind.Integer)
            return bits;
        var sign = kind == NumberKind.Single ? 31 : 63;
        var magnitude = (bits & ((1L << sign) - 1)) >>> shift;
        return ((bits >>> sign) & 1) == 0 ? magnitude : ~magnitude;
    }

    /// <summary>The way back.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long FromOrdered(NumberKind kind, long ordered, int shift)
    {
        if (kind == NumberKind.Integer)
            return ordered;
        return ordered >= 0 ? ordered << shift : (~ordered << shift) | (1L << (kind == NumberKind.Single ? 31 : 63));
    }

    /// <summary>Bits that a difference takes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Length(ulong folded) => 64 - BitOperations.LeadingZeroCount(folded);
}
