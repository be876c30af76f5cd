using System.Globalization;
using FloorGateway.Simulators.Engine;

namespace FloorGateway.Simulators.Faults;

/// <summary>What faults do with values.</summary>
internal static class Values
{
    /// <summary>True for numbers and arrays of numbers.</summary>
    public static bool IsNumber(SignalType type) => type is
        SignalType.UInt16 or SignalType.Int32 or SignalType.UInt32 or SignalType.Int64 or SignalType.UInt64 or SignalType.Float or SignalType.Double or
        SignalType.FloatArray or SignalType.DoubleArray or SignalType.Int32Array;

    public static bool Same(in SignalValue a, in SignalValue b)
    {
        if (a.Type != b.Type) return false;
        return a.Type switch
        {
            SignalType.String => a.AsString == b.AsString,
            SignalType.Double or SignalType.Float => a.AsDouble.Equals(b.AsDouble),
            SignalType.FloatArray => ((float[])a.AsArray).AsSpan().SequenceEqual((float[])b.AsArray),
            SignalType.DoubleArray => ((double[])a.AsArray).AsSpan().SequenceEqual((double[])b.AsArray),
            SignalType.Int32Array => ((int[])a.AsArray).AsSpan().SequenceEqual((int[])b.AsArray),
            SignalType.StringArray => ((string[])a.AsArray).AsSpan().SequenceEqual((string[])b.AsArray),
            _ => a.AsInt64 == b.AsInt64,
        };
    }

    /// <summary>A number with something added, every element of an array; whole numbers stay whole and in the range of their type.</summary>
    public static SignalValue Add(in SignalValue value, double by) => value.Type switch
    {
        SignalType.Double => SignalValue.From(value.AsDouble + by),
        SignalType.Float => SignalValue.From((float)(value.AsFloat + by)),
        SignalType.UInt16 => SignalValue.From((ushort)Whole(value.AsDouble + by, 0, ushort.MaxValue)),
        SignalType.Int32 => SignalValue.From((int)Whole(value.AsDouble + by, int.MinValue, int.MaxValue)),
        SignalType.UInt32 => SignalValue.From((uint)Whole(value.AsDouble + by, 0, uint.MaxValue)),
        SignalType.Int64 => SignalValue.From((long)Whole(value.AsDouble + by, -9e18, 9e18)),
        SignalType.UInt64 => SignalValue.From((ulong)Whole(value.AsDouble + by, 0, 18e18)),
        SignalType.FloatArray => SignalValue.From(Array.ConvertAll((float[])value.AsArray, v => (float)(v + by))),
        SignalType.DoubleArray => SignalValue.From(Array.ConvertAll((double[])value.AsArray, v => v + by)),
        SignalType.Int32Array => SignalValue.From(Array.ConvertAll((int[])value.AsArray, v => (int)Whole(v + by, int.MinValue, int.MaxValue))),
        _ => value,
    };

    /// <summary>A value in the type of another: a number for numbers (all elements), 0 and 1 for a Boolean, its text for a text.</summary>
    public static SignalValue Like(in SignalValue value, double number) => value.Type switch
    {
        SignalType.Boolean => SignalValue.From(number != 0),
        SignalType.String => SignalValue.From(number.ToString(CultureInfo.InvariantCulture)),
        SignalType.Double => SignalValue.From(number),
        SignalType.Float => SignalValue.From((float)number),
        SignalType.FloatArray => SignalValue.From(Array.ConvertAll((float[])value.AsArray, _ => (float)number)),
        SignalType.DoubleArray => SignalValue.From(Array.ConvertAll((double[])value.AsArray, _ => number)),
        SignalType.Int32Array => SignalValue.From(Array.ConvertAll((int[])value.AsArray, _ => (int)Whole(number, int.MinValue, int.MaxValue))),
        _ => Add(value, number - value.AsDouble),
    };

    /// <summary>A number as the text some controllers send.</summary>
    public static SignalValue AsText(in SignalValue value) => value.Type is SignalType.Double or SignalType.Float
        ? SignalValue.From(value.AsDouble.ToString("0.###", CultureInfo.InvariantCulture))
        : value;

    private static double Whole(double value, double low, double high) => Math.Clamp(Math.Round(value), low, high);
}
