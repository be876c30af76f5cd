using System.Globalization;

namespace FloorGateway.Simulators.Identification;

/// <summary>Product letter of a battery code.</summary>
public enum BatteryProduct
{
    Cell = 'C',
    Module = 'M',
    Pack = 'P',
}

/// <summary>
/// Battery codes of 24 characters (GB/T 34014-2017): maker 3, product 1, chemistry 1, specification 2, traceability 7, date 3, serial 7. The standard has no check
/// digit; a code is valid when every field is.
/// </summary>
public static class BatteryCode
{
    /// <summary>Characters of a code.</summary>
    public const int Length = 24;

    private const int FirstYear = 2010;

    // The maker is invented.
    private const string Maker = "9LX", Specification = "01";

    // Letters follow the digits; I, O and Q are skipped as they look like digits.
    private const string DateCodes = "0123456789ABCDEFGHJKLMNPRSTUVWXYZ";

    // B lithium iron phosphate, E ternary, Z others, among them solid state; A, C, D, F and G are the standard's other chemistries.
    private const string Chemistries = "ABCDEFGZ";

    /// <summary>A cell's code.</summary>
    /// <param name="chemistry">B, E or Z.</param>
    /// <param name="trace">Traceability information, 7 characters.</param>
    /// <param name="date">Local date of manufacture, 2010 to 2042.</param>
    /// <param name="serial">Serial number of the day.</param>
    public static string Cell(char chemistry, string trace, DateOnly date, int serial) => Create(BatteryProduct.Cell, chemistry, trace, date, serial);

    /// <summary>A code of any product; the arguments are those of <see cref="Cell"/>.</summary>
    public static string Create(BatteryProduct product, char chemistry, string trace, DateOnly date, int serial) =>
        $"{Maker}{(char)product}{chemistry}{Specification}{trace}{DateCodes[date.Year - FirstYear]}{DateCodes[date.Month]}{DateCodes[date.Day]}{serial % 10_000_000:D7}";

    /// <summary>Traceability field of a machine that gives codes: plant, letter and number of the unit, generation. WLD07 gives JSW007A.</summary>
    public static string TraceOf(string unit)
    {
        ArgumentException.ThrowIfNullOrEmpty(unit);
        var letters = unit.TrimEnd("0123456789".ToCharArray());
        var number = letters.Length == unit.Length ? 0 : int.Parse(unit.AsSpan(letters.Length), CultureInfo.InvariantCulture);
        // A pilot unit (PFR01) shares its first letter with the pack line; it counts from 900.
        var pilot = letters is ['P', _, ..];
        return $"JS{(pilot ? letters[1] : letters[0])}{(pilot ? 900 : 0) + (number % 100):D3}A";
    }

    /// <summary>True for a code without a problem.</summary>
    public static bool IsValid(ReadOnlySpan<char> code) => Problem(code) is null;

    /// <summary>What is wrong with a code, in a sentence; null when nothing is.</summary>
    public static string? Problem(ReadOnlySpan<char> code)
    {
        if (code.Length != Length) return $"A battery code has {Length} characters, this one {code.Length}.";
        for (var i = 0; i < Length; i++)
        {
            if (!DateCodes.Contains(code[i])) return $"Character {i + 1} is '{code[i]}'; only digits and capital letters without I, O and Q occur.";
        }

        if (code[3] is not ('P' or 'M' or 'C')) return $"The product (character 4) is '{code[3]}', not P, M or C.";
        if (!Chemistries.Contains(code[4])) return $"The chemistry (character 5) is '{code[4]}', not one of {Chemistries}.";
        if (code[17..].ContainsAnyExceptInRange('0', '9')) return "The serial number (characters 18 to 24) has something else than digits.";
        return DateProblem(code);
    }

    /// <summary>The date of manufacture in a valid code.</summary>
    /// <exception cref="FormatException">The code is not valid.</exception>
    public static DateOnly Date(ReadOnlySpan<char> code)
    {
        if (Problem(code) is { } problem) throw new FormatException(problem);
        return new(FirstYear + DateCodes.IndexOf(code[14]), DateCodes.IndexOf(code[15]), DateCodes.IndexOf(code[16]));
    }

    private static string? DateProblem(ReadOnlySpan<char> code)
    {
        var (year, month, day) = (FirstYear + DateCodes.IndexOf(code[14]), DateCodes.IndexOf(code[15]), DateCodes.IndexOf(code[16]));
        if (month is < 1 or > 12) return $"The month (character 16) is '{code[15]}', not 1 to 9 or A to C.";
        return day < 1 || day > DateTime.DaysInMonth(year, month)
            ? $"The day (character 17) is '{code[16]}', which {year}-{month:D2} does not have."
            : null;
    }
}
