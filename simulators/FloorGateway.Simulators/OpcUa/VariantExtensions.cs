using FloorGateway.OpcUa.AddressSpace;
using FloorGateway.OpcUa.Types;
using FloorGateway.Simulators.Engine;

namespace FloorGateway.Simulators.OpcUa;

/// <summary>Signal values as OPC UA values and back; every type keeps its own built-in type.</summary>
internal static class VariantExtensions
{
    public static Variant ToVariant(in this SignalValue value) => value.Type switch
    {
        SignalType.Boolean => Variant.From(value.AsBoolean),
        SignalType.UInt16 => Variant.From((ushort)value.AsInt64),
        SignalType.Int32 => Variant.From((int)value.AsInt64),
        SignalType.UInt32 => Variant.From((uint)value.AsInt64),
        SignalType.Int64 => Variant.From(value.AsInt64),
        SignalType.UInt64 => Variant.From(value.AsUInt64),
        SignalType.Float => Variant.From(value.AsFloat),
        SignalType.Double => Variant.From(value.AsDouble),
        SignalType.String => Variant.From(value.AsString),
        SignalType.DateTime => Variant.FromDateTimeTicks(value.AsDateTime.Ticks),
        SignalType.FloatArray => Variant.From((float[])value.AsArray),
        SignalType.DoubleArray => Variant.From((double[])value.AsArray),
        SignalType.Int32Array => Variant.From((int[])value.AsArray),
        SignalType.StringArray => Variant.From((string[])value.AsArray),
        _ => throw new NotSupportedException($"{value.Type} has no OPC UA form here."),
    };

    /// <summary>A method argument as a signal value; the server has checked its type.</summary>
    public static SignalValue ToSignalValue(in this Variant value, SignalType type) => type switch
    {
        SignalType.Boolean => SignalValue.From(value.AsBoolean()),
        SignalType.UInt16 => SignalValue.From((ushort)value.AsUInt32()),
        SignalType.Int32 => SignalValue.From(value.AsInt32()),
        SignalType.UInt32 => SignalValue.From(value.AsUInt32()),
        SignalType.Int64 => SignalValue.From(value.AsInt64()),
        SignalType.UInt64 => SignalValue.From(value.AsUInt64()),
        SignalType.Double => SignalValue.From(value.AsDouble()),
        SignalType.String => SignalValue.From(value.AsString() ?? ""),
        _ => throw new NotSupportedException($"A method argument cannot be {type}."),
    };

    public static BuiltInType BuiltIn(this SignalType type) => type switch
    {
        SignalType.Boolean => BuiltInType.Boolean,
        SignalType.UInt16 => BuiltInType.UInt16,
        SignalType.Int32 or SignalType.Int32Array => BuiltInType.Int32,
        SignalType.UInt32 => BuiltInType.UInt32,
        SignalType.Int64 => BuiltInType.Int64,
        SignalType.UInt64 => BuiltInType.UInt64,
        SignalType.Float or SignalType.FloatArray => BuiltInType.Float,
        SignalType.Double or SignalType.DoubleArray => BuiltInType.Double,
        SignalType.String or SignalType.StringArray => BuiltInType.String,
        SignalType.DateTime => BuiltInType.DateTime,
        _ => throw new NotSupportedException($"{type} has no OPC UA form here."),
    };

    public static int ValueRank(this SignalType type) =>
        type is SignalType.FloatArray or SignalType.DoubleArray or SignalType.Int32Array or SignalType.StringArray ? ValueRanks.OneDimension : ValueRanks.Scalar;
}
