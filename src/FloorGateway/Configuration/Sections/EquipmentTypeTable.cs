using FloorGateway.Configuration.Loading;
using FloorGateway.Configuration.Yaml;

namespace FloorGateway.Configuration.Sections;

/// <summary>All equipment types with what they inherit. Inheritance is done on the YAML maps, so that every key keeps the position where it was written.</summary>
internal sealed class EquipmentTypeTable
{
    public static readonly Section EquipmentType = new("equipment type", "extends", "description", "namespace", "node", "tags");

    private readonly Dictionary<string, MapReader> written = [];
    private readonly Dictionary<string, EquipmentTypeTags> resolved = [];
    private readonly Diagnostics errors;

    public EquipmentTypeTable(IEnumerable<ConfigEntry> entries, Diagnostics errors)
    {
        this.errors = errors;
        foreach (var (name, node) in entries)
            written[name.Value] = new MapReader(node, EquipmentType, errors);
        foreach (var name in written.Keys)
            Resolve(name, []);
    }

    public IReadOnlyCollection<string> Names => written.Keys;

    /// <summary>Null where there is no such type.</summary>
    public EquipmentTypeTags? Find(string name) => resolved.GetValueOrDefault(name);

    public IReadOnlyList<EquipmentTypeSettings> ToSettings() =>
    [
        .. written.Select(type => new EquipmentTypeSettings
        {
            Name = type.Key,
            Description = type.Value.Text("description"),
            Signals = [.. resolved[type.Key].Maps.Keys],
            Source = type.Value.Source,
        }),
    ];

    private EquipmentTypeTags Resolve(string name, IReadOnlyList<string> path)
    {
        if (resolved.TryGetValue(name, out var done))
            return done;
        var reader = written[name];
        var result = new EquipmentTypeTags(name) { Namespace = reader.Text("namespace"), NodePattern = reader.Text("node") };
        IReadOnlyList<string> way = [.. path, name];
        foreach (var parent in Parents(reader))
        {
            if (!written.ContainsKey(parent.Value))
                errors.Error(parent.At, $"there is no equipment type '{parent.Value}'", Suggestion.Remedy(parent.Value, written.Keys));
            else if (way.Contains(parent.Value))
                errors.Error(parent.At, $"'extends' goes in a circle: {string.Join(" extends ", way.SkipWhile(n => n != parent.Value))} extends {parent.Value}", "take one of these 'extends' out");
            else
                result.Inherit(Resolve(parent.Value, way));
        }

        foreach (var (signal, node) in reader.Entries("tags"))
        {
            CheckName(signal);
            result.Put(signal.Value, MapReader.AsMap(node, $"tag '{signal.Value}'", errors));
        }

        // Read once here, so that the mistakes of a type that no unit uses come out too.
        foreach (var (signal, map) in result.Maps)
            result.Templates[signal] = TagSection.Read(signal, name, map, errors);
        return resolved[name] = result;
    }

    private static IReadOnlyList<ConfigScalar> Parents(MapReader reader) =>
        reader.Node("extends") is ConfigScalar { IsEmpty: false } one ? [one] : reader.Texts("extends");

    private void CheckName(ConfigScalar signal)
    {
        if (!PathText.IsSignal(signal.Value))
            errors.Error(signal.At, $"'{signal.Value}' can't be a signal's name", "use letters, digits, '_', '-' and '.', e.g. Shot.Velocity");
    }
}
