namespace FloorGateway.Simulators.Engine;

/// <summary>How one CLR type is compared against a deadband, kept, shown and wrapped.</summary>
internal sealed record ValueKind<T>(SignalType Type, Func<T, T, double, bool> Differs, Func<T, SignalValue> Wrap, Func<T, T> Snapshot, Func<T, Resolution, T> Show)
{
    /// <summary>The rules of T; an unsupported type fails at first use.</summary>
    public static ValueKind<T> Instance { get; } = (ValueKind<T>)ValueKinds.For(typeof(T));
}

internal static class ValueKinds
{
    public static object For(Type type) => Table.TryGetValue(type, out var kind)
        ? kind
        : throw new NotSupportedException($"A signal cannot have the type {type.Name}; use one of the types in SignalType.");

    private static readonly Dictionary<Type, object> Table = new()
    {
        [typeof(bool)] = Scalar<bool>(SignalType.Boolean, SignalValue.From),
        [typeof(ushort)] = Scalar<ushort>(SignalType.UInt16, SignalValue.From),
        [typeof(int)] = Scalar<int>(SignalType.Int32, SignalValue.From),
        [typeof(uint)] = Scalar<uint>(SignalType.UInt32, SignalValue.From),
        [typeof(long)] = Scalar<long>(SignalType.Int64, SignalValue.From),
        [typeof(ulong)] = Scalar<ulong>(SignalType.UInt64, SignalValue.From),
        [typeof(DateTime)] = Scalar<DateTime>(SignalType.DateTime, SignalValue.From),
        [typeof(string)] = Scalar<string>(SignalType.String, SignalValue.From),
        [typeof(float)] = new ValueKind<float>(SignalType.Float, Differs, SignalValue.From, static v => v, static (v, r) => r.Show(v)),
        [typeof(double)] = new ValueKind<double>(SignalType.Double, Differs, SignalValue.From, static v => v, static (v, r) => r.Show(v)),
        [typeof(float[])] = new ValueKind<float[]>(SignalType.FloatArray, AnyDiffers, SignalValue.From, static v => [.. v], static (v, r) => r.Show(v)),
        [typeof(double[])] = new ValueKind<double[]>(SignalType.DoubleArray, AnyDiffers, SignalValue.From, static v => [.. v], static (v, r) => r.Show(v)),
        [typeof(int[])] = new ValueKind<int[]>(SignalType.Int32Array, static (a, b, _) => !a.AsSpan().SequenceEqual(b), SignalValue.From, static v => [.. v], static (v, _) => v),
        [typeof(string[])] = new ValueKind<string[]>(SignalType.StringArray, static (a, b, _) => !a.AsSpan().SequenceEqual(b), SignalValue.From, static v => [.. v], static (v, _) => v),
    };

    private static ValueKind<T> Scalar<T>(SignalType type, Func<T, SignalValue> wrap)
        where T : IEquatable<T> =>
        new(type, static (a, b, _) => !a.Equals(b), wrap, static v => v, static (v, _) => v);

    // A deadband of 0 reports every change; NaN compares equal to NaN, else it would be reported for ever.
    private static bool Differs(double a, double b, double deadband) =>
        !a.Equals(b) && !(Math.Abs(a - b) < deadband);

    private static bool Differs(float a, float b, double deadband) =>
        !a.Equals(b) && !(Math.Abs((double)a - b) < deadband);

    private static bool AnyDiffers(double[] a, double[] b, double deadband)
    {
        if (a.Length != b.Length) return true;
        for (var i = 0; i < a.Length; i++)
        {
            if (Differs(a[i], b[i], deadband)) return true;
        }

        return false;
    }

    private static bool AnyDiffers(float[] a, float[] b, double deadband)
    {
        if (a.Length != b.Length) return true;
        for (var i = 0; i < a.Length; i++)
        {
            if (Differs(a[i], b[i], deadband)) return true;
        }

        return false;
    }
}
