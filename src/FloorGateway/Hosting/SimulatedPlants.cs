using FloorGateway.Cli;
using FloorGateway.Configuration.Loading;
using FloorGateway.Simulators;
using FloorGateway.Simulators.Engine;
using FloorGateway.Simulators.Faults;

namespace FloorGateway.Hosting;

/// <summary>The simulated plants by name, and their units to look at without running them.</summary>
internal static class SimulatedPlants
{
    private static readonly (string Name, Func<IReadOnlyList<SimulatedServer>> Servers)[] Plants =
    [
        ("demo", () => SimulationOptions.Demo),
        ("one-of-each", () => SimulationOptions.OneOfEach),
    ];

    public static IReadOnlyList<string> Names { get; } = [.. Plants.Select(p => p.Name)];

    /// <summary>The servers of a profile with the units asked for.</summary>
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
        foreach (var unit in options.Units.Where(u => !known.Contains(u)))
            errors.Add($"profile '{options.Profile}' has no unit '{unit}'; {Suggestion.Remedy(unit, known)}");
        return [.. servers.Select(s => s with { Units = [.. s.Units.Where(options.Units.Contains)] }).Where(s => s.Units.Count > 0)];
    }

    /// <summary>The units themselves, never started.</summary>
    public static IReadOnlyList<FaultTarget> Look(IReadOnlyList<SimulatedServer> servers)
    {
        var context = new UnitContext { Seed = 1, Clock = new SourceClock(DateTime.UnixEpoch, 1), Sink = new ChangeFanOut() };
        return [.. servers.Select(s => new FaultTarget(s.Name, [.. s.Units.Select(u => EquipmentCatalogue.Create(u, context))]))];
    }
}
