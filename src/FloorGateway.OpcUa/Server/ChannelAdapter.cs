using FloorGateway.OpcUa.Encoding;
using FloorGateway.OpcUa.SecureChannel;
using FloorGateway.OpcUa.Security;
using FloorGateway.OpcUa.Transport;
using FloorGateway.OpcUa.Types;

namespace FloorGateway.OpcUa.Server;

/// <summary>A secure channel for the services.</summary>
internal sealed class ChannelAdapter(ServerSecureChannel channel) : IServerChannel
{
    public uint Id => channel.Id;

    public SecurityPolicy Policy => channel.Policy;

    public MessageSecurityMode Mode => channel.Mode;

    public byte[]? ClientCertificate => channel.ClientCertificate;

    public int MaxResponseBytes { get; } = LargestBody(channel.Limits);

    public void Post(uint requestId, IUaResponse response) => Forget(channel.SendResponseAsync(requestId, response));

    public void Post(uint requestId, MessageBody body) => Forget(channel.SendResponseAsync(requestId, body));

    // Half a chunk is more than headers and signature take, so this is on the safe side for every policy.
    private static int LargestBody(NegotiatedLimits limits)
    {
        var byChunks = limits.SendMaxChunkCount == 0 ? int.MaxValue : (long)limits.SendMaxChunkCount * limits.SendChunkSize / 2;
        return (int)Math.Min(limits.SendMaxMessageSize == 0 ? int.MaxValue : limits.SendMaxMessageSize, Math.Min(byChunks, int.MaxValue));
    }

    // The channel queues in order and drops what it can't send; how many wait is bounded by the publish requests a session may have.
    private static void Forget(ValueTask sending)
    {
        if (!sending.IsCompletedSuccessfully)
            _ = sending.AsTask();
    }
}
