using System.Globalization;
using FloorGateway.Configuration.Yaml;

namespace FloorGateway.Configuration.Loading;

/// <summary>
/// Reads one section key by key. A wrong value is reported and answered with the default, so that reading goes on and the reader of the errors gets them all.
/// Unknown keys are reported at once, on construction.
/// </summary>
internal sealed class MapReader
{
    private readonly ConfigMap map;
    private readonly Diagnostics errors;
    private readonly Section section;

    public MapReader(ConfigNode node, Section section, Diagnostics errors)
    {
        this.section = section;
        this.errors = errors;
        map = AsMap(node, section.Name, errors);
        Source = new ConfigSource(node.At, map.Entries.ToDictionary(e => e.Key.Value, e => e.Value.At));
        foreach (var (key, _) in map.Entries.Where(e => !section.Keys.Contains(e.Key.Value)))
        {
            var remedy = section.Instead.TryGetValue(key.Value, out var told) ? told : Suggestion.Remedy(key.Value, section.Keys);
            errors.Error(key.At, $"unknown key '{key.Value}' in {section.Name}", remedy);
        }
    }

    public ConfigSource Source { get; }

    public Diagnostics Errors => errors;

    /// <summary>The raw node; null where the key was not written.</summary>
    public ConfigNode? Node(string key) =>
        section.Keys.Contains(key) ? map.Find(key) : throw new InvalidOperationException($"{section.Name} does not declare '{key}'");

    public string? Text(string key)
    {
        if (Node(key) is not { } node)
            return null;
        if (node is ConfigScalar { IsEmpty: false } scalar)
            return scalar.Value;
        errors.Error(node.At, $"'{key}' must be text, not {node.Kind}", "write one value after the colon, or leave the key out");
        return null;
    }

    public string Text(string key, string standard) => Text(key) ?? standard;

    /// <summary>A key that must be there; an empty string stands in where it is not.</summary>
    public string RequiredText(string key, string example)
    {
        if (Node(key) is null)
            errors.Error(Source.At, $"'{key}' is missing in {section.Name}", $"add {key}: {example}");
        return Text(key) ?? "";
    }

    public bool Flag(string key, bool standard = false) => FlagOrNull(key) ?? standard;

    public bool? FlagOrNull(string key) => Node(key) switch
    {
        null => null,
        ConfigScalar { Value: "true" } => true,
        ConfigScalar { Value: "false" } => false,
        var node => Wrong<bool?>(node, key, "be true or false", "write true or false"),
    };

    public int Whole(string key, int standard, int min, int max) => WholeOrNull(key, min, max) ?? standard;

    public int? WholeOrNull(string key, int min, int max)
    {
        if (Node(key) is not { } node)
            return null;
        if (node is not ConfigScalar scalar || !int.TryParse(scalar.Value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value))
            return Wrong<int?>(node, key, "be a whole number", $"write a number from {min} to {max}");
        return value >= min && value <= max ? value : Wrong<int?>(node, key, $"lie between {min} and {max}", $"write a number from {min} to {max}");
    }

    public double? Number(string key) => Node(key) is { } node ? Number(node, key) : null;

    public double? Number(ConfigNode node, string name) =>
        node is ConfigScalar scalar && double.TryParse(scalar.Value, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value)
            ? value
            : Wrong<double?>(node, name, "be a number", "write it with a point, e.g. 0.05");

    public TimeSpan Duration(string key, TimeSpan standard, TimeSpan min, TimeSpan max) => DurationOrNull(key, min, max) ?? standard;

    public TimeSpan? DurationOrNull(string key, TimeSpan min, TimeSpan max)
    {
        if (Node(key) is not { } node)
            return null;
        if (node is not ConfigScalar scalar || !Quantities.TryDuration(scalar.Value, out var value))
            return Wrong<TimeSpan?>(node, key, "be a duration", "write a number with its unit: 100ms, 10s, 5m, 2h or 7d");
        var range = $"{Quantities.Format(min)} to {Quantities.Format(max)}";
        return value >= min && value <= max ? value : Wrong<TimeSpan?>(node, key, $"lie in {range}", $"write a duration from {range}");
    }

    public long Size(string key, long standard, long min, long max)
    {
        if (Node(key) is not { } node)
            return standard;
        if (node is not ConfigScalar scalar || !Quantities.TrySize(scalar.Value, out var value))
            return Wrong(node, key, "be a size", "write a number with its unit: 512KB, 64MB or 4GB", standard);
        var range = $"{Quantities.Format(min)} to {Quantities.Format(max)}";
        return value >= min && value <= max ? value : Wrong(node, key, $"lie in {range}", $"write a size from {range}", standard);
    }

    /// <summary>One of the enum's names, in the exact spelling of the documentation.</summary>
    public T Choice<T>(string key, T standard)
        where T : struct, Enum => ChoiceOrNull<T>(key) ?? standard;

    public T? ChoiceOrNull<T>(string key)
        where T : struct, Enum
    {
        if (Node(key) is not { } node)
            return null;
        if (node is ConfigScalar scalar && Enum.GetNames<T>().FirstOrDefault(n => n.Equals(scalar.Value, StringComparison.OrdinalIgnoreCase)) is { } name)
            return Enum.Parse<T>(name);
        var remedy = node is ConfigScalar word ? Suggestion.Remedy(word.Value, Enum.GetNames<T>()) : $"write one of: {string.Join(", ", Enum.GetNames<T>())}";
        errors.Error(node.At, $"'{key}' in {section.Name} can't be {node.Kind}", remedy);
        return null;
    }

    /// <summary>A section inside this one; null where it was not written.</summary>
    public MapReader? Map(string key, Section inner) => Node(key) is { } node ? new MapReader(node, inner, errors) : null;

    /// <summary>Names and values of a free map (one whose keys are the user's own).</summary>
    public IReadOnlyList<ConfigEntry> Entries(string key) => Node(key) is { } node ? AsMap(node, $"'{key}'", errors).Entries : [];

    public IReadOnlyList<ConfigNode> List(string key)
    {
        switch (Node(key))
        {
            case null or ConfigScalar { IsEmpty: true }:
                return [];
            case ConfigSequence sequence:
                return sequence.Items;
            case var node:
                errors.Error(node.At, $"'{key}' must be a list, not {node.Kind}", "write - before each entry, or put them in [ ]");
                return [];
        }
    }

    public IReadOnlyList<ConfigScalar> Texts(string key) => [.. List(key).Select(item => Scalar(item, key)).OfType<ConfigScalar>()];

    public ConfigScalar? Scalar(ConfigNode node, string name) =>
        node is ConfigScalar { IsEmpty: false } scalar ? scalar : Wrong<ConfigScalar?>(node, name, "be text", "write one value");

    public static ConfigMap AsMap(ConfigNode node, string name, Diagnostics errors)
    {
        switch (node)
        {
            case ConfigMap found:
                return found;
            case ConfigScalar { IsEmpty: true }:
                return new ConfigMap(node.At, []);
            default:
                errors.Error(node.At, $"{name} must be a mapping, not {node.Kind}", "write its keys below it, each 'key: value', indented by two spaces");
                return new ConfigMap(node.At, []);
        }
    }

    private T Wrong<T>(ConfigNode node, string key, string must, string remedy, T standard = default!)
    {
        errors.Error(node.At, $"'{key}' in {section.Name} must {must}, not {node.Kind}", remedy);
        return standard;
    }
}
