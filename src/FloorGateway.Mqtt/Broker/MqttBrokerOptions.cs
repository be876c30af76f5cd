using System.Net;
using System.Net.Security;
using FloorGateway.Mqtt.Codec;
using FloorGateway.Net.Transport;

namespace FloorGateway.Mqtt.Broker;

/// <summary>What happens to a QoS 1 or 2 message when a session's queue is full. QoS 0 is always dropped then, and counted.</summary>
public enum MqttSlowConsumerPolicy
{
    /// <summary>A connected client is sent away with QuotaExceeded and its session keeps what it holds; without a connection the new message is dropped.</summary>
    Disconnect,

    /// <summary>The new message is dropped.</summary>
    DropNewest,

    /// <summary>The oldest waiting message is dropped.</summary>
    DropOldest,
}

/// <summary>One port to listen on.</summary>
public sealed record MqttListenerOptions
{
    /// <summary>Address to bind; loopback unless said otherwise.</summary>
    public IPAddress Address { get; init; } = IPAddress.Loopback;

    /// <summary>Port; 0 lets the system choose (see <see cref="MqttBroker.EndPoints"/>).</summary>
    public int Port { get; init; } = 1883;

    /// <summary>TLS with the server's certificate; null: plain TCP.</summary>
    public SslServerAuthenticationOptions? Tls { get; init; }

    /// <summary>
    /// True: clients without a user name are let in. Null: only on loopback, and only while no authenticator is set. A listener beyond
    /// loopback that lets anybody in must say so here; it is logged at start.
    /// </summary>
    public bool? AllowAnonymous { get; init; }
}

/// <summary>How a broker listens, whom it lets in and what it keeps at most.</summary>
public sealed record MqttBrokerOptions
{
    /// <summary>Ports; empty for a broker that only serves connections handed to it.</summary>
    public IReadOnlyList<MqttListenerOptions> Listeners { get; init; } = [new MqttListenerOptions()];

    /// <summary>Checks user names and passwords; null: none are known.</summary>
    public IMqttAuthenticator? Authenticator { get; init; }

    /// <summary>Says who may publish and subscribe to what; null: everybody who is let in.</summary>
    public IMqttAuthorizer? Authorizer { get; init; }

    /// <summary>Limits of the TCP links.</summary>
    public TcpOptions Tcp { get; init; } = new();

    /// <summary>What is accepted from clients.</summary>
    public MqttLimits Limits { get; init; } = MqttLimits.Default;

    /// <summary>Time from the open link to CONNECT.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Connections at once.</summary>
    public int MaximumConnections { get; init; } = 1000;

    /// <summary>Sessions kept, connected or not.</summary>
    public int MaximumSessions { get; init; } = 2000;

    /// <summary>Topic filters of one session.</summary>
    public int MaximumSubscriptions { get; init; } = 10_000;

    /// <summary>Retained messages kept; more are refused with QuotaExceeded. A plant of ten thousand tags with their meta topics fits.</summary>
    public int MaximumRetainedMessages { get; init; } = 200_000;

    /// <summary>Bytes of retained messages: topics, properties and payloads. More are refused with QuotaExceeded.</summary>
    public long MaximumRetainedBytes { get; init; } = 256L << 20;

    /// <summary>Longest life of a session without a connection; also that of a 3.1.1 session, which names none.</summary>
    public TimeSpan MaximumSessionExpiry { get; init; } = TimeSpan.FromDays(1);

    /// <summary>Longest keep-alive; a client that asks for more or none is told this one (MQTT 5). Zero: no limit.</summary>
    public TimeSpan MaximumKeepAlive { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>QoS 2 messages a client may have between PUBLISH and PUBREL (and Receive Maximum told to clients).</summary>
    public ushort ReceiveMaximum { get; init; } = 4096;

    /// <summary>QoS 1 and 2 messages sent to a client and not acknowledged; its Receive Maximum may be lower.</summary>
    public int MaximumInFlight { get; init; } = 1024;

    /// <summary>Topic aliases taken from a client.</summary>
    public ushort TopicAliasMaximum { get; init; } = 1024;

    /// <summary>Messages waiting in one session.</summary>
    public int MaximumQueuedMessages { get; init; } = 100_000;

    /// <summary>Bytes waiting in one session: topics, properties and payloads.</summary>
    public long MaximumQueuedBytes { get; init; } = 32L << 20;

    /// <summary>What a full queue leads to.</summary>
    public MqttSlowConsumerPolicy SlowConsumer { get; init; } = MqttSlowConsumerPolicy.Disconnect;
}
