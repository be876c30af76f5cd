namespace FloorGateway.Historian.Sqlite.Chunks;

/// <summary>
/// Row number of a chunk: the tag in the upper bits, the chunk's first time below, so that a tag's chunks lie together in time order and are found without an
/// index. The time is cut to steps of 0.1 s; a step belongs to one chunk.
/// </summary>
internal static class ChunkKey
{
    /// <summary>The highest tag number that fits beside a time.</summary>
    public const long MaxTag = (1L << (63 - TimeBits)) - 1;

    /// <summary>Source times a history can hold: those of <see cref="DateTime"/>.</summary>
    public static readonly long LastTime = DateTime.MaxValue.Ticks;

    private const int TimeBits = 42;
    private const int StepBits = 20;

    public static long Of(long tag, long time) => (tag << TimeBits) | (Math.Clamp(time, 0, LastTime) >> StepBits);

    public static long First(long tag) => tag << TimeBits;

    public static long Last(long tag) => (tag << TimeBits) | ((1L << TimeBits) - 1);
}
