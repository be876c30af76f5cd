using System.Diagnostics.CodeAnalysis;

namespace FloorGateway.Model.Units;

/// <summary>Folds a UNECE code of up to three characters to the UnitId of OPC UA's EUInformation and back (Part 8, 5.6.3): its characters as a big-endian number.</summary>
public static class UnitIdCode
{
    /// <summary><c>CEL</c> gives 4408652. -1 where the text is no UNECE code (empty, longer than three characters, or not capitals and digits).</summary>
    public static int Fold(ReadOnlySpan<char> code)
    {
        if (code.Length is 0 or > 3)
            return -1;
        var id = 0;
        foreach (var c in code)
        {
            if (!char.IsAsciiDigit(c) && !char.IsAsciiLetterUpper(c))
                return -1;
            id = (id << 8) | c;
        }

        return id;
    }

    /// <summary>4408652 gives <c>CEL</c>; false where the number is not a folded code.</summary>
    public static bool TryUnfold(int unitId, [NotNullWhen(true)] out string? code)
    {
        code = null;
        if (unitId is <= 0 or > 0xFFFFFF)
            return false;
        Span<char> text = stackalloc char[3];
        var at = 3;
        for (var rest = unitId; rest != 0; rest >>= 8)
        {
            var c = (char)(rest & 0xFF);
            if (!char.IsAsciiDigit(c) && !char.IsAsciiLetterUpper(c))
                return false;
            text[--at] = c;
        }

        code = text[at..].ToString();
        return true;
    }
}
