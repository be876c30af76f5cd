using FloorGateway.OpcUa.Encoding;
using FloorGateway.OpcUa.Transport;
using FloorGateway.OpcUa.Types;

namespace FloorGateway.OpcUa.SecureChannel;

/// <summary>Joins the verified chunks of one direction into messages, within the negotiated limits.</summary>
internal sealed class MessageAssembler(NegotiatedLimits limits)
{
    private MessageBuffer? partial;
    private uint chunks;

    /// <summary>What there is of a message whose last chunk has not come.</summary>
    public MessageBuffer? Partial => partial;

    /// <summary>
    /// Takes over <paramref name="chunk"/>, whose bytes hold one opened chunk; of a message that has begun it is <see cref="Partial"/> itself, and the
    /// body lies right behind what is there. Gives the whole message when it was the last. A bad status means that the connection must end with it.
    /// </summary>
    public StatusCode Add(MessageBuffer chunk, ChunkType type, in OpenedChunk opened, out MessageBuffer? message)
    {
        message = null;
        if (type == ChunkType.Abort)
        {
            // The peer gave up the message: whatever came of it goes (6.7.3).
            if (chunk != partial)
                chunk.Release(chunk.Version);
            else if (partial.RequestId == opened.RequestId)
                Clear();
            return StatusCodes.Good;
        }

        if (partial is null)
        {
            chunk.Offset = opened.BodyOffset;
            chunk.Length = opened.BodyLength;
            chunk.RequestId = opened.RequestId;
            if (chunk.Length > limits.ReceiveMaxMessageSize)
                return Refuse(chunk, StatusCodes.BadTcpMessageTooLarge);
            chunks = 1;
            if (type == ChunkType.Intermediate)
            {
                partial = chunk;
                return StatusCodes.Good;
            }

            message = chunk;
        }
        else
        {
            // One message after the other: a peer that mixes them could make this side hold any number of halves.
            if (partial.RequestId != opened.RequestId)
                return Refuse(chunk, StatusCodes.BadCommunicationError);
            chunks++;
            if (chunks > limits.ReceiveMaxChunkCount || (long)partial.Length + opened.BodyLength > limits.ReceiveMaxMessageSize)
                return Refuse(chunk, StatusCodes.BadTcpMessageTooLarge);
            partial.Length += opened.BodyLength;
            if (type == ChunkType.Intermediate)
                return StatusCodes.Good;
            message = partial;
            partial = null;
        }

        var reader = new UaReader(message.Encoded, EncodingLimits.Default);
        if (!MessageCodec.TryReadTypeId(ref reader, out var typeId))
        {
            var malformed = message;
            message = null;
            return Refuse(malformed, StatusCodes.BadDecodingError);
        }

        message.TypeId = typeId;
        message.TypeIdLength = reader.Position;
        return StatusCodes.Good;
    }

    /// <summary>Gives back what was not finished.</summary>
    public void Clear()
    {
        partial?.Release(partial.Version);
        partial = null;
    }

    private StatusCode Refuse(MessageBuffer chunk, uint status)
    {
        if (chunk != partial)
            chunk.Release(chunk.Version);
        Clear();
        return status;
    }
}
