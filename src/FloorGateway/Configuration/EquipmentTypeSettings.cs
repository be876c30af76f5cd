namespace FloorGateway.Configuration;

/// <summary>What all units of a kind have in common: their tags, declared once.</summary>
public sealed record EquipmentTypeSettings
{
    public required string Name { get; init; }

    public string? Description { get; init; }

    /// <summary>Signal names in order, those of the types it extends first.</summary>
    public IReadOnlyList<string> Signals { get; init; } = [];

    public ConfigSource Source { get; init; } = ConfigSource.Defaults;
}

/// <summary>One instance of an equipment type.</summary>
public sealed record UnitSettings
{
    /// <summary>ISA-95 path, e.g. <c>LXE/JSH/CAS/L01/DC01/PRESS</c>.</summary>
    public required string Path { get; init; }

    public required string Type { get; init; }

    /// <summary>Name of the server that its tags come from.</summary>
    public required string Server { get; init; }

    public string? Description { get; init; }

    public ConfigSource Source { get; init; } = ConfigSource.Defaults;
}
