using System.Buffers;
using System.IO.Pipelines;
using FloorGateway.OpcUa.Transport;
using FloorGateway.OpcUa.Types;

namespace FloorGateway.OpcUa.SecureChannel;

/// <summary>Reads the one chunk that each side sends before there is a channel.</summary>
internal static class HandshakeReader
{
    /// <summary>The next chunk and its bytes after the header; a null body when the peer closed or the read was cancelled through the pipe.</summary>
    /// <exception cref="ChannelException">Not a chunk, or larger than <paramref name="maxSize"/> bytes.</exception>
    public static async ValueTask<(ChunkHeader Header, byte[]? Body)> ReadAsync(PipeReader input, uint maxSize, CancellationToken cancel)
    {
        while (true)
        {
            var result = await input.ReadAsync(cancel).ConfigureAwait(false);
            var buffer = result.Buffer;
            switch (FrameReader.TryRead(ref buffer, maxSize, out var header, out var frame))
            {
                case FrameStatus.Complete:
                    var body = frame.Slice(ChunkHeader.Length).ToArray();
                    input.AdvanceTo(buffer.Start);
                    return (header, body);
                case FrameStatus.Invalid:
                    throw new ChannelException(StatusCodes.BadTcpMessageTypeInvalid, "the peer does not speak OPC UA TCP");
                case FrameStatus.TooLarge:
                    throw new ChannelException(StatusCodes.BadTcpMessageTooLarge, $"the peer announced a chunk of {header.Size} bytes; {maxSize} are allowed here");
            }

            input.AdvanceTo(buffer.Start, buffer.End);
            if (result.IsCompleted || result.IsCanceled)
                return (default, null);
        }
    }
}
