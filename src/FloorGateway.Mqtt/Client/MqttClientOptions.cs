using System.Net.Security;
using FloorGateway.Mqtt.Codec;
using FloorGateway.Mqtt.Packets;
using FloorGateway.Net.Timing;
using FloorGateway.Net.Transport;

namespace FloorGateway.Mqtt.Client;

/// <summary>How a client connects and what it keeps.</summary>
public sealed record MqttClientOptions
{
    /// <summary>Server's name or address.</summary>
    public string Host { get; init; } = "127.0.0.1";

    /// <summary>Server's port: 1883 plain, 8883 TLS by custom.</summary>
    public int Port { get; init; } = 1883;

    /// <summary>TLS; null: plain TCP. Set TargetHost where it is not <see cref="Host"/>.</summary>
    public SslClientAuthenticationOptions? Tls { get; init; }

    /// <summary>Opens the byte stream instead of <see cref="Host"/>, <see cref="Port"/> and <see cref="Tls"/>; for in-memory links and tunnels.</summary>
    public Func<CancellationToken, ValueTask<Connection>>? Connector { get; init; }

    /// <summary>Limits of the TCP link.</summary>
    public TcpOptions Tcp { get; init; } = new();

    /// <summary>MQTT 5, or 3.1.1 for servers that know no better. There is no silent fallback.</summary>
    public MqttProtocolVersion Version { get; init; } = MqttProtocolVersion.V5;

    /// <summary>Client identifier; empty lets the server choose one (kept for reconnects).</summary>
    public string ClientId { get; init; } = "";

    /// <summary>User name; null: none.</summary>
    public string? UserName { get; init; }

    /// <summary>Password; null: none.</summary>
    public byte[]? Password { get; init; }

    /// <summary>True: the first connection starts without the session an earlier process left. Reconnects always ask for the session.</summary>
    public bool CleanStart { get; init; } = true;

    /// <summary>How long the server keeps the session without a connection. On 3.1.1 above zero means "clean session = 0".</summary>
    public TimeSpan SessionExpiry { get; init; } = TimeSpan.FromHours(1);

    /// <summary>Longest silence; zero: none. 30 s finds a dead link well before an operator does.</summary>
    public TimeSpan KeepAlive { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Will; null: none.</summary>
    public MqttWill? Will { get; init; }

    /// <summary>QoS 1 and 2 messages taken from the server before they are acknowledged.</summary>
    public int ReceiveMaximum { get; init; } = 1024;

    /// <summary>QoS 0 messages waiting for their handler; more are dropped and counted, as the reading task must not wait for a handler.</summary>
    public int MaximumWaitingQos0 { get; init; } = 4096;

    /// <summary>QoS 1 and 2 messages sent and not acknowledged; the server's Receive Maximum may be lower.</summary>
    public int MaximumInFlight { get; init; } = 4096;

    /// <summary>
    /// The same on 3.1.1, which has no Receive Maximum to tell. 20 is what servers commonly assume: mosquitto 2.0 acknowledges QoS 2
    /// messages beyond its own 20 and then loses them.
    /// </summary>
    public int MaximumInFlight311 { get; init; } = 20;

    /// <summary>Batches waiting to be sent, each with its acknowledgements outstanding or its first message unsent. More are refused.</summary>
    public int MaximumWaitingBatches { get; init; } = 4096;

    /// <summary>Topic aliases used towards the server, where it takes them. 0: none.</summary>
    public int MaximumOutgoingAliases { get; init; } = 1024;

    /// <summary>Topic aliases offered to the server.</summary>
    public ushort TopicAliasMaximum { get; init; } = 64;

    /// <summary>What is accepted from the server.</summary>
    public MqttLimits Limits { get; init; } = MqttLimits.Default;

    /// <summary>Time from the open link to CONNACK.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Delays between attempts to connect.</summary>
    public BackoffOptions Backoff { get; init; } = new();

    /// <summary>User properties of CONNECT (MQTT 5).</summary>
    public IReadOnlyList<MqttUserProperty> UserProperties { get; init; } = [];

    internal ConnectPacket ToConnect(string clientId, bool first)
    {
        var v5 = Version == MqttProtocolVersion.V5;
        var keepsSession = SessionExpiry > TimeSpan.Zero;
        return new ConnectPacket
        {
            Version = Version,
            ClientId = clientId,
            // 3.1.1 ties the two: a clean session is also one that ends with its connection.
            CleanStart = v5 ? CleanStart && first : !keepsSession || clientId.Length == 0,
            KeepAlive = (ushort)Math.Clamp(KeepAlive.TotalSeconds, 0, ushort.MaxValue),
            UserName = UserName,
            Password = Password,
            Will = Will,
            SessionExpiryInterval = v5 && keepsSession ? (uint)Math.Min(SessionExpiry.TotalSeconds, uint.MaxValue) : null,
            ReceiveMaximum = v5 ? (ushort)Math.Clamp(ReceiveMaximum, 1, ushort.MaxValue) : null,
            MaximumPacketSize = v5 ? (uint)Limits.MaximumPacketSize : null,
            TopicAliasMaximum = v5 && TopicAliasMaximum > 0 ? TopicAliasMaximum : null,
            UserProperties = UserProperties,
        };
    }
}
