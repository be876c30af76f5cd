namespace FloorGateway.OpcUa.Server.Events;

/// <summary>
/// The Like operator's patterns (OPC 10000-4, 7.7.3): <c>%</c> any text, <c>_</c> one character, <c>[a-f]</c> one of these, <c>[^a-f]</c>
/// none of these, <c>\</c> takes the next character as it is. Takes at most the product of both lengths, so both are limited.
/// </summary>
internal static class LikePattern
{
    /// <summary>Longer patterns are refused: nobody writes them by hand, and time grows with the length.</summary>
    public const int MaxPattern = 256;

    /// <summary>Longer texts are cut for the comparison.</summary>
    public const int MaxText = 16 * 1024;

    /// <summary>True when every bracket is closed, nothing is escaped at the end, and the length is allowed.</summary>
    public static bool IsValid(ReadOnlySpan<char> pattern)
    {
        if (pattern.Length > MaxPattern)
            return false;
        for (var i = 0; i < pattern.Length;)
        {
            var length = ElementLength(pattern[i..]);
            if (length == 0)
                return false;
            i += length;
        }

        return true;
    }

    /// <summary>Does the whole text match? The pattern must be valid.</summary>
    public static bool IsMatch(ReadOnlySpan<char> text, ReadOnlySpan<char> pattern)
    {
        if (text.Length > MaxText)
            text = text[..MaxText];
        int t = 0, p = 0, retryText = 0, retryPattern = -1;
        while (t < text.Length)
        {
            if (p < pattern.Length && pattern[p] == '%')
            {
                // Only the last % needs to be tried again: what matched before it, matched as early as it could.
                retryPattern = ++p;
                retryText = t;
            }
            else if (p < pattern.Length && Matches(pattern[p..], text[t], out var length))
            {
                p += length;
                t++;
            }
            else if (retryPattern >= 0)
            {
                p = retryPattern;
                t = ++retryText;
            }
            else
            {
                return false;
            }
        }

        while (p < pattern.Length && pattern[p] == '%')
            p++;
        return p == pattern.Length;
    }

    private static bool Matches(ReadOnlySpan<char> pattern, char c, out int length)
    {
        length = ElementLength(pattern);
        switch (pattern[0])
        {
            case '_':
                return true;
            case '\\':
                return pattern[1] == c;
            case '[':
                var set = pattern[1..(length - 1)];
                var negated = set is ['^', ..];
                return Contains(negated ? set[1..] : set, c) != negated;
            default:
                return pattern[0] == c;
        }
    }

    private static bool Contains(ReadOnlySpan<char> set, char c)
    {
        for (var i = 0; i < set.Length; i++)
        {
            if (i + 2 < set.Length && set[i + 1] == '-')
            {
                if (c >= set[i] && c <= set[i + 2])
                    return true;
                i += 2;
            }
            else if (set[i] == c)
            {
                return true;
            }
        }

        return false;
    }

    // 0 = not well formed.
    private static int ElementLength(ReadOnlySpan<char> pattern)
    {
        switch (pattern[0])
        {
            case '\\':
                return pattern.Length > 1 ? 2 : 0;
            case '[':
                var end = pattern.IndexOf(']');
                return end > 1 ? end + 1 : 0;
            default:
                return 1;
        }
    }
}
