using System.Globalization;

namespace FloorGateway.OpcUa.Types;

/// <summary>The outcome of an operation or the quality of a value (OPC 10000-4, 7.38).</summary>
public readonly record struct StatusCode(uint Value)
{
    private const uint SeverityMask = 0xC000_0000;

    // OPC 10000-4, 7.38.1, table "DataValue InfoBits": InfoType DataValue is bits 10..11 = 01, Overflow is bit 7.
    private const uint InfoTypeMask = 0x0000_0C00;
    private const uint InfoTypeDataValue = 0x0000_0400;
    private const uint OverflowBit = 0x0000_0080;

    public static StatusCode Good => default;

    public bool IsGood => (Value & SeverityMask) == 0;

    public bool IsUncertain => (Value & SeverityMask) == 0x4000_0000;

    public bool IsBad => (Value & 0x8000_0000) != 0;

    /// <summary>Severity and sub-code without the flag and info bits: what <see cref="StatusCodes"/> names.</summary>
    public uint CodeBits => Value & 0xFFFF_0000;

    /// <summary>True when the monitored item's queue lost values just before or after this one.</summary>
    public bool IsOverflow => (Value & (InfoTypeMask | OverflowBit)) == (InfoTypeDataValue | OverflowBit);

    /// <summary>The same code with the overflow mark of a monitored item's queue.</summary>
    public StatusCode WithOverflow() => new((Value & ~InfoTypeMask) | InfoTypeDataValue | OverflowBit);

    public static implicit operator StatusCode(uint value) => new(value);

    public static StatusCode FromUInt32(uint value) => new(value);

    /// <summary>The symbolic name, with the hexadecimal code when flag bits are set or the name is unknown.</summary>
    public override string ToString()
    {
        var name = StatusCodes.NameOf(CodeBits);
        if (name is null)
        {
            return string.Create(CultureInfo.InvariantCulture, $"0x{Value:X8}");
        }

        return (Value & 0xFFFF) == 0 ? name : string.Create(CultureInfo.InvariantCulture, $"{name} (0x{Value:X8})");
    }
}
