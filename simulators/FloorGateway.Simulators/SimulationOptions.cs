using FloorGateway.Simulators.Faults;
using FloorGateway.Simulators.Profiles;

namespace FloorGateway.Simulators;

/// <summary>What a simulation runs.</summary>
public sealed record SimulationOptions
{
    /// <summary>Seed of all random streams: the same seed, start time and calls give the same truth.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Process seconds per wall-clock second, 1 to 600.</summary>
    public double TimeScale { get; init; } = 1;

    /// <summary>Folder of the truth log and the servers' certificates.</summary>
    public string DataDir { get; init; } = "simulators-data";

    /// <summary>Writes every change to <c>truth-*.jsonl</c>; the totals are kept either way.</summary>
    public bool WriteTruth { get; init; } = true;

    /// <summary>Each change is in the truth's file before a client can see it, so that nothing is missing there after a kill; otherwise up to a second is.</summary>
    public bool WriteTruthThrough { get; init; }

    /// <summary>Source time of process time zero, so that two runs give the same bytes; null takes the clock's, as clients expect it.</summary>
    public DateTime? Start { get; init; }

    /// <summary>Process time after which production ends by itself, to the tick; null runs until it is stopped.</summary>
    public TimeSpan? Length { get; init; }

    /// <summary>Path of the truth file; null takes a new one in the data folder.</summary>
    public string? TruthFile { get; init; }

    /// <summary>How often the pacing loop runs; changes are stamped to the event, not to the tick.</summary>
    public TimeSpan Tick { get; init; } = TimeSpan.FromMilliseconds(20);

    /// <summary>A simulated operator starts the units and brings them back after repairs.</summary>
    public bool Operator { get; init; } = true;

    /// <summary>Equipment breaks down at its mean time between failures.</summary>
    public bool Breakdowns { get; init; } = true;

    /// <summary>Parts go from machine to machine through buffers with the stock of earlier days; otherwise each machine makes its own and ships them.</summary>
    public bool Connected { get; init; } = true;

    /// <summary>Servers show their first values and nothing moves until <see cref="Simulation.Begin"/>, so that a client can be there from the first change on.</summary>
    public bool WaitForBegin { get; init; }

    /// <summary>Faults to inject at their times.</summary>
    public IReadOnlyList<FaultOrder> Faults { get; init; } = [];

    /// <summary>The servers and their units.</summary>
    public IReadOnlyList<SimulatedServer> Servers { get; init; } = Demo;

    /// <summary>How fully the units are equipped.</summary>
    public PlantScale Scale { get; init; } = PlantScale.Demo;

    /// <summary>
    /// The demonstration plant: one machine of each type, connected from slurry and casting to the finished vehicle. Stacker and tab welder stand there twice, as the two kinds of
    /// cells each have their own. It makes about a quarter of the plant's rate, as the plant has four or five of the slow machines behind and before the line.
    /// </summary>
    public static IReadOnlyList<SimulatedServer> Demo { get; } =
    [
        new() { Name = "body", Port = 48401, Units = ["DC01", "RB001", "PNT01"], AlarmConditions = true },
        new() { Name = "asm", Port = 48402, Units = ["SPL01", "SPV001", "MAR01", "TT01", "FF01", "GL01"] },
        new() { Name = "eol", Port = 48403, Units = ["ADAS01", "RT01", "FC01"], AlarmConditions = true },
        new() { Name = "cell", Port = 48404, Units = ["MIX01", "COAT01", "CAL01", "STK01", "STK10", "WIP01", "DRY01", "WLD01", "WLD08", "ELF01"], AlarmConditions = true },
        new() { Name = "pack", Port = 48405, Units = ["FR01", "AGE01", "GRD01", "M01", "P01", "LK01", "PE01"] },
    ];

    /// <summary>All that is wrong with the options, in sentences; empty when they can be run.</summary>
    public IReadOnlyList<string> Validate()
    {
        List<string> errors = [];
        if (TimeScale is not (>= 1 and <= 600)) errors.Add($"TimeScale is {TimeScale}; it must lie between 1 and 600.");
        if (Tick < TimeSpan.FromMilliseconds(1) || Tick > TimeSpan.FromSeconds(1)) errors.Add($"Tick is {Tick}; it must lie between 1 ms and 1 s.");
        if (Servers.Count == 0) errors.Add("Servers is empty; name at least one server with a unit.");
        foreach (var name in Servers.GroupBy(s => s.Name, StringComparer.OrdinalIgnoreCase).Where(g => g.Count() > 1))
            errors.Add($"Two servers are called {name.Key}; give each its own name.");
        foreach (var port in Servers.Where(s => s.Port != 0).GroupBy(s => s.Port).Where(g => g.Count() > 1))
            errors.Add($"Two servers use port {port.Key}; give each its own.");
        foreach (var server in Servers.Where(s => s.Port is < 0 or > 65535))
            errors.Add($"Server {server.Name} has port {server.Port}; use 1 to 65535, or 0 for any free one.");
        foreach (var unit in Servers.SelectMany(s => s.Units).GroupBy(u => u, StringComparer.Ordinal).Where(g => g.Count() > 1))
            errors.Add($"Unit {unit.Key} is hosted twice; a unit belongs to one server.");
        foreach (var unit in Servers.SelectMany(s => s.Units).Where(u => !EquipmentCatalogue.Knows(u)))
            errors.Add($"Unit {unit} is of no known type; known are {string.Join(", ", EquipmentCatalogue.Types)} followed by a number.");
        return errors;
    }
}
