using System.Buffers.Binary;

namespace FloorGateway.OpcUa.Transport;

/// <summary>The first eight bytes of every chunk: type, chunk type and total size in bytes, header included (Part 6, 7.1.2.2).</summary>
public readonly record struct ChunkHeader(MessageType Type, ChunkType ChunkType, uint Size)
{
    /// <summary>Bytes of this header.</summary>
    public const int Length = 8;

    /// <summary>Bytes of the header of OPN, MSG and CLO chunks, which adds the secure channel id.</summary>
    public const int SecureLength = 12;

    /// <summary>True for OPN, MSG and CLO.</summary>
    public bool IsSecure => Type is MessageType.OpenSecureChannel or MessageType.CloseSecureChannel or MessageType.Message;

    /// <summary>Reads the header. False for letters the protocol does not know or that do not go together.</summary>
    public static bool TryRead(ReadOnlySpan<byte> data, out ChunkHeader header)
    {
        header = default;
        if (data.Length < Length || !TryReadType(data, out var type, out var chunkType))
            return false;
        header = new ChunkHeader(type, chunkType, BinaryPrimitives.ReadUInt32LittleEndian(data[4..]));
        return header.Size >= Length;
    }

    /// <summary>Reads the four letters alone, so that a peer of another protocol is found before its "size" is believed.</summary>
    public static bool TryReadType(ReadOnlySpan<byte> data, out MessageType type, out ChunkType chunkType)
    {
        type = default;
        chunkType = default;
        if (data.Length < 4)
            return false;
        type = (MessageType)(BinaryPrimitives.ReadUInt32LittleEndian(data) & 0xFFFFFF);
        chunkType = (ChunkType)data[3];
        return type switch
        {
            MessageType.Message => chunkType is ChunkType.Final or ChunkType.Intermediate or ChunkType.Abort,
            MessageType.Hello or MessageType.Acknowledge or MessageType.Error or MessageType.ReverseHello
                or MessageType.OpenSecureChannel or MessageType.CloseSecureChannel => chunkType == ChunkType.Final,
            _ => false,
        };
    }

    /// <summary>Writes the header into the first eight bytes of <paramref name="destination"/>.</summary>
    public void Write(Span<byte> destination)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(destination, (uint)Type | ((uint)ChunkType << 24));
        BinaryPrimitives.WriteUInt32LittleEndian(destination[4..], Size);
    }
}
