namespace FloorGateway.Simulators.Identification;

/// <summary>Body ids: BD, local date, the cell that began it and its number there, for example BD-270315-RB001-00007. Painted, it is PB of the same number.</summary>
public static class Bodies
{
    /// <summary>The id of a body.</summary>
    /// <param name="sourceTicks">Source time, UTC ticks.</param>
    /// <param name="cell">Cell code of the first robot.</param>
    /// <param name="number">Number in that cell.</param>
    public static string Id(long sourceTicks, string cell, int number) => $"BD-{Dates.PlantDay(sourceTicks)}-{cell}-{number:D5}";

    /// <summary>The id of the body after paint.</summary>
    public static string Painted(string body)
    {
        ArgumentNullException.ThrowIfNull(body);
        return "PB" + body[2..];
    }
}
