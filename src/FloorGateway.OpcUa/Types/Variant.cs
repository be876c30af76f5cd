using System.Diagnostics.CodeAnalysis;

namespace FloorGateway.OpcUa.Types;

/// <summary>
/// A value of any built-in type, a one-dimensional array or a matrix of them (OPC 10000-6, 5.2.2.16). Twenty-four bytes;
/// numbers, booleans, times and status codes are kept in place and never boxed.
/// </summary>
public readonly partial struct Variant : IEquatable<Variant>
{
    private readonly object? _object;
    private readonly ulong _bits;
    private readonly BuiltInType _type;
    private readonly bool _isArray;

    internal Variant(BuiltInType type, ulong bits, object? obj, bool isArray)
    {
        _type = type;
        _bits = bits;
        _object = obj;
        _isArray = isArray;
    }

    public static Variant Null => default;

    /// <summary>The type of the scalar, or of the elements of an array or matrix.</summary>
    public BuiltInType Type => _type;

    public bool IsNull => _type == BuiltInType.Null;

    /// <summary>True for arrays and matrices, null arrays included.</summary>
    public bool IsArray => _isArray;

    public bool IsMatrix => _object is Matrix;

    /// <summary>Dimensions of a matrix, one length for an array, empty for a scalar or a null array.</summary>
    public int[] ArrayDimensions => _object switch
    {
        Matrix matrix => matrix.Dimensions,
        Array array when _isArray => [array.Length],
        _ => [],
    };

    /// <summary>The elements of an array or a matrix in row-major order; null for scalars and null arrays.</summary>
    public Array? Elements => _isArray ? (_object is Matrix matrix ? matrix.Elements : (Array?)_object) : null;

    /// <summary>
    /// The scalar in place: integers sign-extended, Boolean 0 or 1, Float and Double as their IEEE bits, DateTime as UTC .NET
    /// ticks, StatusCode as its code; 0 for all other types.
    /// </summary>
    public ulong ScalarBits => _bits;

    /// <summary>The scalar's object, the array or the <see cref="Matrix"/>; null for values kept in place.</summary>
    internal object? Reference => _object;

    /// <summary>True for the integer types, Float and Double as a scalar.</summary>
    public bool IsNumber => !_isArray && _type is >= BuiltInType.SByte and <= BuiltInType.Double;

    /// <summary>The value as an object: boxed scalar, array or <see cref="Matrix"/>. Allocates; not for hot paths.</summary>
    public object? Boxed => _isArray ? _object : _type switch
    {
        BuiltInType.Boolean => _bits != 0,
        BuiltInType.SByte => (sbyte)_bits,
        BuiltInType.Byte => (byte)_bits,
        BuiltInType.Int16 => (short)_bits,
        BuiltInType.UInt16 => (ushort)_bits,
        BuiltInType.Int32 => (int)_bits,
        BuiltInType.UInt32 => (uint)_bits,
        BuiltInType.Int64 => (long)_bits,
        BuiltInType.UInt64 => _bits,
        BuiltInType.Float => BitConverter.UInt32BitsToSingle((uint)_bits),
        BuiltInType.Double => BitConverter.UInt64BitsToDouble(_bits),
        BuiltInType.DateTime => UaDateTime.FromTicks((long)_bits),
        BuiltInType.StatusCode => new StatusCode((uint)_bits),
        _ => _object,
    };

    public static bool operator ==(Variant left, Variant right) => left.Equals(right);

    public static bool operator !=(Variant left, Variant right) => !left.Equals(right);

    /// <summary>Signed integers, and unsigned ones that fit.</summary>
    public bool TryGetInt64(out long value)
    {
        value = (long)_bits;
        return !_isArray && _type is >= BuiltInType.SByte and <= BuiltInType.UInt64 && (_type != BuiltInType.UInt64 || value >= 0);
    }

    /// <summary>Unsigned integers, and signed ones that are not negative.</summary>
    public bool TryGetUInt64(out ulong value)
    {
        value = _bits;
        return !_isArray && _type is >= BuiltInType.SByte and <= BuiltInType.UInt64 && (_type == BuiltInType.UInt64 || (long)_bits >= 0);
    }

    /// <summary>Any number; a 64-bit integer beyond 2^53 is rounded.</summary>
    public bool TryGetDouble(out double value)
    {
        if (_isArray)
        {
            value = 0;
            return false;
        }

        switch (_type)
        {
            case BuiltInType.Double:
                value = BitConverter.UInt64BitsToDouble(_bits);
                return true;
            case BuiltInType.Float:
                value = BitConverter.UInt32BitsToSingle((uint)_bits);
                return true;
            case BuiltInType.UInt64:
                value = _bits;
                return true;
            case >= BuiltInType.SByte and <= BuiltInType.Int64:
                value = (long)_bits;
                return true;
            default:
                value = 0;
                return false;
        }
    }

    public bool TryGetBoolean(out bool value)
    {
        value = _bits != 0;
        return _type == BuiltInType.Boolean && !_isArray;
    }

    public bool TryGetString([NotNullWhen(true)] out string? value)
    {
        value = _type is BuiltInType.String or BuiltInType.XmlElement && !_isArray ? (string?)_object : null;
        return value is not null;
    }

    /// <summary>UTC .NET ticks of a DateTime; 0 = the wire's "absent".</summary>
    public bool TryGetDateTimeTicks(out long ticks)
    {
        ticks = (long)_bits;
        return _type == BuiltInType.DateTime && !_isArray;
    }

    public bool TryGetByteString([NotNullWhen(true)] out byte[]? value)
    {
        value = _type == BuiltInType.ByteString && !_isArray ? (byte[]?)_object : null;
        return value is not null;
    }

    /// <summary>A scalar of type <typeparamref name="T"/> or an array <c>T[]</c>, unboxed from the object form.</summary>
    public bool TryGet<T>([MaybeNullWhen(false)] out T value)
    {
        if (Boxed is T typed)
        {
            value = typed;
            return true;
        }

        value = default;
        return false;
    }

    public bool AsBoolean() => TryGetBoolean(out var value) ? value : throw Mismatch(nameof(Boolean));

    public long AsInt64() => TryGetInt64(out var value) ? value : throw Mismatch(nameof(Int64));

    public ulong AsUInt64() => TryGetUInt64(out var value) ? value : throw Mismatch(nameof(UInt64));

    public int AsInt32() => TryGetInt64(out var value) && value == (int)value ? (int)value : throw Mismatch(nameof(Int32));

    public uint AsUInt32() => TryGetInt64(out var value) && value == (uint)value ? (uint)value : throw Mismatch(nameof(UInt32));

    public double AsDouble() => TryGetDouble(out var value) ? value : throw Mismatch(nameof(Double));

    /// <summary>The string, or null for a null string and for other types.</summary>
    public string? AsString() => TryGetString(out var value) ? value : null;

    public DateTime AsDateTime() => TryGetDateTimeTicks(out var ticks) ? UaDateTime.FromTicks(ticks) : throw Mismatch(nameof(DateTime));

    /// <summary>The array of <typeparamref name="T"/>, or null when the value is something else.</summary>
    public T[]? AsArray<T>() => _isArray ? _object as T[] : null;

    /// <summary>The decoded structure, or null when the value is something else.</summary>
    public T? AsStructure<T>()
        where T : class, Encoding.IUaStructure => (_object as ExtensionObject)?.Decoded as T;

    public bool Equals(Variant other)
    {
        if (_type != other._type || _isArray != other._isArray || _bits != other._bits)
        {
            return false;
        }

        // Numbers have no object, and they are what is compared all day.
        if (ReferenceEquals(_object, other._object))
        {
            return true;
        }

        return (_object, other._object) switch
        {
            (Matrix a, Matrix b) => a.Dimensions.AsSpan().SequenceEqual(b.Dimensions) && ElementsEqual(a.Elements, b.Elements),
            (Array a, Array b) => ElementsEqual(a, b),
            _ => Equals(_object, other._object),
        };
    }

    public override bool Equals(object? obj) => obj is Variant other && Equals(other);

    public override int GetHashCode() => HashCode.Combine(_type, _isArray, _bits, _object is Array or Matrix ? 0 : _object?.GetHashCode() ?? 0);

    public override string ToString() => _object switch
    {
        Matrix matrix => $"{_type}[{string.Join(',', matrix.Dimensions)}]",
        Array array => $"{_type}[{array.Length}]",
        _ => Convert.ToString(Boxed, System.Globalization.CultureInfo.InvariantCulture) ?? "null",
    };

    private static bool ElementsEqual(Array a, Array b)
    {
        if (a.Length != b.Length || a.GetType() != b.GetType())
        {
            return false;
        }

        if (a is byte[][] left && b is byte[][] right)
        {
            return left.AsSpan().SequenceEqual(right, ByteStringComparer.Instance);
        }

        return System.Collections.StructuralComparisons.StructuralEqualityComparer.Equals(a, b);
    }

    private InvalidOperationException Mismatch(string wanted) =>
        new($"The value is {(_isArray ? "an array of " : "")}{_type} and can't be read as {wanted}. Test it with the TryGet form first.");

    private sealed class ByteStringComparer : IEqualityComparer<byte[]?>
    {
        public static readonly ByteStringComparer Instance = new();

        public bool Equals(byte[]? x, byte[]? y) => x is null ? y is null : y is not null && x.AsSpan().SequenceEqual(y);

        public int GetHashCode(byte[]? obj) => obj?.Length ?? 0;
    }
}
