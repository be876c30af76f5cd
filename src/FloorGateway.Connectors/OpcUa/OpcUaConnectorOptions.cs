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

    public required IReadOnlyList<OpcUaTag> Tags { get; init; }
}
