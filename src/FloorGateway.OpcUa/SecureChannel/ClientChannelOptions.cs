using FloorGateway.Net.Transport;
using FloorGateway.OpcUa.Encoding;
using FloorGateway.OpcUa.Security;
using FloorGateway.OpcUa.Transport;
using FloorGateway.OpcUa.Types;
using Microsoft.Extensions.Logging;

namespace FloorGateway.OpcUa.SecureChannel;

/// <summary>How a client opens a secure channel.</summary>
public sealed record ClientChannelOptions
{
    /// <summary><c>opc.tcp://host:port/path</c>; sent in Hello and, unless <see cref="Connect"/> is set, dialled.</summary>
    public required string EndpointUrl { get; init; }

    /// <summary>No default: an unprotected channel has to be written down.</summary>
    public required SecurityPolicy Policy { get; init; }

    public required MessageSecurityMode Mode { get; init; }

    /// <summary>The own certificate. Needed unless the policy is None.</summary>
    public ApplicationCertificate? Certificate { get; init; }

    /// <summary>The server's certificate in DER (from GetEndpoints). Needed unless the policy is None.</summary>
    public byte[]? ServerCertificate { get; init; }

    /// <summary>Checks the server's certificate. Needed unless the policy is None.</summary>
    public CertificateValidator? Validator { get; init; }

    /// <summary>The application URI from the endpoint's description, compared with the server's certificate when set.</summary>
    public string? ServerApplicationUri { get; init; }

    public TransportLimits Limits { get; init; } = new();

    /// <summary>For what the channel itself decodes.</summary>
    public EncodingLimits EncodingLimits { get; init; } = EncodingLimits.Default;

    /// <summary>Time for connecting and opening together.</summary>
    public TimeSpan OpenTimeout { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Life of a security token; the server may shorten it. The channel renews at three quarters of what it got.</summary>
    public TimeSpan TokenLifetime { get; init; } = TimeSpan.FromHours(1);

    /// <summary>Time for a response where the call names none. Kept to about <see cref="ClientSecureChannel.TickInterval"/>.</summary>
    public TimeSpan RequestTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Time in which the peer must take sent bytes before the connection is given up.</summary>
    public TimeSpan SendTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Messages waiting to be sent before a further request waits itself.</summary>
    public int SendQueueLength { get; init; } = 256;

    /// <summary>Opens the byte stream; by default TCP to the URL's host and port.</summary>
    public Func<CancellationToken, ValueTask<Connection>>? Connect { get; init; }

    public TimeProvider Time { get; init; } = TimeProvider.System;

    public ILoggerFactory? Loggers { get; init; }

    /// <summary>Where the sequence numbers start; tests start just below the wrap.</summary>
    internal SequenceNumbers FirstSequence { get; init; }

    /// <summary>The request id before the first; tests start just below the wrap.</summary>
    internal uint LastRequestId { get; init; }
}
