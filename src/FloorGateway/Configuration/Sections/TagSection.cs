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

    /// <summary>Tags of one array: more are better kept as the array.</summary>
    public const int MaxElements = 10_000;

    public static readonly Section Tag = new(
        "tag",
        ["node", "type", "unit", "range", "sampling", "queue", "discardOldest", "description", "safety", "writable", "elements", .. NormalisationSection.Keys]);

    /// <summary>How an array's elements become tags of their own, in place of their names.</summary>
    public static readonly Section Elements = new("elements", "count", "name");

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
            reader.WholeOrNull("queue", 1, MaxQueue),
            ReadElements(reader, kind));
    }

    private static IReadOnlyList<string>? ReadElements(MapReader reader, ValueKind kind)
    {
        if (reader.Node("elements") is not { } node)
            return null;
        if (kind != ValueKind.Array)
            reader.Errors.Error(node.At, "only an array has elements", "write the type with [] behind it, e.g. type: \"Float[]\"");
        if (reader.Node("index") is not null || reader.Node("field") is not null)
            reader.Errors.Error(node.At, "'elements' makes a tag of each element, 'index' and 'field' take one value out", "keep one of them");
        if (node is ConfigSequence)
        {
            var names = reader.Texts("elements");
            foreach (var name in names.Where(n => !PathText.IsSignal(n.Value)))
                reader.Errors.Error(name.At, $"'{name.Value}' can't be an element's name", "write letters, digits, '_', '-' and '.'");
            foreach (var twice in names.GroupBy(n => n.Value, StringComparer.OrdinalIgnoreCase).Where(g => g.Count() > 1))
                reader.Errors.Error(twice.Last().At, $"element '{twice.Key}' is named twice", "give each element a name of its own");
            return [.. names.Select(n => n.Value)];
        }

        var map = reader.Map("elements", Elements)!;
        if (map.Node("count") is null)
            map.Errors.Error(node.At, "'count' is missing in elements", "write elements: {count: 36, name: \"Cell{n}\"}, or the list of their names");
        var count = map.Whole("count", 0, 1, MaxElements);
        var pattern = map.Text("name", "{n}");
        if (!pattern.Contains("{n}", StringComparison.Ordinal) || !PathText.IsSignal(pattern.Replace("{n}", "1", StringComparison.Ordinal)))
            map.Errors.Error(map.Source["name"], $"'{pattern}' can't name elements", "write a name with {n} where the number belongs, e.g. Cell{n}");
        var width = count.ToString(CultureInfo.InvariantCulture).Length;
        return [.. Enumerable.Range(1, count).Select(n => pattern.Replace("{n}", n.ToString(CultureInfo.InvariantCulture).PadLeft(width, '0'), StringComparison.Ordinal))];
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
