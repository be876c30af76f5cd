using FloorGateway.OpcUa.Client;
using FloorGateway.OpcUa.Client.Subscriptions;

namespace FloorGateway.Connectors.OpcUa;

/// <summary>One server and the tags that come from it.</summary>
public sealed record OpcUaConnectorOptions
{
    /// <summary>The server's name in the configuration.</summary>
    public required string Server { get; init; }

    public required UaClientOptions Client { get; init; }

    public SubscriptionSettings Subscription { get; init; } = new();

    /// <summary>
    /// Where to keep what the next run needs to take the subscriptions over, so that the time in between is no gap as far as the server kept the values; null = each run
    /// starts with subscriptions of its own. Needs a sink that counts (<see cref="Model.Ports.ISampleSink.CountReceived"/>).
    /// </summary>
    public string? TakeoverFile { get; init; }

    /// <summary>
    /// How long to read the server's history for what a gap lacks; zero = not at all. Live values wait meanwhile, and the servers' queues for them are short: five
    /// seconds are enough for a thousand tags.
    /// </summary>
    public TimeSpan Backfill { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Whether the units that the server's nodes name are compared with the configuration's, once after each connect.</summary>
    public bool CheckUnits { get; init; } = true;

    /// <summary>Whether structures become records by the server's type definitions; false keeps their bytes.</summary>
    public bool DecodeStructures { get; init; } = true;

    public required IReadOnlyList<OpcUaTag> Tags { get; init; }
}
