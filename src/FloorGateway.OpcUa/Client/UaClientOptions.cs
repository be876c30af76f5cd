using FloorGateway.Net.Transport;
using FloorGateway.OpcUa.Encoding;
using FloorGateway.OpcUa.Security;
using FloorGateway.OpcUa.Types;

namespace FloorGateway.OpcUa.Client;

/// <summary>How to reach one server, and as whom.</summary>
public sealed record UaClientOptions
{
    /// <summary>The URL as <c>opc.tcp://host:port/path</c>.</summary>
    public required string EndpointUrl { get; init; }

    /// <summary>
    /// Further servers with the same nodes, for non-transparent redundancy (OPC 10000-4, 6.6.2). A subscription moves to one of them when its server fails, or tells a
    /// ServiceLevel below 200 and another a higher one.
    /// </summary>
    public IReadOnlyList<string> RedundantUrls { get; init; } = [];

    /// <summary>The policy asked for. Exactly this one is used or the connection fails: there is no downgrade.</summary>
    public SecurityPolicy SecurityPolicy { get; init; } = SecurityPolicy.Basic256Sha256;

    /// <summary>
    /// Lets <see cref="SecurityPolicy"/> be one that rests on SHA-1 (Basic128Rsa15, Basic256), and passwords be encrypted by one. Off: the
    /// connection fails instead. For equipment that speaks nothing better, on a network of its own.
    /// </summary>
    public bool AllowDeprecatedPolicies { get; init; }

    /// <summary>The mode asked for; None goes with <see cref="SecurityPolicy.None"/> only.</summary>
    public MessageSecurityMode SecurityMode { get; init; } = MessageSecurityMode.SignAndEncrypt;

    /// <summary>
    /// Our certificate; needed unless the mode is None. An <see cref="ApplicationCertificate"/> that stays, or one that
    /// <see cref="OwnCertificate.Open"/> keeps renewed; each connection uses the newest.
    /// </summary>
    public OwnCertificate? Certificate { get; init; }

    /// <summary>Whom we trust; needed unless the mode is None and no password is sent encrypted.</summary>
    public TrustList? TrustList { get; init; }

    public CertificateRules CertificateRules { get; init; } = new();

    public UserIdentity User { get; init; } = UserIdentity.Anonymous;

    /// <summary>
    /// Lets a password go out readable when neither the channel nor the server's token policy encrypts it. Off: the
    /// connection fails instead.
    /// </summary>
    public bool AllowPlainTextPassword { get; init; }

    public string ApplicationName { get; init; } = "FloorGateway";

    /// <summary>Must equal the URI in <see cref="Certificate"/>; null takes it from there.</summary>
    public string? ApplicationUri { get; init; }

    public string SessionName { get; init; } = "FloorGateway";

    /// <summary>How long the server keeps the session, and with it the subscriptions, without a connection. The server may revise it.</summary>
    public TimeSpan SessionTimeout { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>Limit of one service call, and of connecting.</summary>
    public TimeSpan RequestTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How often the server's state is read to see that the connection lives. Zero turns it off.</summary>
    public TimeSpan KeepAliveInterval { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Most nodes of one call where the server names no limit of its own: keeps messages well under the common 16 MiB.</summary>
    public int MaxOperationsPerCall { get; init; } = 1000;

    public EncodingLimits EncodingLimits { get; init; } = EncodingLimits.Default;

    /// <summary>Opens the byte stream; by default TCP to the URL's host and port.</summary>
    public Func<CancellationToken, ValueTask<Connection>>? Connect { get; init; }
}
