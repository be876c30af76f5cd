using System.Diagnostics.CodeAnalysis;
using FloorGateway.Model.Tags;

namespace EndToEnd.Tests.Peers;

/// <summary>The history is only read here, and a reader finds its paths in the file.</summary>
internal sealed class NoTags : ITagCatalog
{
    public int Count => 0;

    public TagDefinition this[int id] => throw new ArgumentOutOfRangeException(nameof(id));

    public bool TryFind(string path, [NotNullWhen(true)] out TagDefinition? tag)
    {
        tag = null;
        return false;
    }
}
