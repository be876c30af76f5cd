using FloorGateway.OpcUa.SecureChannel;
using FloorGateway.OpcUa.Transport;
using FloorGateway.OpcUa.Types;

namespace FloorGateway.OpcUa.Tests.SecureChannel;

public class MessageAssemblerTests
{
    private static readonly byte[] TypeId = [0x01, 0x00, 0xBF, 0x01]; // i=447 in four bytes

    private readonly MessagePool pool = new();
    private readonly MessageAssembler assembler = new(new NegotiatedLimits(8192, 8192, 100, 3, 0, 0));

    [Fact]
    public void Joins_chunks_and_reads_the_type_id()
    {
        Assert.Equal(0u, Add(1, ChunkType.Intermediate, TypeId[..2], out var none).Value);
        Assert.Null(none);
        Assert.Equal(0u, Add(1, ChunkType.Intermediate, [.. TypeId[2..], 7, 8], out none).Value);
        Assert.Null(none);
        Assert.Equal(0u, Add(1, ChunkType.Final, [9], out var buffer).Value);
        var message = new ReceivedMessage(buffer!);
        Assert.Equal(447u, message.TypeId);
        Assert.Equal([7, 8, 9], message.Body.ToArray());
        Assert.Equal([.. TypeId, 7, 8, 9], message.Encoded.ToArray());
        message.Dispose();
        Assert.Equal(0, pool.Outstanding);
    }

    [Fact]
    public void Refuses_one_byte_or_one_chunk_too_many()
    {
        Add(1, ChunkType.Intermediate, new byte[60], out _);
        Assert.Equal(StatusCodes.BadTcpMessageTooLarge, Add(1, ChunkType.Final, new byte[41], out _).Value);
        Assert.Equal(StatusCodes.BadTcpMessageTooLarge, Add(1, ChunkType.Final, new byte[101], out _).Value);
        for (var i = 0; i < 3; i++)
            Assert.Equal(0u, Add(1, ChunkType.Intermediate, new byte[1], out _).Value);
        Assert.Equal(StatusCodes.BadTcpMessageTooLarge, Add(1, ChunkType.Final, new byte[1], out _).Value);
        Assert.Equal(0, pool.Outstanding);
    }

    [Fact]
    public void Refuses_messages_mixed_with_each_other()
    {
        Add(1, ChunkType.Intermediate, TypeId, out _);
        Assert.Equal(StatusCodes.BadCommunicationError, Add(2, ChunkType.Final, TypeId, out _).Value);
        Assert.Equal(0, pool.Outstanding);
    }

    [Fact]
    public void An_aborted_message_leaves_nothing_behind()
    {
        Add(1, ChunkType.Intermediate, new byte[50], out _);
        Assert.Equal(0u, Add(1, ChunkType.Abort, new byte[8], out var message).Value);
        Assert.Null(message);
        Assert.Equal(0, pool.Outstanding);
        Assert.Equal(0u, Add(2, ChunkType.Final, TypeId, out message).Value);
        message!.Release(message.Version);
    }

    [Fact]
    public void A_message_without_a_type_id_is_refused()
    {
        Assert.Equal(StatusCodes.BadDecodingError, Add(1, ChunkType.Final, [], out _).Value);
        Assert.Equal(StatusCodes.BadDecodingError, Add(1, ChunkType.Final, [0x03, 0, 0, 1, 0, 0, 0, 65], out _).Value);
        Assert.Equal(0, pool.Outstanding);
    }

    [Fact]
    public void A_handle_used_after_its_disposal_throws_and_disposing_twice_does_no_harm()
    {
        Add(1, ChunkType.Final, TypeId, out var first);
        var stale = new ReceivedMessage(first!);
        stale.Dispose();
        Add(2, ChunkType.Final, TypeId, out var second);
        Assert.Same(first, second);
        using var current = new ReceivedMessage(second!);
        stale.Dispose();
        Assert.Equal(2u, current.RequestId);
        Assert.Throws<ObjectDisposedException>(() => stale.RequestId);
        Assert.Throws<ObjectDisposedException>(() => stale.Body.Length);
    }

    private StatusCode Add(uint requestId, ChunkType type, byte[] body, out MessageBuffer? message)
    {
        // As the receiver does it: the body of a further chunk is put right behind what is there.
        var chunk = assembler.Partial ?? pool.Rent(24 + body.Length);
        chunk.Reserve(body.Length);
        body.CopyTo(chunk.Array.AsSpan(assembler.Partial is null ? 24 : chunk.Offset + chunk.Length));
        return assembler.Add(chunk, type, new OpenedChunk(1, requestId, 24, body.Length), out message);
    }
}
