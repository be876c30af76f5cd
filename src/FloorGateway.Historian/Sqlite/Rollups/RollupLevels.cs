namespace FloorGateway.Historian.Sqlite.Rollups;

/// <summary>The levels of roll-ups and the row numbers under which a tag's cells of one day are kept.</summary>
internal static class RollupLevels
{
    public const int Hour = 2;

    /// <summary>Span of a cell in ticks by level: 10 s, 1 min, 1 h.</summary>
    public static ReadOnlySpan<long> Spans => [10 * TimeSpan.TicksPerSecond, TimeSpan.TicksPerMinute, TimeSpan.TicksPerHour];

    private const int DayBits = 22;
    private const int LevelBits = 2;

    public static long Key(long tag, int level, long day) => (tag << (DayBits + LevelBits)) | ((long)level << DayBits) | day;

    /// <summary>The day that a key names.</summary>
    public static long DayIn(long key) => key & ((1L << DayBits) - 1);

    /// <summary>UTC days since 0001-01-01.</summary>
    public static long DayOf(long time) => time / TimeSpan.TicksPerDay;
}
