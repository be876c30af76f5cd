using System.Globalization;
using FloorGateway.OpcUa.Types;

namespace FloorGateway.OpcUa.Server;

/// <summary>An index range such as <c>1:3</c> or <c>0:1,2</c> (OPC 10000-4, 7.27).</summary>
internal readonly struct NumericRange
{
    private readonly (int Low, int High)[]? dimensions;

    private NumericRange((int, int)[] dimensions) => this.dimensions = dimensions;

    public bool IsEmpty => dimensions is null;

    /// <summary>Parses the text; null or empty is the empty range, which means everything.</summary>
    /// <returns>False for anything the clause does not allow.</returns>
    public static bool TryParse(string? text, out NumericRange range)
    {
        range = default;
        if (string.IsNullOrEmpty(text))
            return true;
        var parts = text.Split(',');
        var parsed = new (int Low, int High)[parts.Length];
        for (var i = 0; i < parts.Length; i++)
        {
            var part = parts[i].AsSpan();
            var colon = part.IndexOf(':');
            if (!int.TryParse(colon < 0 ? part : part[..colon], NumberStyles.None, CultureInfo.InvariantCulture, out var low))
                return false;
            var high = low;
            if (colon >= 0 && (!int.TryParse(part[(colon + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out high) || high <= low))
                return false;
            parsed[i] = (low, high);
        }

        range = new NumericRange(parsed);
        return true;
    }

    /// <summary>The part of the value the range names; its end may lie beyond the value's.</summary>
    /// <returns>BadIndexRangeNoData when nothing of the value lies in the range.</returns>
    public StatusCode Select(Variant value, out Variant part)
    {
        part = value;
        if (dimensions is null)
            return StatusCodes.Good;
        part = Variant.Null;
        if (!value.IsArray)
            return dimensions.Length == 1 ? SelectFromScalar(value, dimensions[0], out part) : StatusCodes.BadIndexRangeNoData;
        if (value.Elements is not { } elements)
            return StatusCodes.BadIndexRangeNoData;
        var withinElements = value.Type is BuiltInType.String or BuiltInType.ByteString && dimensions.Length == value.ArrayDimensions.Length + 1;
        if (value.ArrayDimensions.Length != dimensions.Length - (withinElements ? 1 : 0))
            return StatusCodes.BadIndexRangeNoData;

        var lengths = value.ArrayDimensions;
        var taken = new int[lengths.Length];
        var total = 1;
        for (var i = 0; i < lengths.Length; i++)
        {
            taken[i] = Math.Min(dimensions[i].High, lengths[i] - 1) - dimensions[i].Low + 1;
            if (taken[i] <= 0)
                return StatusCodes.BadIndexRangeNoData;
            total *= taken[i];
        }

        var selected = Array.CreateInstance(elements.GetType().GetElementType()!, total);
        CopyBlock(elements, lengths, selected, taken, toValue: false);
        if (withinElements && !CutElements(value.Type, selected, dimensions[^1]))
            return StatusCodes.BadIndexRangeNoData;
        part = lengths.Length == 1 ? WithElements(value, selected, null) : WithElements(value, selected, taken);
        return StatusCodes.Good;
    }

    /// <summary>The value with the range's elements replaced by those of <paramref name="part"/>.</summary>
    /// <returns>BadIndexRangeNoData when the range does not lie within the value, BadIndexRangeInvalid or BadTypeMismatch when the part does not fit it.</returns>
    public StatusCode Replace(Variant value, Variant part, out Variant result)
    {
        result = part;
        if (dimensions is null)
            return StatusCodes.Good;
        if (part.Type != value.Type || part.IsArray != value.IsArray)
            return StatusCodes.BadTypeMismatch;
        if (!value.IsArray)
            return dimensions.Length == 1 ? ReplaceInScalar(value, part, dimensions[0], out result) : StatusCodes.BadIndexRangeNoData;
        var lengths = value.ArrayDimensions;
        var given = part.ArrayDimensions;
        if (value.Elements is not { } elements || part.Elements is not { } source || lengths.Length != dimensions.Length || given.Length != dimensions.Length)
            return StatusCodes.BadIndexRangeNoData;
        for (var i = 0; i < lengths.Length; i++)
        {
            if (dimensions[i].High >= lengths[i])
                return StatusCodes.BadIndexRangeNoData;
            if (given[i] != dimensions[i].High - dimensions[i].Low + 1)
                return StatusCodes.BadIndexRangeDataMismatch;
        }

        // A copy: readers may hold the array that is there.
        var changed = (Array)elements.Clone();
        CopyBlock(changed, lengths, source, given, toValue: true);
        result = WithElements(value, changed, lengths.Length == 1 ? null : lengths);
        return StatusCodes.Good;
    }

    // One dimension more than the array has: a part of each string or byte string; those that are too short become null.
    private static bool CutElements(BuiltInType type, Array elements, (int Low, int High) range)
    {
        var any = false;
        for (var i = 0; i < elements.Length; i++)
        {
            var element = elements.GetValue(i);
            var cut = SelectFromScalar(type == BuiltInType.String ? Variant.From((string?)element) : Variant.From((byte[]?)element), range, out var part);
            elements.SetValue(cut.IsBad ? null : part.Boxed, i);
            any |= !cut.IsBad;
        }

        return any;
    }

    private void CopyBlock(Array value, int[] lengths, Array block, int[] taken, bool toValue)
    {
        // Runs of the fastest-varying dimension are contiguous on both sides.
        var last = lengths.Length - 1;
        var index = new int[lengths.Length];
        for (var blockAt = 0; blockAt < block.Length; blockAt += taken[last])
        {
            var at = 0;
            for (var d = 0; d < lengths.Length; d++)
                at = (at * lengths[d]) + dimensions![d].Low + index[d];
            if (toValue)
                Array.Copy(block, blockAt, value, at, taken[last]);
            else
                Array.Copy(value, at, block, blockAt, taken[last]);
            for (var d = last - 1; d >= 0 && ++index[d] == taken[d]; d--)
                index[d] = 0;
        }
    }

    private static Variant WithElements(in Variant like, Array elements, int[]? lengths) =>
        lengths is not null ? Variant.FromMatrix(like.Type, elements, lengths) : Variants.FromArray(like.Type, elements);

    private static StatusCode SelectFromScalar(in Variant value, (int Low, int High) range, out Variant part)
    {
        part = Variant.Null;
        if (value.TryGetString(out var text) && range.Low < text.Length)
        {
            part = Variant.From(text[range.Low..(Math.Min(range.High, text.Length - 1) + 1)]);
            return StatusCodes.Good;
        }

        if (value.TryGetByteString(out var bytes) && range.Low < bytes.Length)
        {
            part = Variant.From(bytes[range.Low..(Math.Min(range.High, bytes.Length - 1) + 1)]);
            return StatusCodes.Good;
        }

        return StatusCodes.BadIndexRangeNoData;
    }

    private static StatusCode ReplaceInScalar(in Variant value, in Variant part, (int Low, int High) range, out Variant result)
    {
        result = Variant.Null;
        var count = range.High - range.Low + 1;
        if (value.TryGetString(out var text) && part.TryGetString(out var newText) && range.High < text.Length)
        {
            if (newText.Length != count)
                return StatusCodes.BadIndexRangeDataMismatch;
            result = Variant.From(string.Concat(text.AsSpan(0, range.Low), newText, text.AsSpan(range.High + 1)));
            return StatusCodes.Good;
        }

        if (value.TryGetByteString(out var bytes) && part.TryGetByteString(out var newBytes) && range.High < bytes.Length)
        {
            if (newBytes.Length != count)
                return StatusCodes.BadIndexRangeDataMismatch;
            result = Variant.From([.. bytes[..range.Low], .. newBytes, .. bytes[(range.High + 1)..]]);
            return StatusCodes.Good;
        }

        return StatusCodes.BadIndexRangeNoData;
    }
}
