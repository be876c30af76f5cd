using FloorGateway.Model.Values;

namespace FloorGateway.Pipeline.Normalisation;

/// <summary>How a tag's raw value becomes its normalised value. The stages run in the order in which they stand here; what is not set costs nothing.</summary>
public sealed record TagNormalisation
{
    /// <summary>Nothing but the checks that every tag gets: usable time, NaN and infinity, duplicates.</summary>
    public static TagNormalisation Default { get; } = new();

    /// <summary>Takes one field out of a structure: names from the structure down to it, with points between them. A structure of unknown type has none: BadDecodingError.</summary>
    public string? Field { get; init; }

    /// <summary>Makes one level of structures within structures, with points in the fields' names.</summary>
    public bool Flatten { get; init; }

    /// <summary>Takes one element out of an array: its index, row by row over all dimensions. Beyond the array = BadOutOfRange.</summary>
    public int? ArrayIndex { get; init; }

    /// <summary>What the raw integer's bits really are, e.g. <see cref="RawType.Int16"/> for a negative value published as UInt16.</summary>
    public RawType Raw { get; init; }

    /// <summary>In which order the equipment sent the bytes. Needs <see cref="Raw"/> unless the value is a float or double.</summary>
    public ByteOrder Order { get; init; }

    /// <summary>Lowest bit (0 = least significant) to take out of an integer.</summary>
    public int? Bit { get; init; }

    /// <summary>Bits to take out from <see cref="Bit"/> on. One gives a boolean, more give an unsigned number.</summary>
    public int BitCount { get; init; } = 1;

    /// <summary>Raw values that say that the sensor is broken, e.g. 32767: null with BadSensorFailure.</summary>
    public IReadOnlyList<double> BadRawValues { get; init; } = [];

    /// <summary>Raw value at <see cref="ScaledLow"/>; NaN = no raw range. Below it the status is UncertainEngineeringUnitsExceeded.</summary>
    public double RawLow { get; init; } = double.NaN;

    /// <summary>Raw value at <see cref="ScaledHigh"/>; NaN = no raw range. Above it the status is UncertainEngineeringUnitsExceeded.</summary>
    public double RawHigh { get; init; } = double.NaN;

    /// <summary>Value in source units at <see cref="RawLow"/>; NaN = the raw range only checks.</summary>
    public double ScaledLow { get; init; } = double.NaN;

    /// <summary>Value in source units at <see cref="RawHigh"/>; NaN = the raw range only checks.</summary>
    public double ScaledHigh { get; init; } = double.NaN;

    /// <summary>Negates a boolean.</summary>
    public bool Invert { get; init; }

    /// <summary>Reads numbers out of strings: language whose decimal separator the equipment writes (<c>en</c>, <c>de</c>, ...). Null = strings stay strings.</summary>
    public string? NumberCulture { get; init; }

    /// <summary>Replaces texts, e.g. 运行 by Execute. A text that is not there stays.</summary>
    public IReadOnlyDictionary<string, string>? Texts { get; init; }

    /// <summary>The value counts, and is to be added up or compared over rollovers and resets; null = it does not.</summary>
    public CounterOptions? Counter { get; init; }

    /// <summary>Names of an integer's values. Others become <c>Unknown(n)</c> with status Uncertain.</summary>
    public IReadOnlyDictionary<long, string>? EnumTexts { get; init; }

    /// <summary>Factor to source units, after the raw range.</summary>
    public double Scale { get; init; } = 1;

    /// <summary>Added after <see cref="Scale"/>, in source units.</summary>
    public double Offset { get; init; }

    /// <summary>Unit in which the equipment really gives the value (code, symbol or alias); null = the tag's unit.</summary>
    public string? SourceUnit { get; init; }

    /// <summary>What to do with a normalised value outside the tag's Low..High.</summary>
    public RangeAction OnOutOfRange { get; init; }

    /// <summary>How a number or text is read where the tag's kind is DateTime.</summary>
    public TimeFormat TimeFormat { get; init; }

    /// <summary>Offset from UTC of date-times that name no zone, e.g. +08:00.</summary>
    public TimeSpan LocalOffset { get; init; }

    /// <summary>Changes up to this much, in the tag's unit, are suppressed. 0 = none.</summary>
    public double Deadband { get; init; }

    /// <summary>The same in percent of the tag's Low..High; where there is no range, <see cref="Deadband"/> is used and a warning tells. 0 = none.</summary>
    public double DeadbandPercent { get; init; }

    /// <summary>How long a Boolean must keep a new value before it passes, with the time at which it took it. 0 = it passes at once.</summary>
    public TimeSpan Debounce { get; init; }

    /// <summary>Lets a sample pass although one with the same source time, value and status was the last.</summary>
    public bool KeepDuplicates { get; init; }
}

/// <summary>What the bits of a raw value are.</summary>
public enum RawType
{
    AsSent,
    Int8,
    UInt8,
    Int16,
    UInt16,
    Int32,
    UInt32,
    Int64,
    UInt64,
    Single,
    Double,
}

/// <summary>Order of the bytes ABCD... of a raw value on the equipment's side.</summary>
public enum ByteOrder
{
    AsSent,

    /// <summary>Bytes of each 16-bit word exchanged: ABCD is meant where BADC was read.</summary>
    SwapBytes,

    /// <summary>16-bit words in reverse order: CDAB was read.</summary>
    SwapWords,

    /// <summary>All bytes in reverse order: DCBA was read.</summary>
    Reverse,
}

/// <summary>What happens to a value outside the tag's range. It is flagged in any case.</summary>
public enum RangeAction
{
    Flag,

    /// <summary>Status UncertainEngineeringUnitsExceeded.</summary>
    Uncertain,

    /// <summary>Set to the end of the range, with status UncertainEngineeringUnitsExceeded.</summary>
    Clamp,
}

/// <summary>How a date-time is written by the equipment.</summary>
public enum TimeFormat
{
    /// <summary>ISO 8601 text.</summary>
    Iso8601,
    UnixSeconds,
    UnixMilliseconds,

    /// <summary>100 ns since 1601, as OPC UA and Windows count.</summary>
    FileTime,

    /// <summary>Decimal digits yyyyMMddHHmmss in a number or text, as BCD clocks read.</summary>
    Digits,

    /// <summary>Two decimal digits a byte: yy MM dd hh mm ss (90 to 99 lie before 2000) in bytes, as PLC clocks have them; or yyyyMMddHHmmss as hexadecimal digits of an integer.</summary>
    Bcd,
}
