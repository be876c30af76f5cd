using System.Buffers;
using FloorGateway.OpcUa.Types;

namespace FloorGateway.OpcUa.Encoding;

/// <summary>Messages: the NodeId of the encoding, then the structure (OPC 10000-6, 5.2.9).</summary>
public static class MessageCodec
{
    public static void Encode(IBufferWriter<byte> output, IUaStructure message)
    {
        ArgumentNullException.ThrowIfNull(message);
        var writer = new UaWriter(output);
        writer.WriteNodeId(new NodeId(message.BinaryEncodingId));
        message.Encode(ref writer);
        writer.Flush();
    }

    /// <summary>Reads the encoding id at the start of a message.</summary>
    /// <returns>False when there is none or it lies outside namespace 0.</returns>
    public static bool TryReadTypeId(ref UaReader reader, out uint id)
    {
        var nodeId = reader.ReadNodeId();
        id = nodeId.Numeric;
        return !reader.Failed && nodeId is { NamespaceIndex: 0, IdType: NodeIdType.Numeric } && id != 0;
    }

    /// <summary>Decodes a whole message of any known type.</summary>
    /// <returns>Good, BadServiceUnsupported for an unknown id, or the decoder's error.</returns>
    public static StatusCode TryDecode(ReadOnlySpan<byte> body, EncodingLimits limits, out IUaStructure? message)
    {
        message = null;
        var reader = new UaReader(body, limits);
        if (!TryReadTypeId(ref reader, out var id))
        {
            return StatusCodes.BadDecodingError;
        }

        if (!StructureTable.TryGet(id, out var decode))
        {
            return StatusCodes.BadServiceUnsupported;
        }

        var decoded = decode(ref reader);
        if (!reader.Failed)
        {
            message = decoded;
        }

        return reader.Error;
    }

    /// <summary>Decodes the structure after the type id; null and the reader failed on bad input.</summary>
    public static IUaStructure? DecodeBody(uint typeId, ref UaReader reader)
    {
        if (!StructureTable.TryGet(typeId, out var decode))
        {
            reader.Fail(StatusCodes.BadServiceUnsupported);
            return null;
        }

        var decoded = decode(ref reader);
        return reader.Failed ? null : decoded;
    }
}
