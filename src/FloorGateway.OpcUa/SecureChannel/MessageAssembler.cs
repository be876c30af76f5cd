using FloorGateway.OpcUa.Encoding;
using FloorGateway.OpcUa.Transport;
using FloorGateway.OpcUa.Types;

namespace FloorGateway.OpcUa.SecureChannel;

/// <summary>Joins the verified chunks of one direction into messages, within the negotiated limits.</summary>
internal sealed class MessageAssembler(NegotiatedLimits limits)
{
    private MessageBuffer? partial;
    private uint chunks;

    /// <summary>
    /// Takes over <paramref name="chunk"/>, whose bytes hold one opened chunk, and gives the whole message when it was the last.
    /// A bad status means that the connection must end with it.
    /// </summary>
    public StatusCode Add(MessageBuffer chunk, ChunkType type, in OpenedChunk opened, out MessageBuffer? message)
    {
        message = null;
        chunk.Offset = opened.BodyOffset;
        chunk.Length = opened.BodyLength;
        chunk.RequestId = opened.RequestId;
        if (type == ChunkType.Abort)
        {
            // The peer gave up the message: whatever came of it goes (6.7.3).
            if (partial?.RequestId == opened.RequestId)
                Clear();
            chunk.Release(chunk.Version);
            return StatusCodes.Good;
        }

        if (partial is null)
        {
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
            if (partial.RequestId != chunk.RequestId)
                return Refuse(chunk, StatusCodes.BadCommunicationError);
            chunks++;
            if (chunks > limits.ReceiveMaxChunkCount || (long)partial.Length + chunk.Length > limits.ReceiveMaxMessageSize)
                return Refuse(chunk, StatusCodes.BadTcpMessageTooLarge);
            partial.Append(chunk.Encoded);
            chunk.Release(chunk.Version);
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
        chunk.Release(chunk.Version);
        Clear();
        return status;
    }
}
