namespace FloorGateway.OpcUa.Transport;

/// <summary>
/// What the two sides of one connection agreed on. Sizes in bytes. Nothing reads the options again after the handshake.
/// For what is sent, 0 means that the peer named no limit; what is received is always limited.
/// </summary>
public sealed record NegotiatedLimits(
    uint ReceiveChunkSize,
    uint SendChunkSize,
    uint ReceiveMaxMessageSize,
    uint ReceiveMaxChunkCount,
    uint SendMaxMessageSize,
    uint SendMaxChunkCount)
{
    /// <summary>The server's side: neither buffer may exceed what the client offered (Part 6, 7.1.2.4). Null when the client's buffers are too small.</summary>
    public static NegotiatedLimits? FromHello(TransportLimits own, HelloMessage hello)
    {
        if (hello.ReceiveBufferSize < TransportLimits.MinBufferSize || hello.SendBufferSize < TransportLimits.MinBufferSize)
            return null;
        return new NegotiatedLimits(
            Math.Min(own.ReceiveBufferSize, hello.SendBufferSize),
            Math.Min(own.SendBufferSize, hello.ReceiveBufferSize),
            own.MaxMessageSize,
            own.MaxChunkCount,
            hello.MaxMessageSize,
            hello.MaxChunkCount);
    }

    /// <summary>The server's answer that goes with <see cref="FromHello"/>.</summary>
    public AcknowledgeMessage ToAcknowledge() => new(0, ReceiveChunkSize, SendChunkSize, ReceiveMaxMessageSize, ReceiveMaxChunkCount);

    /// <summary>The client's side. Null when the server's buffers are too small. A server that names more than was offered gets no more than was offered.</summary>
    public static NegotiatedLimits? FromAcknowledge(TransportLimits own, AcknowledgeMessage acknowledge)
    {
        if (acknowledge.ReceiveBufferSize < TransportLimits.MinBufferSize || acknowledge.SendBufferSize < TransportLimits.MinBufferSize)
            return null;
        return new NegotiatedLimits(
            own.ReceiveBufferSize,
            Math.Min(own.SendBufferSize, acknowledge.ReceiveBufferSize),
            own.MaxMessageSize,
            own.MaxChunkCount,
            acknowledge.MaxMessageSize,
            acknowledge.MaxChunkCount);
    }
}
