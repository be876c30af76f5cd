using FloorGateway.Model.Values;

namespace FloorGateway.Model.Samples;

/// <summary>A tag's value with quality, source time and receive time: the unit that the ledger counts. Mutable, so that batches are normalised in place.</summary>
public struct Sample
{
    public TagValue Value;

    /// <summary>UTC ticks (100 ns) at the source: the time of record. 0 = not given yet (before normalisation).</summary>
    public long SourceTime;

    /// <summary>UTC ticks (100 ns) when the gateway received it.</summary>
    public long ReceiveTime;

    /// <summary>OPC UA status code.</summary>
    public uint Status;

    /// <summary>The tag's durable id in the <see cref="Tags.ITagCatalog"/>.</summary>
    public int Tag;

    public SampleOrigin Origin;

    public SampleFlags Flags;

    public readonly Quality Quality => StatusQuality.Of(Status);
}
