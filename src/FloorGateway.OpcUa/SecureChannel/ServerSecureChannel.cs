using System.Net;
using FloorGateway.OpcUa.Encoding;
using FloorGateway.OpcUa.Security;
using FloorGateway.OpcUa.Transport;
using FloorGateway.OpcUa.Types;

namespace FloorGateway.OpcUa.SecureChannel;

/// <summary>The server's end of an open secure channel. Responses may be sent from any thread, in any order.</summary>
public sealed class ServerSecureChannel
{
    /// <summary>
    /// Bytes of a response, even where the client sets no limit: one Read can name the same long array ten thousand times.
    /// </summary>
    internal const int MaxResponseLength = 64 * 1024 * 1024;

    private readonly ServerConnection connection;

    internal ServerSecureChannel(ServerConnection connection, uint id, SecurityPolicy policy, MessageSecurityMode mode, ApplicationCertificate? certificate, byte[]? clientCertificate, string endpointUrl, bool isDiscoveryOnly)
    {
        this.connection = connection;
        (Id, Policy, Mode, Certificate, ClientCertificate, EndpointUrl, IsDiscoveryOnly) = (id, policy, mode, certificate, clientCertificate, endpointUrl, isDiscoveryOnly);
    }

    public uint Id { get; }

    public SecurityPolicy Policy { get; }

    public MessageSecurityMode Mode { get; }

    /// <summary>The own certificate the channel was opened with, which a renewal since then does not change; null with policy None.</summary>
    public ApplicationCertificate? Certificate { get; }

    /// <summary>The client's certificate in DER, checked and trusted; null with policy None.</summary>
    public byte[]? ClientCertificate { get; }

    /// <summary>The URL the client gave in Hello.</summary>
    public string EndpointUrl { get; }

    /// <summary>True when the channel has no security and the server offers no endpoint without: only discovery services may be served.</summary>
    public bool IsDiscoveryOnly { get; }

    public EndPoint? RemoteEndPoint => connection.RemoteEndPoint;

    public NegotiatedLimits Limits => connection.Limits!;

    /// <summary>True until the channel breaks or is aborted.</summary>
    public bool IsOpen => !connection.IsBroken;

    /// <summary>Sends a response. Waits when the client reads slower than it asks. Dropped without a sound when the channel is closed.</summary>
    /// <param name="requestId">The request's.</param>
    /// <param name="response">The response; one that is too long is answered with BadResponseTooLarge in its place.</param>
    /// <param name="maxLength">Bytes of the body that the client's session takes.</param>
    public ValueTask SendResponseAsync(uint requestId, IUaResponse response, int maxLength = MaxResponseLength)
    {
        var body = MessageBody.Rent(Math.Min(maxLength, MaxResponseLength));
        try
        {
            MessageCodec.Encode(body, response);
            // The buffer stops growing there, but may have been larger to begin with. A fault fits always.
            if (body.Length > maxLength && response is not ServiceFault)
                throw new MessageTooLongException();
        }
        catch (MessageTooLongException)
        {
            body.Dispose();
            return SendResponseAsync(requestId, new ServiceFault
            {
                ResponseHeader = new ResponseHeader
                {
                    Timestamp = response.ResponseHeader.Timestamp,
                    RequestHandle = response.ResponseHeader.RequestHandle,
                    ServiceResult = StatusCodes.BadResponseTooLarge,
                },
            });
        }
        catch
        {
            body.Dispose();
            throw;
        }

        return SendResponseAsync(requestId, body);
    }

    /// <summary>Sends a message that the caller encoded into <see cref="MessageBody.Rent"/>, type id first. The channel takes the body over.</summary>
    public ValueTask SendResponseAsync(uint requestId, MessageBody body) => connection.SendAsync(new Outgoing(MessageType.Message, requestId, body));

    /// <summary>
    /// The peer is no longer anybody: from now on messages may be as large as was negotiated. Call it while a request of this channel is
    /// being handled. Without effect on channels with security, which never were limited.
    /// </summary>
    public void AllowLargeMessages()
    {
        if (!IsDiscoveryOnly)
            connection.AllowLargeMessages();
    }

    /// <summary>Closes the channel and its connection; the client is told <paramref name="status"/>.</summary>
    public void Abort(StatusCode status) => connection.Break(status, "The server closed the channel.", tellClient: true);
}
