using System.Collections.Frozen;
using System.Globalization;
using FloorGateway.Model.Tags;
using FloorGateway.Model.Units;
using FloorGateway.Model.Values;

namespace FloorGateway.Pipeline.Normalisation;

[Flags]
internal enum Stages : ushort
{
    None = 0,
    Index = 1,
    Raw = 2,
    Bits = 4,
    RawCheck = 8,
    Invert = 16,
    Parse = 32,
    Texts = 64,
    Enum = 128,
    Linear = 256,
    Range = 512,
    Target = 1024,
    Deadband = 2048,
    Duplicates = 4096,
    Structure = 8192,
    Counter = 16384,
    Debounce = 32768,

    /// <summary>What changes the value.</summary>
    Transforms = Structure | Counter | Index | Raw | Bits | RawCheck | Invert | Parse | Texts | Enum | Linear | Range | Target,
}

/// <summary>A tag's options compiled: flags of the stages it needs and their numbers.</summary>
internal readonly struct TagPlan
{
    private TagPlan(TagDefinition tag, TagNormalisation options, ICollection<string> warnings)
    {
        Path = tag.Path;
        Target = tag.Kind;
        Source = options;
        var stages = Stages.None;
        Set(ref stages, Stages.Structure, options.Field is not null || options.Flatten);
        FieldPath = options.Field?.Split('.');
        Set(ref stages, Stages.Counter, options.Counter is not null);
        Set(ref stages, Stages.Debounce, options.Debounce > TimeSpan.Zero);
        Set(ref stages, Stages.Index, options.ArrayIndex is not null);
        Set(ref stages, Stages.Raw, options.Raw != RawType.AsSent || options.Order != ByteOrder.AsSent);
        Set(ref stages, Stages.Bits, options.Bit is not null);
        Set(ref stages, Stages.RawCheck, options.BadRawValues.Count > 0 || !double.IsNaN(options.RawLow) || !double.IsNaN(options.RawHigh));
        Set(ref stages, Stages.Invert, options.Invert);
        Set(ref stages, Stages.Texts, options.Texts is { Count: > 0 });
        Set(ref stages, Stages.Enum, options.EnumTexts is { Count: > 0 });
        Set(ref stages, Stages.Target, tag.Kind != ValueKind.Null);
        Set(ref stages, Stages.Duplicates, !options.KeepDuplicates);
        if (options.BadRawValues.Count > 0)
            BadRaw = [.. options.BadRawValues];
        Texts = options.Texts?.ToFrozenDictionary(StringComparer.Ordinal);
        EnumTexts = options.EnumTexts?.ToFrozenDictionary();
        if (options.NumberCulture is not null)
        {
            stages |= Stages.Parse;
            Numbers = NumberCultures.Find(options.NumberCulture) ?? NumberFormatInfo.InvariantInfo;
            if (NumberCultures.Find(options.NumberCulture) is null)
                warnings.Add($"tag {tag.Path}: number culture '{options.NumberCulture}' is unknown; a decimal point is expected");
        }

        (Pre, Multiplier, Divisor, Post) = Linear(tag, options, warnings);
        Set(ref stages, Stages.Linear, Pre != 0 || Multiplier != 1 || Divisor != 1 || Post != 0);
        Set(ref stages, Stages.Range, !double.IsNaN(tag.Low) || !double.IsNaN(tag.High));
        (Low, High) = (tag.Low, tag.High);
        DeadbandBy = Deadband(tag, options, warnings);
        Set(ref stages, Stages.Deadband, DeadbandBy > 0);
        Stages = stages;
    }

    public string Path { get; }

    public Stages Stages { get; }

    public ValueKind Target { get; }

    public TagNormalisation Source { get; }

    public string[]? FieldPath { get; }

    public double[]? BadRaw { get; }

    public FrozenDictionary<string, string>? Texts { get; }

    public FrozenDictionary<long, string>? EnumTexts { get; }

    public NumberFormatInfo? Numbers { get; }

    /// <summary>value = (raw - Pre) × Multiplier / Divisor + Post: multiplied before it is divided, so that 13824 of 27648 is exactly the half.</summary>
    public double Pre { get; }

    public double Multiplier { get; }

    public double Divisor { get; }

    public double Post { get; }

    public double Low { get; }

    public double High { get; }

    /// <summary>Absolute deadband in the tag's unit.</summary>
    public double DeadbandBy { get; }

    public static TagPlan Compile(TagDefinition tag, TagNormalisation options, ICollection<string> warnings) => new(tag, options, warnings);

    private static void Set(ref Stages stages, Stages flag, bool on)
    {
        if (on)
            stages |= flag;
    }

    private static (double Pre, double Multiplier, double Divisor, double Post) Linear(TagDefinition tag, TagNormalisation o, ICollection<string> warnings)
    {
        var (pre, multiplier, divisor, post) = (0.0, 1.0, 1.0, 0.0);
        if (!double.IsNaN(o.ScaledLow) && !double.IsNaN(o.ScaledHigh))
        {
            if (o.RawHigh > o.RawLow)
                (pre, multiplier, divisor, post) = (o.RawLow, o.ScaledHigh - o.ScaledLow, o.RawHigh - o.RawLow, o.ScaledLow);
            else
                warnings.Add($"tag {tag.Path}: scaledLow and scaledHigh need rawLow < rawHigh; the value is not scaled by them");
        }

        if (o.Scale != 1)
            (multiplier, post) = (multiplier * o.Scale, post * o.Scale);
        post += o.Offset;
        var wanted = tag.UnitCode ?? tag.UnitSymbol;
        if (o.SourceUnit is null || wanted is null)
        {
            if (o.SourceUnit is not null)
                warnings.Add($"tag {tag.Path}: the source's unit '{o.SourceUnit}' is given but the tag has no unit; the value is not converted");
            return (pre, multiplier, divisor, post);
        }

        if (!UnitConversion.TryCreate(o.SourceUnit, wanted, out var unit, out var reason))
        {
            warnings.Add($"tag {tag.Path}: {reason}; the value is not converted");
            return (pre, multiplier, divisor, post);
        }

        var (up, down) = AsRatio(unit.Scale);
        // (1274 - 32) / 1.8 is 690; 1274 / 1.8 - 17.777... is not quite.
        var zero = Math.Round(-unit.Offset * down / up, 9);
        if ((pre, multiplier, divisor, post) == (0, 1, 1, 0) && Math.Abs((zero * up / down) + unit.Offset) < 1e-12)
            return (zero, up, down, 0);
        return (pre, multiplier * up, divisor * down, (post * up / down) + unit.Offset);
    }

    /// <summary>A factor such as 5/9 has no short decimal but its inverse has: dividing by 1.8 leaves no dust.</summary>
    private static (double Up, double Down) AsRatio(double scale)
    {
        var inverse = Math.Round(1 / scale, 9);
        return scale != Math.Round(scale, 9) && inverse != 0 && Math.Abs((inverse * scale) - 1) < 1e-14 ? (1, inverse) : (scale, 1);
    }

    private static double Deadband(TagDefinition tag, TagNormalisation o, ICollection<string> warnings)
    {
        if (o.DeadbandPercent <= 0)
            return o.Deadband;
        var range = tag.High - tag.Low;
        if (range > 0)
            return range * o.DeadbandPercent / 100;
        var instead = o.Deadband > 0 ? $"the absolute deadband of {o.Deadband} is used" : "every change passes";
        warnings.Add($"tag {tag.Path}: a deadband of {o.DeadbandPercent} % has no range to refer to; {instead}. Give low and high");
        return o.Deadband;
    }
}
