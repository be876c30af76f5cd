namespace FloorGateway.Simulators.Identification;

/// <summary>Vehicle identification numbers of 17 characters (ISO 3779, GB 16735) with the check digit in position 9.</summary>
public static class Vin
{
    // Position weights; the check digit itself weighs nothing.
    private static ReadOnlySpan<byte> Weights => [8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2];

    // A to Z; I, O and Q do not occur in a VIN.
    private static ReadOnlySpan<byte> LetterValues => [1, 2, 3, 4, 5, 6, 7, 8, 255, 1, 2, 3, 4, 5, 255, 7, 255, 9, 2, 3, 4, 5, 6, 7, 8, 9];

    /// <summary>A test vehicle of model year 2027 (code V) from plant J, for example LZXAB1CD?VJ000123.</summary>
    public static string Create(int serial)
    {
        Span<char> vin = stackalloc char[17];
        $"LZXAB1CD0VJ{serial % 1_000_000:D6}".CopyTo(vin);
        vin[8] = CheckDigit(vin);
        return new string(vin);
    }

    /// <summary>The check digit (0 to 9 or X) that belongs into position 9; '?' where a character cannot occur in a VIN.</summary>
    public static char CheckDigit(ReadOnlySpan<char> vin)
    {
        if (vin.Length != 17) return '?';
        var sum = 0;
        for (var i = 0; i < 17; i++)
        {
            if (i == 8) continue;
            var value = vin[i] is >= '0' and <= '9' ? vin[i] - '0' : vin[i] is >= 'A' and <= 'Z' ? LetterValues[vin[i] - 'A'] : 255;
            if (value == 255) return '?';
            sum += value * Weights[i];
        }

        return "0123456789X"[sum % 11];
    }

    /// <summary>True for 17 permitted characters with the right check digit.</summary>
    public static bool IsValid(ReadOnlySpan<char> vin) => vin.Length == 17 && vin[8] == CheckDigit(vin);
}
