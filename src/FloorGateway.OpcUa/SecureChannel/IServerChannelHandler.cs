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

    /// <summary>
    /// True while a session is activated on the channel. Channels without one are the first to go when connections run short, and do not stay
    /// open for ever. Called from any thread.
    /// </summary>
    bool IsInUse(ServerSecureChannel channel);

    /// <summary>Called once for each channel that was open, after its last request.</summary>
    void OnChannelClosed(ServerSecureChannel channel, StatusCode reason);
}
