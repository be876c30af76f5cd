namespace FloorGateway.Model.Values;

/// <summary>What a <see cref="TagValue"/> holds. The numbers are stored in the journal: never renumber.</summary>
public enum ValueKind : byte
{
    /// <summary>No value; the status says why.</summary>
    Null = 0,
    Boolean = 1,
    Int64 = 2,
    UInt64 = 3,
    /// <summary>32-bit float, kept apart from <see cref="Double"/> so that it prints with its own shortest digits.</summary>
    Single = 4,
    Double = 5,
    /// <summary>UTC, 100 ns ticks.</summary>
    DateTime = 6,
    String = 7,
    Bytes = 8,
    /// <summary>A .NET array (one or more dimensions) of bool, long, ulong, float, double, DateTime, string, byte[] or <see cref="StructureValue"/>.</summary>
    Array = 9,
    Structure = 10,
}
