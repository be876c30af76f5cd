using FloorGateway.Simulators.Engine;

namespace FloorGateway.Simulators.Profiles;

/// <summary>A plant of a certain size: its servers with their units, how fully these are equipped, and which of their signals are its tags.</summary>
public sealed record SimulationProfile
{
    /// <summary>One machine of each type on a few servers, for looking at.</summary>
    public static SimulationProfile Demo { get; } = new() { Name = "demo", Servers = SimulationOptions.Demo };

    /// <summary>The whole plant: 1,019 units with 57,442 tags on 24 servers.</summary>
    public static SimulationProfile Plant { get; } = PlantProfile.Create();

    /// <summary>Nothing but load: 100,000 tags on 20 servers, 50,000 changes a second.</summary>
    public static SimulationProfile Stress { get; } = StressProfile.Create();

    /// <summary>All profiles.</summary>
    public static IReadOnlyList<SimulationProfile> All => [Demo, Plant, Stress];

    /// <summary>demo, plant or stress.</summary>
    public required string Name { get; init; }

    /// <summary>The servers and their units.</summary>
    public required IReadOnlyList<SimulatedServer> Servers { get; init; }

    /// <summary>How fully the units are equipped.</summary>
    public PlantScale Scale { get; init; } = PlantScale.Demo;

    /// <summary>The scale table; empty where the profile has none.</summary>
    public IReadOnlyList<ProfileRow> Rows { get; init; } = [];

    /// <summary>Which signals are tags, by the letters of their units; all of those that are not named here.</summary>
    public IReadOnlyDictionary<string, TagChoice> Tags { get; init; } = new Dictionary<string, TagChoice>();

    /// <summary>The profile with this name; null where there is none.</summary>
    public static SimulationProfile? Find(string name) => All.FirstOrDefault(p => p.Name == name);

    /// <summary>True where the profile counts the signal as one of its tags.</summary>
    public bool IsTag(Signal signal)
    {
        ArgumentNullException.ThrowIfNull(signal);
        return !Tags.TryGetValue(EquipmentCatalogue.LettersOf(signal.Unit.Code), out var choice) || choice.Takes(signal.Name);
    }

    /// <summary>Options that run this profile.</summary>
    public SimulationOptions Apply(SimulationOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return options with { Servers = Servers, Scale = Scale };
    }

    /// <summary>Makes the profile's units without running them, server by server.</summary>
    public IEnumerable<(SimulatedServer Server, Unit Unit)> CreateUnits(UnitContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var scaled = context with { Scale = Scale, WarmUpScale = Scale.WarmUpScale };
        return Servers.SelectMany(server => server.Units.Select(code => (server, EquipmentCatalogue.Create(code, scaled))));
    }
}
