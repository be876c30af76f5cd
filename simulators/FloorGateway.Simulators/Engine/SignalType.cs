namespace FloorGateway.Simulators.Engine;

/// <summary>The data types equipment publishes; the names are OPC UA's built-in types, arrays are one-dimensional.</summary>
public enum SignalType
{
    Boolean,
    UInt16,
    Int32,
    UInt32,
    Int64,
    UInt64,
    Float,
    Double,
    String,
    DateTime,
    FloatArray,
    DoubleArray,
    Int32Array,
    StringArray,
}
