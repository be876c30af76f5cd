namespace FloorGateway.Configuration;

/// <summary>The whole configuration, resolved: includes merged, equipment types applied to units, placeholders filled, secrets read, every check passed. Immutable.</summary>
public sealed record GatewayConfiguration
{
    public GatewaySettings Gateway { get; init; } = new();

    /// <summary>The embedded MQTT broker; null = none.</summary>
    public BrokerSettings? Broker { get; init; }

    public JournalSettings Journal { get; init; } = new();

    /// <summary>OPC UA servers, in file order; names are unique.</summary>
    public IReadOnlyList<ServerSettings> Servers { get; init; } = [];

    public IReadOnlyList<EquipmentTypeSettings> EquipmentTypes { get; init; } = [];

    public IReadOnlyList<UnitSettings> Units { get; init; } = [];

    /// <summary>Every signal of every unit, in file order; paths are unique.</summary>
    public IReadOnlyList<ConfiguredTag> Tags { get; init; } = [];

    /// <summary>Enabled feeds only, in file order; names are unique. The embedded history is among them unless it was turned off.</summary>
    public IReadOnlyList<FeedSettings> Feeds { get; init; } = [];

    /// <summary>Every insecure choice in one sentence each: to be logged at start and shown on the status page.</summary>
    public IReadOnlyList<string> InsecureChoices { get; init; } = [];
}
