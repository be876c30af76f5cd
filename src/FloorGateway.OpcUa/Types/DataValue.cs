namespace FloorGateway.OpcUa.Types;

/// <summary>A value with its status and timestamps (OPC 10000-4, 7.11). Ticks are UTC .NET ticks; 0 = absent.</summary>
public readonly record struct DataValue
{
    public DataValue(Variant value, StatusCode status = default, long sourceTicks = 0, long serverTicks = 0)
    {
        Value = value;
        Status = status;
        SourceTicks = sourceTicks;
        ServerTicks = serverTicks;
    }

    public Variant Value { get; init; }

    public StatusCode Status { get; init; }

    public long SourceTicks { get; init; }

    public long ServerTicks { get; init; }

    /// <summary>Tens of picoseconds within the tick, 0..9999.</summary>
    public ushort SourcePicoseconds { get; init; }

    /// <summary>Tens of picoseconds within the tick, 0..9999.</summary>
    public ushort ServerPicoseconds { get; init; }

    public DateTime? SourceTimestamp => SourceTicks == 0 ? null : UaDateTime.FromTicks(SourceTicks);

    public DateTime? ServerTimestamp => ServerTicks == 0 ? null : UaDateTime.FromTicks(ServerTicks);

    public override string ToString() => $"{Value} [{Status}] {SourceTimestamp:O}";
}
