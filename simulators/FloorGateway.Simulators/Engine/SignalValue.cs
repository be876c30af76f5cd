using System.Text.Json;

namespace FloorGateway.Simulators.Engine;

/// <summary>A typed value; scalars are held without boxing. Arrays are snapshots that nobody writes to after they are wrapped.</summary>
public readonly struct SignalValue
{
    private readonly long _bits;
    private readonly object? _reference;

    private SignalValue(SignalType type, long bits, object? reference)
    {
        Type = type;
        _bits = bits;
        _reference = reference;
    }

    /// <summary>The data type.</summary>
    public SignalType Type { get; }

    public static SignalValue From(bool value) => new(SignalType.Boolean, value ? 1 : 0, null);
    public static SignalValue From(ushort value) => new(SignalType.UInt16, value, null);
    public static SignalValue From(int value) => new(SignalType.Int32, value, null);
    public static SignalValue From(uint value) => new(SignalType.UInt32, value, null);
    public static SignalValue From(long value) => new(SignalType.Int64, value, null);
    public static SignalValue From(ulong value) => new(SignalType.UInt64, unchecked((long)value), null);
    public static SignalValue From(float value) => new(SignalType.Float, BitConverter.SingleToInt32Bits(value), null);
    public static SignalValue From(double value) => new(SignalType.Double, BitConverter.DoubleToInt64Bits(value), null);
    public static SignalValue From(string value) => new(SignalType.String, 0, value);
    public static SignalValue From(DateTime value) => new(SignalType.DateTime, value.Ticks, null);
    public static SignalValue From(float[] value) => new(SignalType.FloatArray, 0, value);
    public static SignalValue From(double[] value) => new(SignalType.DoubleArray, 0, value);
    public static SignalValue From(int[] value) => new(SignalType.Int32Array, 0, value);
    public static SignalValue From(string[] value) => new(SignalType.StringArray, 0, value);

    /// <summary>The value of a Boolean.</summary>
    public bool AsBoolean => _bits != 0;

    /// <summary>The value of any integer type but UInt64; DateTime gives its ticks.</summary>
    public long AsInt64 => _bits;

    /// <summary>The value of a UInt64.</summary>
    public ulong AsUInt64 => unchecked((ulong)_bits);

    /// <summary>The value of a Float.</summary>
    public float AsFloat => BitConverter.Int32BitsToSingle((int)_bits);

    /// <summary>The value of a String, "" where there is none.</summary>
    public string AsString => _reference as string ?? "";

    /// <summary>The value of a DateTime, UTC.</summary>
    public DateTime AsDateTime => new(_bits, DateTimeKind.Utc);

    /// <summary>The elements of an array type.</summary>
    public Array AsArray => (Array)_reference!;

    /// <summary>Any numeric scalar as Double (Boolean is 0 or 1; String, DateTime and arrays give NaN).</summary>
    public double AsDouble => Type switch
    {
        SignalType.Double => BitConverter.Int64BitsToDouble(_bits),
        SignalType.Float => AsFloat,
        SignalType.UInt64 => AsUInt64,
        SignalType.Boolean or SignalType.UInt16 or SignalType.Int32 or SignalType.UInt32 or SignalType.Int64 => _bits,
        _ => double.NaN,
    };

    /// <summary>
    /// What the value adds to a path's running sum: numbers themselves, Boolean 0 or 1, arrays the sum of their
    /// elements; String, DateTime and string arrays add 0.
    /// </summary>
    public double Total => Type switch
    {
        SignalType.FloatArray => Sum((float[])_reference!),
        SignalType.DoubleArray => Sum((double[])_reference!),
        SignalType.Int32Array => Sum((int[])_reference!),
        SignalType.String or SignalType.DateTime or SignalType.StringArray => 0,
        _ => AsDouble,
    };

    /// <summary>Writes the value as JSON in round-trip form; NaN and infinities as strings, DateTime as ISO 8601 with 100 ns.</summary>
    public void WriteTo(Utf8JsonWriter json)
    {
        switch (Type)
        {
            case SignalType.Boolean: json.WriteBooleanValue(AsBoolean); break;
            case SignalType.UInt64: json.WriteNumberValue(AsUInt64); break;
            case SignalType.Float: Write(json, AsFloat); break;
            case SignalType.Double: Write(json, AsDouble); break;
            case SignalType.String: json.WriteStringValue(AsString); break;
            case SignalType.DateTime: json.WriteStringValue(AsDateTime.ToString("O")); break;
            case SignalType.FloatArray:
                json.WriteStartArray();
                foreach (var v in (float[])_reference!) Write(json, v);
                json.WriteEndArray();
                break;
            case SignalType.DoubleArray:
                json.WriteStartArray();
                foreach (var v in (double[])_reference!) Write(json, v);
                json.WriteEndArray();
                break;
            case SignalType.Int32Array:
                json.WriteStartArray();
                foreach (var v in (int[])_reference!) json.WriteNumberValue(v);
                json.WriteEndArray();
                break;
            case SignalType.StringArray:
                json.WriteStartArray();
                foreach (var v in (string[])_reference!) json.WriteStringValue(v);
                json.WriteEndArray();
                break;
            default: json.WriteNumberValue(AsInt64); break;
        }
    }

    private static void Write(Utf8JsonWriter json, float value)
    {
        if (float.IsFinite(value)) json.WriteNumberValue(value);
        else json.WriteStringValue(value.ToString());
    }

    private static void Write(Utf8JsonWriter json, double value)
    {
        if (double.IsFinite(value)) json.WriteNumberValue(value);
        else json.WriteStringValue(value.ToString());
    }

    private static double Sum(float[] values)
    {
        var sum = 0.0;
        foreach (var v in values) sum += v;
        return sum;
    }

    private static double Sum(double[] values)
    {
        var sum = 0.0;
        foreach (var v in values) sum += v;
        return sum;
    }

    private static double Sum(int[] values)
    {
        var sum = 0.0;
        foreach (var v in values) sum += v;
        return sum;
    }
}
