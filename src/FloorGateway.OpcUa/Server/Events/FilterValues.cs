using System.Globalization;
using FloorGateway.OpcUa.Types;

namespace FloorGateway.OpcUa.Server.Events;

/// <summary>Compares and converts the operands of filter operators (OPC 10000-4, 7.7.3). Null = the operands do not go together.</summary>
internal static class FilterValues
{
    public static bool? AreEqual(in Variant a, in Variant b)
    {
        if (a.IsNull || b.IsNull)
            return null;
        if (a.IsArray || b.IsArray)
            return a == b;
        if (Compare(a, b) is { } order)
            return order == 0;
        if (a.Type == b.Type)
            return a == b;
        return (NodeOf(a), NodeOf(b)) is ({ } left, { } right) ? left == right : (GuidOf(a), GuidOf(b)) is ({ } first, { } second) && first == second;
    }

    /// <summary>Negative, 0 or positive; null when there is no order between the two.</summary>
    public static int? Compare(in Variant a, in Variant b)
    {
        if (a.IsNull || b.IsNull || a.IsArray || b.IsArray)
            return null;
        if (TextOf(a) is { } left && TextOf(b) is { } right)
            return string.CompareOrdinal(left, right);
        if (a.Type == BuiltInType.DateTime || b.Type == BuiltInType.DateTime)
            return (TimeOf(a), TimeOf(b)) is ({ } x, { } y) ? x.CompareTo(y) : null;
        if (IntegerOf(a) is { } i && IntegerOf(b) is { } j)
            return i.CompareTo(j);

        // A NaN is neither smaller nor larger than anything.
        return (NumberOf(a), NumberOf(b)) is ({ } p, { } q) && !double.IsNaN(p) && !double.IsNaN(q) ? p.CompareTo(q) : null;
    }

    /// <summary>A Boolean, a number (0 is false) or the words true and false.</summary>
    public static bool? ToBoolean(in Variant value)
    {
        if (value.TryGetBoolean(out var boolean))
            return boolean;
        if (TextOf(value) is { } text)
            return bool.TryParse(text, out boolean) ? boolean : null;
        return NumberOf(value) is { } number ? number != 0 : null;
    }

    /// <summary>The text of a String, LocalizedText or QualifiedName.</summary>
    public static string? TextOf(in Variant value)
    {
        if (value.IsArray)
            return null;
        return value.Type switch
        {
            BuiltInType.String => value.AsString(),
            BuiltInType.LocalizedText => value.TryGet<LocalizedText>(out var text) ? text.Text : null,
            BuiltInType.QualifiedName => value.TryGet<QualifiedName>(out var name) ? name.Name : null,
            _ => null,
        };
    }

    /// <summary>Both bit patterns combined; null when either is no integer.</summary>
    public static Variant Bitwise(in Variant a, in Variant b, bool and)
    {
        if (!IsInteger(a) || !IsInteger(b))
            return Variant.Null;
        var bits = and ? a.ScalarBits & b.ScalarBits : a.ScalarBits | b.ScalarBits;

        // Of the wider type; equal widths: unsigned wins, as in the table of precedence.
        var type = (BuiltInType)Math.Max((int)a.Type, (int)b.Type);
        return Cast(Variant.From(bits), type, wrap: true);
    }

    /// <summary>Converts explicitly (Cast); null when the value does not fit.</summary>
    public static Variant Cast(in Variant value, BuiltInType type, bool wrap = false)
    {
        if (value.IsNull || value.IsArray)
            return Variant.Null;
        if (value.Type == type)
            return value;
        switch (type)
        {
            case BuiltInType.Boolean:
                return ToBoolean(value) is { } boolean ? Variant.From(boolean) : Variant.Null;
            case BuiltInType.String:
                return Variant.From(ToText(value));
            case BuiltInType.LocalizedText:
                return TextOf(value) is { } text ? Variant.From(new LocalizedText(text)) : Variant.Null;
            case BuiltInType.DateTime:
                return TimeOf(value) is { } ticks ? Variant.FromDateTimeTicks(ticks) : Variant.Null;
            case BuiltInType.Guid:
                return GuidOf(value) is { } guid ? Variant.From(guid) : Variant.Null;
            case BuiltInType.NodeId:
                return NodeOf(value) is { } node ? Variant.From(node) : Variant.Null;
            case BuiltInType.ExpandedNodeId:
                return NodeOf(value) is { } expanded ? Variant.From(new ExpandedNodeId(expanded)) : Variant.Null;
            case BuiltInType.StatusCode:
                return IntegerOf(value) is { } code && code >= 0 && code <= uint.MaxValue ? Variant.From(new StatusCode((uint)code)) : Variant.Null;
            case BuiltInType.Float:
                return NumberOf(value) is { } single ? Variant.From((float)single) : Variant.Null;
            case BuiltInType.Double:
                return NumberOf(value) is { } number ? Variant.From(number) : Variant.Null;
            case >= BuiltInType.SByte and <= BuiltInType.UInt64:
                var whole = IntegerOf(value) ?? (NumberOf(value) is { } real && Math.Abs(real) < 1e19 ? (Int128)Math.Round(real, MidpointRounding.AwayFromZero) : null);
                return whole is { } integer ? ToInteger(integer, type, wrap) : Variant.Null;
            default:
                return Variant.Null;
        }
    }

    private static Variant ToInteger(Int128 value, BuiltInType type, bool wrap)
    {
        var (low, high) = type switch
        {
            BuiltInType.SByte => (sbyte.MinValue, sbyte.MaxValue),
            BuiltInType.Byte => (byte.MinValue, byte.MaxValue),
            BuiltInType.Int16 => (short.MinValue, short.MaxValue),
            BuiltInType.UInt16 => (ushort.MinValue, ushort.MaxValue),
            BuiltInType.Int32 => (int.MinValue, int.MaxValue),
            BuiltInType.UInt32 => (uint.MinValue, uint.MaxValue),
            BuiltInType.Int64 => (long.MinValue, long.MaxValue),
            _ => ((Int128)ulong.MinValue, (Int128)ulong.MaxValue),
        };
        if (!wrap && (value < low || value > high))
            return Variant.Null;
        return type switch
        {
            BuiltInType.SByte => Variant.From((sbyte)value),
            BuiltInType.Byte => Variant.From((byte)value),
            BuiltInType.Int16 => Variant.From((short)value),
            BuiltInType.UInt16 => Variant.From((ushort)value),
            BuiltInType.Int32 => Variant.From((int)value),
            BuiltInType.UInt32 => Variant.From((uint)value),
            BuiltInType.Int64 => Variant.From((long)value),
            _ => Variant.From((ulong)value),
        };
    }

    private static bool IsInteger(in Variant value) => !value.IsArray && value.Type is >= BuiltInType.SByte and <= BuiltInType.UInt64;

    private static Int128? IntegerOf(in Variant value)
    {
        if (value.TryGetInt64(out var signed))
            return signed;
        if (value.TryGetUInt64(out var unsigned))
            return unsigned;
        return value.Type switch
        {
            BuiltInType.Boolean or BuiltInType.StatusCode => value.ScalarBits,
            BuiltInType.String => Int128.TryParse(value.AsString(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var parsed) ? parsed : null,
            _ => null,
        };
    }

    private static double? NumberOf(in Variant value)
    {
        if (value.TryGetDouble(out var number))
            return number;
        return value.Type switch
        {
            BuiltInType.Boolean or BuiltInType.StatusCode => value.ScalarBits,
            BuiltInType.String => double.TryParse(value.AsString(), NumberStyles.Float, CultureInfo.InvariantCulture, out var parsed) ? parsed : null,
            _ => null,
        };
    }

    private static long? TimeOf(in Variant value)
    {
        if (value.TryGetDateTimeTicks(out var ticks))
            return ticks;
        return value.Type == BuiltInType.String && DateTime.TryParse(value.AsString(), CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal | DateTimeStyles.AssumeUniversal, out var time)
            ? time.Ticks
            : null;
    }

    private static Guid? GuidOf(in Variant value) => value.Type switch
    {
        BuiltInType.Guid => value.TryGet<Guid>(out var guid) ? guid : null,
        BuiltInType.String => Guid.TryParse(value.AsString(), out var parsed) ? parsed : null,
        _ => null,
    };

    private static NodeId? NodeOf(in Variant value) => value.Type switch
    {
        BuiltInType.NodeId => value.TryGet<NodeId>(out var id) ? id : null,
        BuiltInType.ExpandedNodeId => value.TryGet<ExpandedNodeId>(out var id) && id is { NamespaceUri: null, ServerIndex: 0 } ? id.NodeId : null,
        BuiltInType.String => NodeId.TryParse(value.AsString() ?? "", out var parsed) ? parsed : null,
        _ => null,
    };

    private static string ToText(in Variant value) => TextOf(value) ?? value.Type switch
    {
        BuiltInType.DateTime => value.AsDateTime().ToString("O", CultureInfo.InvariantCulture),
        BuiltInType.Boolean => value.AsBoolean() ? "true" : "false",
        _ => value.ToString(),
    };
}
