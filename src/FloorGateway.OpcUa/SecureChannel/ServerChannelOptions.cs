using FloorGateway.OpcUa.Encoding;
using FloorGateway.OpcUa.Security;
using FloorGateway.OpcUa.Transport;
using FloorGateway.OpcUa.Types;
using Microsoft.Extensions.Logging;

namespace FloorGateway.OpcUa.SecureChannel;

/// <summary>One pair of policy and mode that a listener offers.</summary>
public readonly record struct ServerChannelEndpoint(SecurityPolicy Policy, MessageSecurityMode Mode);

/// <summary>What a listener offers and how much it lets clients take.</summary>
public sealed record ServerChannelOptions
{
    /// <summary>What clients may choose from. No default: offering None has to be written down.</summary>
    public required IReadOnlyList<ServerChannelEndpoint> Endpoints { get; init; }

    /// <summary>
    /// Lets clients open a None channel for discovery even where no endpoint offers None, so that they can read the endpoints
    /// (Part 4, 5.4.4). Such a channel has <see cref="ServerSecureChannel.IsDiscoveryOnly"/> set; the handler refuses the rest.
    /// </summary>
    public bool AllowDiscoveryWithoutSecurity { get; init; } = true;

    /// <summary>The own certificate. Needed when an endpoint has a policy other than None.</summary>
    public OwnCertificate? Certificate { get; init; }

    /// <summary>Checks the clients' certificates. Needed when an endpoint has a policy other than None.</summary>
    public CertificateValidator? Validator { get; init; }

    public TransportLimits Limits { get; init; } = new();

    /// <summary>For what the channel itself decodes.</summary>
    public EncodingLimits EncodingLimits { get; init; } = EncodingLimits.Default;

    /// <summary>
    /// Bytes of a message on a channel without security until the handler lets larger ones in
    /// (<see cref="ServerSecureChannel.AllowLargeMessages"/>): the peer is anybody, and can make this side hold that much on each connection.
    /// </summary>
    public uint MaxUnknownMessageSize { get; init; } = 1024 * 1024;

    /// <summary>Connections at once. A full house turns newcomers away, unless an older one has no session yet.</summary>
    public int MaxConnections { get; init; } = 100;

    /// <summary>Connections of one IPv4 address or IPv6 /64 network: one machine, however many, leaves half the house to the others.</summary>
    public int MaxConnectionsPerAddress { get; init; } = 50;

    /// <summary>Open channels without an activated session; one more costs the oldest. Clients have a session a moment after their channel.</summary>
    public int MaxChannelsWithoutSession { get; init; } = 50;

    /// <summary>Time that a channel may stay open without an activated session.</summary>
    public TimeSpan SessionlessTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Time from the TCP connection to an open channel; a peer that dawdles holds one connection for that long.</summary>
    public TimeSpan HandshakeTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Shortest token life granted.</summary>
    public TimeSpan MinTokenLifetime { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Longest token life granted; also what a client gets that asks for none.</summary>
    public TimeSpan MaxTokenLifetime { get; init; } = TimeSpan.FromHours(1);

    /// <summary>Time in which a client must take sent bytes before its connection is given up.</summary>
    public TimeSpan SendTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Responses of one channel waiting to be sent before a further one waits itself.</summary>
    public int SendQueueLength { get; init; } = 256;

    public TimeProvider Time { get; init; } = TimeProvider.System;

    public ILoggerFactory? Loggers { get; init; }

    /// <summary>How often connections are looked at for what time has done: ten times within the shortest of their times, and not so often that an idle server costs anything.</summary>
    internal TimeSpan CheckInterval => TimeSpan.FromTicks(Math.Clamp(
        Math.Min(Math.Min(HandshakeTimeout.Ticks, SendTimeout.Ticks), Math.Min(SessionlessTimeout.Ticks, MinTokenLifetime.Ticks)) / 10,
        TimeSpan.TicksPerMillisecond * 50,
        TimeSpan.TicksPerSecond));

    /// <summary>Where the sequence numbers start; tests start just below the wrap.</summary>
    internal SequenceNumbers FirstSequence { get; init; }
}
