using System.Net;
using FloorGateway.OpcUa.SecureChannel;
using FloorGateway.OpcUa.Security;
using FloorGateway.OpcUa.Types;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace FloorGateway.OpcUa.Server;

/// <summary>A security policy with a mode, as an endpoint offers it.</summary>
public sealed record EndpointSecurity(SecurityPolicy Policy, MessageSecurityMode Mode)
{
    /// <summary>No protection at all; write it down only where that is meant.</summary>
    public static EndpointSecurity None { get; } = new(SecurityPolicy.None, MessageSecurityMode.None);

    public static EndpointSecurity Basic256Sha256SignAndEncrypt { get; } = new(SecurityPolicy.Basic256Sha256, MessageSecurityMode.SignAndEncrypt);
}

/// <summary>What a <see cref="UaServer"/> is and offers.</summary>
public sealed record UaServerOptions
{
    public required string ApplicationName { get; init; }

    /// <summary>Must be the one in the certificate.</summary>
    public required string ApplicationUri { get; init; }

    public string ProductUri { get; init; } = "urn:floorgateway";

    public string ManufacturerName { get; init; } = "FloorGateway";

    public string SoftwareVersion { get; init; } = typeof(UaServerOptions).Assembly.GetName().Version?.ToString(3) ?? "0";

    public string BuildNumber { get; init; } = "0";

    public DateTime BuildDate { get; init; } = new(2026, 11, 22, 0, 0, 0, DateTimeKind.Utc);

    /// <summary>Where to listen. Loopback unless told otherwise.</summary>
    public IPAddress ListenAddress { get; init; } = IPAddress.Loopback;

    /// <summary>0 = any free port; see <see cref="UaServer.EndpointUrl"/> for the one that was bound.</summary>
    public int Port { get; init; } = 4840;

    /// <summary>The host name in the endpoint's URL; clients that came by another name get that one back.</summary>
    public string HostName { get; init; } = "localhost";

    /// <summary>Policies and modes on offer, all on one port.</summary>
    public IReadOnlyList<EndpointSecurity> Security { get; init; } = [EndpointSecurity.Basic256Sha256SignAndEncrypt];

    /// <summary>Lets <see cref="Security"/> offer policies that rest on SHA-1 (Basic128Rsa15, Basic256). Off: such a server does not start.</summary>
    public bool AllowDeprecatedPolicies { get; init; }

    /// <summary>
    /// The server's certificate with its private key: an <see cref="ApplicationCertificate"/> that stays, or one that <see cref="OwnCertificate.Open"/>
    /// keeps renewed. The caller disposes it after the server.
    /// </summary>
    public required OwnCertificate Certificate { get; init; }

    /// <summary>Decides on clients' certificates; null refuses all of them.</summary>
    public CertificateValidator? CertificateValidator { get; init; }

    /// <summary>False: every session needs a user name.</summary>
    public bool AllowAnonymous { get; init; } = true;

    /// <summary>True lets anonymous sessions write and call: for simulators and tests.</summary>
    public bool AnonymousMayWrite { get; init; }

    /// <summary>Checks user names; null = none are offered.</summary>
    public IUserValidator? Users { get; init; }

    /// <summary>
    /// Decides on users' certificates, with a trust list of its own (<c>pki/users</c>, say): a client that may connect is not yet a user who may
    /// write. Null = users with certificates are not let in. <see cref="Users"/> says who each one is.
    /// </summary>
    public CertificateValidator? UserCertificates { get; init; }

    /// <summary>True lets users with the role ConfigureAdmin or SecurityAdmin read the ServerDiagnostics object.</summary>
    public bool DiagnosticsEnabled { get; init; }

    /// <summary>Clients that this server dials, for equipment that nobody can dial; null = none. It listens on its port all the same.</summary>
    public ReverseConnectOptions? ReverseConnect { get; init; }

    public ServerLimits Limits { get; init; } = new();

    public ILoggerFactory LoggerFactory { get; init; } = NullLoggerFactory.Instance;
}
