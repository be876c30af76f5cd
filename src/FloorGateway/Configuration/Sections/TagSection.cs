using System.Globalization;
using FloorGateway.Configuration.Loading;
using FloorGateway.Configuration.Yaml;
using FloorGateway.Model.Values;

namespace FloorGateway.Configuration.Sections;

/// <summary>Reads one entry of <c>equipmentTypes.*.tags</c>, or the same with a unit's overrides laid over it.</summary>
internal static class TagSection
{
    /// <summary>Values a server would hold per tag: 100,000 are three hours of a 10 Hz signal, and more than most servers grant.</summary>
    public const int MaxQueue = 100_000;

    public static readonly Section Tag = new(
        "tag", "node", "type", "unit", "range", "sampling", "queue", "discardOldest", "deadband", "deadbandPercent", "description", "safety", "writable", "swap", "index",
        "bit", "bits", "sourceType", "culture", "raw", "sourceUnit", "scale", "offset", "invert", "enum");

    public static readonly Section Raw = new("raw", "low", "high", "lowValue", "highValue", "bad");

    public static TagTemplate Read(string signal, string type, ConfigMap map, Diagnostics errors)
    {
        var reader = new MapReader(map, Tag, errors);
        var (kind, element) = ReadType(reader);
        var (low, high) = ReadRange(reader);
        var tag = new ConfiguredTag
        {
            Path = "",
            UnitPath = "",
            Signal = signal,
            EquipmentType = type,
            Server = "",
            Node = "",
            Kind = kind,
            ElementKind = element,
            UnitCode = reader.Text("unit"),
            Low = low,
            High = high,
            DiscardOldest = reader.Flag("discardOldest", true),
            Deadband = Positive(reader, "deadband"),
            DeadbandPercent = Positive(reader, "deadbandPercent"),
            Safety = reader.Flag("safety"),
            Writable = reader.Flag("writable"),
            Description = reader.Text("description"),
            Normalisation = ReadNormalisation(reader),
            Source = reader.Source,
        };
        return new TagTemplate(
            tag,
            reader.Text("node"),
            reader.DurationOrNull("sampling", TimeSpan.Zero, TimeSpan.FromDays(1)),
            reader.WholeOrNull("queue", 1, MaxQueue));
    }

    private static (ValueKind Kind, ValueKind Element) ReadType(MapReader reader)
    {
        if (reader.Text("type") is not { } word)
            return default;
        if (TagTypes.TryGet(word, out var kind, out var element))
            return (kind, element);
        reader.Errors.Error(reader.Source["type"], $"unknown type '{word}'", Suggestion.Remedy(word.Replace("[]", "", StringComparison.Ordinal), TagTypes.Names) + " (with [] behind it for an array)");
        return default;
    }

    private static (double Low, double High) ReadRange(MapReader reader)
    {
        if (reader.Node("range") is null)
            return (double.NaN, double.NaN);
        var ends = reader.List("range");
        if (ends.Count != 2)
        {
            reader.Errors.Error(reader.Source["range"], $"'range' needs two ends but has {ends.Count}", "write range: [LOW, HIGH]");
            return (double.NaN, double.NaN);
        }

        var low = reader.Number(ends[0], "range") ?? double.NaN;
        var high = reader.Number(ends[1], "range") ?? double.NaN;
        if (low >= high)
            reader.Errors.Error(reader.Source["range"], $"the range's low end {low} is not below its high end {high}", "write the smaller number first");
        return (low, high);
    }

    private static NormalisationSettings ReadNormalisation(MapReader reader)
    {
        var (bit, count) = ReadBits(reader);
        return new NormalisationSettings
        {
            Swap = reader.Choice("swap", SwapChoice.None),
            Index = reader.WholeOrNull("index", 0, int.MaxValue),
            Bit = bit,
            BitCount = count,
            SourceType = reader.ChoiceOrNull<RawTypeChoice>("sourceType"),
            Culture = ReadCulture(reader),
            Raw = reader.Map("raw", Raw) is { } raw ? ReadRaw(raw) : null,
            SourceUnit = reader.Text("sourceUnit"),
            Scale = reader.Number("scale") ?? 1,
            Offset = reader.Number("offset") ?? 0,
            Invert = reader.Flag("invert"),
            Enum = ReadEnum(reader),
        };
    }

    private static (int? Bit, int Count) ReadBits(MapReader reader)
    {
        var bit = reader.WholeOrNull("bit", 0, 63);
        if (reader.Node("bits") is null)
            return (bit, 1);
        if (reader.Node("bit") is not null)
            reader.Errors.Error(reader.Source["bits"], "both 'bit' and 'bits' are given", "keep one of the two");
        var ends = reader.Texts("bits");
        if (ends.Count == 2 && int.TryParse(ends[0].Value, CultureInfo.InvariantCulture, out var first) && int.TryParse(ends[1].Value, CultureInfo.InvariantCulture, out var last) && first >= 0 && first <= last && last <= 63)
            return (first, last - first + 1);
        reader.Errors.Error(reader.Source["bits"], "'bits' must be the first and the last bit, from 0 to 63", "write e.g. bits: [8, 15]");
        return (bit, 1);
    }

    private static string? ReadCulture(MapReader reader)
    {
        // The decimal separators are all that culture means here, and the process runs with the invariant culture, so names are known, not looked up.
        if (reader.Text("culture") is not { } name || DecimalCultures.Names.Contains(name))
            return reader.Text("culture");
        reader.Errors.Error(reader.Source["culture"], $"unknown culture '{name}'", Suggestion.Remedy(name, DecimalCultures.Names));
        return null;
    }

    private static RawRange? ReadRaw(MapReader reader)
    {
        var needed = new double[4];
        var complete = true;
        foreach (var (index, key) in ((string[])["low", "high", "lowValue", "highValue"]).Index())
        {
            if (reader.Node(key) is null)
                reader.Errors.Error(reader.Source.At, $"'{key}' is missing in raw", "write raw: {low: 0, high: 27648, lowValue: 0, highValue: 500}");
            if (reader.Number(key) is { } number)
                needed[index] = number;
            else
                complete = false;
        }

        if (complete && needed[0] >= needed[1])
            reader.Errors.Error(reader.Source["low"], $"raw low {needed[0]} is not below raw high {needed[1]}", "write the smaller count under low; turn lowValue and highValue round if the signal falls");
        IReadOnlyList<double> bad = reader.Node("bad") switch
        {
            null => [],
            ConfigScalar one => reader.Number(one, "bad") is { } number ? [number] : [],
            _ => [.. reader.List("bad").Select(n => reader.Number(n, "bad")).OfType<double>()],
        };
        return complete ? new RawRange(needed[0], needed[1], needed[2], needed[3], bad) : null;
    }

    private static Dictionary<long, string> ReadEnum(MapReader reader)
    {
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

    private static double Positive(MapReader reader, string key)
    {
        var value = reader.Number(key) ?? 0;
        if (value < 0)
            reader.Errors.Error(reader.Source[key], $"'{key}' can't be negative", "write 0 for none");
        return value;
    }
}
