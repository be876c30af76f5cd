namespace FloorGateway.Connectors.OpcUa;

/// <summary>A variable that <c>browse</c> found, in plain words: what a configuration needs of it.</summary>
public sealed record BrowsedVariable
{
    /// <summary>NodeId text in the <c>nsu=URI;s=...</c> form, so that it survives a restart that renumbers the namespaces.</summary>
    public required string Node { get; init; }

    /// <summary>Browse names from the starting folder down to the variable itself.</summary>
    public required IReadOnlyList<string> BrowsePath { get; init; }

    public string? DisplayName { get; init; }

    /// <summary>Name of the data type; what is no built-in type is left to the server.</summary>
    public string? DataType { get; init; }

    /// <summary>OPC UA Part 3, 5.6.2: −1 scalar, 1 and above array; anything else is left to the server.</summary>
    public int ValueRank { get; init; } = -1;

    /// <summary>UNECE code of the engineering unit; null = none.</summary>
    public string? UnitCode { get; init; }

    /// <summary>EURange; NaN = none.</summary>
    public double Low { get; init; } = double.NaN;

    /// <summary>EURange; NaN = none.</summary>
    public double High { get; init; } = double.NaN;

    /// <summary>AccessLevel bits (Part 3, 8.57): 1 = the current value can be read.</summary>
    public byte AccessLevel { get; init; } = 1;

    /// <summary>Milliseconds; 0 = the server watches every change, below 0 = it does not say.</summary>
    public double MinimumSamplingInterval { get; init; } = -1;

    public string? Description { get; init; }
}
