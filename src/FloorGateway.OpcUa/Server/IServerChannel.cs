using FloorGateway.OpcUa.Encoding;
using FloorGateway.OpcUa.SecureChannel;
using FloorGateway.OpcUa.Security;
using FloorGateway.OpcUa.Server.Subscriptions;
using FloorGateway.OpcUa.Types;

namespace FloorGateway.OpcUa.Server;

/// <summary>A secure channel as the services see it. Posting never blocks: responses leave in the order in which they were posted.</summary>
internal interface IServerChannel
{
    uint Id { get; }

    SecurityPolicy Policy { get; }

    MessageSecurityMode Mode { get; }

    /// <summary>The own certificate the channel was opened with; null without security.</summary>
    ApplicationCertificate? Certificate => null;

    /// <summary>The client's certificate in DER, with its issuers if it sent them; null without security.</summary>
    byte[]? ClientCertificate { get; }

    /// <summary>The largest message body the client takes on this channel.</summary>
    int MaxResponseBytes { get; }

    /// <summary>What failed logins are counted by: where the client is, or "local" in this process.</summary>
    string ClientAddress { get; }

    /// <summary>Holds the answer to the request at hand back, and with it all that comes after it on this channel.</summary>
    void Delay(TimeSpan time);

    /// <summary>From the next response on, longer ones than this are answered with BadResponseTooLarge (OPC 10000-4, 5.7.2).</summary>
    void LimitResponses(int maxBytes);

    void Post(uint requestId, IUaResponse response);

    /// <summary>Posts a body that is encoded already, and takes it over.</summary>
    void Post(uint requestId, MessageBody body);
}
