namespace FloorGateway.OpcUa.Types;

/// <summary>
/// Converts between the wire's DateTime (100 ns since 1601-01-01 UTC) and UTC .NET ticks (OPC 10000-6, 5.2.2.5).
/// In ticks, 0 stands for "absent" (the wire's 1601 and anything before) and <see cref="MaxTicks"/> for "no end".
/// </summary>
public static class UaDateTime
{
    /// <summary>.NET ticks of 1601-01-01T00:00:00Z.</summary>
    public const long EpochTicks = 504_911_232_000_000_000;

    /// <summary>.NET ticks of the latest DateTime.</summary>
    public const long MaxTicks = 3_155_378_975_999_999_999;

    // 9999-12-31T23:59:59Z: the clause makes this second and all later ones Int64.MaxValue on the wire.
    private const long LastSecondTicks = 3_155_378_975_990_000_000;

    public static long ToTicks(long wire)
    {
        if (wire <= 0)
        {
            return 0;
        }

        return wire >= LastSecondTicks - EpochTicks ? MaxTicks : wire + EpochTicks;
    }

    public static long ToWire(long ticks)
    {
        if (ticks <= EpochTicks)
        {
            return 0;
        }

        return ticks >= LastSecondTicks ? long.MaxValue : ticks - EpochTicks;
    }

    /// <summary>UTC ticks of a DateTime; local times are converted, unspecified ones taken as UTC.</summary>
    public static long TicksOf(DateTime value) => value.Kind == DateTimeKind.Local ? value.ToUniversalTime().Ticks : value.Ticks;

    public static DateTime FromTicks(long ticks) => new(ticks, DateTimeKind.Utc);
}
