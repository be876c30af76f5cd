using System.Runtime.CompilerServices;

namespace FloorGateway.Pipeline.Journal;

/// <summary>
/// The first byte of an encoded sample: five bits say how the value is written, three bits what differs from the sample before it. Stored: never renumber.
/// 26 to 31 are free for predictions from the tag's earlier values.
/// </summary>
internal static class SampleCode
{
    public const int Null = 0;
    public const int False = 1;
    public const int True = 2;
    public const int Int64 = 3;
    public const int UInt64 = 4;

    /// <summary>5 to 11: a double that is a whole number of 10^-0 to 10^-6, as sensors of limited resolution send them.</summary>
    public const int DoubleDecimal = 5;
    public const int Double = 12;

    /// <summary>The upper five bytes of a double whose lower three are zero: a widened float.</summary>
    public const int Double5 = 13;

    /// <summary>The upper three bytes.</summary>
    public const int Double3 = 14;

    /// <summary>15 to 18: a float that is a whole number of 10^-0 to 10^-3.</summary>
    public const int SingleDecimal = 15;
    public const int Single = 19;
    public const int DateTime = 20;
    public const int String = 21;

    /// <summary>One of the last distinct strings of the block, by number.</summary>
    public const int StringAgain = 22;
    public const int Bytes = 23;
    public const int Array = 24;
    public const int Structure = 25;

    public const int CodeMask = 0x1F;
    public const int StatusChanged = 0x20;
    public const int ReceiveChanged = 0x40;
    public const int SourceChanged = 0x80;

    /// <summary>Distinct strings of a block that can be named again.</summary>
    public const int RememberedStrings = 16;

    // Arrays, because a span over constants allocates in unoptimised builds, and the allocation tests run in those too.
    public static readonly double[] PowersOfTen = [1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6];

    /// <summary>Ticks of the units in which source times may be written: 100 ns, 1 µs, 1 ms, 1 s.</summary>
    public static readonly long[] TimeUnits = [1, 10, 10_000, 10_000_000];

    /// <summary>Finds whole number and exponent with number / 10^exponent being exactly the value, the shortest exponent up to 6.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryDecimal(double value, out long number, out int exponent)
    {
        exponent = 6;
        number = 0;
        var scaled = Math.Round(value * 1e6);
        // Above 2^47 the eight raw bytes are as short; NaN and infinities fail the comparison too.
        if (!(Math.Abs(scaled) < 1L << 47) || BitConverter.DoubleToInt64Bits(scaled / 1e6) != BitConverter.DoubleToInt64Bits(value))
            return false;
        number = (long)scaled;
        if (number == 0)
        {
            // A whole number has no negative zero.
            exponent = 0;
            return BitConverter.DoubleToInt64Bits(value) == 0;
        }

        if (number % 1000 == 0)
        {
            number /= 1000;
            exponent = 3;
        }

        while (exponent > 0 && number % 10 == 0)
        {
            number /= 10;
            exponent--;
        }

        return true;
    }

    /// <summary>The same for a float; only where it is shorter than its four bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryDecimal(float value, out long number, out int exponent)
    {
        exponent = 3;
        number = 0;
        var scaled = Math.Round(value * 1e3);
        if (!(Math.Abs(scaled) < 1 << 20) || BitConverter.SingleToInt32Bits((float)(scaled / 1e3)) != BitConverter.SingleToInt32Bits(value))
            return false;
        number = (long)scaled;
        if (number == 0)
        {
            exponent = 0;
            return BitConverter.SingleToInt32Bits(value) == 0;
        }

        while (exponent > 0 && number % 10 == 0)
        {
            number /= 10;
            exponent--;
        }

        return true;
    }
}
