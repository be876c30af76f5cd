using FloorGateway.Cli;
using FloorGateway.Configuration.Loading;
using FloorGateway.Simulators;
using FloorGateway.Simulators.Engine;
using FloorGateway.Simulators.Faults;
using FloorGateway.Simulators.Profiles;

namespace FloorGateway.Hosting;

/// <summary>The simulated plants by name, and their units to look at without running them.</summary>
internal static class SimulatedPlants
{
    /// <summary>Where units stand that are asked for by name and belong to no server of the profile: behind the demonstration's ports.</summary>
    private const int BenchPort = 48_490;

    private static readonly (string Name, Func<IReadOnlyList<SimulatedServer>> Servers, PlantScale Scale)[] Plants =
    [
        .. SimulationProfile.All.Select(p => (p.Name, (Func<IReadOnlyList<SimulatedServer>>)(() => p.Servers), p.Scale)),
    ];

    public static IReadOnlyList<string> Names { get; } = [.. Plants.Select(p => p.Name)];

    /// <summary>The servers of a profile with the units asked for; a unit of a known type that the profile lacks gets a server for itself.</summary>
    /// <param name="options">Profile and units.</param>
    /// <param name="errors">Receives what is wrong, in sentences.</param>
    public static IReadOnlyList<SimulatedServer> Find(SimulatedPlantOptions options, List<string> errors)
    {
        if (Plants.FirstOrDefault(p => p.Name == options.Profile).Servers is not { } found)
        {
            errors.Add($"there is no profile '{options.Profile}'; {Suggestion.Remedy(options.Profile, [.. Names])}");
            return [];
        }

        var servers = found();
        if (options.Units.Count == 0)
            return servers;
        var known = servers.SelectMany(s => s.Units).ToHashSet(StringComparer.Ordinal);

        // A code with the letters of the profile's own units is rather a slip of the pen.
        var letters = known.Select(EquipmentCatalogue.LettersOf).ToHashSet(StringComparer.Ordinal);
        string[] further = [.. options.Units.Where(u => !known.Contains(u) && EquipmentCatalogue.Knows(u) && !letters.Contains(EquipmentCatalogue.LettersOf(u)))];
        foreach (var unit in options.Units.Where(u => !known.Contains(u) && !further.Contains(u)))
            errors.Add($"profile '{options.Profile}' has no unit '{unit}'; {Suggestion.Remedy(unit, known)}");
        List<SimulatedServer> chosen = [.. servers.Select(s => s with { Units = [.. s.Units.Where(options.Units.Contains)] }).Where(s => s.Units.Count > 0)];
        if (further.Length > 0)
            chosen.Add(new() { Name = "bench", Port = BenchPort, Units = further, AlarmConditions = true });
        return chosen;
    }

    /// <summary>How fully a profile's units are equipped; those of an unknown one not at all.</summary>
    public static PlantScale ScaleOf(string profile) => Plants.FirstOrDefault(p => p.Name == profile).Scale ?? PlantScale.Demo;

    /// <summary>The units themselves, never started.</summary>
    /// <param name="servers">The servers with their units.</param>
    /// <param name="scale">How fully they are equipped.</param>
    public static IReadOnlyList<FaultTarget> Look(IReadOnlyList<SimulatedServer> servers, PlantScale scale)
    {
        var context = new UnitContext { Seed = 1, Clock = new SourceClock(DateTime.UnixEpoch, 1), Sink = new ChangeFanOut(), Scale = scale };
        return [.. servers.Select(s => new FaultTarget(s.Name, [.. s.Units.Select(u => EquipmentCatalogue.Create(u, context))]))];
    }
}
