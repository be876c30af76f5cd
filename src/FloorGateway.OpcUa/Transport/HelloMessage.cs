using System.Buffers;
using System.Buffers.Binary;

namespace FloorGateway.OpcUa.Transport;

/// <summary>HEL: what the client can take and where it wants to go (Part 6, 7.1.2.3). Sizes in bytes; 0 means no limit for the last two.</summary>
public sealed record HelloMessage(uint ProtocolVersion, uint ReceiveBufferSize, uint SendBufferSize, uint MaxMessageSize, uint MaxChunkCount, string? EndpointUrl)
{
    /// <summary>Longest endpoint URL in bytes that the standard allows.</summary>
    public const int MaxEndpointUrlLength = 4096;

    /// <summary>Largest whole HEL or RHE chunk; nothing longer is read before the handshake is over.</summary>
    public const int MaxSize = ChunkHeader.Length + 20 + (2 * (4 + MaxEndpointUrlLength));

    public void Write(IBufferWriter<byte> output)
    {
        var size = ChunkHeader.Length + 20 + TransportText.Length(EndpointUrl);
        var span = output.GetSpan(size);
        new ChunkHeader(MessageType.Hello, ChunkType.Final, (uint)size).Write(span);
        BinaryPrimitives.WriteUInt32LittleEndian(span[8..], ProtocolVersion);
        BinaryPrimitives.WriteUInt32LittleEndian(span[12..], ReceiveBufferSize);
        BinaryPrimitives.WriteUInt32LittleEndian(span[16..], SendBufferSize);
        BinaryPrimitives.WriteUInt32LittleEndian(span[20..], MaxMessageSize);
        BinaryPrimitives.WriteUInt32LittleEndian(span[24..], MaxChunkCount);
        TransportText.Write(span[28..], EndpointUrl);
        output.Advance(size);
    }

    /// <summary>Reads what follows the chunk header. False when it is cut short, too long or not UTF-8.</summary>
    public static bool TryRead(ReadOnlySpan<byte> body, out HelloMessage? message)
    {
        message = null;
        if (body.Length < 20)
            return false;
        var rest = body[20..];
        if (!TransportText.TryRead(ref rest, MaxEndpointUrlLength, out var url) || rest.Length != 0)
            return false;
        message = new HelloMessage(
            BinaryPrimitives.ReadUInt32LittleEndian(body),
            BinaryPrimitives.ReadUInt32LittleEndian(body[4..]),
            BinaryPrimitives.ReadUInt32LittleEndian(body[8..]),
            BinaryPrimitives.ReadUInt32LittleEndian(body[12..]),
            BinaryPrimitives.ReadUInt32LittleEndian(body[16..]),
            url);
        return true;
    }
}
