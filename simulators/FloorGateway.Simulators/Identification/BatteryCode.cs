namespace FloorGateway.Simulators.Identification;

/// <summary>Battery codes of 24 characters (GB/T 34014-2017): maker 3, product 1, chemistry 1, specification 2, traceability 7, date 3, serial 7.</summary>
public static class BatteryCode
{
    // Letters follow the digits; I, O and Q are skipped as they look like digits.
    private const string DateCodes = "0123456789ABCDEFGHJKLMNPRSTUVWXYZ";

    /// <summary>A cell's code; the maker is invented.</summary>
    /// <param name="chemistry">B, E or Z.</param>
    /// <param name="trace">Traceability information, 7 characters.</param>
    /// <param name="date">Local date of manufacture, 2010 to 2042.</param>
    /// <param name="serial">Serial number of the day.</param>
    public static string Cell(char chemistry, string trace, DateOnly date, int serial) =>
        $"9LXC{chemistry}01{trace}{DateCodes[date.Year - 2010]}{DateCodes[date.Month]}{DateCodes[date.Day]}{serial % 10_000_000:D7}";
}
