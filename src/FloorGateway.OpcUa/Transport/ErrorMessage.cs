using System.Buffers;
using System.Buffers.Binary;
using FloorGateway.OpcUa.Types;

namespace FloorGateway.OpcUa.Transport;

/// <summary>ERR: why the server closes the connection (Part 6, 7.1.2.5); also the body of an abort chunk (6.7.3).</summary>
public sealed record ErrorMessage(StatusCode Error, string? Reason)
{
    /// <summary>Longest reason in bytes that the standard allows.</summary>
    public const int MaxReasonLength = 4096;

    /// <summary>Writes the whole ERR chunk.</summary>
    public void Write(IBufferWriter<byte> output)
    {
        var size = ChunkHeader.Length + BodyLength;
        var span = output.GetSpan(size);
        new ChunkHeader(MessageType.Error, ChunkType.Final, (uint)size).Write(span);
        WriteBody(span[ChunkHeader.Length..]);
        output.Advance(size);
    }

    /// <summary>Bytes of the body without a chunk header.</summary>
    public int BodyLength => 4 + TransportText.Length(Reason);

    /// <summary>Writes the body alone, for an abort chunk.</summary>
    public void WriteBody(Span<byte> destination)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(destination, Error.Value);
        TransportText.Write(destination[4..], Reason);
    }

    /// <summary>Reads a body. A reason that is too long or not UTF-8 makes the message unreadable, as the standard demands.</summary>
    public static bool TryRead(ReadOnlySpan<byte> body, out ErrorMessage? message)
    {
        message = null;
        if (body.Length < 8)
            return false;
        var rest = body[4..];
        if (!TransportText.TryRead(ref rest, MaxReasonLength, out var reason))
            return false;
        message = new ErrorMessage(BinaryPrimitives.ReadUInt32LittleEndian(body), reason);
        return true;
    }
}
