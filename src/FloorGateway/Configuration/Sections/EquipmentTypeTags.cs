using FloorGateway.Configuration.Yaml;

namespace FloorGateway.Configuration.Sections;

/// <summary>An equipment type's signals, inherited ones first.</summary>
internal sealed class EquipmentTypeTags(string name)
{
    public string Name { get; } = name;

    /// <summary>Namespace URI put before node ids that name none.</summary>
    public string? Namespace { get; set; }

    /// <summary>Node id of the signals that give none; <c>{signal}</c> stands for the signal's name.</summary>
    public string? NodePattern { get; set; }

    /// <summary>Signal to its map, in order.</summary>
    public OrderedDictionary<string, ConfigMap> Maps { get; } = [];

    public Dictionary<string, TagTemplate> Templates { get; } = [];

    public void Inherit(EquipmentTypeTags parent)
    {
        Namespace ??= parent.Namespace;
        NodePattern ??= parent.NodePattern;
        foreach (var (signal, map) in parent.Maps)
            Put(signal, map);
    }

    /// <summary>Adds a signal, or lays its keys over those of an inherited one.</summary>
    public void Put(string signal, ConfigMap map) => Maps[signal] = Maps.TryGetValue(signal, out var inherited) ? inherited.Overlay(map) : map;
}
