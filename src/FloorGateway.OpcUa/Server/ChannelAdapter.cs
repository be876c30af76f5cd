using FloorGateway.OpcUa.Encoding;
using FloorGateway.OpcUa.SecureChannel;
using FloorGateway.OpcUa.Security;
using FloorGateway.OpcUa.Transport;
using FloorGateway.OpcUa.Types;

namespace FloorGateway.OpcUa.Server;

/// <summary>A secure channel for the services.</summary>
internal sealed class ChannelAdapter(ServerSecureChannel channel) : IServerChannel
{
    private Task lastWaiting = Task.CompletedTask;
    private TimeSpan delay;

    public uint Id => channel.Id;

    public SecurityPolicy Policy => channel.Policy;

    public MessageSecurityMode Mode => channel.Mode;

    public ApplicationCertificate? Certificate => channel.Certificate;

    public byte[]? ClientCertificate => channel.ClientCertificate;

    public string ClientAddress { get; } = SecureChannel.ClientAddress.Of(channel.RemoteEndPoint) ?? "local";

    public int MaxResponseBytes { get; } = LargestBody(channel.Limits);

    /// <summary>Bytes of a response that the session on this channel takes.</summary>
    public int ResponseLimit { get; private set; } = int.MaxValue;

    public void LimitResponses(int maxBytes) => ResponseLimit = maxBytes;

    public void Delay(TimeSpan time) => delay = time;

    /// <summary>The delay of the request that was just handled; asked for by the loop that handles them.</summary>
    public TimeSpan TakeDelay()
    {
        var taken = delay;
        delay = default;
        return taken;
    }

    public void Post(uint requestId, IUaResponse response) => Forget(channel.SendResponseAsync(requestId, response));

    public void Post(uint requestId, MessageBody body) => Forget(channel.SendResponseAsync(requestId, body));

    // Half a chunk is more than headers and signature take, so this is on the safe side for every policy.
    private static int LargestBody(NegotiatedLimits limits)
    {
        var byChunks = limits.SendMaxChunkCount == 0 ? int.MaxValue : (long)limits.SendMaxChunkCount * limits.SendChunkSize / 2;
        return (int)Math.Min(limits.SendMaxMessageSize == 0 ? int.MaxValue : limits.SendMaxMessageSize, Math.Min(byChunks, int.MaxValue));
    }

    /// <summary>
    /// Completes once the channel has taken what was posted so far. Whoever reads from the client waits for it, so that a client that
    /// asks and does not read can not make answers pile up.
    /// </summary>
    public Task TakenAsync() => Volatile.Read(ref lastWaiting);

    // The channel queues in order and drops what it can't send, so the last one that waits stands for all before it.
    private void Forget(ValueTask sending)
    {
        if (!sending.IsCompletedSuccessfully)
            Volatile.Write(ref lastWaiting, sending.AsTask());
    }
}
