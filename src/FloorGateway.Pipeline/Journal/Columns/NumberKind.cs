namespace FloorGateway.Pipeline.Journal.Columns;

/// <summary>What the bits of a run of numbers mean.</summary>
internal enum NumberKind
{
    /// <summary>Integers, booleans, times: the bits are the number.</summary>
    Integer,

    /// <summary>Bits of a float in the lower half.</summary>
    Single,

    /// <summary>Bits of a double.</summary>
    Double,
}
