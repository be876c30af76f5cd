namespace FloorGateway.Cli;

/// <summary><c>floorgateway simulate list</c> and the part of the others that says which plant.</summary>
public record SimulatedPlantOptions
{
    /// <summary>The plant: demo, or another profile by its name.</summary>
    public string Profile { get; init; } = "demo";

    /// <summary>Only these units of it; empty = all.</summary>
    public IReadOnlyList<string> Units { get; init; } = [];
}

/// <summary><c>floorgateway simulate run</c>.</summary>
public sealed record SimulateRunOptions : SimulatedPlantOptions
{
    /// <summary>The same seed gives the same plant.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Process time runs this many times as fast as the clock; for a replay, how many times as fast as recorded.</summary>
    public double Scale { get; init; } = 1;

    /// <summary>Fault script; null = nothing is injected.</summary>
    public string? FaultScript { get; init; }

    /// <summary>Ends by itself after this time; null = runs until it is stopped.</summary>
    public TimeSpan? For { get; init; }

    /// <summary>Source time of the run's begin, so that runs can be compared byte by byte; null = now, as clients expect it.</summary>
    public DateTime? Start { get; init; }

    /// <summary>Folder for truth and certificates.</summary>
    public string DataFolder { get; init; } = "simulators-data";

    /// <summary>Where the truth goes; null = a new file in the data folder.</summary>
    public string? Record { get; init; }

    /// <summary>Each change is in the truth's file before a client can see it.</summary>
    public bool WriteThrough { get; init; }

    /// <summary>A truth file to publish again instead of simulating; null = simulate.</summary>
    public string? Replay { get; init; }

    /// <summary>Port of the first server, the others follow it; null = the profile's own, 0 = any free ones.</summary>
    public int? Port { get; init; }
}

/// <summary><c>floorgateway simulate fault</c>.</summary>
public sealed record SimulateFaultOptions
{
    /// <summary>Endpoint of the simulated server.</summary>
    public required Uri Url { get; init; }

    /// <summary>Unit code; empty with <see cref="Clear"/> means all.</summary>
    public string Unit { get; init; } = "";

    /// <summary>Signal; empty = the unit as a whole.</summary>
    public string Signal { get; init; } = "";

    /// <summary>F1 to F11 or a fault of the unit's own; empty = only shows the faults at work.</summary>
    public string Fault { get; init; } = "";

    /// <summary>Parameter of the fault.</summary>
    public string Param { get; init; } = "";

    /// <summary>Process time it lasts; zero = the fault's standard.</summary>
    public TimeSpan For { get; init; }

    /// <summary>Ends the unit's faults instead of injecting one.</summary>
    public bool Clear { get; init; }
}

/// <summary><c>floorgateway simulate truth</c>.</summary>
/// <param name="File">The truth file.</param>
/// <param name="Compare">Another to hold it against; null = only this one is looked at.</param>
/// <param name="Config">Configuration of a gateway whose history is held to the truth; null = none is looked at.</param>
/// <param name="All">Prints every path and not only the busiest.</param>
public sealed record SimulateTruthOptions(string File, string? Compare, string? Config, bool All);
