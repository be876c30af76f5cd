using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using FloorGateway.OpcUa.Transport;

namespace FloorGateway.OpcUa.SecureChannel;

/// <summary>Writes MSG and CLO messages as signed and encrypted chunks (Part 6, 6.7.2).</summary>
public static class ChunkWriter
{
    /// <summary>Most body bytes that fit one chunk of <paramref name="chunkSize"/> bytes.</summary>
    public static int MaxBodyLength(SymmetricCrypto crypto, uint chunkSize)
    {
        var room = (int)Math.Min(chunkSize, int.MaxValue) - ChunkReader.HeaderLength;
        if (crypto.Encrypts)
            room = (room / crypto.BlockLength * crypto.BlockLength) - 1;
        return room - ChunkReader.SequenceHeaderLength - crypto.SignatureLength;
    }

    /// <summary>
    /// True when the peer takes a message with a body of that many bytes. Looked at before the first chunk is written, so that
    /// nothing has to be aborted half way.
    /// </summary>
    public static bool Fits(int bodyLength, SymmetricCrypto crypto, NegotiatedLimits limits)
    {
        if (limits.SendMaxMessageSize != 0 && bodyLength > limits.SendMaxMessageSize)
            return false;
        var perChunk = MaxBodyLength(crypto, limits.SendChunkSize);
        return limits.SendMaxChunkCount == 0 || (bodyLength + (long)perChunk - 1) / perChunk <= limits.SendMaxChunkCount;
    }

    /// <summary>Writes a whole message in as many chunks as it takes.</summary>
    public static void WriteMessage(
        IBufferWriter<byte> output,
        MessageType type,
        uint channelId,
        uint tokenId,
        SymmetricCrypto crypto,
        ref SequenceNumbers sequence,
        uint requestId,
        ReadOnlySpan<byte> body,
        uint chunkSize)
    {
        var perChunk = MaxBodyLength(crypto, chunkSize);
        while (body.Length > perChunk)
        {
            WriteChunk(output, type, ChunkType.Intermediate, channelId, tokenId, crypto, sequence.Next(), requestId, body[..perChunk]);
            body = body[perChunk..];
        }

        WriteChunk(output, type, ChunkType.Final, channelId, tokenId, crypto, sequence.Next(), requestId, body);
    }

    /// <summary>Writes an abort chunk: the message with this request id will not come (6.7.3).</summary>
    public static void WriteAbort(IBufferWriter<byte> output, uint channelId, uint tokenId, SymmetricCrypto crypto, ref SequenceNumbers sequence, uint requestId, ErrorMessage error)
    {
        var body = new byte[error.BodyLength];
        error.WriteBody(body);
        WriteChunk(output, MessageType.Message, ChunkType.Abort, channelId, tokenId, crypto, sequence.Next(), requestId, body);
    }

    private static void WriteChunk(
        IBufferWriter<byte> output,
        MessageType type,
        ChunkType chunkType,
        uint channelId,
        uint tokenId,
        SymmetricCrypto crypto,
        uint sequenceNumber,
        uint requestId,
        ReadOnlySpan<byte> body)
    {
        var sealedLength = ChunkReader.SequenceHeaderLength + body.Length + crypto.SignatureLength;
        var padding = 0;
        if (crypto.Encrypts)
        {
            var unpadded = sealedLength + 1;
            padding = (crypto.BlockLength - (unpadded % crypto.BlockLength)) % crypto.BlockLength;
            sealedLength = unpadded + padding;
        }

        var size = ChunkReader.HeaderLength + sealedLength;
        var memory = output.GetMemory(size);
        // The pipes' memory is made of arrays, which the cipher's transform needs; memory of another kind gets a copy.
        var direct = MemoryMarshal.TryGetArray<byte>(memory, out var segment);
        var rented = direct ? null : ArrayPool<byte>.Shared.Rent(size);
        var array = direct ? segment.Array! : rented!;
        var offset = direct ? segment.Offset : 0;
        var chunk = array.AsSpan(offset, size);

        new ChunkHeader(type, chunkType, (uint)size).Write(chunk);
        BinaryPrimitives.WriteUInt32LittleEndian(chunk[8..], channelId);
        BinaryPrimitives.WriteUInt32LittleEndian(chunk[12..], tokenId);
        BinaryPrimitives.WriteUInt32LittleEndian(chunk[16..], sequenceNumber);
        BinaryPrimitives.WriteUInt32LittleEndian(chunk[20..], requestId);
        body.CopyTo(chunk[24..]);
        if (crypto.Encrypts)
            chunk.Slice(24 + body.Length, padding + 1).Fill((byte)padding);
        if (crypto.SignatureLength != 0)
            crypto.Sign(chunk[..^crypto.SignatureLength], chunk[^crypto.SignatureLength..]);
        if (crypto.Encrypts)
            crypto.Encrypt(array, offset + ChunkReader.HeaderLength, sealedLength);

        if (rented is not null)
        {
            chunk.CopyTo(memory.Span);
            ArrayPool<byte>.Shared.Return(rented);
        }

        output.Advance(size);
    }
}
