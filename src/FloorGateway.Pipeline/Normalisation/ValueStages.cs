using System.Buffers.Binary;
using System.Globalization;
using FloorGateway.Model.Samples;
using FloorGateway.Model.Values;

namespace FloorGateway.Pipeline.Normalisation;

/// <summary>The stages that change a value. Each gets a sample in place; a status is only ever made worse.</summary>
internal static class ValueStages
{
    /// <summary>Raises the status to a worse severity; an equal or worse one that came with the sample says more.</summary>
    public static void Worsen(ref Sample sample, uint status)
    {
        if (status >> 30 > sample.Status >> 30)
            sample.Status = status;
    }

    public static void Fail(ref Sample sample, uint status)
    {
        sample.Value = default;
        Worsen(ref sample, status);
    }

    public static void TakeElement(ref Sample sample, int index)
    {
        switch (sample.Value.Reference)
        {
            case float[] a when (uint)index < (uint)a.Length:
                sample.Value = TagValue.From(a[index]);
                break;
            case double[] a when (uint)index < (uint)a.Length:
                sample.Value = TagValue.From(a[index]);
                break;
            case byte[] a when (uint)index < (uint)a.Length:
                sample.Value = TagValue.From((ulong)a[index]);
                break;
            case Array a when (uint)index < (uint)a.Length:
                sample.Value = FromElement(a, index);
                break;
            case Array:
                Fail(ref sample, StatusQuality.BadOutOfRange);
                break;
            default:
                if (!sample.Value.IsNull)
                    Fail(ref sample, StatusQuality.BadDecodingError);
                break;
        }
    }

    /// <summary>Restores byte order and type of a raw value.</summary>
    public static void Reinterpret(ref Sample sample, RawType raw, ByteOrder order)
    {
        var value = sample.Value;
        if (value.IsNull)
            return;
        if (value.Reference is Array words)
        {
            if (!TryJoin(words, raw, out var joined))
            {
                Fail(ref sample, StatusQuality.BadDecodingError);
                return;
            }

            sample.Value = Restore(Swap(joined, Width(raw), order), raw);
            return;
        }

        var type = raw != RawType.AsSent ? raw : value.Kind switch
        {
            ValueKind.Single => RawType.Single,
            ValueKind.Double => RawType.Double,
            _ => RawType.AsSent,
        };
        // A float read as such keeps its bits; numbers of the wrong shape can't be taken apart.
        if (type == RawType.AsSent || value.Kind is not (ValueKind.Int64 or ValueKind.UInt64 or ValueKind.Single or ValueKind.Double))
        {
            Fail(ref sample, StatusQuality.BadDecodingError);
            return;
        }

        sample.Value = Restore(Swap((ulong)value.Bits, Width(type), order), type);
    }

    public static void TakeBits(ref Sample sample, int bit, int count)
    {
        var value = sample.Value;
        if (value.Kind is not (ValueKind.Int64 or ValueKind.UInt64 or ValueKind.Boolean))
        {
            if (!value.IsNull)
                Fail(ref sample, StatusQuality.BadDecodingError);
            return;
        }

        var bits = (ulong)value.Bits >> bit;
        sample.Value = count <= 1 ? TagValue.From((bits & 1) != 0) : TagValue.From((long)(bits & (count >= 64 ? ulong.MaxValue : (1UL << count) - 1)));
    }

    public static void CheckRaw(ref Sample sample, in TagPlan plan)
    {
        if (!sample.Value.TryGetDouble(out var raw))
            return;
        if (plan.BadRaw is not null && Array.IndexOf(plan.BadRaw, raw) >= 0)
            Fail(ref sample, StatusQuality.BadSensorFailure);
        else if (raw < plan.Source.RawLow || raw > plan.Source.RawHigh)
            Worsen(ref sample, StatusQuality.UncertainEngineeringUnitsExceeded);
    }

    public static void Invert(ref Sample sample)
    {
        if (sample.Value.Kind == ValueKind.Boolean || (sample.Value.IsNumeric && sample.Value.Kind is ValueKind.Int64 or ValueKind.UInt64))
            sample.Value = TagValue.From(!sample.Value.AsBoolean());
        else if (!sample.Value.IsNull)
            Fail(ref sample, StatusQuality.BadDecodingError);
    }

    public static void Parse(ref Sample sample, NumberFormatInfo numbers)
    {
        if (sample.Value.Kind != ValueKind.String)
            return;
        const NumberStyles style = NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite | NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;
        if (double.TryParse(sample.Value.AsString(), style, numbers, out var number))
            sample.Value = TagValue.From(number);
        else
            Fail(ref sample, StatusQuality.BadDecodingError);
    }

    public static void Scale(ref Sample sample, in TagPlan plan)
    {
        var kind = sample.Value.Kind;
        if (kind == ValueKind.Array)
        {
            ScaleArray(ref sample, plan);
            return;
        }

        if (kind is ValueKind.Boolean || !sample.Value.TryGetDouble(out var value))
            return;
        sample.Value = TagValue.From(Scaled(value, plan));
    }

    public static void CheckRange(ref Sample sample, in TagPlan plan)
    {
        if (sample.Value.Kind == ValueKind.Boolean || !sample.Value.TryGetDouble(out var value) || !(value < plan.Low || value > plan.High))
            return;
        sample.Flags |= SampleFlags.OutOfRange;
        if (plan.Source.OnOutOfRange == RangeAction.Flag)
            return;
        Worsen(ref sample, StatusQuality.UncertainEngineeringUnitsExceeded);
        if (plan.Source.OnOutOfRange == RangeAction.Clamp)
            sample.Value = TagValue.From(value < plan.Low ? plan.Low : plan.High);
    }

    private static double Scaled(double value, in TagPlan plan)
    {
        value = (value - plan.Pre) * plan.Multiplier;
        if (plan.Divisor != 1)
            value /= plan.Divisor;
        return value + plan.Post;
    }

    private static void ScaleArray(ref Sample sample, in TagPlan plan)
    {
        // A new array: the raw one may be shared by samples of other tags.
        switch (sample.Value.Reference)
        {
            case float[] a:
                var floats = new float[a.Length];
                for (var i = 0; i < a.Length; i++)
                    floats[i] = (float)Scaled(a[i], plan);
                sample.Value = TagValue.From(floats);
                break;
            case double[] a:
                var doubles = new double[a.Length];
                for (var i = 0; i < a.Length; i++)
                    doubles[i] = Scaled(a[i], plan);
                sample.Value = TagValue.From(doubles);
                break;
            case long[] a when a.GetType() == typeof(long[]):
                var numbers = new double[a.Length];
                for (var i = 0; i < a.Length; i++)
                    numbers[i] = Scaled(a[i], plan);
                sample.Value = TagValue.From(numbers);
                break;
            case ulong[] a:
                numbers = new double[a.Length];
                for (var i = 0; i < a.Length; i++)
                    numbers[i] = Scaled(a[i], plan);
                sample.Value = TagValue.From(numbers);
                break;
        }
    }

    private static int Width(RawType raw) => raw switch
    {
        RawType.Int8 or RawType.UInt8 => 1,
        RawType.Int16 or RawType.UInt16 => 2,
        RawType.Int32 or RawType.UInt32 or RawType.Single => 4,
        _ => 8,
    };

    private static ulong Swap(ulong bits, int width, ByteOrder order)
    {
        switch (order)
        {
            case ByteOrder.SwapBytes:
                return ((bits & 0x00FF_00FF_00FF_00FF) << 8) | ((bits >> 8) & 0x00FF_00FF_00FF_00FF);
            case ByteOrder.SwapWords:
                return width switch
                {
                    4 => (ulong)((uint)bits << 16 | (uint)bits >> 16),
                    8 => (bits << 48) | (bits >> 48) | ((bits & 0xFFFF_0000) << 16) | ((bits >> 16) & 0xFFFF_0000),
                    _ => bits,
                };
            case ByteOrder.Reverse:
                return BinaryPrimitives.ReverseEndianness(bits) >> (64 - (width * 8));
            default:
                return bits;
        }
    }

    private static TagValue Restore(ulong bits, RawType raw) => raw switch
    {
        RawType.Int8 => TagValue.From((long)(sbyte)bits),
        RawType.UInt8 => TagValue.From((long)(byte)bits),
        RawType.Int16 => TagValue.From((long)(short)bits),
        RawType.UInt16 => TagValue.From((long)(ushort)bits),
        RawType.Int32 => TagValue.From((long)(int)bits),
        RawType.UInt32 => TagValue.From((long)(uint)bits),
        RawType.Single => TagValue.From(BitConverter.UInt32BitsToSingle((uint)bits)),
        RawType.Double => TagValue.From(BitConverter.UInt64BitsToDouble(bits)),
        RawType.UInt64 => TagValue.From(bits),
        _ => TagValue.From((long)bits),
    };

    /// <summary>Joins 16-bit registers, the first one highest, as Modbus gateways publish them.</summary>
    private static bool TryJoin(Array words, RawType raw, out ulong bits)
    {
        bits = 0;
        if (raw == RawType.AsSent || words.Length * 2 != Width(raw))
            return false;
        for (var i = 0; i < words.Length; i++)
        {
            if (!FromElement(words, i).TryGetInt64(out var word))
                return false;
            bits = (bits << 16) | (ushort)word;
        }

        return true;
    }

    private static TagValue FromElement(Array array, int flat)
    {
        var index = new int[array.Rank];
        for (var d = array.Rank - 1; d >= 0; d--)
            (flat, index[d]) = Math.DivRem(flat, array.GetLength(d));
        return TagValueJson.Element(array, index);
    }
}
