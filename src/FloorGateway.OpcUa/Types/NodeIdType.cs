namespace FloorGateway.OpcUa.Types;

/// <summary>The kind of identifier a <see cref="NodeId"/> holds (OPC 10000-3, 8.2.3).</summary>
public enum NodeIdType : byte
{
    Numeric = 0,
    String = 1,
    Guid = 2,
    Opaque = 3,
}
