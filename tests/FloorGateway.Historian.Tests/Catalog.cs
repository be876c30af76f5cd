using System.Diagnostics.CodeAnalysis;
using FloorGateway.Model.Tags;
using FloorGateway.Model.Values;

namespace FloorGateway.Historian.Tests;

/// <summary>A catalog in memory.</summary>
public sealed class Catalog : ITagCatalog
{
    private readonly List<TagDefinition> tags = [];

    public int Count => tags.Count;

    public TagDefinition this[int id] => tags[id];

    public int Add(string unitPath, string signal, string equipmentType = "DieCastCell", ValueKind kind = ValueKind.Null)
    {
        tags.Add(new() { Id = tags.Count, Path = $"{unitPath}/{signal}", Server = "cas", EquipmentType = equipmentType, UnitPath = unitPath, Signal = signal, Kind = kind });
        return tags.Count - 1;
    }

    public bool TryFind(string path, [NotNullWhen(true)] out TagDefinition? tag) => (tag = tags.Find(t => t.Path == path)) is not null;
}
