namespace FloorGateway.Simulators.Identification;

/// <summary>Casting ids: GC, R(ear) or F(ront), local date, cell and shot number, for example GC-R-270315-DC01-00412.</summary>
public static class Castings
{
    /// <summary>True for the cell that casts rear underbodies.</summary>
    public static bool IsRear(string cell) => cell == "DC01";

    /// <summary>The id of a shot.</summary>
    /// <param name="sourceTicks">Source time, UTC ticks.</param>
    /// <param name="cell">Cell code; DC01 casts rear underbodies.</param>
    /// <param name="shot">Shot number.</param>
    public static string Id(long sourceTicks, string cell, uint shot) =>
        $"GC-{(IsRear(cell) ? 'R' : 'F')}-{Dates.PlantDay(sourceTicks)}-{cell}-{shot:D5}";
}
