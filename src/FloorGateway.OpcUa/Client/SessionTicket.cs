using FloorGateway.OpcUa.Types;

namespace FloorGateway.OpcUa.Client;

/// <summary>What it takes to activate a session again on a new secure channel (OPC 10000-4, 5.7.3). Secret: it holds the session's token.</summary>
public sealed record SessionTicket
{
    public required NodeId SessionId { get; init; }

    public required NodeId AuthenticationToken { get; init; }

    public required byte[] ServerNonce { get; init; }

    public required byte[] ServerCertificate { get; init; }

    public required EndpointDescription Endpoint { get; init; }

    /// <summary>The timeout as the server revised it.</summary>
    public required TimeSpan Timeout { get; init; }

    /// <summary>The certificate of ours that the session was made with; only with it can the session be resumed (5.7.3.1). Null without security.</summary>
    internal byte[]? ClientThumbprint { get; init; }

    public override string ToString() => $"session {SessionId}";
}
