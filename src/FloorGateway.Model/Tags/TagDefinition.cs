using FloorGateway.Model.Values;

namespace FloorGateway.Model.Tags;

/// <summary>A signal under its ISA-95 path: what every part of the gateway may know of it. Immutable.</summary>
public sealed record TagDefinition
{
    /// <summary>Durable id: dense from 0, the same over restarts and configuration changes for the same path.</summary>
    public required int Id { get; init; }

    /// <summary>Whole path, e.g. <c>LXE/JSH/CAS/L01/DC01/PRESS/Shot.Velocity</c>.</summary>
    public required string Path { get; init; }

    /// <summary>Name of the server (in the configuration) that gives the value.</summary>
    public required string Server { get; init; }

    /// <summary>Equipment type, e.g. <c>DieCastCell</c>: the measurement in InfluxDB.</summary>
    public required string EquipmentType { get; init; }

    /// <summary>The unit's path, e.g. <c>LXE/JSH/CAS/L01/DC01/PRESS</c>.</summary>
    public required string UnitPath { get; init; }

    /// <summary>The signal's name below its unit, e.g. <c>Shot.Velocity</c>: the field in InfluxDB.</summary>
    public required string Signal { get; init; }

    /// <summary>What kind of value normalisation gives; <see cref="ValueKind.Null"/> = as the server sends it.</summary>
    public ValueKind Kind { get; init; }

    /// <summary>UNECE code of the normalised value, e.g. <c>MTS</c>; null = dimensionless.</summary>
    public string? UnitCode { get; init; }

    /// <summary>The unit as people write it, e.g. <c>m/s</c>; null = dimensionless.</summary>
    public string? UnitSymbol { get; init; }

    /// <summary>Lower end of the normal range in the tag's unit; NaN = none.</summary>
    public double Low { get; init; } = double.NaN;

    /// <summary>Upper end of the normal range in the tag's unit; NaN = none.</summary>
    public double High { get; init; } = double.NaN;

    public string? Description { get; init; }

    /// <summary>Marked as a safety signal: shown, never written.</summary>
    public bool Safety { get; init; }

    /// <summary>False once the tag has left the configuration; its journaled samples keep their name.</summary>
    public bool Active { get; init; } = true;
}
