namespace FloorGateway.Connectors.OpcUa;

/// <summary>A readable variable found on a server, with what its nodes say of it.</summary>
/// <param name="Node">NodeId text by namespace URI.</param>
/// <param name="Path">Browse names from below the start to the variable.</param>
public sealed record BrowsedVariable(string Node, IReadOnlyList<string> Path)
{
    public string DisplayName { get; init; } = "";

    public string? Description { get; init; }

    /// <summary>Built-in type that the value is encoded as, e.g. <c>Double</c>; an enumeration is <c>Int32</c>; null = not found out.</summary>
    public string? DataType { get; init; }

    /// <summary>−1 scalar, 1 array, 2 and more matrices; other numbers as OPC 10000-3, 5.6.2 has them.</summary>
    public int ValueRank { get; init; } = -1;

    /// <summary>Milliseconds; 0 = the server reports each change; −1 = it does not say.</summary>
    public double MinimumSamplingInterval { get; init; } = -1;

    /// <summary>CurrentWrite is set for this user.</summary>
    public bool Writable { get; init; }

    /// <summary>UNECE code out of EngineeringUnits; null = none.</summary>
    public string? UnitCode { get; init; }

    /// <summary>EURange; NaN = none.</summary>
    public double Low { get; init; } = double.NaN;

    /// <summary>EURange; NaN = none.</summary>
    public double High { get; init; } = double.NaN;
}
