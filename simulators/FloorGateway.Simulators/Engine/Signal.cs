namespace FloorGateway.Simulators.Engine;

/// <summary>One signal of a unit: what it is, and the last value it was published with.</summary>
public abstract class Signal
{
    private protected Signal(Unit unit, string subUnit, string name, SignalType type, SignalTraits traits)
    {
        Unit = unit;
        SubUnit = subUnit;
        Name = name;
        Type = type;
        Traits = traits;
        Resolution = type is not (SignalType.Double or SignalType.Float or SignalType.DoubleArray or SignalType.FloatArray) ? default
            : traits.Resolution is { } step ? new(step)
            : Resolution.OfRange(traits.Low ?? 0, traits.High ?? 0, traits.Deadband);
        Path = $"{unit.Location}/{subUnit}/{name}";
        NodeName = unit.NodeNameOf(subUnit, name);
    }

    /// <summary>The equipment it belongs to.</summary>
    public Unit Unit { get; }

    /// <summary>The ISA-95 work unit inside the cell, for example PRESS.</summary>
    public string SubUnit { get; }

    /// <summary>The signal's name inside its work unit, for example Shot.Velocity.</summary>
    public string Name { get; }

    /// <summary>The ISA-95 path, for example LXE/JSH/CAS/L01/DC01/PRESS/Shot.Velocity.</summary>
    public string Path { get; }

    /// <summary>The string identifier of its OPC UA node, for example DC01.Shot.Velocity.</summary>
    public string NodeName { get; }

    /// <summary>The data type.</summary>
    public SignalType Type { get; }

    /// <summary>Unit of measure, range, sampling interval and deadband.</summary>
    public SignalTraits Traits { get; }

    /// <summary>What is published of a float or double: the trait, or what its range gives.</summary>
    public Resolution Resolution { get; }

    /// <summary>The last published value, in the signal's resolution.</summary>
    public abstract SignalValue Published { get; }

    /// <summary>The status published with the last value (OPC UA status code; 0 is Good).</summary>
    public uint Status { get; private protected set; }

    /// <summary>Source time of the last published value in UTC ticks (100 ns); 0 before the first.</summary>
    public long SourceTicks { get; internal set; }

    /// <summary>Publishes the present value with its present status, whether it changed or not.</summary>
    internal abstract void Publish();
}

/// <summary>The facts of a signal beside its name and type.</summary>
public sealed record SignalTraits
{
    /// <summary>UNECE Rec. 20 code such as CEL; null where the value has no unit.</summary>
    public string? Unit { get; init; }

    /// <summary>Lowest value of the instrument range; null where there is none.</summary>
    public double? Low { get; init; }

    /// <summary>Highest value of the instrument range.</summary>
    public double? High { get; init; }

    /// <summary>Sampling interval in milliseconds of process time; 0 for a signal set by events.</summary>
    public int SamplingMs { get; init; }

    /// <summary>Absolute deadband in the signal's unit: smaller changes against the last published value are not published.</summary>
    public double Deadband { get; init; }

    /// <summary>
    /// The step in which the instrument shows a float or double, in the signal's unit; null is that of a converter of 16 bits over the range
    /// and not above the deadband, 0 is exact: counters, what somebody has set.
    /// </summary>
    public double? Resolution { get; init; }

    /// <summary>Chinese display text; null shows the name.</summary>
    public string? DisplayName { get; init; }

    /// <summary>Number of elements of a fixed-length array; 0 for scalars and arrays of varying length.</summary>
    public int Length { get; init; }
}
