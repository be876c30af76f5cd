namespace FloorGateway.OpcUa.Encoding;

/// <summary>A structure with a binary encoding (OPC 10000-6, 5.2.6).</summary>
public interface IUaStructure
{
    /// <summary>The namespace 0 id of its Default Binary encoding node; 0 when it has none.</summary>
    uint BinaryEncodingId { get; }

    void Encode(ref UaWriter w);
}

/// <summary>A structure that can be decoded by its type. Check <see cref="UaReader.Failed"/> afterwards: decoders never throw.</summary>
public interface IUaStructure<T> : IUaStructure
    where T : IUaStructure<T>
{
    static abstract T Decode(ref UaReader r);
}
