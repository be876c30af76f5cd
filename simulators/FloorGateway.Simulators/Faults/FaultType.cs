namespace FloorGateway.Simulators.Faults;

/// <summary>What a fault acts on.</summary>
public enum FaultScope
{
    /// <summary>One signal; without one, all of the unit.</summary>
    Signal,

    /// <summary>The machine.</summary>
    Unit,

    /// <summary>The OPC UA server that hosts the unit, with all its units.</summary>
    Server,
}

/// <summary>A kind of fault.</summary>
public sealed record FaultType
{
    /// <summary>F1 to F11, or the name of a fault of one equipment type.</summary>
    public required string Code { get; init; }

    /// <summary>In one word, for example stuck; scripts may write it instead of the code.</summary>
    public required string Name { get; init; }

    /// <summary>What it does.</summary>
    public required string Description { get; init; }

    /// <summary>What it acts on.</summary>
    public FaultScope Scope { get; init; } = FaultScope.Unit;

    /// <summary>What the parameter means, with its unit; empty when there is none.</summary>
    public string Parameter { get; init; } = "";

    /// <summary>What an empty parameter means; null when one has to be given.</summary>
    public string? Standard { get; init; } = "";

    /// <summary>The words the parameter may be; empty when it is a number.</summary>
    public IReadOnlyList<string> Words { get; init; } = [];

    /// <summary>Smallest and largest number.</summary>
    public (double Low, double High) Range { get; init; } = (double.MinValue, double.MaxValue);

    /// <summary>How long it lasts when nothing is said; zero is until it is cleared.</summary>
    public TimeSpan Length { get; init; }

    /// <summary>True when it changes numbers, so that it can't act on texts and states.</summary>
    public bool NeedsNumber { get; init; }

    /// <summary>True when it needs one signal to be named.</summary>
    public bool NeedsSignal { get; init; }

    /// <summary>True when the parameter is free text.</summary>
    public bool IsText { get; init; }

    /// <summary>The signals it acts on whatever the order says; null leaves it to the order, empty is all of the unit.</summary>
    internal IReadOnlyList<string>? Signals { get; init; }

    /// <summary>Makes the fault of one order.</summary>
    internal Func<FaultSetting, FaultEffect> Make { get; init; } = _ => throw new InvalidOperationException("This fault has no effect.");
}
