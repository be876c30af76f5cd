using System.Buffers;

namespace FloorGateway.OpcUa.Transport;

/// <summary>What <see cref="FrameReader"/> found at the head of the received bytes.</summary>
public enum FrameStatus
{
    /// <summary>More bytes are needed.</summary>
    Incomplete,

    /// <summary>A whole chunk is there.</summary>
    Complete,

    /// <summary>The bytes are not a chunk of OPC UA TCP: BadTcpMessageTypeInvalid.</summary>
    Invalid,

    /// <summary>The chunk says it is larger than was negotiated: BadTcpMessageTooLarge.</summary>
    TooLarge,
}

/// <summary>Cuts a byte stream into chunks. Knows sizes and letters only; nothing of security.</summary>
public static class FrameReader
{
    /// <summary>
    /// Takes one chunk from <paramref name="buffer"/> and moves it past the chunk. The declared size is checked against
    /// <paramref name="maxChunkSize"/> (bytes) as soon as it is there, before the rest of the chunk is waited for.
    /// </summary>
    public static FrameStatus TryRead(ref ReadOnlySequence<byte> buffer, uint maxChunkSize, out ChunkHeader header, out ReadOnlySequence<byte> frame)
    {
        header = default;
        frame = default;
        Span<byte> copy = stackalloc byte[ChunkHeader.Length];
        scoped ReadOnlySpan<byte> head = buffer.FirstSpan;
        if (head.Length < ChunkHeader.Length)
        {
            var available = (int)Math.Min(buffer.Length, ChunkHeader.Length);
            buffer.Slice(0, available).CopyTo(copy);
            head = copy[..available];
        }

        if (head.Length < 4)
            return FrameStatus.Incomplete;
        if (!ChunkHeader.TryReadType(head, out _, out _))
            return FrameStatus.Invalid;
        if (head.Length < ChunkHeader.Length)
            return FrameStatus.Incomplete;
        if (!ChunkHeader.TryRead(head, out header) || (header.IsSecure && header.Size < ChunkHeader.SecureLength))
            return FrameStatus.Invalid;
        if (header.Size > maxChunkSize)
            return FrameStatus.TooLarge;
        if (buffer.Length < header.Size)
            return FrameStatus.Incomplete;
        frame = buffer.Slice(0, header.Size);
        buffer = buffer.Slice(header.Size);
        return FrameStatus.Complete;
    }
}
