using System.Runtime.InteropServices;

namespace FloorGateway.OpcUa.Types;

/// <summary>Decides whether a value differs from the one before it.</summary>
internal static class VariantEquality
{
    /// <summary>True when two values are the same. Numbers in arrays compare as bytes, so a NaN equals itself there too.</summary>
    public static bool Same(in Variant a, in Variant b)
    {
        if (!a.IsArray || a.IsMatrix || b.IsMatrix || a.Type != b.Type || a.Elements is not { } left || b.Elements is not { } right)
            return a == b;
        if (left.Length != right.Length || left.Rank != 1)
            return false;

        // Numbers compare as bytes: fast, and a NaN equals itself.
        return (left, right) switch
        {
            (double[] x, double[] y) => SameBytes(x, y),
            (float[] x, float[] y) => SameBytes(x, y),
            (bool[] x, bool[] y) => x.AsSpan().SequenceEqual(y),
            (byte[] x, byte[] y) => x.AsSpan().SequenceEqual(y),
            (short[] x, short[] y) => x.AsSpan().SequenceEqual(y),
            (int[] x, int[] y) => x.AsSpan().SequenceEqual(y),
            (long[] x, long[] y) => x.AsSpan().SequenceEqual(y),
            _ => a == b,
        };
    }

    private static bool SameBytes<T>(T[] x, T[] y)
        where T : unmanaged => MemoryMarshal.AsBytes(x.AsSpan()).SequenceEqual(MemoryMarshal.AsBytes(y.AsSpan()));
}
