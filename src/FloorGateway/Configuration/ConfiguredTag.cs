using FloorGateway.Model.Values;
using FloorGateway.Pipeline.Normalisation;

namespace FloorGateway.Configuration;

/// <summary>One signal of one unit with everything that the configuration says about it.</summary>
public sealed record ConfiguredTag
{
    /// <summary>In place of a node: how far the server's clock is ahead of the gateway's, which the gateway itself finds out.</summary>
    public const string ClockOffsetNode = "gateway:ClockOffset";

    /// <summary>Unit path, a slash and the signal.</summary>
    public required string Path { get; init; }

    public required string UnitPath { get; init; }

    public required string Signal { get; init; }

    public required string EquipmentType { get; init; }

    public required string Server { get; init; }

    /// <summary>NodeId text in the <c>nsu=URI;s=...</c> (or <c>ns=N;s=...</c>) form of OPC UA Part 6, 5.1.12, placeholders filled.</summary>
    public required string Node { get; init; }

    /// <summary>What normalisation gives; Null = as the server sends it.</summary>
    public ValueKind Kind { get; init; }

    /// <summary>Type of an array's elements; Null where <see cref="Kind"/> is no array or the type is the server's.</summary>
    public ValueKind ElementKind { get; init; }

    /// <summary>UNECE code of the normalised value; null = as the server says, else dimensionless.</summary>
    public string? UnitCode { get; init; }

    /// <summary>NaN = none.</summary>
    public double Low { get; init; } = double.NaN;

    /// <summary>NaN = none.</summary>
    public double High { get; init; } = double.NaN;

    /// <summary>Zero = as fast as the server can; for values that change on an event.</summary>
    public TimeSpan Sampling { get; init; }

    /// <summary>Values the server keeps between two publishes.</summary>
    public int Queue { get; init; } = 10;

    /// <summary>True (the standard) keeps the newest values when the server's queue is full.</summary>
    public bool DiscardOldest { get; init; } = true;

    /// <summary>Shown, never written.</summary>
    public bool Safety { get; init; }

    /// <summary>Commands may write it.</summary>
    public bool Writable { get; init; }

    public string? Description { get; init; }

    /// <summary>How a raw value becomes the tag's value, with its deadband.</summary>
    public TagNormalisation Normalisation { get; init; } = TagNormalisation.Default;

    /// <summary>Where the signal was declared, with the overrides of its unit.</summary>
    public ConfigSource Source { get; init; } = ConfigSource.Defaults;
}
