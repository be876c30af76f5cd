using System.Globalization;
using System.Runtime.CompilerServices;

namespace FloorGateway.Model.Values;

/// <summary>A tag's value. Scalars live in eight bytes without boxing; strings, arrays and structures are references.</summary>
public readonly struct TagValue : IEquatable<TagValue>
{
    private readonly object? reference;
    private readonly long bits;

    private TagValue(ValueKind kind, long bits, object? reference = null)
    {
        Kind = kind;
        this.bits = bits;
        this.reference = reference;
    }

    public static TagValue Null => default;

    public ValueKind Kind { get; }

    /// <summary>The raw eight bytes of a scalar; 0 for references. With <see cref="Kind"/> enough to store and restore it.</summary>
    public long Bits => bits;

    /// <summary>The string, byte[], array or <see cref="StructureValue"/>; null for scalars.</summary>
    public object? Reference => reference;

    public bool IsNull => Kind == ValueKind.Null;

    /// <summary>True for booleans, integers and floats: what has a place on a trend.</summary>
    public bool IsNumeric => Kind is >= ValueKind.Boolean and <= ValueKind.Double;

    public static TagValue From(bool value) => new(ValueKind.Boolean, value ? 1 : 0);

    public static TagValue From(long value) => new(ValueKind.Int64, value);

    public static TagValue From(ulong value) => new(ValueKind.UInt64, (long)value);

    public static TagValue From(float value) => new(ValueKind.Single, BitConverter.SingleToUInt32Bits(value));

    public static TagValue From(double value) => new(ValueKind.Double, BitConverter.DoubleToInt64Bits(value));

    /// <param name="value">A UTC time; other kinds are converted.</param>
    public static TagValue From(DateTime value) => new(ValueKind.DateTime, value.ToUniversalTime().Ticks);

    public static TagValue From(string? value) => value is null ? default : new(ValueKind.String, 0, value);

    public static TagValue From(byte[]? value) => value is null ? default : new(ValueKind.Bytes, 0, value);

    public static TagValue From(Array? value) => value is null ? default : value is byte[] bytes ? From(bytes) : new(ValueKind.Array, 0, value);

    public static TagValue From(StructureValue? value) => value is null ? default : new(ValueKind.Structure, 0, value);

    /// <summary>Restores a scalar from its kind and bits.</summary>
    /// <exception cref="ArgumentException"><paramref name="kind"/> is not a scalar's.</exception>
    public static TagValue FromBits(ValueKind kind, long bits) =>
        kind <= ValueKind.DateTime ? new(kind, bits) : throw new ArgumentException($"{kind} is not a scalar", nameof(kind));

    /// <summary>The numeric value; booleans are 0 and 1. False where there is none.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryGetDouble(out double value)
    {
        switch (Kind)
        {
            case ValueKind.Double:
                value = BitConverter.Int64BitsToDouble(bits);
                return true;
            case ValueKind.Single:
                value = BitConverter.Int32BitsToSingle((int)bits);
                return true;
            case ValueKind.Int64:
            case ValueKind.Boolean:
                value = bits;
                return true;
            case ValueKind.UInt64:
                value = (ulong)bits;
                return true;
            default:
                value = 0;
                return false;
        }
    }

    /// <summary>The integer value of a boolean or integer that fits a signed 64-bit integer.</summary>
    public bool TryGetInt64(out long value)
    {
        value = bits;
        return Kind is ValueKind.Int64 or ValueKind.Boolean || (Kind == ValueKind.UInt64 && bits >= 0);
    }

    public bool AsBoolean() => bits != 0;

    public float AsSingle() => BitConverter.Int32BitsToSingle((int)bits);

    public double AsDouble() => TryGetDouble(out var value) ? value : double.NaN;

    public DateTime AsDateTime() => new(bits, DateTimeKind.Utc);

    public string? AsString() => reference as string;

    public Array? AsArray() => reference as Array;

    public StructureValue? AsStructure() => reference as StructureValue;

    /// <summary>Same kind and same bits (so NaN equals NaN, 0.0 differs from -0.0); strings by content, bytes and arrays element by element, structures field by field.</summary>
    public bool Equals(TagValue other) =>
        Kind == other.Kind && bits == other.bits && (ReferenceEquals(reference, other.reference) || ContentEquals(reference, other.reference));

    public override bool Equals(object? obj) => obj is TagValue other && Equals(other);

    public override int GetHashCode() => HashCode.Combine(Kind, bits, reference is string text ? text.GetHashCode(StringComparison.Ordinal) : 0);

    public static bool operator ==(TagValue left, TagValue right) => left.Equals(right);

    public static bool operator !=(TagValue left, TagValue right) => !left.Equals(right);

    public override string ToString() => Kind switch
    {
        ValueKind.Null => "null",
        ValueKind.Boolean => bits != 0 ? "true" : "false",
        ValueKind.Int64 => bits.ToString(CultureInfo.InvariantCulture),
        ValueKind.UInt64 => ((ulong)bits).ToString(CultureInfo.InvariantCulture),
        ValueKind.Single => AsSingle().ToString(CultureInfo.InvariantCulture),
        ValueKind.Double => AsDouble().ToString(CultureInfo.InvariantCulture),
        ValueKind.DateTime => AsDateTime().ToString("O", CultureInfo.InvariantCulture),
        ValueKind.Array => $"{reference!.GetType().GetElementType()!.Name}[{string.Join(',', Enumerable.Range(0, ((Array)reference).Rank).Select(((Array)reference).GetLength))}]",
        ValueKind.Bytes => $"{((byte[])reference!).Length} bytes",
        ValueKind.Structure => ((StructureValue)reference!).TypeName,
        _ => reference!.ToString()!,
    };

    private static bool ContentEquals(object? left, object? right) => (left, right) switch
    {
        (string a, string b) => a == b,
        (byte[] a, byte[] b) => a.AsSpan().SequenceEqual(b),
        (double[] a, double[] b) => a.AsSpan().SequenceEqual(b),
        (float[] a, float[] b) => a.AsSpan().SequenceEqual(b),
        (Array a, Array b) => a.GetType() == b.GetType() && SameShape(a, b) && a.Cast<object?>().SequenceEqual(b.Cast<object?>(), ElementComparer.Instance),
        (StructureValue a, StructureValue b) => a.TypeName == b.TypeName && a.Fields.SequenceEqual(b.Fields) && ContentEquals(a.Body, b.Body),
        (null, null) => true,
        _ => false,
    };

    private static bool SameShape(Array a, Array b)
    {
        if (a.Rank != b.Rank)
            return false;
        for (var i = 0; i < a.Rank; i++)
        {
            if (a.GetLength(i) != b.GetLength(i))
                return false;
        }

        return true;
    }

    private sealed class ElementComparer : IEqualityComparer<object?>
    {
        public static readonly ElementComparer Instance = new();

        public new bool Equals(object? x, object? y) => x is byte[] or StructureValue ? ContentEquals(x, y) : object.Equals(x, y);

        public int GetHashCode(object? obj) => 0;
    }
}
