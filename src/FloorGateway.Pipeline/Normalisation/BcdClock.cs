using FloorGateway.Model.Values;

namespace FloorGateway.Pipeline.Normalisation;

/// <summary>Clocks that have two decimal digits in each byte.</summary>
internal static class BcdClock
{
    public static bool TryRead(in TagValue value, TimeSpan localOffset, out TagValue to)
    {
        to = default;
        Span<int> parts = stackalloc int[6];
        int year;
        if (value.Reference is byte[] { Length: >= 6 } bytes)
        {
            for (var i = 0; i < 6; i++)
                parts[i] = Digits(bytes[i]);
            // Two digits of the year, as DATE_AND_TIME of IEC 61131-3 controllers has them: from 1990 to 2089.
            year = parts[0] + (parts[0] >= 90 ? 1900 : 2000);
        }
        else if (value.TryGetInt64(out var number) && number is > 0 and <= 0x99991231_235959)
        {
            for (var i = 5; i >= 0; i--)
            {
                parts[i] = Digits((byte)number);
                number >>= 8;
            }

            year = (Digits((byte)number) * 100) + parts[0];
            if (number > 0x99)
                return false;
        }
        else
        {
            return false;
        }

        foreach (var part in parts)
        {
            if (part < 0)
                return false;
        }

        if (year is < 1 or > 9999 || parts[1] is < 1 or > 12 || parts[2] < 1 || parts[2] > DateTime.DaysInMonth(year, parts[1]) || parts[3] > 23 || parts[4] > 59 || parts[5] > 59)
            return false;
        var ticks = new DateTime(year, parts[1], parts[2], parts[3], parts[4], parts[5], DateTimeKind.Utc).Ticks - localOffset.Ticks;
        if (ticks < 0 || ticks > DateTime.MaxValue.Ticks)
            return false;
        to = TagValue.From(new DateTime(ticks, DateTimeKind.Utc));
        return true;
    }

    /// <summary>-1 where it is no decimal digits.</summary>
    private static int Digits(byte two) => (two >> 4) > 9 || (two & 15) > 9 ? -1 : ((two >> 4) * 10) + (two & 15);
}
