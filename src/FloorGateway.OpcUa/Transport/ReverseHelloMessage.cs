using System.Buffers;

namespace FloorGateway.OpcUa.Transport;

/// <summary>RHE: a server that dialled out says who it is and which endpoint to open (Part 6, 7.1.2.6).</summary>
public sealed record ReverseHelloMessage(string? ServerUri, string? EndpointUrl)
{
    public void Write(IBufferWriter<byte> output)
    {
        var size = ChunkHeader.Length + TransportText.Length(ServerUri) + TransportText.Length(EndpointUrl);
        var span = output.GetSpan(size);
        new ChunkHeader(MessageType.ReverseHello, ChunkType.Final, (uint)size).Write(span);
        var written = TransportText.Write(span[ChunkHeader.Length..], ServerUri);
        TransportText.Write(span[(ChunkHeader.Length + written)..], EndpointUrl);
        output.Advance(size);
    }

    /// <summary>Reads what follows the chunk header.</summary>
    public static bool TryRead(ReadOnlySpan<byte> body, out ReverseHelloMessage? message)
    {
        message = null;
        if (!TransportText.TryRead(ref body, HelloMessage.MaxEndpointUrlLength, out var server)
            || !TransportText.TryRead(ref body, HelloMessage.MaxEndpointUrlLength, out var url)
            || body.Length != 0)
            return false;
        message = new ReverseHelloMessage(server, url);
        return true;
    }
}
