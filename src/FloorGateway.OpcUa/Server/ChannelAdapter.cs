using FloorGateway.OpcUa.Encoding;
using FloorGateway.OpcUa.SecureChannel;
using FloorGateway.OpcUa.Security;
using FloorGateway.OpcUa.Types;

namespace FloorGateway.OpcUa.Server;

/// <summary>A secure channel for the services.</summary>
internal sealed class ChannelAdapter(ServerSecureChannel channel) : IServerChannel
{
    public uint Id => channel.Id;

    public SecurityPolicy Policy => channel.Policy;

    public MessageSecurityMode Mode => channel.Mode;

    public byte[]? ClientCertificate => channel.ClientCertificate;

    public void Post(uint requestId, IUaResponse response) => Forget(channel.SendResponseAsync(requestId, response));

    public void Post(uint requestId, MessageBody body) => Forget(channel.SendResponseAsync(requestId, body));

    // The channel queues in order and drops what it can't send; how many wait is bounded by the publish requests a session may have.
    private static void Forget(ValueTask sending)
    {
        if (!sending.IsCompletedSuccessfully)
            _ = sending.AsTask();
    }
}
