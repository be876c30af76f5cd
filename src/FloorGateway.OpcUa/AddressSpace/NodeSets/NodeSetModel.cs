namespace FloorGateway.OpcUa.AddressSpace.NodeSets;

/// <summary>A model that a NodeSet2 file defines: a namespace with its version.</summary>
/// <param name="Uri">The namespace URI.</param>
/// <param name="Version">As the file says; null when it does not.</param>
/// <param name="PublicationDate">UTC; null when the file does not say.</param>
public sealed record NodeSetModel(string Uri, string? Version, DateTime? PublicationDate)
{
    /// <summary>The server's index of the namespace.</summary>
    public ushort NamespaceIndex { get; init; }

    /// <summary>The file it came from.</summary>
    public string File { get; init; } = "";

    /// <summary>Nodes the file added.</summary>
    public int NodeCount { get; init; }

    /// <summary>Models this one builds on.</summary>
    public IReadOnlyList<NodeSetModel> Required { get; init; } = [];

    /// <summary>What a reader should know, in plain sentences: for example that a required model is there in an older version.</summary>
    public IReadOnlyList<string> Findings { get; init; } = [];
}
