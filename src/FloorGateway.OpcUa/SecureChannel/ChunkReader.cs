using System.Buffers.Binary;
using FloorGateway.OpcUa.Transport;

namespace FloorGateway.OpcUa.SecureChannel;

/// <summary>Opens MSG and CLO chunks in place: decrypts, verifies, strips the padding (Part 6, 6.7.2).</summary>
public static class ChunkReader
{
    /// <summary>Bytes of the message header with the token id.</summary>
    public const int HeaderLength = ChunkHeader.SecureLength + 4;

    /// <summary>Bytes of the sequence header.</summary>
    public const int SequenceHeaderLength = 8;

    /// <summary>The secure channel id of a chunk.</summary>
    public static uint ReadChannelId(ReadOnlySpan<byte> chunk) => BinaryPrimitives.ReadUInt32LittleEndian(chunk[ChunkHeader.Length..]);

    /// <summary>The token id of a MSG or CLO chunk, or 0 when the chunk is too short to hold one.</summary>
    public static uint ReadTokenId(ReadOnlySpan<byte> chunk) =>
        chunk.Length < HeaderLength ? 0 : BinaryPrimitives.ReadUInt32LittleEndian(chunk[ChunkHeader.SecureLength..]);

    /// <summary>
    /// Opens a whole chunk that begins at the start of <paramref name="chunk"/>. False for anything that was not made with these
    /// keys or is malformed; which of the two is not told, as it must not be told to the peer either.
    /// </summary>
    public static bool TryOpen(ArraySegment<byte> chunk, SymmetricCrypto crypto, out OpenedChunk opened)
    {
        opened = default;
        var array = chunk.Array!;
        var sealedLength = chunk.Count - HeaderLength;
        if (sealedLength < SequenceHeaderLength + crypto.SignatureLength + (crypto.Encrypts ? 1 : 0))
            return false;
        if (crypto.Encrypts)
        {
            if (sealedLength % crypto.BlockLength != 0)
                return false;
            crypto.Decrypt(array, chunk.Offset + HeaderLength, sealedLength);
        }

        ReadOnlySpan<byte> bytes = chunk;
        var signed = bytes[..^crypto.SignatureLength];
        if (crypto.SignatureLength != 0 && !crypto.Verify(signed, bytes[signed.Length..]))
            return false;

        var bodyEnd = signed.Length;
        if (crypto.Encrypts)
        {
            // The last plain byte is both the padding's last byte and its count; every padding byte holds the count (6.7.2.5).
            int padding = signed[^1];
            bodyEnd -= padding + 1;
            if (bodyEnd < HeaderLength + SequenceHeaderLength || signed[bodyEnd..].ContainsAnyExcept((byte)padding))
                return false;
        }

        opened = new OpenedChunk(
            BinaryPrimitives.ReadUInt32LittleEndian(bytes[HeaderLength..]),
            BinaryPrimitives.ReadUInt32LittleEndian(bytes[(HeaderLength + 4)..]),
            HeaderLength + SequenceHeaderLength,
            bodyEnd - HeaderLength - SequenceHeaderLength);
        return true;
    }
}
