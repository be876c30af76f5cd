using FloorGateway.Configuration.Loading;
using FloorGateway.Configuration.Yaml;
using FloorGateway.Model.Values;

namespace FloorGateway.Configuration.Sections;

/// <summary>Reads one entry of <c>units</c> and makes its tags.</summary>
internal sealed class UnitSection(EquipmentTypeTable types, IReadOnlyDictionary<string, ServerSettings> servers, Diagnostics errors)
{
    public static readonly Section Unit = new("unit", "for", "path", "type", "server", "description", "with", "overrides", "only", "exclude");

    /// <summary>The units that an entry stands for, one in most cases; their tags go to <paramref name="tags"/>.</summary>
    public IEnumerable<UnitSettings> ReadAll(ConfigNode node, List<ConfiguredTag> tags) =>
        UnitSeries.Expand(node, errors).Select(one => Read(one, tags)).OfType<UnitSettings>();

    // Null where type, server or path is unusable.
    private UnitSettings? Read(ConfigNode node, List<ConfiguredTag> tags)
    {
        var reader = new MapReader(node, Unit, errors);
        var path = reader.RequiredText("path", "LXE/JSH/CAS/L01/DC01/PRESS");
        if (path.Length > 0 && !PathText.IsPath(path))
            errors.Error(reader.Source["path"], $"'{path}' can't be a unit's path", $"write words of letters, digits, '_', '-' and '.' with single slashes between them, {PathText.MaxLength} characters at most");
        var type = Known(reader, "type", "equipment type", "DieCastCell", types.Names, types.Find);
        var server = Known(reader, "server", "server", "cas", [.. servers.Keys], servers.GetValueOrDefault);
        if (type is null || server is null || path.Length == 0)
            return null;

        var unit = new UnitSettings { Path = path, Type = type.Name, Server = server.Name, Description = reader.Text("description"), Source = reader.Source };
        AddTags(reader, unit, type, server, tags);
        return unit;
    }

    private void AddTags(MapReader reader, UnitSettings unit, EquipmentTypeTags type, ServerSettings server, List<ConfiguredTag> tags)
    {
        var excluded = Signals(reader.Texts("exclude").Select(s => (s.Value, s.At)), type);
        var only = Signals(reader.Texts("only").Select(s => (s.Value, s.At)), type);
        var overrides = reader.Entries("overrides").ToDictionary(e => e.Key.Value, e => e.Value);
        Signals(reader.Entries("overrides").Select(e => (e.Key.Value, e.Key.At)), type);
        var node = new NodeTemplate(type, reader, errors);
        foreach (var (signal, map) in type.Maps)
        {
            if (excluded.Contains(signal) || (only.Count > 0 && !only.Contains(signal)))
                continue;
            var template = overrides.TryGetValue(signal, out var over)
                ? TagSection.Read(signal, type.Name, map.Overlay(MapReader.AsMap(over, $"override of '{signal}'", errors)), errors)
                : type.Templates[signal];
            var tag = template.Tag with
            {
                Path = $"{unit.Path}/{signal}",
                UnitPath = unit.Path,
                Server = server.Name,
                Node = node.Fill(template),
                Sampling = template.Sampling ?? server.SamplingInterval,
                Queue = Math.Max(template.Queue ?? 0, server.QueueSize), // the type knows its signal, the server its plant: the larger need counts
            };
            if (template.Elements is null)
                tags.Add(tag);
            else
                tags.AddRange(template.Elements.Select((name, i) => Element(tag, name, i)));
        }

        node.WarnOfUnused();
    }

    /// <summary>One element of an array: all of them share the array's monitored item.</summary>
    private static ConfiguredTag Element(ConfiguredTag array, string name, int index) => array with
    {
        Path = $"{array.Path}.{name}",
        Signal = $"{array.Signal}.{name}",
        Kind = array.ElementKind,
        ElementKind = ValueKind.Null,
        Normalisation = array.Normalisation with { ArrayIndex = index },
    };

    private HashSet<string> Signals(IEnumerable<(string Name, SourcePosition At)> named, EquipmentTypeTags type)
    {
        var found = new HashSet<string>();
        foreach (var (name, at) in named)
        {
            found.Add(name);
            if (!type.Maps.ContainsKey(name))
                errors.Error(at, $"equipment type {type.Name} has no signal '{name}'", Suggestion.For(name, type.Maps.Keys) is { } meant ? $"did you mean '{meant}'?" : $"look at its tags, or add the signal to {type.Name}");
        }

        return found;
    }

    private T? Known<T>(MapReader reader, string key, string what, string example, IReadOnlyCollection<string> names, Func<string, T?> find)
        where T : class
    {
        var name = reader.RequiredText(key, names.FirstOrDefault(example));
        if (name.Length == 0)
            return null;
        if (find(name) is { } found)
            return found;
        errors.Error(reader.Source[key], $"there is no {what} '{name}'", names.Count == 0 ? $"add it under {(key == "type" ? "equipmentTypes" : "servers")}" : Suggestion.Remedy(name, names));
        return null;
    }
}
