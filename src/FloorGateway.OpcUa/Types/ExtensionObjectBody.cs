namespace FloorGateway.OpcUa.Types;

/// <summary>How an extension object's body is encoded (OPC 10000-6, 5.2.2.15, the encoding byte).</summary>
public enum ExtensionObjectBody : byte
{
    None = 0,
    ByteString = 1,
    Xml = 2,
}
