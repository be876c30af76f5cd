using System.Globalization;

namespace FloorGateway.Configuration.Loading;

/// <summary>Durations (<c>100ms</c>, <c>10s</c>, <c>7d</c>) and sizes (<c>64MB</c>).</summary>
internal static class Quantities
{
    private static readonly (string Suffix, double Milliseconds)[] DurationUnits =
        [("ms", 1), ("s", 1000), ("min", 60_000), ("m", 60_000), ("h", 3_600_000), ("d", 86_400_000)];

    // Powers of 1024: the sizes are those of files and buffers.
    private static readonly (string Suffix, long Bytes)[] SizeUnits =
        [("KB", 1L << 10), ("MB", 1L << 20), ("GB", 1L << 30), ("TB", 1L << 40), ("B", 1)];

    public static bool TryDuration(string text, out TimeSpan value)
    {
        value = default;
        foreach (var (suffix, milliseconds) in DurationUnits)
        {
            if (!TryNumber(text, suffix, out var number))
                continue;
            if (number * milliseconds > TimeSpan.MaxValue.TotalMilliseconds / 2)
                return false;
            value = TimeSpan.FromMilliseconds(number * milliseconds);
            return true;
        }

        return text == "0";
    }

    public static bool TrySize(string text, out long value)
    {
        value = 0;
        foreach (var (suffix, bytes) in SizeUnits)
        {
            if (!TryNumber(text, suffix, out var number))
                continue;
            if (number * bytes > long.MaxValue / 2)
                return false;
            value = (long)(number * bytes);
            return true;
        }

        return false;
    }

    public static string Format(TimeSpan value)
    {
        var milliseconds = value.TotalMilliseconds;
        foreach (var (suffix, unit) in ((string, double)[])[("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1000)])
        {
            if (milliseconds >= unit && milliseconds % unit == 0)
                return $"{milliseconds / unit}{suffix}";
        }

        return $"{milliseconds}ms";
    }

    public static string Format(long bytes)
    {
        foreach (var (suffix, unit) in ((string, long)[])[("TB", 1L << 40), ("GB", 1L << 30), ("MB", 1L << 20), ("KB", 1L << 10)])
        {
            if (bytes >= unit && bytes % unit == 0)
                return $"{bytes / unit}{suffix}";
        }

        return $"{bytes}B";
    }

    private static bool TryNumber(string text, string suffix, out double number)
    {
        number = 0;
        return text.EndsWith(suffix, StringComparison.OrdinalIgnoreCase)
            && double.TryParse(text.AsSpan(0, text.Length - suffix.Length).TrimEnd(), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out number);
    }
}
