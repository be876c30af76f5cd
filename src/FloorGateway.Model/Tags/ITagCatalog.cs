using System.Diagnostics.CodeAnalysis;

namespace FloorGateway.Model.Tags;

/// <summary>All tags the gateway knows or has known, by durable id and by path.</summary>
public interface ITagCatalog
{
    /// <summary>Number of ids given out; ids run from 0 to Count − 1.</summary>
    int Count { get; }

    TagDefinition this[int id] { get; }

    bool TryFind(string path, [NotNullWhen(true)] out TagDefinition? tag);
}
