namespace FloorGateway.Simulators.Identification;

/// <summary>The plant's days as ids carry them.</summary>
public static class Dates
{
    /// <summary>China has no daylight saving time; the plant's dates are UTC+8.</summary>
    private static readonly TimeSpan PlantOffset = TimeSpan.FromHours(8);

    /// <summary>The plant's time of an instant.</summary>
    /// <param name="sourceTicks">Source time, UTC ticks.</param>
    public static DateTime PlantTime(long sourceTicks) => new DateTime(sourceTicks, DateTimeKind.Utc) + PlantOffset;

    /// <summary>The plant's date of an instant.</summary>
    public static DateOnly PlantDate(long sourceTicks) => DateOnly.FromDateTime(PlantTime(sourceTicks));

    /// <summary>The plant's date as six digits, for example 270315.</summary>
    public static string PlantDay(long sourceTicks) => $"{PlantDate(sourceTicks):yyMMdd}";
}
