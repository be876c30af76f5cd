using FloorGateway.OpcUa.Encoding;
using FloorGateway.OpcUa.Types;

namespace FloorGateway.OpcUa.SecureChannel;

/// <summary>
/// A received message: decrypted, verified, contiguous, in pooled memory. Whoever gets it disposes it once and keeps no span of
/// it afterwards. A handle used after its disposal throws; disposing twice does no harm.
/// </summary>
public readonly struct ReceivedMessage : IDisposable
{
    private readonly MessageBuffer? buffer;
    private readonly int version;

    internal ReceivedMessage(MessageBuffer buffer)
    {
        this.buffer = buffer;
        version = buffer.Version;
    }

    /// <summary>The request id of the secure channel; responses carry their request's.</summary>
    public uint RequestId => Live.RequestId;

    /// <summary>The namespace 0 id of the message's Default Binary encoding.</summary>
    public uint TypeId => Live.TypeId;

    /// <summary>When the last chunk was received: UTC, .NET ticks of 100 ns.</summary>
    public long ReceivedTicks => Live.ReceivedTicks;

    /// <summary>The structure, without the type id in front: what its decoder reads.</summary>
    public ReadOnlySpan<byte> Body => Live.Encoded[Live.TypeIdLength..];

    /// <summary>The whole message, type id included.</summary>
    public ReadOnlySpan<byte> Encoded => Live.Encoded;

    private MessageBuffer Live
    {
        get
        {
            ObjectDisposedException.ThrowIf(buffer is null || buffer.Version != version, typeof(ReceivedMessage));
            return buffer;
        }
    }

    /// <summary>Decodes the body as <typeparamref name="T"/>.</summary>
    /// <exception cref="ChannelException">The body is malformed (BadDecodingError, BadEncodingLimitsExceeded).</exception>
    public T Decode<T>(EncodingLimits limits)
        where T : IUaStructure<T>
    {
        var reader = new UaReader(Body, limits);
        var decoded = T.Decode(ref reader);
        return reader.Failed
            ? throw new ChannelException(reader.Error, $"The {typeof(T).Name} of request {RequestId} can't be decoded ({reader.Error} at byte {reader.Position} of {Body.Length}): the peer sent something malformed or beyond the limits set here.")
            : decoded;
    }

    public void Dispose() => buffer?.Release(version);
}
