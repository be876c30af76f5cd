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
        "tag",
        ["node", "type", "unit", "range", "sampling", "queue", "discardOldest", "description", "safety", "writable", .. NormalisationSection.Keys]);

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
            Safety = reader.Flag("safety"),
            Writable = reader.Flag("writable"),
            Description = reader.Text("description"),
            Normalisation = NormalisationSection.Read(reader),
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
}
