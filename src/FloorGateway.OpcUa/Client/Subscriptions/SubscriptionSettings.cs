using FloorGateway.Net.Timing;
using FloorGateway.OpcUa.Types;

namespace FloorGateway.OpcUa.Client.Subscriptions;

/// <summary>How a subscription publishes (OPC 10000-4, 5.14.1).</summary>
public sealed record SubscriptionSettings
{
    public TimeSpan PublishingInterval { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>Longest silence of a subscription without changes; the server sends a keep-alive then.</summary>
    public TimeSpan KeepAliveInterval { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long the server keeps the subscription, and what it has to say, without us. Long enough for a restart of this computer.</summary>
    public TimeSpan Lifetime { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Most values in one message; 0 = no limit. Ten thousand keep a message near 300 kB.</summary>
    public uint MaxNotificationsPerPublish { get; init; } = 10_000;

    public byte Priority { get; init; }

    /// <summary>
    /// Which times come with each value. With the source's alone a number takes 22 bytes in place of 30, and encryption costs a quarter less; where a server
    /// knows no source time, nothing but the time of arrival is left then.
    /// </summary>
    public TimestampsToReturn Timestamps { get; init; } = TimestampsToReturn.Both;

    /// <summary>
    /// Publish requests waiting at the server. Three: two may be on their way while one is at work. With more subscriptions there is at least one for each,
    /// and one more.
    /// </summary>
    public int PublishRequestsInFlight { get; init; } = 3;

    /// <summary>When an item that the server refused is tried again, each for itself; the wait doubles with each refusal.</summary>
    public TimeSpan RetryRefusedItemsAfter { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Longest wait of a refused item: a node that was put right on the server is found within this time.</summary>
    public TimeSpan RetryRefusedItemsAtMost { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>What the server can take beyond what it says itself.</summary>
    public ServerProfile Server { get; init; } = new();

    /// <summary>Leaves the subscription on the server when stopped, for the next run to take over.</summary>
    public bool KeepOnStop { get; init; }

    /// <summary>Delays between attempts to connect. At most ten seconds: what a machine's restart costs beyond its own boot.</summary>
    public BackoffOptions Backoff { get; init; } = new() { Max = TimeSpan.FromSeconds(10) };
}
