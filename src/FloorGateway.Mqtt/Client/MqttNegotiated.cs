using FloorGateway.Mqtt.Codec;
using FloorGateway.Mqtt.Packets;

namespace FloorGateway.Mqtt.Client;

/// <summary>What client and server agreed on in CONNECT and CONNACK: the one place that negotiated values are read from.</summary>
public sealed record MqttNegotiated
{
    /// <summary>Protocol of the connection.</summary>
    public required MqttProtocolVersion Version { get; init; }

    /// <summary>Client identifier in use: the configured one, or the one that the server assigned.</summary>
    public required string ClientId { get; init; }

    /// <summary>True: the server goes on with the session it had.</summary>
    public bool SessionPresent { get; init; }

    /// <summary>QoS 1 and 2 messages that may be unacknowledged towards the server.</summary>
    public required int ReceiveMaximum { get; init; }

    /// <summary>Highest QoS the server takes.</summary>
    public MqttQos MaximumQos { get; init; } = MqttQos.ExactlyOnce;

    /// <summary>False: the server refuses retained messages.</summary>
    public bool RetainAvailable { get; init; } = true;

    /// <summary>Largest packet the server takes, in bytes.</summary>
    public long MaximumPacketSize { get; init; } = MqttLimits.LargestRemainingLength + 5L;

    /// <summary>Topic aliases the server takes.</summary>
    public int TopicAliasMaximum { get; init; }

    /// <summary>Keep-alive in use; zero: none.</summary>
    public TimeSpan KeepAlive { get; init; }

    /// <summary>False on 3.1.1 and where the server says so.</summary>
    public bool SubscriptionIdentifiersAvailable { get; init; }

    internal static MqttNegotiated From(MqttClientOptions options, ConnectPacket connect, ConnAckPacket ack)
    {
        var v5 = connect.Version == MqttProtocolVersion.V5;
        return new MqttNegotiated
        {
            Version = connect.Version,
            ClientId = ack.AssignedClientIdentifier ?? connect.ClientId,
            SessionPresent = ack.SessionPresent,
            ReceiveMaximum = Math.Min(options.MaximumInFlight, v5 ? ack.ReceiveMaximum ?? ushort.MaxValue : options.MaximumInFlight311),
            MaximumQos = ack.MaximumQos ?? MqttQos.ExactlyOnce,
            RetainAvailable = ack.RetainAvailable,
            MaximumPacketSize = ack.MaximumPacketSize ?? MqttLimits.LargestRemainingLength + 5L,
            TopicAliasMaximum = Math.Min(options.MaximumOutgoingAliases, ack.TopicAliasMaximum ?? (ushort)0),
            KeepAlive = TimeSpan.FromSeconds(ack.ServerKeepAlive ?? connect.KeepAlive),
            SubscriptionIdentifiersAvailable = v5 && ack.SubscriptionIdentifiersAvailable,
        };
    }
}
