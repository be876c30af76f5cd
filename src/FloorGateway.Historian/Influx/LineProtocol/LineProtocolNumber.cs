using System.Buffers.Text;
using System.Runtime.CompilerServices;

namespace FloorGateway.Historian.Influx.LineProtocol;

/// <summary>
/// Floats as the shortest text that gives them back. Numbers of few decimals, which is what sensors send, in a fraction of the runtime's time: with at most 15 digits (7 of
/// a float) such a text is the shortest, and the same as the runtime's.
/// </summary>
internal static class LineProtocolNumber
{
    private const double MostOfDouble = 1e15;
    private const double MostOfSingle = 1e7;

    /// <summary>0 = no number (NaN, infinity). <paramref name="room"/> holds at least 32 bytes.</summary>
    public static int Format(double number, Span<byte> room)
    {
        var scaled = Math.Round(number * 1e4);
        // Written so that NaN fails.
        if (Math.Abs(scaled) < MostOfDouble)
        {
            if (scaled / 1e4 == number && scaled != 0)
                return Write((long)scaled, 4, room);
            scaled = Math.Round(number * 1e9);
            // Below 0.0001 the runtime writes exponents, which are shorter.
            if (Math.Abs(scaled) is < MostOfDouble and >= 1e5 && scaled / 1e9 == number)
                return Write((long)scaled, 9, room);
        }

        return Other(number, room);
    }

    /// <inheritdoc cref="Format(double, Span{byte})"/>
    public static int Format(float number, Span<byte> room)
    {
        double wide = number;
        var scaled = Math.Round(wide * 1e4);
        if (Math.Abs(scaled) < MostOfSingle)
        {
            if ((float)(scaled / 1e4) == number && scaled != 0)
                return Write((long)scaled, 4, room);
        }
        else
        {
            // Above 1,000 neighbours lie further apart than 0.0001: there fewer decimals are enough.
            scaled = Math.Round(wide * 10);
            if (Math.Abs(scaled) < MostOfSingle && (float)(scaled / 10) == number)
                return Write((long)scaled, 1, room);
        }

        return Other(number, room);
    }

    // Zero comes here too: minus zero keeps its sign.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static int Other(double number, Span<byte> room)
    {
        if (BitConverter.DoubleToInt64Bits(number) == 0)
        {
            room[0] = (byte)'0';
            return 1;
        }

        return double.IsFinite(number) && number.TryFormat(room, out var length) ? length : 0;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static int Other(float number, Span<byte> room)
    {
        if (BitConverter.SingleToInt32Bits(number) == 0)
        {
            room[0] = (byte)'0';
            return 1;
        }

        return float.IsFinite(number) && number.TryFormat(room, out var length) ? length : 0;
    }

    /// <summary>A whole number of units of the last decimal, without the zeros at its end.</summary>
    private static int Write(long scaled, int decimals, Span<byte> room)
    {
        var at = 0;
        if (scaled < 0)
        {
            room[at++] = (byte)'-';
            scaled = -scaled;
        }

        while (decimals > 0)
        {
            var (less, digit) = Math.DivRem(scaled, 10);
            if (digit != 0)
                break;
            (scaled, decimals) = (less, decimals - 1);
        }

        if (decimals == 0)
        {
            Utf8Formatter.TryFormat(scaled, room[at..], out var whole);
            return at + whole;
        }

        var power = decimals switch { 1 => 10L, 2 => 100, 3 => 1000, 4 => 10_000, 5 => 100_000, 6 => 1_000_000, 7 => 10_000_000, 8 => 100_000_000, _ => 1_000_000_000 };
        var front = scaled / power;
        var fraction = scaled - (front * power);
        if (front < 10)
        {
            room[at++] = (byte)('0' + front);
        }
        else
        {
            Utf8Formatter.TryFormat(front, room[at..], out var digits);
            at += digits;
        }

        room[at] = (byte)'.';
        for (var i = decimals; i > 0; i--)
        {
            var less = fraction / 10;
            room[at + i] = (byte)('0' + (fraction - (less * 10)));
            fraction = less;
        }

        return at + decimals + 1;
    }
}
