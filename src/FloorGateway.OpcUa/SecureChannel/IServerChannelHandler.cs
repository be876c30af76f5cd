using FloorGateway.OpcUa.Types;

namespace FloorGateway.OpcUa.SecureChannel;

/// <summary>What a server does with its channels.</summary>
public interface IServerChannelHandler
{
    /// <summary>
    /// A request came. The next one on this channel is read when the returned task completes, which slows a client that asks faster
    /// than it is served; requests that wait for something (Publish, long calls) return at once and answer later. The handler
    /// disposes <paramref name="message"/>. An exception closes the channel.
    /// </summary>
    ValueTask OnRequestAsync(ServerSecureChannel channel, ReceivedMessage message);

    /// <summary>Called once for each channel that was open, after its last request.</summary>
    void OnChannelClosed(ServerSecureChannel channel, StatusCode reason);
}
