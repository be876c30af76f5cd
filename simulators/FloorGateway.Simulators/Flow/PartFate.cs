namespace FloorGateway.Simulators.Flow;

/// <summary>What became of a part.</summary>
public enum PartFate
{
    /// <summary>It lies in a buffer or in a machine.</summary>
    InStock,

    /// <summary>It is inside another part.</summary>
    Consumed,
    Scrapped,

    /// <summary>It has left the plant.</summary>
    Shipped,
}
