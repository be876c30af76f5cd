using FloorGateway.OpcUa.Encoding;

namespace FloorGateway.OpcUa.Types;

/// <summary>
/// A structure wrapped with the id of its encoding (OPC 10000-6, 5.2.2.15). Structures of namespace 0 arrive decoded;
/// all others keep their body as bytes, which are this object's own copy.
/// </summary>
public sealed class ExtensionObject
{
    public ExtensionObject(IUaStructure decoded)
    {
        ArgumentNullException.ThrowIfNull(decoded);
        TypeId = new NodeId(decoded.BinaryEncodingId);
        Decoded = decoded;
        BodyEncoding = ExtensionObjectBody.ByteString;
    }

    /// <summary>A decoded structure of another namespace, with the id of its binary encoding.</summary>
    public ExtensionObject(ExpandedNodeId typeId, IUaStructure decoded)
    {
        ArgumentNullException.ThrowIfNull(decoded);
        TypeId = typeId;
        Decoded = decoded;
        BodyEncoding = ExtensionObjectBody.ByteString;
    }

    public ExtensionObject(ExpandedNodeId typeId, ReadOnlyMemory<byte> body, ExtensionObjectBody bodyEncoding = ExtensionObjectBody.ByteString)
    {
        TypeId = typeId;
        Body = body;
        BodyEncoding = bodyEncoding;
    }

    /// <summary>The id of the encoding node (for example RangeEncodingDefaultBinary), not of the data type.</summary>
    public ExpandedNodeId TypeId { get; }

    /// <summary>The encoded body; empty when <see cref="Decoded"/> is set or there is no body.</summary>
    public ReadOnlyMemory<byte> Body { get; }

    public ExtensionObjectBody BodyEncoding { get; }

    public IUaStructure? Decoded { get; }

    /// <summary>The decoded structure as <typeparamref name="T"/>, or null when it is something else.</summary>
    public T? As<T>()
        where T : class, IUaStructure => Decoded as T;

    public override string ToString() => Decoded is null ? $"ExtensionObject {TypeId} ({Body.Length} bytes)" : Decoded.GetType().Name;
}
