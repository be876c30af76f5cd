using System.Runtime.InteropServices;
using FloorGateway.Model.Samples;
using FloorGateway.Model.Values;

namespace FloorGateway.Pipeline.Journal.Columns;

/// <summary>Sameness to the last bit: elements of arrays too are compared by their bits, so that -0.0 is not 0.0 and one NaN is not another.</summary>
internal static class SampleEquality
{
    public static bool Same(in Sample a, in Sample b) =>
        a.Tag == b.Tag && a.SourceTime == b.SourceTime && a.ReceiveTime == b.ReceiveTime && a.Status == b.Status && a.Origin == b.Origin && a.Flags == b.Flags && SameValue(a.Value, b.Value);

    public static bool SameValue(in TagValue a, in TagValue b)
    {
        if (a.Kind != b.Kind || a.Bits != b.Bits)
            return false;
        if (ReferenceEquals(a.Reference, b.Reference))
            return true;
        return a.Kind switch
        {
            ValueKind.Array => SameArray((Array)a.Reference!, (Array)b.Reference!),
            ValueKind.Structure => SameStructure((StructureValue)a.Reference!, (StructureValue)b.Reference!),
            _ => a.Equals(b),
        };
    }

    private static bool SameArray(Array a, Array b)
    {
        if (a.GetType() != b.GetType() || a.Rank != b.Rank)
            return false;
        for (var i = 0; i < a.Rank; i++)
        {
            if (a.GetLength(i) != b.GetLength(i))
                return false;
        }

        if (a.GetType().GetElementType() is { IsPrimitive: true } element)
            return BytesOf(a, element).SequenceEqual(BytesOf(b, element));
        var (left, right) = (a.GetEnumerator(), b.GetEnumerator());
        while (left.MoveNext() && right.MoveNext())
        {
            if (!SameElement(left.Current, right.Current))
                return false;
        }

        return true;
    }

    private static ReadOnlySpan<byte> BytesOf(Array array, Type element) =>
        MemoryMarshal.CreateReadOnlySpan(ref MemoryMarshal.GetArrayDataReference(array), array.Length * (element == typeof(bool) ? 1 : element == typeof(float) ? 4 : 8));

    private static bool SameElement(object? a, object? b) => (a, b) switch
    {
        (byte[] left, byte[] right) => left.AsSpan().SequenceEqual(right),
        (StructureValue left, StructureValue right) => SameStructure(left, right),
        _ => Equals(a, b),
    };

    private static bool SameStructure(StructureValue a, StructureValue b)
    {
        if (a.TypeName != b.TypeName || a.Fields.Count != b.Fields.Count || (a.Body is null) != (b.Body is null) || !a.Body.AsSpan().SequenceEqual(b.Body))
            return false;
        for (var i = 0; i < a.Fields.Count; i++)
        {
            if (a.Fields[i].Key != b.Fields[i].Key || !SameValue(a.Fields[i].Value, b.Fields[i].Value))
                return false;
        }

        return true;
    }
}
