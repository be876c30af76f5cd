using System.Buffers;
using FloorGateway.OpcUa.Transport;
using FloorGateway.OpcUa.Types;

namespace FloorGateway.OpcUa.SecureChannel;

/// <summary>
/// The receiving half of a channel, without I/O: verifies each chunk in the order signature, sequence number, commit, and joins
/// chunks to messages. Belongs to the receiving loop.
/// </summary>
internal sealed class ChunkReceiver(TokenSet tokens, MessagePool pool, NegotiatedLimits limits, TimeProvider time)
{
    /// <summary>What lies before a chunk's body: nothing of it is kept.</summary>
    private const int BeforeBody = ChunkReader.HeaderLength + ChunkReader.SequenceHeaderLength;

    private MessageAssembler assembler = new(limits);
    private SequenceNumbers sequence;
    private int expected; // bytes of the last message of several chunks, for the next will be much like it

    /// <summary>0 until the channel is open.</summary>
    public uint ChannelId { get; set; }

    /// <summary>The reason of the last abort chunk and the request it belongs to; read and cleared by the owner.</summary>
    public (uint RequestId, ErrorMessage Error)? Aborted { get; set; }

    /// <summary>Checks the sequence number of an OPN chunk that was verified; OPN and MSG share one count.</summary>
    public bool TryAcceptSequence(uint number) => sequence.TryAccept(number);

    /// <summary>
    /// Takes one MSG or CLO chunk. Good with a message, Good without (more chunks follow, or one was aborted), or the code that
    /// the connection must end with.
    /// </summary>
    public StatusCode Receive(in ChunkHeader header, in ReadOnlySequence<byte> frame, out MessageBuffer? message)
    {
        message = null;
        var size = (int)header.Size;
        var partial = assembler.Partial;
        var chunk = partial ?? pool.Rent(header.ChunkType == ChunkType.Intermediate ? Math.Max(size, expected) : size);

        // A further chunk is opened where its body belongs: right behind what is there, whose end makes way for the headers meanwhile.
        var start = 0;
        Span<byte> overwritten = stackalloc byte[BeforeBody];
        if (partial is not null)
        {
            partial.Reserve(size);
            start = partial.Offset + partial.Length - BeforeBody;
            partial.Array.AsSpan(start, BeforeBody).CopyTo(overwritten);
        }

        var bytes = new ArraySegment<byte>(chunk.Array, start, size);
        frame.CopyTo(bytes);
        var status = Open(header, bytes, out var opened);
        if (partial is not null)
            overwritten.CopyTo(chunk.Array.AsSpan(start));
        if (status.IsBad)
        {
            if (partial is null)
                chunk.Release(chunk.Version);
            return status;
        }

        if (header.ChunkType == ChunkType.Abort)
        {
            var body = bytes.AsSpan(opened.BodyOffset, opened.BodyLength);
            Aborted = (opened.RequestId, ErrorMessage.TryRead(body, out var error) ? error! : new ErrorMessage(StatusCodes.BadDecodingError, null));
        }

        status = assembler.Add(chunk, header.ChunkType, opened, out message);
        if (message is null)
            return status;
        if (partial is not null)
            expected = message.Offset + message.Length;
        message.ReceivedTicks = time.GetUtcNow().UtcTicks;
        return status;
    }

    /// <summary>Takes smaller messages than were negotiated, or those again; between two messages.</summary>
    public void LimitTo(uint maxMessageSize) => assembler = new(limits with { ReceiveMaxMessageSize = Math.Min(maxMessageSize, limits.ReceiveMaxMessageSize) });

    public void Clear() => assembler.Clear();

    private StatusCode Open(in ChunkHeader header, ArraySegment<byte> chunk, out OpenedChunk opened)
    {
        opened = default;
        if (header.Size < ChunkReader.HeaderLength + ChunkReader.SequenceHeaderLength)
            return StatusCodes.BadTcpMessageTypeInvalid;
        if (ChunkReader.ReadChannelId(chunk) != ChannelId)
            return StatusCodes.BadTcpSecureChannelUnknown;
        var token = tokens.ForReceiving(ChunkReader.ReadTokenId(chunk));
        if (token is null)
            return StatusCodes.BadSecureChannelTokenUnknown;
        if (!ChunkReader.TryOpen(chunk, token.Receiving, out opened))
            return StatusCodes.BadSecurityChecksFailed;
        if (!sequence.TryAccept(opened.SequenceNumber))
            return StatusCodes.BadSequenceNumberInvalid;
        tokens.Used(token);
        return StatusCodes.Good;
    }
}
