using System.Globalization;
using FloorGateway.Configuration.Loading;
using FloorGateway.Configuration.Yaml;
using FloorGateway.Pipeline.Normalisation;

namespace FloorGateway.Configuration.Sections;

/// <summary>Reads those keys of a tag that say how a raw value becomes the tag's value.</summary>
internal static class NormalisationSection
{
    private const string PackMl = "PackML";

    public static readonly string[] Keys =
    [
        "field", "flatten", "index", "sourceType", "swap", "bit", "bits", "raw", "invert", "culture", "texts", "enum", "scale", "offset", "sourceUnit", "onOutOfRange", "timeFormat",
        "localOffset", "counter", "debounce", "deadband", "deadbandPercent", "keepDuplicates",
    ];

    public static readonly Section Raw = new("raw", "low", "high", "lowValue", "highValue", "bad");

    public static readonly Section Counter = new("counter", "output", "rollover", "maxStep");

    private enum Swap
    {
        None,
        Bytes,
        Words,
        Reverse,
    }

    public static TagNormalisation Read(MapReader reader)
    {
        if (!Keys.Any(reader.Source.Has))
            return TagNormalisation.Default;
        var (bit, count) = ReadBits(reader);
        var read = new TagNormalisation
        {
            Field = reader.Text("field"),
            Flatten = reader.Flag("flatten"),
            ArrayIndex = reader.WholeOrNull("index", 0, int.MaxValue),
            Raw = reader.Choice("sourceType", RawType.AsSent),
            Order = Order(reader),
            Bit = bit,
            BitCount = count,
            Invert = reader.Flag("invert"),
            NumberCulture = ReadCulture(reader),
            Texts = ReadTexts(reader),
            EnumTexts = ReadEnum(reader),
            Scale = reader.Number("scale") ?? 1,
            Offset = reader.Number("offset") ?? 0,
            SourceUnit = reader.Text("sourceUnit"),
            OnOutOfRange = reader.Choice("onOutOfRange", RangeAction.Flag),
            TimeFormat = reader.Choice("timeFormat", TimeFormat.Iso8601),
            LocalOffset = ReadOffset(reader),
            Counter = reader.Map("counter", Counter) is { } counter ? ReadCounter(counter) : null,
            Debounce = reader.Duration("debounce", TimeSpan.Zero, TimeSpan.FromMilliseconds(1), TimeSpan.FromMinutes(1)),
            Deadband = NotNegative(reader, "deadband"),
            DeadbandPercent = NotNegative(reader, "deadbandPercent"),
            KeepDuplicates = reader.Flag("keepDuplicates"),
        };
        return reader.Map("raw", Raw) is { } raw ? WithRaw(read, raw) : read;
    }

    private static CounterOptions ReadCounter(MapReader reader)
    {
        var step = reader.Number("maxStep") ?? double.PositiveInfinity;
        if (step <= 0)
            reader.Errors.Error(reader.Source["maxStep"], $"a counter that may step by {step} at most does not count", "write the largest step that is still counting, e.g. maxStep: 1000");
        var rollover = NotNegative(reader, "rollover");
        if (rollover > 0 && double.IsInfinity(step))
            reader.Errors.Error(reader.Source["rollover"], "a counter that rolls over needs a maxStep to tell a rollover from a reset", "add maxStep: the largest step that is still counting");
        else if (rollover > 0 && step >= rollover)
            reader.Errors.Error(reader.Source["maxStep"], $"maxStep {step} is not below rollover {rollover}", "write a step that is well below the rollover");
        return new CounterOptions { Output = reader.Choice("output", CounterOutput.Total), Rollover = rollover, MaxStep = step };
    }

    private static ByteOrder Order(MapReader reader) => reader.Choice("swap", Swap.None) switch
    {
        Swap.Bytes => ByteOrder.SwapBytes,
        Swap.Words => ByteOrder.SwapWords,
        Swap.Reverse => ByteOrder.Reverse,
        _ => ByteOrder.AsSent,
    };

    private static (int? Bit, int Count) ReadBits(MapReader reader)
    {
        var bit = reader.WholeOrNull("bit", 0, 63);
        if (reader.Node("bits") is null)
            return (bit, 1);
        if (reader.Node("bit") is not null)
            reader.Errors.Error(reader.Source["bits"], "both 'bit' and 'bits' are given", "keep one of the two");
        var ends = reader.Texts("bits").Select(e => int.TryParse(e.Value, NumberStyles.None, CultureInfo.InvariantCulture, out var n) ? n : -1).ToList();
        if (ends is [>= 0, <= 63] && ends[0] <= ends[1])
            return (ends[0], ends[1] - ends[0] + 1);
        reader.Errors.Error(reader.Source["bits"], "'bits' must be the first and the last bit, from 0 to 63", "write e.g. bits: [8, 15]");
        return (bit, 1);
    }

    private static string? ReadCulture(MapReader reader)
    {
        var name = reader.Text("culture");
        if (name is null || DecimalCultures.IsKnown(name))
            return name;
        reader.Errors.Error(reader.Source["culture"], $"unknown culture '{name}'", Suggestion.Remedy(name, DecimalCultures.Languages));
        return null;
    }

    private static TagNormalisation WithRaw(TagNormalisation read, MapReader raw)
    {
        if (raw.Source.Has("low") != raw.Source.Has("high"))
            raw.Errors.Error(raw.Source.At, "raw has one end only", "write both low and high");
        if (raw.Source.Has("lowValue") != raw.Source.Has("highValue") || (raw.Source.Has("lowValue") && !raw.Source.Has("low")))
            raw.Errors.Error(raw.Source.At, "raw needs two counts and two values to scale by", "write raw: {low: 0, high: 27648, lowValue: 0, highValue: 500}");
        var low = raw.Number("low") ?? double.NaN;
        var high = raw.Number("high") ?? double.NaN;
        if (low >= high)
            raw.Errors.Error(raw.Source["low"], $"raw low {low} is not below raw high {high}", "write the smaller count under low; turn lowValue and highValue round if the signal falls");
        IReadOnlyList<double> bad = raw.Node("bad") switch
        {
            null => [],
            ConfigScalar one => raw.Number(one, "bad") is { } number ? [number] : [],
            _ => [.. raw.List("bad").Select(n => raw.Number(n, "bad")).OfType<double>()],
        };
        return read with
        {
            RawLow = low,
            RawHigh = high,
            ScaledLow = raw.Number("lowValue") ?? double.NaN,
            ScaledHigh = raw.Number("highValue") ?? double.NaN,
            BadRawValues = bad,
        };
    }

    private static Dictionary<string, string>? ReadTexts(MapReader reader)
    {
        if (reader.Node("texts") is null)
            return null;
        var texts = new Dictionary<string, string>();
        foreach (var (key, value) in reader.Entries("texts"))
        {
            if (reader.Scalar(value, "texts") is { } text)
                texts[key.Value] = text.Value;
        }

        return texts;
    }

    private static IReadOnlyDictionary<long, string>? ReadEnum(MapReader reader)
    {
        switch (reader.Node("enum"))
        {
            case null:
                return null;
            case ConfigScalar { Value: PackMl }:
                return PackMlStates.Names;
            case ConfigScalar { IsEmpty: false } word:
                reader.Errors.Error(word.At, $"unknown enum '{word.Value}'", $"write {PackMl}, or name the values: enum: {{1: Clearing, 2: Stopped}}");
                return null;
        }

        var names = new Dictionary<long, string>();
        foreach (var (key, value) in reader.Entries("enum"))
        {
            if (!long.TryParse(key.Value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number))
                reader.Errors.Error(key.At, $"'{key.Value}' in enum is not a whole number", "write enum: {1: Clearing, 2: Stopped}");
            else if (reader.Scalar(value, "enum") is { } name && !names.TryAdd(number, name.Value))
                reader.Errors.Error(key.At, $"{number} is already named in this enum", "keep one of the two");
        }

        return names;
    }

    private static TimeSpan ReadOffset(MapReader reader)
    {
        if (reader.Text("localOffset") is not { } text)
            return TimeSpan.Zero;
        if (text.Length == 6 && text[0] is '+' or '-' && TimeSpan.TryParseExact(text[1..], "hh\\:mm", CultureInfo.InvariantCulture, out var offset) && offset <= TimeSpan.FromHours(14))
            return text[0] == '-' ? -offset : offset;
        reader.Errors.Error(reader.Source["localOffset"], $"'{text}' is not an offset from UTC", "write it like \"+08:00\"");
        return TimeSpan.Zero;
    }

    private static double NotNegative(MapReader reader, string key)
    {
        var value = reader.Number(key) ?? 0;
        if (value < 0)
            reader.Errors.Error(reader.Source[key], $"'{key}' can't be negative", "write 0 for none");
        return value;
    }
}
