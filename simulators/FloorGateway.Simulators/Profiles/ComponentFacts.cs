namespace FloorGateway.Simulators.Profiles;

/// <summary>The plant's auxiliary equipment as a gateway has to know it.</summary>
public static class ComponentFacts
{
    /// <summary>What each machine has beside its process.</summary>
    public static IReadOnlyList<ComponentFact> PlantSignals { get; } =
    [
        new("PowerActive", "Double", "KWT", 0, Profiles.PlantSignals.PowerRange, "Active power"),
        new("EnergyTotal", "Double", "KWH", 0, Profiles.PlantSignals.EnergyRange, "Energy used"),
        new("AirFlow", "Double", "MQH", 0, Profiles.PlantSignals.AirRange, "Compressed air used"),
        new("CalibrationDue", "DateTime", null, null, null, "When the instruments are to be calibrated"),
        new("StackLight", "Int32", null, null, null, "\"Stack light: 1 green, 2 yellow, 4 red\""),
    ];

    /// <summary>The components: name of the equipment type, what it is, signals.</summary>
    public static IReadOnlyList<(string Type, string Description, IReadOnlyList<ComponentFact> Signals)> All { get; } =
        [.. Component.All.Select(c => (c.Type, c.Description, (IReadOnlyList<ComponentFact>)[.. c.Signals.Select(Fact)]))];

    private static ComponentFact Fact(ComponentSignal signal) => signal.Role switch
    {
        ComponentRole.Switch => new(signal.Name, "Boolean", null, null, null, signal.Description),
        ComponentRole.Count => new(signal.Name, "UInt32", null, null, null, signal.Description),
        _ => new(signal.Name, "Double", signal.Unit, signal.Low, signal.High, signal.Description),
    };
}

/// <summary>One signal of a component.</summary>
/// <param name="Name">Name inside the component.</param>
/// <param name="Type">OPC UA built-in type.</param>
/// <param name="Unit">UNECE code.</param>
/// <param name="Low">Begin of the range; null without one.</param>
/// <param name="High">End of the range.</param>
/// <param name="Description">In words, quoted where YAML wants it.</param>
public sealed record ComponentFact(string Name, string Type, string? Unit, double? Low, double? High, string Description);
