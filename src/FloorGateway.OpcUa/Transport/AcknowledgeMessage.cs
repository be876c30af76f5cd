using System.Buffers;
using System.Buffers.Binary;

namespace FloorGateway.OpcUa.Transport;

/// <summary>ACK: the server's answer to HEL (Part 6, 7.1.2.4). Sizes in bytes; 0 means no limit for the last two.</summary>
public sealed record AcknowledgeMessage(uint ProtocolVersion, uint ReceiveBufferSize, uint SendBufferSize, uint MaxMessageSize, uint MaxChunkCount)
{
    /// <summary>Bytes of the whole chunk.</summary>
    public const int Size = ChunkHeader.Length + 20;

    public void Write(IBufferWriter<byte> output)
    {
        var span = output.GetSpan(Size);
        new ChunkHeader(MessageType.Acknowledge, ChunkType.Final, Size).Write(span);
        BinaryPrimitives.WriteUInt32LittleEndian(span[8..], ProtocolVersion);
        BinaryPrimitives.WriteUInt32LittleEndian(span[12..], ReceiveBufferSize);
        BinaryPrimitives.WriteUInt32LittleEndian(span[16..], SendBufferSize);
        BinaryPrimitives.WriteUInt32LittleEndian(span[20..], MaxMessageSize);
        BinaryPrimitives.WriteUInt32LittleEndian(span[24..], MaxChunkCount);
        output.Advance(Size);
    }

    /// <summary>Reads what follows the chunk header.</summary>
    public static bool TryRead(ReadOnlySpan<byte> body, out AcknowledgeMessage? message)
    {
        message = null;
        if (body.Length != 20)
            return false;
        message = new AcknowledgeMessage(
            BinaryPrimitives.ReadUInt32LittleEndian(body),
            BinaryPrimitives.ReadUInt32LittleEndian(body[4..]),
            BinaryPrimitives.ReadUInt32LittleEndian(body[8..]),
            BinaryPrimitives.ReadUInt32LittleEndian(body[12..]),
            BinaryPrimitives.ReadUInt32LittleEndian(body[16..]));
        return true;
    }
}
