namespace FloorGateway.OpcUa.Transport;

/// <summary>What this side can take, before anything is negotiated.</summary>
public sealed record TransportLimits
{
    /// <summary>Smallest buffer a peer may offer (Part 6, 7.1.2.3).</summary>
    public const uint MinBufferSize = 8192;

    /// <summary>Largest chunk received, in bytes. 64 KiB keeps the fixed cost per chunk (HMAC, headers) below a percent.</summary>
    public uint ReceiveBufferSize { get; init; } = 65536;

    /// <summary>Largest chunk sent, in bytes.</summary>
    public uint SendBufferSize { get; init; } = 65536;

    /// <summary>Largest message body received, in bytes: the memory one peer can make this side hold.</summary>
    public uint MaxMessageSize { get; init; } = 16 * 1024 * 1024;

    /// <summary>Most chunks of one received message; enough for <see cref="MaxMessageSize"/> in the smallest chunks.</summary>
    public uint MaxChunkCount { get; init; } = 4096;
}
