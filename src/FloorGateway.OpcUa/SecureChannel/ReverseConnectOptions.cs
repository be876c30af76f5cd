using FloorGateway.Net.Timing;

namespace FloorGateway.OpcUa.SecureChannel;

/// <summary>How a server dials its clients (OPC 10000-6, 7.1.3): for equipment behind a firewall that lets nobody in.</summary>
public sealed record ReverseConnectOptions
{
    /// <summary>The clients' listeners, as <c>opc.tcp://host:port</c>.</summary>
    public required IReadOnlyList<string> ClientUrls { get; init; }

    /// <summary>
    /// Time that a connection waits for the client's Hello before another is made in its place: long enough for a client that is not in a hurry,
    /// short enough to find out about firewalls that forget idle connections.
    /// </summary>
    public TimeSpan HelloTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Wait between two attempts that failed: a listener that comes back is found within the longest.</summary>
    public BackoffOptions Retry { get; init; } = new() { First = TimeSpan.FromMilliseconds(500), Max = TimeSpan.FromSeconds(15) };

    /// <summary>Wait before the next connection once one was taken into use, so that a client that takes and drops them does not keep us busy.</summary>
    public TimeSpan MinInterval { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>Connections to one client at a time, with the one that waits: a few sessions and one for discovery.</summary>
    public int MaxConnectionsPerClient { get; init; } = 10;
}
