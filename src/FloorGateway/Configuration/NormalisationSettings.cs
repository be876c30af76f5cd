namespace FloorGateway.Configuration;

/// <summary>How a raw value becomes the tag's value. Steps apply in the order of the properties.</summary>
public sealed record NormalisationSettings
{
    /// <summary>Order in which the source sends a word's bytes or a double word's words.</summary>
    public SwapChoice Swap { get; init; }

    /// <summary>Element of an array, from 0; null = the whole value.</summary>
    public int? Index { get; init; }

    /// <summary>Lowest bit of a packed word that the tag takes; null = the whole word.</summary>
    public int? Bit { get; init; }

    /// <summary>Number of bits from <see cref="Bit"/> on; 1 gives a Boolean.</summary>
    public int BitCount { get; init; } = 1;

    /// <summary>Reads the integer as this type instead, e.g. a UInt16 that was meant as Int16; null = as sent.</summary>
    public RawTypeChoice? SourceType { get; init; }

    /// <summary>Decimal separators of numbers sent as text, e.g. <c>de-DE</c>; null = invariant.</summary>
    public string? Culture { get; init; }

    /// <summary>Raw counts that stand for engineering values; null = none.</summary>
    public RawRange? Raw { get; init; }

    /// <summary>UNECE code of the raw value; null = as the server says.</summary>
    public string? SourceUnit { get; init; }

    /// <summary>Value = raw × scale + offset, before the conversion of units.</summary>
    public double Scale { get; init; } = 1;

    public double Offset { get; init; }

    /// <summary>Turns a Boolean round.</summary>
    public bool Invert { get; init; }

    /// <summary>Names of an integer's values; empty = none.</summary>
    public IReadOnlyDictionary<long, string> Enum { get; init; } = new Dictionary<long, string>();
}

/// <summary>Raw counts Low..High stand for LowValue..HighValue; a raw value in Bad says that the sensor is broken.</summary>
public sealed record RawRange(double Low, double High, double LowValue, double HighValue, IReadOnlyList<double> Bad);

public enum SwapChoice
{
    None,

    /// <summary>The two bytes of each 16-bit word.</summary>
    Bytes,

    /// <summary>The two words of each 32-bit value (or the four of a 64-bit one).</summary>
    Words,
}

public enum RawTypeChoice
{
    Int8,
    UInt8,
    Int16,
    UInt16,
    Int32,
    UInt32,
    Int64,
    UInt64,
    Float,
    Double,
}
